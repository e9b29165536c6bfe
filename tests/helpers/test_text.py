"""Integers become words and words integers, by the recipe that made the data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imdb_helpers import decode_review, encode_review, get_word_index, text
from imdb_helpers.dataset import Dataset
from tests.helpers.corpora import WORDS


def use(monkeypatch, word_index):
    """Let the data set in use have these words."""
    dataset = Dataset(None, None, lambda: word_index, "a test")
    monkeypatch.setattr(text, "dataset_in_use", lambda: dataset)


@pytest.fixture
def small_index(monkeypatch):
    """Let the index hold three words: the (1), and (2), élan (3)."""
    use(monkeypatch, WORDS)


@pytest.fixture(scope="module")
def index(real_dataset):
    return get_word_index()


def test_each_original_text_becomes_the_integers_keras_gives(raw_reviews, index):
    assert len(raw_reviews) == 200
    wrong = [
        (r["split"], r["index"]) for r in raw_reviews if encode_review(r["text"]) != r["sequence"]
    ]
    assert wrong == []


def test_the_original_texts_stand_where_keras_puts_them(raw_reviews, real_data):
    halves = dict(zip(("train", "test"), real_data, strict=True))
    for review in raw_reviews:
        x, y = halves[review["split"]]
        assert x[review["index"]] == review["sequence"]
        assert y[review["index"]] == review["label"]


@given(st.data())
def test_any_words_of_the_index_survive_the_round_trip(index, data):
    limit = data.draw(st.integers(5, 88_588), label="num_words")
    sequence = [1, *data.draw(st.lists(st.integers(4, limit - 1), max_size=30))]
    assert encode_review(decode_review(sequence), limit) == sequence


@given(st.data())
def test_any_shift_and_marker_survive_the_round_trip(index, data):
    shift, marker = data.draw(st.integers(0, 9)), data.draw(st.integers(0, 9))
    ranks = data.draw(st.lists(st.integers(1, 88_584), max_size=9))
    encoded = [rank + shift for rank in ranks]
    words = decode_review(encoded, index_from=shift)
    limit = 88_585 + shift
    assert encode_review(words, limit, start_char=marker, index_from=shift) == [
        marker,
        *encoded,
    ]


@pytest.mark.parametrize(
    ("written", "indices"),
    [
        ("", [1]),
        ("the and", [1, 4, 5]),
        ("THE, and... (the)", [1, 4, 5, 4]),
        ("the\tand\nthe", [1, 4, 5, 4]),
        ("the-and/the", [1, 4, 5, 4]),
        ("élan", [1, 6]),
        ("Élan", [1]),
        ("the's", [1]),
        ("the\xa0and", [1]),
        ("the zzz and", [1, 4, 5]),
    ],
    ids=[
        *(
            "nothing",
            "words",
            "capitals and punctuation",
            "tab and newline",
            "hyphen and slash",
        ),
        *(
            "an accent",
            "a capital with an accent stays one",
            "an apostrophe stays",
            "only ASCII spaces split",
        ),
        "an unknown word is skipped",
    ],
)
def test_the_recipe(small_index, written, indices):
    assert encode_review(written) == indices


def test_a_word_too_rare_becomes_unknown(small_index):
    assert encode_review("the and élan zzz", num_words=6) == [1, 4, 5, 2]
    assert encode_review("the and élan", num_words=5, oov_char=9, start_char=8) == [
        8,
        4,
        9,
        9,
    ]


def test_without_a_limit_it_is_that_of_the_book(monkeypatch):
    use(monkeypatch, {"rare": 9_996, "rarer": 9_997})
    assert encode_review("rare rarer") == [1, 9_999, 2]


def test_what_is_no_word_is_written_as_asked(small_index):
    assert decode_review([1, 4, 2, 5, 0, 3, 6, 7]) == "? the ? and ? ? élan ?"
    assert decode_review([1, 4, 999], oov="_") == "_ the _"
    assert decode_review([1, 2, 3], index_from=0) == "the and élan"
    assert decode_review([]) == ""


@pytest.mark.parametrize("dtype", ["int64", "int32", "uint8", "uint16"])
def test_decoding_takes_arrays_too(small_index, dtype):
    assert decode_review(np.array([1, 4, 5], dtype=dtype)) == "? the and"


@pytest.mark.parametrize("wrong", [-1, 1.0, "4", None, True, [1, 4]])
def test_decoding_names_the_position_of_what_is_no_index(small_index, wrong):
    with pytest.raises(ValueError, match=r"position 1 of the review is .*Pass one review"):
        decode_review([4, wrong])


@pytest.mark.parametrize("wrong", [None, 5, b"the", ["the", "and"]])
def test_encoding_wants_one_string(small_index, wrong):
    with pytest.raises(ValueError, match=f"got {type(wrong).__name__}.*one at a time"):
        encode_review(wrong)


@pytest.mark.parametrize("num_words", [-1, 0, 4])
def test_encoding_wants_room_for_a_word(small_index, num_words):
    match = f"num_words={num_words} leaves no word: indices start at 4\\."
    with pytest.raises(ValueError, match=match):
        encode_review("the", num_words)
    assert encode_review("the and", 5) == [1, 4, 2]
