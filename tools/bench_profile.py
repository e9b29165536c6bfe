"""Where the seconds of 20 epochs go: a stopwatch inside `fit`, Python's profiler, and the floor."""

import cProfile
import pstats
import re
import time
from collections import Counter

from bench_floor import train_by_hand
from bench_ways import EPOCHS, SEED, SIZE, WORDS, Clock, Figures, figures, held_out, vectorizer

# Libraries named in the profile; whatever they call in C counts as theirs.
LIBRARIES = ("tensorflow", "jaxlib", "jax", "keras", "scipy", "numpy", "imdb_helpers")


def profile(way: str) -> Figures:
    """Train twice in this process: once with a stopwatch, once under Python's profiler."""
    import keras

    from imdb_helpers import build_model, load_data, set_seed

    class Stopwatch(keras.callbacks.Callback):
        """Gives each moment of the training to the part that it belongs to."""

        def __init__(self) -> None:
            super().__init__()
            self.clock = Clock()
            self.epoch = 0

        def on_epoch_begin(self, epoch: int, logs: dict | None = None) -> None:
            self.epoch = epoch
            self.clock.lap("beginning and ending epochs")

        def on_train_batch_begin(self, batch: int, logs: dict | None = None) -> None:
            self.clock.lap("between batches" if batch else "beginning and ending epochs")

        def on_train_batch_end(self, batch: int, logs: dict | None = None) -> None:
            self.clock.lap("first steps" if self.epoch == 0 and batch == 0 else "learning")

        def on_test_begin(self, logs: dict | None = None) -> None:
            self.clock.lap("beginning and ending epochs")

        def on_test_batch_begin(self, batch: int, logs: dict | None = None) -> None:
            self.clock.lap("between batches" if batch else "beginning and ending epochs")

        def on_test_batch_end(self, batch: int, logs: dict | None = None) -> None:
            self.clock.lap("first steps" if self.epoch == 0 and batch == 0 else "validating")

        def on_train_end(self, logs: dict | None = None) -> None:
            self.clock.lap("beginning and ending epochs")

    (train, labels), unused = load_data(num_words=WORDS)
    matrix = vectorizer(way)(train)
    del train, unused
    held = held_out(len(labels))

    def fit(*callbacks: keras.callbacks.Callback) -> None:
        set_seed(SEED)
        build_model().fit(
            matrix[held:],
            labels[held:],
            epochs=EPOCHS,
            batch_size=SIZE,
            validation_data=(matrix[:held], labels[:held]),
            callbacks=list(callbacks),
            verbose=0,
        )

    stopwatch = Stopwatch()
    fit(stopwatch)
    profiler = cProfile.Profile()
    begin = time.perf_counter()
    profiler.runcall(fit)
    profiled = time.perf_counter() - begin
    return figures(stopwatch.clock, libraries=by_library(pstats.Stats(profiler)), profiled=profiled)


def by_library(stats: pstats.Stats) -> dict[str, float]:
    """Return the own seconds of each library's functions; a function in C is its caller's."""
    seconds: Counter[str] = Counter()
    for (file, _, name), (_, _, own, _, callers) in stats.stats.items():
        if file == "~" and callers:
            for (caller, _, _), (_, _, part, _) in callers.items():
                seconds[library_of(caller, name)] += part
        else:
            seconds[library_of(file, name)] += own
    return dict(seconds.most_common())


def library_of(file: str, name: str) -> str:
    """Return the library that a file belongs to, by its path or by a built-in function's name."""
    folders = re.split(r"[\\/]", file)
    for library in LIBRARIES:
        if library in folders or (file == "~" and library in name):
            return library
    return "Python and others"


def floor(_: str) -> Figures:
    """Train the same network by hand for the same 20 epochs."""
    from imdb_helpers import load_data, multi_hot_sparse

    (train, labels), unused = load_data(num_words=WORDS)
    matrix = multi_hot_sparse(train)
    del train, unused
    held = held_out(len(labels))
    parts = matrix[held:], labels[held:], matrix[:held], labels[:held]
    clock = Clock()
    history = train_by_hand(*parts, epochs=EPOCHS, size=SIZE, seed=SEED)
    clock.lap("20 epochs")
    best = {
        "validation loss": min(epoch["loss"] for epoch in history),
        "validation accuracy": max(epoch["accuracy"] for epoch in history),
    }
    return figures(clock, results=best)
