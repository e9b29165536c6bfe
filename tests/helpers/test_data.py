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

from imdb_helpers import SampleCorpusWarning, data, decode_review, get_word_index, load_data
from imdb_helpers.dataset import Dataset
from imdb_helpers.dataset.find import SOURCE, VARIABLE
from imdb_helpers.dataset.read import read_archive
from tests.helpers.corpora import TRAIN, WORDS, keras_loads, write_archive

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


def loads(path, **params):
    """Return what our `load_data` makes of the archive at `path`."""
    dataset = Dataset(*read_archive(path), dict, "a test")
    with patch.object(data, "find_dataset", lambda _: dataset):
        return load_data(**params)


def compare_with_keras(train, test, params):
    with tempfile.TemporaryDirectory() as folder:
        path = write_archive(Path(folder, "small.npz"), train, test)
        theirs = outcome(keras_loads, path, **params)
        assert outcome(loads, path, **params) == theirs
    event("ValueError" if theirs == "ValueError" else "loaded")


@settings(max_examples=200)
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
        loads(path, maxlen=maxlen)


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
def test_what_is_not_given_is_as_in_keras(tmp_path, given):
    reviews = [[1 + place % 7, 2, 30 - place] for place in range(30)]
    half = reviews, [place % 2 for place in range(30)]
    path = write_archive(tmp_path / "small.npz", half, half)
    assert described(loads(path, **given)) == described(keras_loads(path, **given))


def test_the_real_file_gives_what_keras_gives(real_folder, real_data):
    theirs = keras_loads(real_folder / "imdb.npz", num_words=10_000)
    for (x, y), (keras_x, keras_y) in zip(real_data, theirs, strict=True):
        assert (x.dtype, x.shape, y.dtype) == (keras_x.dtype, keras_x.shape, keras_y.dtype)
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


def test_the_lengths_are_the_published_ones(real_dataset):
    halves = [half.lengths for half in (real_dataset.train, real_dataset.test)]
    assert [lengths.sum() for lengths in halves] == [5_942_841, 5_745_105]
    # With the start marker.
    assert [(lengths.max() + 1, round(lengths.mean() + 1, 2)) for lengths in halves] == [
        *((2494, 238.71), (2315, 230.80)),
    ]
    assert len(np.unique(real_dataset.train.ranks)) == 88_584


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
    monkeypatch.setattr(data, "find_dataset", None)  # refused before anything is loaded
    with pytest.raises(TypeError, match=hint):
        load_data(**{name: 10_000})


# Reviews and their words --------------------------------------------------------------------------


def first_words():
    """Return the beginning of the first training review, loaded and decoded."""
    (x_train, _), _ = load_data()
    return decode_review(x_train[0]).split()[1:3]


@pytest.mark.fault("the sample, and then the real reviews, in one kernel")
def test_each_corpus_is_decoded_with_its_own_words(named, monkeypatch):
    real = [first_words(), get_word_index()]
    monkeypatch.setenv(SOURCE, "sample")
    with pytest.warns(SampleCorpusWarning):
        sample = [first_words(), get_word_index()]
    assert sample != real
    assert set(sample[0]) <= set(sample[1])
    monkeypatch.setenv(SOURCE, "real")
    assert [first_words(), get_word_index()] == real == [real[0], WORDS]
    monkeypatch.setenv(SOURCE, "sample")
    with pytest.warns(SampleCorpusWarning):
        assert get_word_index() == sample[1], "the index first, and no reviews"


def test_the_words_are_those_of_the_reviews_that_were_loaded_last(server, monkeypatch):
    monkeypatch.setenv(SOURCE, "auto")
    good, server.answer = server.answer, server.refusal
    with pytest.warns(SampleCorpusWarning):
        before = first_words()
    server.answer = good  # the network is back: the kernel stays with what it has begun with
    assert "the" in get_word_index()
    with pytest.warns(SampleCorpusWarning):
        assert first_words() == before


def test_other_data_can_be_asked_for_at_any_time(named, monkeypatch):
    assert len(load_data()[0][0]) == len(TRAIN[0])
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv(SOURCE, "real")
    (named / "imdb.npz").unlink()
    assert len(load_data()[0][0]) == len(TRAIN[0]), "from the cache"


def test_a_copy_of_the_word_index_may_be_changed(named):
    get_word_index().clear()
    assert get_word_index() == WORDS


def test_another_file_may_hold_the_word_index(named):
    (named / "imdb_word_index.json").rename(named / "words.json")
    assert get_word_index("words.json") == WORDS
