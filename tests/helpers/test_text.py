"""Integers become words and words integers, by the recipe that made the data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imdb_helpers import decode_review, encode_review, get_word_index, text
from imdb_helpers.dataset import Dataset
from tests.helpers.corpora import WORDS
from tests.helpers.loading import fails


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


def test_each_original_text_becomes_the_integers_keras_gives(raw_reviews, index, real_data):
    assert len(raw_reviews) == 200
    halves = dict(zip(("train", "test"), real_data, strict=True))
    for review in raw_reviews:
        (x, y), place = halves[review["split"]], review["index"]
        assert (x[place], y[place]) == (review["sequence"], review["label"])
        assert encode_review(review["text"]) == review["sequence"], place


@given(st.data())
def test_any_words_shift_and_marker_survive_the_round_trip(index, data):
    shift, marker = data.draw(st.integers(0, 9)), data.draw(st.integers(0, 9))
    limit = data.draw(st.integers(shift + 2, 88_585 + shift), label="num_words")
    encoded = data.draw(st.lists(st.integers(shift + 1, limit - 1), max_size=30))
    words = decode_review(encoded, index_from=shift)
    back = encode_review(words, limit, start_char=marker, index_from=shift)
    assert back == [marker, *encoded]


RECIPE = {
    "nothing": ("", [1]),
    "words": ("the and", [1, 4, 5]),
    "capitals and punctuation": ("THE, and... (the)", [1, 4, 5, 4]),
    "every separator": ("the".join('!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'), [1] + [4] * 32),
    "an accent": ("élan", [1, 6]),
    "a capital with an accent stays one": ("Élan", [1]),
    "an apostrophe stays": ("the's", [1]),
    "only ASCII spaces split": ("the\xa0and", [1]),
    "an unknown word is skipped": ("the zzz and", [1, 4, 5]),
}


@pytest.mark.parametrize(("written", "indices"), RECIPE.values(), ids=RECIPE)
def test_the_recipe(small_index, written, indices):
    assert encode_review(written) == indices


def test_a_word_too_rare_becomes_unknown(monkeypatch, small_index):
    assert encode_review("the and élan zzz", num_words=6) == [1, 4, 5, 2]
    assert encode_review("the and élan", 5, oov_char=9, start_char=8) == [8, 4, 9, 9]
    use(monkeypatch, {"rare": 9_996, "rarer": 9_997})
    assert encode_review("rare rarer") == [1, 9_999, 2], "the book's limit"


def test_what_is_no_word_is_written_as_asked(small_index):
    assert decode_review([1, 4, 2, 5, 0, 3, 6, 7]) == "? the ? and ? ? élan ?"
    assert decode_review([1, 4, 999], oov="_") == "_ the _"
    assert decode_review([1, 2, 3], index_from=0) == "the and élan"
    assert decode_review([]) == ""
    for dtype in ("int64", "uint8"):
        assert decode_review(np.array([1, 4, 5], dtype=dtype)) == "? the and"


@pytest.mark.parametrize("wrong", [-1, 1.0, "4", None, True, [1, 4]])
def test_decoding_names_the_position_of_what_is_no_index(small_index, wrong):
    said = (
        f"position 1 of the review is {wrong!r}; expected an integer of 0 or more. Pass one review "
        "(train_data[0]), not several."
    )
    with fails(said, ValueError):
        decode_review([4, wrong])


@pytest.mark.parametrize("wrong", [None, 5, b"the", ["the", "and"]])
def test_encoding_wants_one_string(small_index, wrong):
    said = f"expected the text of one review as a string, got {type(wrong).__name__}. "
    with fails(said + "Encode several reviews one at a time.", ValueError):
        encode_review(wrong)


@pytest.mark.parametrize("num_words", [-1, 0, 4])
def test_encoding_wants_room_for_a_word(small_index, num_words):
    said = (
        f"num_words={num_words} leaves no word: indices start at 4. Use the num_words that "
        "load_data was given, for instance 10000."
    )
    with fails(said, ValueError):
        encode_review("the", num_words)
    assert encode_review("the and", 5) == [1, 4, 2]
