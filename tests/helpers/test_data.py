"""`load_data` and `get_word_index` return what Keras's functions return."""

import gc
import inspect
import tempfile
from pathlib import Path
from unittest.mock import patch

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imdb_helpers import SampleCorpusWarning, data, decode_review, get_word_index, load_data
from imdb_helpers.dataset import Dataset
from imdb_helpers.dataset.find import SOURCE, VARIABLE
from imdb_helpers.dataset.read import read_archive
from tests.helpers.corpora import TRAIN, WORDS, keras_loads, write_archive
from tests.helpers.loading import fails

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
) | st.fixed_dictionaries({"start_char": st.none(), "index_from": st.none() | st.integers(0, 5)})


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


@settings(max_examples=150)
@given(train=HALF, test=HALF, params=PARAMS)
def test_any_corpus_and_any_parameters_give_what_keras_gives(train, test, params):
    with tempfile.TemporaryDirectory() as folder:
        path = write_archive(Path(folder, "small.npz"), train, test)
        assert outcome(loads, path, **params) == outcome(keras_loads, path, **params)


def test_a_maxlen_that_leaves_a_half_empty_is_an_error_as_in_keras(tmp_path):
    path = write_archive(tmp_path / "small.npz", ([[5], [5]], [1, 0]), ([[5, 6]], [1]))
    with pytest.raises(ValueError, match="maxlen"):
        keras_loads(path, maxlen=3)
    said = (
        "maxlen=3 leaves no review in one of the halves: it drops every review with 3 indices or "
        "more. Use a larger maxlen; the median review has about 180."
    )
    with fails(said, ValueError):
        loads(path, maxlen=3)


def test_reviews_that_are_all_empty_are_an_error(tmp_path):
    path = write_archive(tmp_path / "small.npz", ([[], []], [1, 0]), ([[]], [1]))
    with fails("every review is empty: there is nothing to load.", ValueError):
        loads(path, start_char=None)


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


KNOWN = "path, num_words, skip_top, maxlen, seed, start_char, oov_char, index_from"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("numwords", "Did you mean 'num_words'?"),
        ("max_len", "Did you mean 'maxlen'?"),
        ("zzz", f"It knows {KNOWN}."),
    ],
)
def test_an_unknown_argument_is_an_error_with_a_hint(monkeypatch, name, hint):
    monkeypatch.setattr(data, "find_dataset", None)  # refused before anything is loaded
    with fails(f"load_data() got an unknown argument {name!r}. {hint}", TypeError):
        load_data(**{name: 10_000})


def test_python_looks_for_garbage_again_afterwards(named):
    seen = []
    for enabled in (True, False):
        (gc.enable if enabled else gc.disable)()
        load_data()
        seen.append(gc.isenabled())
    gc.enable()
    assert seen == [True, False]


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


def test_a_kernel_stays_with_the_sample_and_asks_the_network_once(server, monkeypatch):
    monkeypatch.setenv(SOURCE, "auto")
    good, server.answer = server.answer, server.refusal
    with pytest.warns(SampleCorpusWarning):
        before = first_words()
    server.answer = good  # the network is back
    assert "the" in get_word_index()
    with pytest.warns(SampleCorpusWarning):
        assert first_words() == before
    assert server.asked_for == ["imdb.npz"]


def test_other_data_can_be_asked_for_at_any_time(named, monkeypatch):
    assert len(get_word_index()) == len(WORDS)
    monkeypatch.delenv(VARIABLE)
    (named / "imdb.npz").unlink()
    assert len(load_data()[0][0]) == len(TRAIN[0]), "from the cache"
    assert get_word_index("another name, which only a folder of yours may hold") == WORDS


def test_other_files_of_the_named_folder_may_hold_the_data(named):
    get_word_index().clear()  # a copy, which may be changed
    assert get_word_index() == WORDS
    (named / "imdb.npz").rename(named / "reviews.npz")
    assert len(load_data("reviews.npz")[0][0]) == len(TRAIN[0])
    (named / "reviews.npz").rename(named / "imdb.npz")
    (named / "imdb_word_index.json").rename(named / "words.json")
    assert get_word_index("words.json") == WORDS
