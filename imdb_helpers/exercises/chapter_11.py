"""The exercises of chapter 11, "Beyond single words"."""

from functools import cache
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import TEST_SET, Exercise, Mistake
from imdb_helpers.exercises.kinds import Choice, Number, Sequence

HELD_OUT = 5_000
WORDS, PAIRS = ("words",), ("pairs",)
ALL = ("words", "pairs", "triples")


@cache
def _reviews() -> tuple[Any, np.ndarray]:
    from imdb_helpers.data import load_data

    return load_data()[0]


@cache
def _hashed(kind: str) -> Any:
    from imdb_helpers.ngrams import hash_ngrams

    return hash_ngrams(_reviews()[0], kind)


@cache
def _model(kinds: tuple[str, ...]) -> tuple[Any, Any]:
    """Train as the chapter does, on all but the held-out reviews."""
    from imdb_helpers.ngrams import Features, LinearModel

    learned, labels = {kind: _hashed(kind)[HELD_OUT:] for kind in kinds}, _reviews()[1][HELD_OUT:]
    features = Features(kinds).learn(learned, labels)
    return features, LinearModel(drop=0.0).fit(features.matrix(learned), labels)


def _share(kinds: tuple[str, ...], asked: dict[str, Any], labels: np.ndarray) -> float:
    features, linear = _model(kinds)
    return float(np.mean((linear.scores(features.matrix(asked)) > 0) == labels))


@cache
def _leaked(kinds: tuple[str, ...]) -> float:
    """Return the share where the leanings have counted the held-out labels, too."""
    from imdb_helpers.ngrams import Features, LinearModel

    hashed, labels = {kind: _hashed(kind) for kind in kinds}, _reviews()[1]
    features = Features(kinds).learn(hashed, labels)
    rows = features.matrix(hashed)
    linear = LinearModel(drop=0.0).fit(rows[HELD_OUT:], labels[HELD_OUT:])
    return float(np.mean((linear.scores(rows[:HELD_OUT]) > 0) == labels[:HELD_OUT]))


def _held_out(kinds: tuple[str, ...]) -> float:
    asked = {kind: _hashed(kind)[:HELD_OUT] for kind in kinds}
    return _share(kinds, asked, _reviews()[1][:HELD_OUT])


def _learned(kinds: tuple[str, ...]) -> float:
    asked = {kind: _hashed(kind)[HELD_OUT:] for kind in kinds}
    return _share(kinds, asked, _reviews()[1][HELD_OUT:])


@cache
def _of_test_half(kinds: tuple[str, ...]) -> float:
    from imdb_helpers.data import load_data
    from imdb_helpers.ngrams import hash_ngrams

    reviews, labels = load_data()[1]
    return _share(kinds, {kind: hash_ngrams(reviews, kind) for kind in kinds}, labels)


@cache
def _shuffled(second: tuple[str, ...] = ALL, test: bool = False) -> list[float]:
    """Return the shares of both models where the words of each review are shuffled."""
    from imdb_helpers.data import load_data
    from imdb_helpers.ngrams import hash_ngrams

    reviews, labels = (half[: None if test else HELD_OUT] for half in load_data()[int(test)])
    rng = np.random.default_rng(0)
    mixed = [rng.permutation(review) for review in reviews]
    asked = {kind: hash_ngrams(mixed, kind) for kind in second}
    return [_share(kinds, asked, labels) for kinds in (WORDS, second)]


def _reviews_shuffled() -> list[float]:
    """Return the shares where the reviews are shuffled, and their labels are not."""
    order = np.random.default_rng(0).permutation(HELD_OUT)
    asked = {kind: _hashed(kind)[:HELD_OUT][order] for kind in ALL}
    return [_share(kinds, asked, _reviews()[1][:HELD_OUT]) for kinds in (WORDS, ALL)]


EXERCISES: tuple[Exercise, ...] = (
    Number(
        name="pairs_alone",
        expected=lambda: _held_out(PAIRS),
        tolerance=0.002,
        share=True,
        mistakes=(
            Mistake(
                lambda: _held_out(WORDS),
                "That is the model of single words. Which kinds did train get?",
            ),
            Mistake(
                lambda: _held_out((*WORDS, *PAIRS)),
                "So many are right with single words in it, too. Which kinds did train get?",
            ),
            Mistake(
                lambda: _learned(PAIRS),
                "It has learned from those reviews. Which ones has it not seen?",
            ),
            Mistake(
                lambda: _leaked(PAIRS),
                "That is with the bug. Whose labels does learn count for the leanings?",
            ),
            Mistake(lambda: _of_test_half(PAIRS), TEST_SET),
        ),
        hints=(
            "Which reviews are in `hashed`, and which in `learned`?",
            "train takes a list of kinds, also where it is a list of one.",
            "What train returns goes into share_right, with a star before it.",
        ),
        remark="Now compare it with the two rungs around it: what do single words know that "
        "pairs do not?",
    ),
    Sequence(
        name="shuffled",
        expected=_shuffled,
        tolerance=0.008,  # another order of the words moves the second by half of it
        shares=True,
        mistakes=(
            Mistake(
                lambda: [_held_out(WORDS), _held_out(ALL)],
                "Those are the shares before anything was shuffled. Which matrices did the "
                "models get?",
            ),
            Mistake(
                _reviews_shuffled,
                "That is what a coin gets: the reviews have changed places, and their labels "
                "have not. Shuffle the words within each review.",
            ),
            Mistake(
                lambda: [_shuffled()[0]] * 2,
                "Both are of the model of words. Which rung is the other one?",
            ),
            Mistake(
                lambda: _shuffled((*WORDS, *PAIRS)),
                "The second is the model of words and pairs. Which rung has the triples?",
                within=0.0006,
            ),
            Mistake(lambda: _shuffled(test=True), TEST_SET),
        ),
        hints=(
            "Make a list of shuffled reviews, hash it as the chapter hashed all reviews, and "
            "train nothing anew.",
            "A rung is features and a model. features.matrix takes the dictionary of what you "
            "have hashed; the model's scores are above zero for positive.",
        ),
        remark="One of the two you could have written down without a computer. The other one "
        "says how much the model had made of the order.",
    ),
    Choice(
        name="luckiest",
        options=("A", "B", "C"),
        digest="3c31a5f76a1c",
        misses={
            "A": "Fourteen were scored. How many choices did those scores make?",
            "C": "A disappointing number, and it is reported all the same. Whom would it flatter?",
        },
        hints=(
            "For each report, ask by which reviews its model was chosen.",
            "Would another model have been reported, had the test half had other labels?",
        ),
        remark="It is not scoring that makes luck, but choosing by the score: the better of "
        "two is flattered, the one of fourteen that was named before is not.",
    ),
)
