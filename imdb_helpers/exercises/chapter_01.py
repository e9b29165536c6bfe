"""The exercises of chapter 1, "Fifty thousand opinions"."""

from functools import cache
from typing import Any

from imdb_helpers.exercises.base import Exercise, Mistake
from imdb_helpers.exercises.kinds import Choice, Number, Sequence

TRAINING, TEST = 0, 1
STRETCHES = (925, 975, 1025)


@cache
def _lengths(half: int = TRAINING) -> tuple[Any, Any]:
    """Return how many integers the reviews of a half have, and their labels."""
    import numpy as np

    from imdb_helpers.data import load_data

    reviews, labels = load_data(num_words=10000)[half]
    return np.array([len(review) for review in reviews]), np.asarray(labels)


def _of_each_kind(measure: str, half: int = TRAINING) -> list[float]:
    import numpy as np

    lengths, labels = _lengths(half)
    return [float(getattr(np, measure)(lengths[labels == label])) for label in (0, 1)]


def _medians() -> list[float]:
    return _of_each_kind("median")


def _pile(half: int = TRAINING, first: int = 0, last: int = 49) -> list[int]:
    lengths, _ = _lengths(half)
    return [int(((lengths >= low + first) & (lengths <= low + last)).sum()) for low in STRETCHES]


def _shares_of_the_pile() -> list[float]:
    return [count / len(_lengths()[0]) for count in _pile()]


@cache
def _repeated(num_words: int | None = None, half: int = TEST) -> tuple[int, int]:
    """Return how many reviews of a half stand in the other one, too, and how many it has."""
    from imdb_helpers.data import load_data

    halves = load_data(num_words=num_words)
    reviews, (others, _) = halves[half][0], halves[1 - half]
    known = {tuple(review) for review in others}
    return sum(tuple(review) in known for review in reviews), len(reviews)


def _share(num_words: int | None = None) -> float:
    found, all_of_them = _repeated(num_words)
    return found / all_of_them


EXERCISES: tuple[Exercise, ...] = (
    Sequence(
        name="medians",
        expected=_medians,
        tolerance=0.5,
        mistakes=(
            Mistake(lambda: _of_each_kind("mean"), "Those are the means, which long reviews pull."),
            Mistake(
                lambda: _of_each_kind("median", TEST),
                "Those are the medians of the test half.",
            ),
            Mistake(
                lambda: [length - 1 for length in _medians()],
                "Each is one too small: the start counts as one of the integers.",
            ),
        ),
        hints=(
            "Two numbers are asked for: first the median of the negative reviews.",
            "`lengths[train_labels == 0]` has the lengths of the negative reviews only.",
            "`np.median` takes an array. Which label do the positive reviews have?",
        ),
        remark="What two medians have in common can be more telling than their difference.",
    ),
    Sequence(
        name="pile",
        expected=_pile,
        mistakes=(
            Mistake(
                lambda: _pile(last=50),
                "Each stretch is one too long. Is its upper end in it, or the first one after it?",
            ),
            Mistake(
                lambda: _pile(last=48),
                "Each stretch is one too short. Is its last length in it?",
            ),
            Mistake(
                lambda: _pile(first=1),
                "Each stretch is one too short. Is its first length in it?",
            ),
            Mistake(
                lambda: _pile(first=1, last=48),
                "Each stretch is two too short. Are its first and its last length in it?",
            ),
            Mistake(
                lambda: _pile(first=1, last=50),
                "The stretches are shifted by one. Is the start counted, and are both ends right?",
            ),
            Mistake(lambda: _pile(TEST), "Those are the reviews of the test half."),
            Mistake(
                _shares_of_the_pile,
                "Those are shares of all reviews. Does np.mean say how many?",
            ),
        ),
        hints=(
            "One stretch first: a comparison for its lower end, one for its upper end, "
            "each in brackets, and `&` between them.",
            "The result is a row of True and False. What says how many are true?",
            "Three numbers are asked for, in the order of the stretches.",
        ),
        remark="Nothing in the films explains a heap at a round number. When you see one, ask "
        "who or what made the data.",
    ),
    Choice(
        name="swapped",
        options=("training reviews", "training labels", "test reviews", "test labels"),
        digest="11c30f820b6d",
        misses={
            "training reviews": "In which pair does the name stand, in the first or the second?",
            "training labels": "These have a name in the first pair. In which one is this name?",
            "test labels": "The pair is the right one. What comes first in it?",
        },
        hints=(
            "Python goes by the place, not by the name. Write the line from the top of the "
            "chapter above this one.",
            "Run the line and print the first element of each of the four.",
        ),
        remark="All four have the same number of elements, so that counting them shows "
        "nothing. Looking at one of each does.",
    ),
    Number(
        name="twins",
        expected=_share,
        tolerance=0.00005,
        share=True,
        mistakes=(
            Mistake(
                lambda: float(_repeated()[0]),
                "That is how many. Asked for is their share of the test reviews.",
            ),
            Mistake(
                lambda: _share(10_000),
                "With the rare words cut off, different texts can look alike. Load them all.",
            ),
            Mistake(
                lambda: _repeated()[0] / (2 * _repeated()[1]),
                "That is their share of all reviews. Asked for is the one of the test half.",
            ),
        ),
        hints=(
            "A list cannot be a key of a dictionary; a tuple can.",
            "First a loop over the training reviews makes the dictionary; then a second one, "
            "over the test reviews, asks whether each is in it.",
            "load_data without num_words keeps all the words.",
        ),
        remark="So few cannot move a test score by much, and a program that knows them by "
        "heart would be right in all of them.",
    ),
)
