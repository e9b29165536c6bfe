"""The exercises of chapter 6, "Training and watching"."""

from collections.abc import Callable
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import Exercise, Mistake
from imdb_helpers.exercises.kinds import Choice, Function, Number, Sequence

# What the chapter and the question give.
TRAINED_ON, HELD_OUT, EPOCHS, USUAL, SMALLER = 15_000, 10_000, 20, 512, 128


def _steps(reviews: int = TRAINED_ON, size: int = SMALLER, epochs: int = EPOCHS) -> int:
    return epochs * -(-reviews // size)


# Two made-up trainings: what is lowest where differs from key to key, and from one to the other.
PASTS = (
    {
        "loss": [0.6, 0.5, 0.4, 0.3, 0.1],
        "val_loss": [0.9, 0.4, 0.5, 0.6, 0.8],
        "accuracy": [0.6, 0.7, 0.8, 0.9, 1.0],
        "val_accuracy": [0.6, 0.7, 0.8, 0.7, 0.7],
    },
    {
        "loss": [0.6, 0.5, 0.3, 0.2],
        "val_loss": [0.6, 0.5, 0.3, 0.9],
        "accuracy": [0.6, 0.8, 0.9, 0.9],
        "val_accuracy": [0.5, 0.8, 0.7, 0.6],
    },
)
SLIPS: tuple[tuple[Callable[[dict[str, list[float]]], float], str], ...] = (
    (
        lambda past: np.argmin(past["val_loss"]),
        "You have found the place in the list. From which number does a list count, and "
        "from which one do epochs?",
    ),
    (
        lambda past: min(past["val_loss"]),
        "That is the lowest loss itself. Asked for is when it was reached.",
    ),
    (
        lambda past: np.argmax(past["val_loss"]) + 1,
        "In that epoch the validation loss is at its worst.",
    ),
    (
        lambda past: np.argmax(past["val_loss"]),
        "That is a place in the list, and the place of the worst validation loss.",
    ),
    (
        lambda past: np.argmin(past["loss"]) + 1,
        "That is where the loss on the reviews that it learns from is lowest. Print the "
        "keys: which of them is about the others?",
    ),
    (
        lambda past: np.argmin(past["loss"]),
        "Whose loss is under that key? And from which number does a list count?",
    ),
    (
        lambda past: np.argmax(past["val_accuracy"]) + 1,
        "That is where the accuracy is best. Asked for is the loss.",
    ),
    (
        lambda past: np.argmax(past["loss"]),
        "That is what the function returned before. What does each of its words say?",
    ),
)


def _best_epoch(call: Any) -> str:
    found = [call(past) for past in PASTS]
    if not all(np.isscalar(one) and np.isreal(one) for one in found):
        return f"The number of an epoch is asked for; yours returns {found[0]!r}."
    wrong = [
        f"For the validation losses {past['val_loss']} it returns {one}."
        for one, past in zip(found, PASTS, strict=True)
        if one != np.argmin(past["val_loss"]) + 1
    ]
    if not wrong:
        return ""
    for slip, hint in SLIPS:
        if all(one == slip(past) for one, past in zip(found, PASTS, strict=True)):
            return hint
    return wrong[0]


# A file with all its positive reviews first; and eight reviews, each with a label of its own.
FILE, POSITIVE = TRAINED_ON + HELD_OUT, 12_500
REVIEWS, LABELS = np.arange(8)[:, None] + [0, 10], np.arange(8) + 20


def _saying(label: int) -> list[float]:
    """Return the share of a label among the learned and the held-out reviews of that file."""
    labels = np.arange(FILE) < POSITIVE
    return [float(np.mean(part == label)) for part in (labels[HELD_OUT:], labels[:HELD_OUT])]


def _paired(call: Any) -> str:
    got = call(REVIEWS.copy(), LABELS.copy())
    if not isinstance(got, tuple | list) or len(got) != 2:
        return "Two things are asked for: the reviews and their labels."
    reviews, labels = map(np.asarray, got)
    if reviews.shape != REVIEWS.shape or labels.shape != LABELS.shape:
        return f"From the shapes (8, 2) and (8,) it makes {reviews.shape} and {labels.shape}."
    if not np.array_equal(np.sort(reviews, axis=0), REVIEWS):
        return "A review is lost, and another one is there twice. Where does your order come from?"
    if np.any(labels - reviews[:, 0] != 20):
        return "Reviews have other reviews' labels now. How many orders are drawn?"
    if np.array_equal(reviews, REVIEWS):
        return "Each review has its label, and all stand where they stood."
    return ""


EXERCISES: tuple[Exercise, ...] = (
    Number(
        name="batch_steps",
        expected=_steps,
        tolerance=0,
        mistakes=(
            Mistake(
                lambda: EPOCHS * (TRAINED_ON // SMALLER),
                "Those are the full batches. What becomes of the reviews that are left over?",
            ),
            Mistake(
                lambda: EPOCHS * TRAINED_ON / SMALLER,
                "That would need a part of a step. What becomes of the reviews that are left over?",
            ),
            Mistake(lambda: _steps(epochs=1), "Those are the steps of one epoch."),
            Mistake(
                lambda: _steps(TRAINED_ON + HELD_OUT),
                "That counts all the training reviews. Which of them does it learn from?",
            ),
            Mistake(lambda: _steps(size=USUAL), "Those are the steps with the larger batches."),
            Mistake(
                lambda: 4 * _steps(size=USUAL),
                "Four times as many as before, nearly. Count the batches of one epoch: the "
                "last one is smaller than the others, before and now.",
            ),
        ),
        hints=(
            "Begin with one epoch: how many full batches are there, and is anything left over?",
            "The cell that counted the steps of an epoch did it with divmod. Which number "
            "in it changes?",
        ),
        remark="A batch that is not full is a step, too: one in each epoch.",
    ),
    Choice(
        name="one_more",
        options=("epoch 1", "epoch 10", "epoch 20"),
        digest="53d991b08b19",
        misses={
            "epoch 1": "Something would have to set the weights back. Which line of code does?",
            "epoch 10": "What would the network have to forget for that, and what would make it?",
        },
        hints=(
            "What does fit start from? Recall the second call of this chapter.",
            "The weights live in the network, and not in fit.",
        ),
        remark="The network is an object that remembers. Run a cell with fit twice, and it "
        "has been trained twice as long.",
    ),
    Function(
        name="best_epoch",
        find=_best_epoch,
        hints=(
            "Make a dictionary of your own with three epochs, and call the function with it.",
            "Read its line from the inside to the outside: which list, which place in it, "
            "and what number does a reader call that epoch?",
        ),
        remark="Such slips raise no error. A short example with a known answer finds them.",
    ),
    Sequence(
        name="one_sided",
        expected=lambda: _saying(0),
        tolerance=0.005,
        shares=True,
        mistakes=(
            Mistake(
                lambda: _saying(1),
                "Those are the shares of the positive reviews. What does the network say?",
            ),
            Mistake(
                lambda: [POSITIVE / FILE] * 2,
                "So it is in the whole file. Which reviews stand at its beginning?",
            ),
            Mistake(
                lambda: [_saying(0)[0], 1],
                "The first is right. Which label have the held-out reviews?",
            ),
        ),
        hints=(
            "Draw the file as a line, mark its middle, and cut where she cuts.",
            "How many negative reviews are left behind the cut, and how many reviews?",
        ),
        remark="A validation that is bad from the first epoch on says: look at the labels of "
        "both parts.",
    ),
    Function(
        name="paired",
        find=_paired,
        hints=(
            "Give your function ten reviews that are numbers, and the same numbers as labels.",
            "rng.permutation(len(labels)) is an order: places, each of them once.",
            "An array takes an order in square brackets.",
        ),
        remark="Shuffled labels raise no error, and training on them even looks fine.",
    ),
)
