"""The exercises of chapter 1, "Loading the reviews"."""

from functools import cache

from imdb_helpers.exercises.base import Exercise, Mistake
from imdb_helpers.exercises.kinds import Number, Sequence


@cache
def _repeated(num_words: int | None = None) -> tuple[int, int]:
    """Return how many test reviews stand in the training half, and how many there are."""
    from imdb_helpers.data import load_data

    (train, _), (test, _) = load_data(num_words=num_words)
    known = {tuple(review) for review in train}
    return sum(tuple(review) in known for review in test), len(test)


def _share() -> float:
    found, all_of_them = _repeated()
    return found / all_of_them


def _share_of_common_words() -> float:
    found, all_of_them = _repeated(10_000)
    return found / all_of_them


def _medians() -> list[float]:
    import numpy as np

    from imdb_helpers.data import load_data

    (reviews, labels), _ = load_data(num_words=10000)
    lengths = np.array([len(review) for review in reviews])
    return [float(np.median(lengths[labels == label])) for label in (0, 1)]


def _test_medians() -> list[float]:
    import numpy as np

    from imdb_helpers.data import load_data

    _, (reviews, labels) = load_data(num_words=10000)
    lengths = np.array([len(review) for review in reviews])
    return [float(np.median(lengths[labels == label])) for label in (0, 1)]


EXERCISES: tuple[Exercise, ...] = (
    Sequence(
        name="medians",
        expected=_medians,
        tolerance=0.5,
        mistakes=(
            Mistake(_test_medians, "Those are the medians of the test half."),
            Mistake(
                lambda: [length - 1 for length in _medians()],
                "Each is one too small: the start marker counts as one of the integers.",
            ),
        ),
        hints=(
            "Two numbers are asked for: first the median of the negative reviews.",
            "`lengths[train_labels == 0]` has the lengths of the negative reviews only.",
        ),
        remark="What two medians have in common can be more telling than their difference.",
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
                _share_of_common_words,
                "With the rare words cut off, different texts can look alike. Load them all.",
            ),
        ),
        hints=(
            "A list cannot be a key of a dictionary or a member of a set; a tuple can.",
            "Go through the test reviews, and count those that are in a set of the others.",
        ),
        remark="So few cannot move a test score by much, and a program that knows them by "
        "heart would be right in all of them.",
    ),
)
