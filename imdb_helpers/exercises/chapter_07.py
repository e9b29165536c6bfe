"""The exercises of chapter 7, "Learned by heart"."""

from functools import cache
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import TEST_SET, Exercise, Mistake
from imdb_helpers.exercises.kinds import Choice, Number

HELD_OUT, FEW, EPOCHS = 10_000, 3_000, 20


@cache
def _reviews(half: int = 0) -> tuple[Any, Any]:
    from imdb_helpers.data import load_data
    from imdb_helpers.vectorize import multi_hot_sparse

    reviews, labels = load_data(num_words=10000)[half]
    return multi_hot_sparse(reviews), labels


@cache
def _run(
    of_coins: bool, hidden: tuple[int, ...], few: bool, first: int = HELD_OUT, test: bool = False
) -> dict[str, list[float]]:
    """Train as an exercise asks, with the chapter's seeds."""
    from imdb_helpers.network import Network

    x, y = _reviews()
    if of_coins:
        y = np.random.default_rng(0).integers(0, 2, size=len(y))
    last = first + FEW if few else len(y)
    held_out = _reviews(1) if test else (x[:HELD_OUT], y[:HELD_OUT])
    return Network(hidden=hidden, seed=0).fit(
        x[first:last],
        y[first:last],
        epochs=EPOCHS,
        validation_data=held_out,
    )


def _coins() -> dict[str, list[float]]:
    return _run(of_coins=True, hidden=(), few=False)


def _few() -> dict[str, list[float]]:
    return _run(of_coins=False, hidden=(16, 16), few=True)


EXERCISES: tuple[Exercise, ...] = (
    Number(
        name="small_memory",
        expected=lambda: _coins()["accuracy"][-1],
        tolerance=0.015,
        share=True,
        mistakes=(
            Mistake(
                lambda: _coins()["val_accuracy"][-1],
                "That is the accuracy on the held-out reviews, or of guessing. Asked for is "
                "how many of its own coins it knows.",
            ),
            Mistake(
                lambda: _coins()["loss"][-1], "That is the loss. Under which key is the share?"
            ),
            Mistake(
                lambda: _run(of_coins=False, hidden=(), few=False)["accuracy"][-1],
                "Those are the true labels. Which ones came from the coin?",
            ),
            Mistake(
                lambda: _run(of_coins=True, hidden=(16, 16), few=False)["accuracy"][-1],
                "So many coins are learned with hidden layers. What does hidden=() say?",
            ),
        ),
        hints=(
            "fit returns a dictionary of lists. Which key, and which entry of the list?",
            "Training reviews and their coins begin at the same place: compare both slices.",
        ),
        remark="Fewer parameters, a smaller memory. That it knows this many labels which "
        "mean nothing is still far from guessing.",
    ),
    Number(
        name="few_reviews",
        expected=lambda: min(_few()["val_loss"]),
        tolerance=0.008,
        mistakes=(
            Mistake(
                lambda: np.argmin(_few()["val_loss"]),
                "That is a place in the list. Asked for is the loss at this place.",
            ),
            Mistake(
                lambda: np.argmin(_few()["val_loss"]) + 1,
                "That is the epoch. Asked for is the loss after it.",
            ),
            Mistake(
                lambda: min(_few()["loss"]),
                "That is the lowest training loss. What does it say about other reviews?",
            ),
            Mistake(
                lambda: max(_few()["val_accuracy"]),
                "That is an accuracy. Asked for is the loss.",
            ),
            Mistake(
                lambda: min(_run(of_coins=False, hidden=(16, 16), few=False)["val_loss"]),
                "So low it gets with all the reviews. How many rows has your slice?",
            ),
            Mistake(
                lambda: min(_run(False, (16, 16), few=True, first=0)["val_loss"]),
                "You trained on reviews that are held out, and then asked about them. From "
                "where on may the network learn?",
            ),
            Mistake(lambda: min(_run(False, (16, 16), few=True, test=True)["val_loss"]), TEST_SET),
            Mistake(
                lambda: _few()["val_loss"][-1],
                "That is the loss after the last epoch. Was it lower before?",
            ),
        ),
        hints=(
            "Slice reviews and labels alike, and hand fit the same validation data as before.",
            "min of a list is its smallest number. Which of the four lists is about the "
            "held-out reviews?",
        ),
        remark="Fewer reviews, and the best that can be had is worse; no choice of the epoch "
        "brings it back.",
    ),
    Choice(
        name="trouble",
        options=("A", "B", "both", "neither"),
        digest="b3d998d16553",
        misses={
            "A": "Look at its training loss. Has it learned anything, be it by heart?",
            "both": "Overfitting is to get better on one's own reviews. Do both runs?",
            "neither": "Compare, for each run, the training loss of the first and the last "
            "epoch. Does one go down while its validation loss goes up?",
        },
        hints=(
            "Print the whole list of training losses of each run, not only the last.",
            "What is the loss of somebody who always says one half?",
        ),
        remark="And now the causes: two runs with the same poor accuracy need two different cures.",
    ),
)
