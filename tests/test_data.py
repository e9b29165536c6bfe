"""`load_data` and `get_word_index` return what Keras's functions return."""

import inspect
import tempfile
from pathlib import Path
from unittest.mock import patch

import keras
import numpy as np
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from imdb_helpers import data, get_word_index, load_data
from imdb_helpers.corpus import read_archive
from imdb_helpers.data import prepare
from tests.corpora import keras_loads, write_archive

REVIEW = st.lists(st.integers(1, 30), min_size=1, max_size=8)
HALF = st.lists(st.tuples(REVIEW, st.integers(0, 1)), min_size=1, max_size=6).map(
    lambda rows: tuple(zip(*rows, strict=True))
)
PARAMS = st.fixed_dictionaries(
    {},
    optional={
        "num_words": st.none() | st.integers(0, 40),
        "skip_top": st.integers(0, 12),
        "maxlen": st.none() | st.integers(0, 10),
        "seed": st.integers(0, 2**32 - 1),
        "oov_char": st.none() | st.integers(0, 40),
        "start_char": st.none() | st.integers(0, 40),
        "index_from": st.integers(0, 5),
    },
)


def described(halves):
    """Return all that can be told of the result; NumPy's integers have another repr."""
    return [
        (type(x), x.dtype, x.shape, repr(x.tolist()), type(y), y.dtype, y.tolist())
        for x, y in halves
    ]


def outcome(load, *args, **params):
    try:
        return described(load(*args, **params))
    except ValueError:
        return "ValueError"


def compare_with_keras(train, test, params):
    with tempfile.TemporaryDirectory() as folder:
        path = write_archive(Path(folder, "small.npz"), train, test)
        theirs = outcome(keras_loads, path, **params)
        assert outcome(prepare, read_archive(path), **params) == theirs
    event("ValueError" if theirs == "ValueError" else "loaded")


@settings(max_examples=400)
@given(train=HALF, test=HALF, params=PARAMS)
def test_any_corpus_and_any_parameters_give_what_keras_gives(train, test, params):
    compare_with_keras(train, test, params)


@settings(max_examples=50)
@given(train=HALF, test=HALF, index_from=st.none() | st.integers(0, 5))
def test_without_a_start_marker_the_shift_may_be_none(train, test, index_from):
    compare_with_keras(train, test, {"start_char": None, "index_from": index_from})


@pytest.mark.parametrize("maxlen", [1, 2, 3])
def test_a_maxlen_that_leaves_a_half_empty_is_an_error_as_in_keras(tmp_path, maxlen):
    path = write_archive(tmp_path / "small.npz", ([[5], [5]], [1, 0]), ([[5, 6]], [1]))
    with pytest.raises(ValueError, match="maxlen"):
        keras_loads(path, maxlen=maxlen)
    with pytest.raises(ValueError, match=f"maxlen={maxlen} leaves no review"):
        prepare(read_archive(path), maxlen=maxlen)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (load_data, keras.datasets.imdb.load_data),
        (get_word_index, keras.datasets.imdb.get_word_index),
    ],
)
def test_signatures_are_those_of_keras(ours, theirs):
    def parts(function):
        parameters = inspect.signature(function).parameters.values()
        return [(p.name, p.kind, p.default) for p in parameters]

    assert parts(ours) == parts(theirs)


@pytest.mark.parametrize("given", [{}, {"start_char": 0}, {"index_from": 0}])
def test_what_is_not_given_is_as_in_keras(tmp_path, monkeypatch, given):
    reviews = [[1 + place % 7, 2, 30 - place] for place in range(30)]
    half = reviews, [place % 2 for place in range(30)]
    path = write_archive(tmp_path / "small.npz", half, half)
    monkeypatch.setattr(data, "load_corpus", lambda _: read_archive(path))
    assert described(load_data(**given)) == described(keras_loads(path, **given))


def test_prepare_has_the_defaults_of_load_data():
    def defaults(function):
        parameters = list(inspect.signature(function).parameters.values())[1:]
        return [(p.name, p.default) for p in parameters if p.name != "kwargs"]

    assert defaults(prepare) == defaults(load_data)


@pytest.mark.parametrize(
    "params",
    [
        {"num_words": 10_000},
        {},
        {
            **{"num_words": 5000, "skip_top": 20, "maxlen": 400, "seed": 7},
            **{"start_char": None, "oov_char": None, "index_from": None},
        },
    ],
    ids=["the book's", "the defaults", "every parameter changed"],
)
def test_the_real_file_gives_what_keras_gives(real_folder, params):
    ours = load_data(**params)
    theirs = keras_loads(real_folder / "imdb.npz", **params)
    for (x, y), (keras_x, keras_y) in zip(ours, theirs, strict=True):
        assert (x.dtype, x.shape, y.dtype) == (
            keras_x.dtype,
            keras_x.shape,
            keras_y.dtype,
        )
        assert np.array_equal(y, keras_y)
        assert all(a == b for a, b in zip(x, keras_x, strict=True))
        assert {type(review) for review in x} == {list}
        assert {type(index) for review in x for index in review} == {int}


def test_the_word_index_is_the_one_keras_reads(real_folder):
    file = str(real_folder / "imdb_word_index.json")
    with patch("keras.src.datasets.imdb.get_file", lambda *_, **__: file):
        theirs = keras.datasets.imdb.get_word_index()
    ours = get_word_index()
    assert list(ours.items()) == list(theirs.items())
    assert sorted(ours.values()) == list(range(1, 88_585))


def test_the_reviews_are_the_ones_everybody_knows(real_data):
    (x_train, y_train), (x_test, y_test) = real_data
    assert [len(review) for review in x_train[:5]] == [218, 189, 141, 550, 147]
    assert x_train[0][:10] == [1, 14, 22, 16, 43, 530, 973, 1622, 1385, 65]
    assert len(x_test[0]) == 68
    assert y_train[:10].tolist() == [1, 0, 0, 1, 0, 0, 1, 0, 1, 0]
    assert y_test[:10].tolist() == [0, 1, 1, 0, 1, 1, 1, 0, 0, 1]
    assert (x_train.shape, x_test.shape) == ((25_000,), (25_000,))
    assert y_train.sum() == y_test.sum() == 12_500


def test_the_lengths_are_the_published_ones(real_corpus):
    train, test = (
        real_corpus.train.lengths + 1,
        real_corpus.test.lengths + 1,
    )  # with the start marker
    assert (train.max(), test.max()) == (2494, 2315)
    assert (round(train.mean(), 2), round(test.mean(), 2)) == (238.71, 230.80)
    assert (real_corpus.train.lengths.sum(), real_corpus.test.lengths.sum()) == (
        5_942_841,
        5_745_105,
    )
    assert len(np.unique(real_corpus.train.ranks)) == 88_584


def test_num_words_keeps_indices_below_it(real_data):
    assert max(max(map(max, x)) for x, _ in real_data) == 9999


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("numwords", "Did you mean 'num_words'"),
        ("max_len", "Did you mean 'maxlen'"),
        ("zzz", "It knows path, num_words, skip_top"),
    ],
)
def test_an_unknown_argument_is_an_error_with_a_hint(monkeypatch, name, hint):
    monkeypatch.setattr(data, "load_corpus", None)  # refused before anything is loaded
    with pytest.raises(TypeError, match=hint):
        load_data(**{name: 10_000})
