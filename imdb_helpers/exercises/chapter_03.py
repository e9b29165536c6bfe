"""The exercises of chapter 3, "Vectorizing the reviews"."""

from itertools import pairwise
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import Exercise, Mistake, type_problem
from imdb_helpers.exercises.kinds import Function, Number, Sequence

# What the questions give.
REVIEWS, WORDS, DIFFERENT, STORED = 1_000_000, 40_000, 130, 8
PRAISE = "not bad at all it was really good"
SCORN = "not good at all it was really bad"
FILM, GREAT, OFFSET = 22, 87, 3
COUNTED = (([3, 5, 3], 8), ([1, 1, 1, 4], 6), ([], 3))


def _gigabytes(unit: float = 1e9, per_entry: tuple[int, ...] = (8, 4, 1)) -> list[float]:
    dense = [REVIEWS * WORDS * size / unit for size in per_entry]
    return [*dense, REVIEWS * DIFFERENT * STORED / unit]


def _pairs(skip: int = 0) -> list[int]:
    from imdb_helpers.text import encode_review

    praise, scorn = (set(pairwise(encode_review(text)[skip:])) for text in (PRAISE, SCORN))
    return [len(praise & scorn), len(praise ^ scorn)]


def _all_and_some() -> list[int]:
    both, one = _pairs()
    return [both, both + one]


def _counted(call: Any) -> str:
    for review, places in COUNTED:
        expected = np.bincount(np.array(review, dtype=int), minlength=places)
        got = call(review, places)
        if not isinstance(got, list | tuple | np.ndarray):
            return type_problem(got, "An array")
        got = np.asarray(got)
        if got.shape != expected.shape:
            return (
                f"With {review} and {places} its shape is {got.shape}. How many places are there?"
            )
        if np.array_equal(got, expected):
            continue
        if np.array_equal(got, expected > 0):
            return (
                f"With {review} it says which places occur. How often is each of them "
                "raised, and from which value?"
            )
        return f"With {review} and {places} it returns {got}. Count with a finger."
    return ""


EXERCISES: tuple[Exercise, ...] = (
    Sequence(
        name="gigabytes",
        expected=_gigabytes,
        tolerance=0.1,
        mistakes=(
            Mistake(
                lambda: _gigabytes(unit=1.0),
                "Those are bytes. How many gigabytes are they?",
            ),
            Mistake(
                lambda: _gigabytes(unit=1e6),
                "Those are megabytes, thousandths of what was asked for.",
            ),
            Mistake(
                lambda: _gigabytes(per_entry=(1, 1, 1)),
                "That counts entries. How many bytes does each form take for one?",
            ),
            Mistake(
                lambda: [*_gigabytes()[:3], REVIEWS * WORDS * STORED / 1e9],
                "The first three are right. Does the sparse matrix store the zeros?",
            ),
            Mistake(
                lambda: [*_gigabytes()[:3], REVIEWS * DIFFERENT / 1e9],
                "The first three are right. What does one stored word take in the last?",
            ),
        ),
        hints=(
            "How many entries does the whole matrix have? And how many of them are ones?",
            "Three of the forms store all the entries, the fourth only the ones.",
        ),
        remark="What decides is not how many words there could be, but how many a review has.",
    ),
    Function(
        name="counted",
        find=_counted,
        hints=(
            "Give a list of places and one place after the other to `+= 1`, and compare.",
            "Begin with np.zeros(places), and go through the review in a loop.",
        ),
        remark="A review of three words, counted with a finger, shows what no error message did.",
    ),
    Sequence(
        name="pairs",
        expected=_pairs,
        mistakes=(
            Mistake(
                lambda: _pairs(skip=1),
                "Those are the pairs without the start marker, which has a neighbour, too.",
            ),
            Mistake(
                lambda: [0, _pairs()[1]],
                "The second is right. Do both of them say nothing alike?",
            ),
            Mistake(
                _all_and_some,
                "The second number counts the pairs of both, too. Which sign leaves them out?",
            ),
        ),
        hints=(
            "set(pairwise(praise)) has the different pairs of the first sentence.",
            "`&` and `^` between two sets make sets; len says how many are in one.",
        ),
        remark="Whoever counts pairs can tell the sentences apart, and needs columns for them.",
    ),
    Number(
        name="films",
        expected=lambda: GREAT / FILM,
        tolerance=0.05,
        mistakes=(
            Mistake(
                lambda: FILM / GREAT,
                "That is how many of the one are a part of the other. Which integer is larger?",
            ),
            Mistake(
                lambda: GREAT - FILM,
                "So far apart they are in the list. What does the model do with an integer?",
            ),
            Mistake(
                lambda: (GREAT - OFFSET) / (FILM - OFFSET),
                "Those are their ranks. Which integers does the colleague multiply?",
            ),
            Mistake(
                lambda: 1,
                "Alike they would count with a column for each. What is multiplied here?",
            ),
        ),
        hints=(
            "A place has one weight. What is added to the sum if the one word stands there, and "
            "what if the other does?",
            "Take any weight, say 0.01, and divide the two.",
        ),
        remark="A model that has to believe this has learned the order of a list, and nothing "
        "about words.",
    ),
)
