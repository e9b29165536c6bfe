"""The exercises of chapter 5, "Building a network"."""

from typing import Any

import numpy as np

from imdb_helpers.exercises.base import Exercise, Mistake
from imdb_helpers.exercises.kinds import Choice, Function, Number, Object

# What the questions give.
INPUTS, WIDE, BOOK = 10_000, 64, 16
KEY, THRESHOLD = "accuracy", 0.6
MATRICES = (
    (np.array([[1, 2], [0, 1], [3, 0]]), np.array([[1, -1], [2, 0]]), np.array([[2], [1]])),
    (np.array([[0, 1], [1, 0], [1, 1]]), np.array([[1, 0], [4, 1]]), np.array([[1], [3]])),
)


def _parameters(width: int = WIDE) -> int:
    return (INPUTS + 1) * width + width + 1


def _book() -> int:
    return (INPUTS + 1) * BOOK + (BOOK + 1) * BOOK + BOOK + 1


def _collapse(call: Any) -> str:
    for first, second, third in MATRICES:
        got = np.asarray(call(first, second, third))
        expected = first @ second @ third
        if got.shape != expected.shape:
            return (
                f"Matrices of the shapes {first.shape}, {second.shape} and {third.shape} give "
                f"one of the shape {got.shape}. Which inputs and outputs are there?"
            )
        if np.allclose(got, expected):
            continue
        if np.allclose(got, first @ np.maximum(second, 0) @ third) or np.allclose(
            got, np.maximum(np.maximum(first, 0) @ second, 0) @ third
        ):
            return "There is a relu in it. The colleague's network has none."
        return "The shape is right. Multiply a row of numbers by one matrix after the other."
    return ""


def _metric_class() -> type:
    import keras

    return keras.metrics.Metric


def _metric(metric: Any) -> str:
    import keras

    if not isinstance(metric, keras.metrics.BinaryAccuracy):
        return f"It is of type {type(metric).__name__}. Which one takes a threshold?"
    if metric.name != KEY:
        return f"Its key would be {metric.name!r}. Which argument decides that?"
    if abs(float(metric.threshold) - THRESHOLD) > 1e-6:
        return f"The key is right. It says positive from {metric.threshold} on. Is that asked for?"
    return ""


EXERCISES: tuple[Exercise, ...] = (
    Number(
        name="parameters",
        expected=_parameters,
        tolerance=0.5,
        mistakes=(
            Mistake(
                lambda: (INPUTS + 1) * WIDE,
                "Are the biases in it, and the unit at the end? One of the two is missing.",
            ),
            Mistake(
                lambda: (INPUTS + 1) * WIDE + WIDE,
                "Almost. Does the unit at the end have a bias?",
            ),
            Mistake(
                lambda: INPUTS * WIDE + WIDE + 1,
                "Almost. Do the hidden units have biases, and has the last one its weights?",
            ),
            Mistake(
                lambda: (INPUTS + 1) * WIDE + (WIDE + 1) * WIDE + WIDE + 1,
                "That has two hidden layers of this width. How many are there here?",
            ),
            Mistake(_book, "That is the book's network. This one is wider, and not as deep."),
        ),
        hints=(
            "Go from layer to layer: how many inputs does one of its units have?",
            "A unit has one weight for each of its inputs, and one number more.",
        ),
        remark="What counts is the width of the layer that meets the words; a layer more or "
        "less behind it hardly shows.",
    ),
    Function(
        name="collapse",
        find=_collapse,
        hints=(
            "What does a review become after the first layer, and what does that become?",
            "Two matrices in a row are one: their product. The order of the factors matters.",
        ),
        remark="Nothing in a training tells you that something is missing: it learns, and the "
        'numbers look fine. "It trains, hence it is right" is no proof.',
    ),
    Object(
        name="metric",
        kind=_metric_class,
        wanted="A metric, made by calling its class,",
        find=_metric,
        hints=(
            "A class is called like a function; its arguments stand in the brackets.",
            "Two arguments: one decides the key, the other the border.",
        ),
        remark="A string gives the metric its name and leaves the rest to Keras. An instance "
        "lets you say both.",
    ),
    Choice(
        name="grammar",
        options=("more units", "more epochs", "columns for pairs"),
        digest="eadcaab3fd59",
        misses={
            "more units": "They would all see the same input. What is it for the two phrases?",
            "more epochs": "Can training tell apart two inputs that are equal?",
        },
        hints=(
            "Write down which columns are 1 for the one phrase, and which for the other.",
            "What do the two phrases differ in, if not in their words?",
        ),
        remark="What the input does not say, no network can find in it.",
    ),
)
