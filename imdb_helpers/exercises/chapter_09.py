"""The exercises of chapter 9, "When to believe it"."""

from functools import cache
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import PER_CENT, Exercise, Mistake
from imdb_helpers.exercises.kinds import Function, Sequence

NAME, NUM_WORDS, OFFSET = "stewart", 10_000, 3
LOW, HIGH = 0.1, 0.9
PROBABILITIES = np.array([0.02, 0.95, 0.5, 0.2, 0.99, 0.85, 0.07])
# Whether a review is quoted, and its label: precision, recall and accuracy all differ.
QUOTED = np.array([1, 1, 1, 1, 0, 0, 0, 0, 0, 0], bool)
LABELS = np.array([1, 1, 1, 0, 1, 1, 1, 0, 0, 0])


def _sure(call: Any) -> str:
    got = np.asarray(call(PROBABILITIES.copy()))
    if got.shape != PROBABILITIES.shape:
        return f"For seven probabilities it returns the shape {got.shape}; one answer for each."
    if got.dtype.kind not in "bif":
        return "True or False is asked for, for each review."
    answered = (PROBABILITIES < LOW) | (PROBABILITIES > HIGH)
    if not got.any():
        return "It answers none at all. Can a probability be below 0.1 *and* above 0.9?"
    if got.all():
        return "It answers all. Is 0.5 below 0.1, or above 0.9?"
    if np.array_equal(got, ~answered):
        return "It answers where it is to say 'I don't know', and the other way round."
    if np.array_equal(got, PROBABILITIES > HIGH) or np.array_equal(got, PROBABILITIES < LOW):
        return "That is one end only. Of which reviews is the network sure, too?"
    if not np.array_equal(got, answered):
        return "Try it with np.array([0.02, 0.5, 0.95, 0.2]), and look at each answer."
    return ""


def _precision(call: Any) -> str:
    quoted, right = QUOTED.sum(), LABELS[QUOTED].sum()
    expected = right / quoted
    got = np.asarray(call(QUOTED.copy(), LABELS.copy()))
    if got.size != 1 or got.dtype.kind not in "bif":
        return f"One number is asked for; yours is {str(got)[:40]!r}."

    def is_near(number: float) -> bool:
        return bool(np.isclose(float(got.reshape(-1)[0]), number, atol=1e-9))

    for number, hint in (
        (right / LABELS.sum(), "It divides by all the positive reviews, as your colleague's does."),
        (
            (QUOTED == LABELS).mean(),
            "That is the accuracy. Reviews that are not quoted play no part.",
        ),
        (right / len(LABELS), "It divides by all reviews. Which of them are quoted?"),
        (right, "That is how many. Of how many?"),
        (1 - expected, "That is the share of the quoted ones that are negative."),
        (100 * expected, PER_CENT),
    ):
        if is_near(number):
            return hint
    if not is_near(expected):
        return "Try it with ten reviews of your own, four of them quoted, and count by hand."
    return ""


@cache
def _shares(offset: int = OFFSET, positive: int = 1) -> list[float]:
    """Return the share of a label among the reviews with the name, in both halves."""
    from imdb_helpers.data import get_word_index, load_data

    index = get_word_index().get(NAME, NUM_WORDS) + offset
    # What the encoding gives for a word that the network does not know.
    index = index if index < NUM_WORDS else 2
    shares = []
    for reviews, labels in load_data(num_words=NUM_WORDS):
        having = np.array([index in review for review in reviews])
        shares.append(float(np.mean(np.asarray(labels)[having] == positive)) if any(having) else 0)
    return shares


@cache
def _counts() -> list[float]:
    from imdb_helpers.data import get_word_index, load_data

    index = get_word_index().get(NAME, NUM_WORDS) + OFFSET
    index = index if index < NUM_WORDS else 2
    return [
        float(sum(index in review for review in reviews))
        for reviews, _ in load_data(num_words=NUM_WORDS)
    ]


EXERCISES: tuple[Exercise, ...] = (
    Function(
        name="sure",
        find=_sure,
        hints=(
            "Compare the whole array with a number: that gives True or False for each entry.",
            "`&` asks for both, `|` for one or the other; put brackets around each comparison.",
        ),
        remark="Now ask it about `p`: `is_answered(p).mean()` is the share that is answered, and "
        "`right[is_answered(p)].mean()` how often rightly.",
    ),
    Sequence(
        name="stewart",
        expected=_shares,
        tolerance=0.005,
        shares=True,
        mistakes=(
            Mistake(
                lambda: _shares(positive=0),
                "Those are the shares of the negative reviews.",
            ),
            Mistake(
                lambda: _shares(offset=0),
                "That is another word: the word index gives ranks. What does the encoding add?",
            ),
            Mistake(
                _counts, "That is how many reviews have the word. How many of them are positive?"
            ),
        ),
        hints=(
            "`encode_review(word)[-1]` is the word's index.",
            "The loop of `two-words` does it, with another word in its first line.",
        ),
        remark="Two halves with other films in them agree about this name. Is it therefore "
        "fair to judge the next film by it?",
    ),
    Function(
        name="precision",
        find=_precision,
        hints=(
            "Precision is a share of something. Of what, in the sentence where it is defined?",
            "`yes.sum()` counts the quoted reviews, `labels.sum()` the positive ones.",
        ),
        remark="Two shares with one numerator. A name says which denominator is meant, and the "
        "direction in which it moves tells you whether you have the right one.",
    ),
)
