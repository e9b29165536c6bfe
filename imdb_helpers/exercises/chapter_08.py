"""The exercises of chapter 8, "Inside fit"."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import Exercise, Mistake
from imdb_helpers.exercises.kinds import Choice, Function, Number, Sequence

# What the question gives: "good bad" and "not good", the chapter's weights, both p 0.5.
X, Y = np.array([[1.0, 1, 0], [1, 0, 1]]), np.array([[0.0], [1]])
W1, W2 = np.array([[1.0, 1], [0, 0], [-2, 1]]), np.array([[1.0], [1]])
STARTS, HELD_OUT = 20, 10_000
# Outputs of hidden units, as relu leaves them.
OUTPUTS = np.array([[1.0, 1.0], [0.0, 2.0]]), np.array([[0.0, 0.0, 0.5]])


def _always_open(sums: np.ndarray) -> Any:
    return np.ones_like(sums)


def _of_first_layer(gate: Callable[[Any], Any] = lambda sums: sums > 0) -> np.ndarray:
    of_sum = (0.5 - Y) / len(Y)
    return X.T @ (of_sum @ W2.T * gate(X @ W1))


@cache
def _starts(order_seed: int) -> list[float]:
    """Return the accuracy of twenty starts with one order, as the chapter trains them."""
    from imdb_helpers.data import load_data
    from imdb_helpers.network import Network
    from imdb_helpers.vectorize import multi_hot_sparse

    (reviews, y), _ = load_data(num_words=10000)
    x, accuracies = multi_hot_sparse(reviews), []
    for seed in range(STARTS):
        network = Network(seed=seed)
        network.fit(x[HELD_OUT:], y[HELD_OUT:], order_seed=order_seed)
        accuracies.append(network.evaluate(x[:HELD_OUT], y[:HELD_OUT])[1])
    return accuracies


def _gate(call: Any) -> str:
    for outputs in OUTPUTS:
        got = np.asarray(call(outputs.copy()))
        if got.shape != outputs.shape:
            return f"For a batch of shape {outputs.shape} it returns the shape {got.shape}."
        if got.dtype.kind not in "bif":
            return "A gate is True or False, or 1 or 0; yours gives something else."
        if np.all(got == 1):
            return "It is open for every unit and every review. What does a closed unit put out?"
        if np.array_equal(got, outputs <= 0):
            return "It is open where it should be closed, and the other way round."
        if np.array_equal(got, outputs):
            return "It returns the outputs themselves. How many different values has a gate?"
        if not np.array_equal(got, outputs > 0):
            return "Try it with [[1, 1], [0, 2]], and compare with the gates of the pencil's batch."
    return ""


EXERCISES: tuple[Exercise, ...] = (
    Function(
        name="gate",
        find=_gate,
        hints=(
            "Look at H of the first batch: which entry belongs to the closed gate?",
            "What is the smallest number that relu puts out? Which gates does H >= 0 close?",
        ),
        remark="An output has all that the gate needs, if the border is on the right side. "
        "Now see whether the accuracy would have told you.",
    ),
    Sequence(
        name="blame",
        expected=_of_first_layer,
        tolerance=0.005,
        mistakes=(
            Mistake(
                lambda: _of_first_layer() * len(Y),
                "Signs and zeros are right. What is the loss of a batch, the sum over its "
                "reviews or their mean?",
            ),
            Mistake(
                lambda: -_of_first_layer(),
                "The zeros are right, and the signs are turned. Is it p - y, or y - p?",
            ),
            Mistake(
                lambda: _of_first_layer(_always_open),
                "One slope has come through a closed gate. Compute the four hidden sums.",
            ),
            Mistake(
                lambda: -_of_first_layer(_always_open),
                "Two things: is it p - y, or y - p? And one slope has come through a closed gate.",
            ),
        ),
        hints=(
            "First the four hidden sums, with a pencil: which gate is closed?",
            "Each review hands (p - y) / 2 to every hidden unit whose gate is open.",
            "From there it goes to the words that the review has; two reviews add up.",
        ),
        remark="A weight of zero may have a slope that is not: it is the input that must be "
        "there, and the way that must be open.",
    ),
    Choice(
        name="no_step",
        options=("lower", "the same", "higher"),
        digest="42c0fd4ca1e8",
        misses={
            "lower": "Which line of the program changes a weight? Is it still called?",
            "higher": "What would have had to change for the loss to change?",
        },
        hints=(
            "Go through `backward` line by line: does one of them change its `weights`?",
            "Print the loss before and after.",
        ),
        remark="Two jobs, kept apart: one finds the slopes, the other walks.",
    ),
    Number(
        name="another_order",
        expected=lambda: np.mean(_starts(1)),
        share=True,
        mistakes=(
            Mistake(
                lambda: np.mean(_starts(0)),
                "That is what the order of the chapter gave. Which argument draws another one?",
            ),
            Mistake(
                lambda: np.std(_starts(1), ddof=1),
                "That is how they scatter. Asked for is the number that they scatter about.",
            ),
            Mistake(
                lambda: np.max(_starts(1)),
                "That is the best of the twenty. Whom would that flatter?",
            ),
        ),
        hints=(
            "The chapter has a list called starts. Which arguments does right_after get there?",
            "Twenty seeds for the start, and one and the same seed for the order.",
        ),
        remark="The starts are the same, and their mean is another one. A number that was taken "
        "with one order says something about that order, too.",
    ),
)
