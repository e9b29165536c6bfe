"""The exercises of chapter 4, "Learning, one step at a time"."""

from functools import cache
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import TEST_SET, Exercise, Mistake
from imdb_helpers.exercises.kinds import Choice, Function, Number, Object, Sequence

# What the questions give: great, plot, boring in the columns.
THREE = np.array([[1.0, 1, 0], [1, 0, 0], [0, 1, 1]]), np.array([1, 1, 0])
TWO = np.array([[1.0, 1, 0], [0, 1, 1]]), np.array([1, 0])
STARTS = np.zeros(3), np.array([0.25, 0.5, -0.75])
SUM, LABEL = 5.0, 0
HELD_OUT, WORDS, EPOCHS, RATE, BATCH = 10_000, 10_000, 20, 0.2, 512


def _sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def _slopes() -> np.ndarray:
    x, y = THREE
    error = _sigmoid(np.zeros(len(x))) - y
    return np.array([*(x.T @ error), error.sum()]) / len(x)


def _downhill(call: Any) -> str:
    x, y = TWO
    for start in STARTS:
        slope = x.T @ (_sigmoid(x @ start) - y) / len(x)
        before = start.copy()
        got = call(start)
        if not np.array_equal(before, start):
            start[:] = before
            return "It changes the weights that it was given. Make new ones: v - ..., not v -= ..."
        if np.shape(got) != start.shape:
            return (
                f"It returns something of the shape {np.shape(got)}; there are three weights, "
                "and each wants a step."
            )
        moved = np.asarray(got) - start
        if np.allclose(moved, -slope, atol=1e-6):
            continue
        if np.allclose(moved, slope, atol=1e-6):
            return "It still walks uphill. In which direction does a gradient point?"
        if np.allclose(moved, -len(x) * slope, atol=1e-6):
            return "The direction is right. Is that the mean over the reviews, or their sum?"
        if np.allclose(got, -slope, atol=1e-6) or np.allclose(got, slope, atol=1e-6):
            return "That is the step alone. From where does it start?"
        return f"From {start} it goes to {np.asarray(got)}. Work one step out on paper."
    return ""


@cache
def _reviews() -> tuple[Any, np.ndarray, Any, np.ndarray]:
    from imdb_helpers.data import load_data
    from imdb_helpers.vectorize import multi_hot_sparse

    (reviews, labels), (test, test_labels) = load_data(num_words=WORDS)
    return multi_hot_sparse(reviews), labels, multi_hot_sparse(test), test_labels


def _loss(x: Any, y: np.ndarray, w: np.ndarray) -> float:
    """Return the loss without a bias, which is small here and not asked for."""
    z = x @ w
    return float(np.mean(np.logaddexp(0, z) - y * z))


@cache
def _usual_loss() -> float:
    """Return the loss of learned reviews after the chapter's epochs."""
    x, y = _reviews()[0][HELD_OUT:], _reviews()[1][HELD_OUT:]
    w, b, rng = np.zeros(x.shape[1]), 0.0, np.random.default_rng(0)
    for _ in range(EPOCHS):
        order = rng.permutation(len(y))
        for begin in range(0, len(order), BATCH):
            batch = order[begin : begin + BATCH]
            error = _sigmoid(x[batch] @ w + b) - y[batch]
            w, b = w - RATE * (x[batch].T @ error) / len(batch), b - RATE * error.mean()
    return _loss(x, y, w)


