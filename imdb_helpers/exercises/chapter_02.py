"""The exercises of chapter 2, "Decoding the reviews"."""

from functools import cache
from typing import Any

from imdb_helpers.exercises.base import OFFSET, SHIFTED, TEST_SET, Exercise, Mistake
from imdb_helpers.exercises.kinds import Number, Sequence

NUM_WORDS, HELD_OUT, START = 10_000, 10_000, 1
SENTENCE = "a great and brilliant film"
DIGITS = tuple(map(str, range(1, 11)))


def _indices(words: tuple[str, ...]) -> list[int]:
    from imdb_helpers.data import get_word_index

    index = get_word_index()
    return [index.get(word, 0) + OFFSET for word in words]


def _encoded() -> list[int]:
    return [START, *_indices(tuple(SENTENCE.split()))]


def _ranks() -> list[int]:
    return [START, *(index - OFFSET for index in _encoded()[1:])]


@cache
def _data(test: bool = False) -> tuple[Any, Any]:
    """Return the training reviews as rows of zeros and ones, and their labels."""
    from imdb_helpers.data import load_data
    from imdb_helpers.vectorize import multi_hot_sparse

    reviews, labels = load_data(num_words=NUM_WORDS)[int(test)]
    return multi_hot_sparse(reviews), labels


@cache
def _counts(first: int = HELD_OUT) -> Any:
    """Return in how many positive and negative reviews, from one on, each index occurs."""
    rows, labels = _data()
    rows, labels = rows[first:], labels[first:]
    return [(rows[labels == label].astype(int).sum(axis=0)) for label in (1, 0)]


def _leanings(first: int = HELD_OUT, shares: bool = False) -> Any:
    import numpy as np

    positive, negative = (np.asarray(count).ravel() for count in _counts(first))
    leanings = np.log((positive + 1) / (negative + 1))
    if shares:
        labels = _data()[1][first:]
        leanings += np.log(((labels == 0).sum() + 2) / ((labels == 1).sum() + 2))
    leanings[:4] = 0
    return leanings


def _digits(first: int = HELD_OUT, shift: int = 0) -> list[float]:
    leanings = _leanings(first)
    return [float(leanings[index + shift]) for index in _indices(DIGITS)]


def _right(part: slice, shares: bool = True, test: bool = False) -> float:
    rows, labels = _data(test)
    sums = rows[part].astype(float) @ _leanings(shares=shares)
    return float(((sums > 0) == (labels[part] == 1)).mean())


def _held_out() -> float:
    return _right(slice(HELD_OUT))


EXERCISES: tuple[Exercise, ...] = (
    Sequence(
        name="digits",
        expected=_digits,
        tolerance=0.005,
        mistakes=(
            Mistake(lambda: _digits(shift=-OFFSET), SHIFTED),
            Mistake(
                lambda: _digits(first=0),
                "The held-out reviews were counted, too. Which ones did the chapter count?",
            ),
            Mistake(
                lambda: [-leaning for leaning in _digits()],
                "Every sign is turned. Which class stands above the line?",
            ),
        ),
        hints=(
            'The word index knows "7" as a word, and 7, without quotes, not at all.',
            "The list `leaning` is asked by a word's integer. What is between it and the rank?",
            "Ten entries are asked for, that of 1 first.",
        ),
        remark="Some reviews hold their own label, nearly in clear. Whatever learns from "
        "them will find it.",
    ),
    Sequence(
        name="sentence",
        expected=_encoded,
        mistakes=(
            Mistake(_ranks, "Those are ranks. Decode the list, and read what it says."),
            Mistake(
                lambda: _encoded()[1:],
                "The words are right. What does every review in the data begin with?",
            ),
            Mistake(
                lambda: [START, *(rank - OFFSET for rank in _ranks()[1:])],
                "Decoding takes the offset away. What does encoding do with it?",
            ),
            Mistake(
                lambda: _ranks()[1:],
                "Those are ranks. Decode the list, and read what it says, from the start on.",
            ),
            Mistake(
                lambda: [START + OFFSET, *_encoded()[1:]],
                "The start is no word: it is not shifted.",
            ),
        ),
        hints=(
            "Decode your list with decode_review. Is it the sentence?",
            "Compare it, integer by integer, with encode_review's.",
        ),
        remark="An offset that is forgotten raises no error: the classifier is shown other "
        "words, and answers all the same.",
    ),
    Number(
        name="shares",
        expected=_held_out,
        tolerance=0.0003,
        share=True,
        mistakes=(
            Mistake(
                lambda: _right(slice(HELD_OUT), shares=False),
                "That is what the counts alone get. Were the new leanings the ones added up?",
            ),
            Mistake(
                lambda: _right(slice(HELD_OUT, None)),
                "Those are the reviews that were counted. Which ones tell how good it is?",
            ),
            Mistake(
                lambda: _right(slice(HELD_OUT, None), shares=False),
                "That is what the counts get where they were counted. Which reviews and "
                "which leanings are asked for?",
            ),
            Mistake(lambda: _right(slice(None), test=True), TEST_SET),
            Mistake(
                lambda: _held_out() * HELD_OUT,
                "That is how many. Asked for is their share of the held-out reviews.",
            ),
        ),
        hints=(
            "A list of new leanings first, by the same loop; n_positive and n_negative are "
            "known from the cell that computed what is added.",
            "The function total adds up the old leanings, whatever you compute. Which sum "
            "uses the new ones?",
            "Count the held-out reviews for which the sum's sign and the label agree.",
        ),
        remark="An error too small to see in any single word moves answers when it points the "
        "same way everywhere.",
    ),
)
