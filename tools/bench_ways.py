"""What the benchmark measures: each function runs in a process of its own and returns figures.

The classic way is the one of 2017 with the names that Keras 3 uses: Keras's own `load_data`, a
double loop that fills a matrix of float64, and no argument that could be left out. Ours is what
the book teaches, with its helpers.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from peak import peak_megabytes

ARCHIVE = "IMDB_BENCH_ARCHIVE"  # the variable that names Keras's file, put there by bench.py
ROOT = Path(__file__).resolve().parent.parent
WORDS, EPOCHS, SIZE, SEED = 10_000, 20, 512, 42
FINAL_EPOCHS = 4
Figures = dict[str, Any]


class Clock:
    """Seconds by part: each `lap` ends the part that it names."""

    def __init__(self) -> None:
        self.parts: dict[str, float] = {}
        self.last = time.perf_counter()

    def lap(self, part: str) -> None:
        """Give the seconds since the last lap to a part."""
        now = time.perf_counter()
        self.parts[part] = self.parts.get(part, 0.0) + now - self.last
        self.last = now


def figures(clock: Clock, **more: object) -> Figures:
    """Return what a process has measured."""
    return {"parts": clock.parts, "megabytes": peak_megabytes(), **more}


def as_in_the_books_environment() -> None:
    """On TensorFlow, hide JAX: Keras imports it where it is installed, for a hundred megabytes."""
    if os.environ.get("KERAS_BACKEND") == "tensorflow":
        sys.modules["jax"] = None


def held_out(reviews: int) -> int:
    """Return how many of the training reviews validate: 10,000 of 25,000."""
    return reviews * 2 // 5


def load_as_keras(num_words: int = WORDS) -> tuple:
    """Call Keras's `load_data` on a file that is already there."""
    import keras

    with patch("keras.src.datasets.imdb.get_file", lambda *_, **__: os.environ[ARCHIVE]):
        return keras.datasets.imdb.load_data(num_words=num_words)


def multi_hot_by_loop(reviews: np.ndarray, dimension: int = WORDS) -> np.ndarray:
    """Mark the words of each review, one at a time, in numbers of eight bytes."""
    matrix = np.zeros((len(reviews), dimension))
    for row, review in enumerate(reviews):
        for index in review:
            matrix[row, index] = 1.0
    return matrix


def vectorizer(way: str) -> Callable[..., Any]:
    """Return the function that turns reviews into a matrix."""
    from imdb_helpers import multi_hot, multi_hot_sparse

    return {"classic": multi_hot_by_loop, "bytes": multi_hot, "sparse": multi_hot_sparse}[way]


def load(way: str) -> Figures:
    """Load the reviews; importing the library that does it is not timed."""
    if way == "classic":
        import keras  # noqa: F401

        load_data = load_as_keras
    else:
        from imdb_helpers import load_data
    clock = Clock()
    load_data(num_words=WORDS)
    clock.lap("load")
    return figures(clock)


def vectorize(way: str) -> Figures:
    """Vectorize both halves, in a process that has no Keras in it."""
    from imdb_helpers import load_data

    run = vectorizer(way)
    (train, _), (test, _) = load_data(num_words=WORDS)
    clock = Clock()
    matrices = run(train), run(test)  # both are kept, as a chapter keeps them
    clock.lap("vectorize")
    return figures(clock, rows=sum(matrix.shape[0] for matrix in matrices))


def chapter(way: str) -> Figures:
    """Go from nothing to the predictions for the test reviews."""
    clock = Clock()
    from imdb_helpers import build_model, load_data, set_seed  # Keras and its backend, too

    run = vectorizer(way)
    clock.lap("imports")
    classic = way == "classic"
    (train, y_train), (test, y_test) = (load_as_keras if classic else load_data)(num_words=WORDS)
    clock.lap("load")
    x_train, x_test = run(train), run(test)
    if classic:
        y_train, y_test = (labels.astype("float32") for labels in (y_train, y_test))
    else:
        del train, test  # chapter 4 says why
    clock.lap("vectorize")
    held = held_out(len(y_train))
    set_seed(SEED)
    history = (
        build_model()
        .fit(
            x_train[held:],
            y_train[held:],
            epochs=EPOCHS,
            batch_size=SIZE,
            validation_data=(x_train[:held], y_train[:held]),
            verbose=0,
        )
        .history
    )
    clock.lap("20 epochs")
    set_seed(SEED)
    model = build_model()
    model.fit(x_train, y_train, epochs=FINAL_EPOCHS, batch_size=SIZE, verbose=0)
    clock.lap("final network")
    # The classic chapter leaves the size of these batches out, and gets Keras's 32.
    asked = {"verbose": 0} if classic else {"verbose": 0, "batch_size": SIZE}
    loss, accuracy = model.evaluate(x_test, y_test, **asked)
    predicted = model.predict(x_test, **asked)
    clock.lap("test")
    return figures(clock, results=_results(history, loss, accuracy), predicted=len(predicted))


def batches(_: str) -> Figures:
    """Train through the class that chapter 3 defines, and predict; the test half is dropped."""
    clock = Clock()
    import math

    import keras

    from imdb_helpers import build_model, load_data, multi_hot, set_seed

    clock.lap("imports")
    # Read as plain JSON: nbformat takes memory that a reader's kernel would not.
    notebook = json.loads((ROOT / "book" / "03_vectorizing.ipynb").read_text("utf-8"))
    (cell,) = [cell for cell in notebook["cells"] if cell["id"] == "batches"]
    names: dict[str, Any] = {"keras": keras, "math": math, "multi_hot": multi_hot}
    exec("".join(cell["source"]), names)
    make = names["Batches"]
    (reviews, labels), unused = load_data(num_words=WORDS)
    del unused
    clock.lap("load")
    held = held_out(len(labels))
    learn = make(reviews[held:], labels[held:], SIZE)
    validate = make(reviews[:held], labels[:held], SIZE)
    set_seed(SEED)
    model = build_model()
    history = model.fit(learn, epochs=EPOCHS, validation_data=validate, verbose=0).history
    clock.lap("20 epochs")
    predicted = model.predict(validate, verbose=0)
    clock.lap("test")
    return figures(clock, results=_results(history), predicted=len(predicted))


def growth(way: str, reviews: int, words: int) -> Figures:
    """Vectorize and train with fewer reviews, or with fewer or more words."""
    from imdb_helpers import build_model, load_data, set_seed

    run = vectorizer(way)
    (train, labels), unused = load_data(num_words=words)
    train, labels = train[:reviews], labels[:reviews]
    del unused
    clock = Clock()
    matrix = run(train, words)
    clock.lap("vectorize")
    held = held_out(len(labels))
    set_seed(SEED)
    history = (
        build_model(dimension=words)
        .fit(
            matrix[held:],
            labels[held:],
            epochs=EPOCHS,
            batch_size=SIZE,
            validation_data=(matrix[:held], labels[:held]),
            verbose=0,
        )
        .history
    )
    clock.lap("20 epochs")
    return figures(clock, results=_results(history), used=len(labels))


def _results(history: dict[str, list[float]], *tested: float) -> dict[str, float]:
    """Return what the training reached, so that no way can be fast by being wrong."""
    found = {
        "validation loss": min(history["val_loss"]),
        "validation accuracy": max(history["val_accuracy"]),
    }
    return found | dict(zip(("test loss", "test accuracy"), tested, strict=False))


STEPS = {
    "load": load,
    "vectorize": vectorize,
    "chapter": chapter,
    "batches": batches,
    "growth": growth,
}