def _longer(weights: Any) -> str:
    if weights.shape != (WORDS,):
        return f"Its shape is {weights.shape}; there is one weight for each word."
    if not np.all(np.isfinite(weights)):
        return "Some of the weights are no finite numbers. Was the rate left as it was?"
    if not np.any(weights):
        return "All weights are zero. From where did the training start?"
    x, y, test, test_labels = _reviews()
    learned = _loss(x[HELD_OUT:], y[HELD_OUT:], weights)
    held_out, tested = (
        _loss(x[:HELD_OUT], y[:HELD_OUT], weights),
        _loss(test, test_labels, weights),
    )
    if learned > np.log(2):
        return (
            "Its answers cost more than saying one half every time. In which direction did the "
            "steps go?"
        )
    if tested < min(learned, held_out):
        return TEST_SET
    if held_out < 0.98 * learned:
        return "It fits the held-out reviews better than the others. Which ones did it learn from?"
    if learned > 1.1 * _usual_loss():
        return "It fits its reviews less well than the chapter's own weights. Began it with `w`?"
    if learned > 0.95 * _usual_loss():
        return "That is about as far as the chapter's own weights are. Are these the new ones?"
    if held_out < 1.1 * learned:  # 1.2 and more, where it has not seen them
        return (
            "It fits the held-out reviews about as well as its own. Were they among those that it "
            "learned from?"
        )
    return ""


def _steepness(label: int = LABEL) -> tuple[float, float]:
    p = _sigmoid(SUM)
    return p - label, 2 * (p - label) * p * (1 - p)


def _times() -> float:
    entropy, squared = _steepness()
    return entropy / squared


def _losses() -> float:
    p = _sigmoid(SUM)
    return -np.log(1 - p) / p**2


EXERCISES: tuple[Exercise, ...] = (
    Sequence(
        name="slopes",
        expected=_slopes,
        tolerance=0.01,
        mistakes=(
            Mistake(
                lambda: -_slopes(),
                "That is the way of the steps. The slopes are p - y times x.",
            ),
            Mistake(
                lambda: 3 * _slopes(),
                "Those are sums over the three reviews. Asked for is their mean.",
            ),
            Mistake(
                lambda: 1.5 * _slopes(),
                "How many reviews does this batch have? The mean is over all of them.",
            ),
            Mistake(
                lambda: _slopes()[:3],
                "The words are right. The bias has a slope, too: it is in every review.",
            ),
        ),
        hints=(
            "What does the unit say of each of them, when all weights are zero?",
            "Write p - y beside each review. Which reviews is a word in?",
            "Add up a word's mistakes, and divide by the number of all reviews.",
        ),
        remark="A word of both kinds of reviews stays where it is, and the bias learns which "
        "label is the more frequent one.",
    ),
    Function(
        name="downhill",
        find=_downhill,
        hints=(
            "Print the loss before and after a step. Which of the two is larger?",
            "A slope above zero: does a larger weight give a larger loss or a smaller one?",
        ),
        remark="A loss that rises steadily points to the sign, one that leaps up and down to "
        "the rate.",
    ),
    Choice(
        name="times_x",
        options=("its own", "all alike", "none"),
        digest="2806d30dc127",
        misses={
            "its own": "Without x, how would the step know which words the review has?",
            "none": "Is p - y zero for an answer that is wrong?",
        },
        hints=(
            "Write the steps of the three weights one below the other, once with x, once without.",
            "Is there anything in p - y that says which word a weight belongs to?",
        ),
        remark="p - y says how much is to be mended, and x says by whom.",
    ),
    Object(
        name="longer",
        kind=lambda: np.ndarray,
        wanted="The array of the weights",
        find=_longer,
        hints=(
            "train_epoch returns new weights and a new bias. What becomes of them?",
            "A loop over range(200) gives each epoch what the last one returned.",
        ),
        remark="It fits its own reviews more closely. Whether it is a better judge, only the "
        "held-out ones can tell.",
    ),
    Number(
        name="pull",
        expected=_times,
        tolerance=1.0,
        mistakes=(
            Mistake(
                lambda: _steepness()[0],
                "That is a slope, or the second by the first. Divide the first by the second.",
            ),
            Mistake(
                _losses,
                "That compares the losses. A slope is the change of a loss, divided by the nudge.",
            ),
            Mistake(lambda: 2 * _times(), "What is the slope of a square? Nudge it, and see."),
        ),
        hints=(
            "The sum becomes a probability, and the probability a loss: two steps each time.",
            "Compute both losses at 5 and at 5.001, and look at the differences.",
            "Divide the slope of the cross-entropy by that of the squared error.",
        ),
        remark="Where a sigmoid is flat, a squared error hardly feels a nudge; the logarithm "
        "makes up for the flatness.",
    ),
)
