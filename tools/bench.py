"""Compare the book's ways with the classic one: seconds and memory, each in its own process.

    python tools/bench.py           # every way three times, and the medians
    python tools/bench.py --store   # the same, kept for the page "What it costs"

It runs on the real reviews where there are any, else on the sample corpus. The ways take turns, so
that a busy minute meets all of them.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from imdb_helpers import load_data, multi_hot
from imdb_helpers.dataset import Dataset, find

ROOT = Path(__file__).resolve().parent.parent

COSTS = ROOT / "book" / "assets" / "costs.json"
ARCHIVE = "IMDB_BENCH_ARCHIVE"  # names Keras's file to the processes that measure
REPETITIONS = 3
WORDS, SIZE, SEED, EPOCHS = 10_000, 512, 42, 20
CLASSIC_NEEDS = 240_000  # bytes for a review: with less, the machine would come to a halt
WAYS = (  # how to go from the data to the predictions
    "classic",  # the code of 2017, with the names of Keras 3
    "bytes",  # what the book teaches, with a matrix of bytes
    "sparse",  # the same with what `multi_hot` gives on TensorFlow
    "by hand",  # `Network`, and no Keras
)
STEPS = ("imports", "load", "vectorize", "20 epochs", "4 epochs", "test")
ACCURACIES = ("validation accuracy", "test accuracy")
FIGURES = (*STEPS, "load to prediction", "whole process", "peak memory", *ACCURACIES)


def load_as_keras(num_words: int) -> Any:
    """Call Keras's own `load_data`, on a file that is already there."""
    from keras.src.datasets import imdb

    imdb.get_file = lambda *_, **__: os.environ[ARCHIVE]
    return imdb.load_data(num_words=num_words)


def multi_hot_by_loop(reviews: np.ndarray) -> np.ndarray:
    """Fill a matrix of float64 review by review, as the code of 2017 does."""
    results = np.zeros((len(reviews), WORDS))
    for i, sequence in enumerate(reviews):
        results[i, sequence] = 1.0
    return results


def peak_megabytes() -> float:
    """Return the largest resident memory that this process has had."""
    status = Path("/proc/self/status")
    if status.exists():  # Linux: what it counts for `resource` holds what started this process
        (line,) = [s for s in status.read_text().splitlines() if s.startswith("VmHWM:")]
        return int(line.split()[1]) * 1024 / 1e6
    if sys.platform == "win32":
        return psutil.Process().memory_info().peak_wset / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def new_network(way: str) -> Any:
    """Return the book's network, untrained."""
    if way == "by hand":
        from imdb_helpers import Network  # its import is timed, and no other way pays for it

        return Network(hidden=(16, 16), seed=SEED)
    import keras

    keras.utils.set_random_seed(SEED)
    hidden = [keras.layers.Dense(16, activation="relu") for _ in range(2)]
    output = keras.layers.Dense(1, activation="sigmoid")
    model = keras.Sequential([keras.Input(shape=(WORDS,)), *hidden, output])
    model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def chapter(way: str) -> dict[str, float]:
    """Go from nothing to the predictions for the test reviews; return what each step cost."""
    times = [time.perf_counter()]
    new_network(way)  # imports Keras and its backend
    load, vectorize = load_data, multi_hot
    quiet = {"verbose": 0}
    tested = quiet | {"batch_size": SIZE}
    if way == "classic":
        load, vectorize = load_as_keras, multi_hot_by_loop
        tested = quiet  # the code of 2017 leaves the size of batches out here, and gets Keras's 32
    elif way == "bytes":
        vectorize = partial(multi_hot, dtype="uint8")
    elif way == "by hand":
        quiet = tested = {}
    times.append(time.perf_counter())
    (train, y_train), (test, y_test) = load(num_words=WORDS)
    times.append(time.perf_counter())
    x_train, x_test = vectorize(train), vectorize(test)
    if way == "classic":
        y_train, y_test = y_train.astype("float32"), y_test.astype("float32")
    times.append(time.perf_counter())
    held = len(y_train) * 2 // 5  # 10,000 of 25,000
    learned, validated = ((x_train[p], y_train[p]) for p in (slice(held, None), slice(held)))
    run = {"batch_size": SIZE, **quiet}
    history = new_network(way).fit(*learned, epochs=EPOCHS, validation_data=validated, **run)
    times.append(time.perf_counter())
    final = new_network(way)
    final.fit(x_train, y_train, epochs=4, **run)
    times.append(time.perf_counter())
    _, accuracy = final.evaluate(x_test, y_test, **tested)
    predicted = final.predict(x_test, **tested)
    times.append(time.perf_counter())
    return dict(zip(STEPS, np.diff(times).tolist(), strict=True)) | {
        "load to prediction": times[-1] - times[1],
        "peak memory": peak_megabytes(),
        "validation accuracy": max(getattr(history, "history", history)["val_accuracy"]),
        "test accuracy": accuracy,
        "predicted": len(predicted),
    }


def keras_archive(dataset: Dataset, folder: Path) -> Path:
    """Return Keras's file of the reviews from the folder that the reader names, or write one."""
    named = None if dataset.is_sample else find.named_folder()
    if named and (named / find.ARCHIVE).is_file():
        return named / find.ARCHIVE
    arrays = {}
    for name, half in (("train", dataset.train), ("test", dataset.test)):
        parts = np.split(half.ranks, np.cumsum(half.lengths)[:-1])
        reviews = np.array([part.tolist() for part in parts], dtype=object)
        arrays |= {f"x_{name}": reviews, f"y_{name}": half.labels}
    np.savez_compressed(folder / find.ARCHIVE, **arrays)
    return folder / find.ARCHIVE


def in_own_process(way: str, variables: dict[str, str]) -> dict[str, float]:
    """Measure a way in a fresh process, and that process from its start to its end."""
    # Without the path that a session on another backend has.
    variables = variables | {"KERAS_BACKEND": "tensorflow", "PYTHONPATH": ""}
    begin = time.perf_counter()
    command = [sys.executable, __file__, "--only", way]
    done = subprocess.run(command, capture_output=True, text=True, env=variables)
    if done.returncode:
        sys.exit(f"{way} failed:\n{done.stderr[-2000:]}")
    figures = json.loads(done.stdout.splitlines()[-1])
    return {"whole process": time.perf_counter() - begin} | figures


def measure(dataset: Dataset, ways: list[str]) -> dict[str, dict[str, float]]:
    """Measure the ways in turns, and again; return the median of each figure."""
    measured: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as folder:
        variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        variables["IMDB_SOURCE"] = "sample" if dataset.is_sample else "real"
        variables[ARCHIVE] = str(keras_archive(dataset, Path(folder)))
        for repetition in range(1, REPETITIONS + 1):
            for way in ways:
                print(f"measuring {way} ({repetition} of {REPETITIONS})", file=sys.stderr)
                measured[way].append(in_own_process(way, variables))
    return {way: medians(runs) for way, runs in measured.items()}


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure, in four digits: more would only be noise."""
    return {name: float(f"{statistics.median(run[name] for run in runs):.4g}") for name in runs[0]}


def obstacle(dataset: Dataset) -> str:
    """Say why the classic way cannot be measured here, or nothing."""
    free = psutil.virtual_memory().available
    needed = CLASSIC_NEEDS * (len(dataset.train.labels) + len(dataset.test.labels))
    if free >= needed:
        return ""
    return f"classic is not measured: it needs {needed / 1e9:.0f} GB, {free / 1e9:.1f} are free"


def machine() -> dict[str, Any]:
    """Say what the figures were measured on, without a name or a folder of it."""
    memory = round(psutil.virtual_memory().total / 1e9)
    found = {"system": platform.system(), "cores": os.cpu_count(), "memory in GB": memory}
    packages = {name: version(name) for name in ("keras", "tensorflow", "numpy", "scipy")}
    return found | {"Python": platform.python_version()} | packages


def table(ways: dict[str, dict[str, float]]) -> str:
    """Return the results as text: a column for each way."""
    lines = [" " * 20 + "".join(f"{way:>12}" for way in ways)]
    for name in FIGURES:
        digits = ",.0f" if name == "peak memory" else ".3f" if name in ACCURACIES else ".2f"
        lines.append(f"{name:<20}" + "".join(f"{ways[way][name]:>12{digits}}" for way in ways))
    return "\n".join([*lines, "(seconds; megabytes of peak memory)"])


def main(words: list[str]) -> int:
    """Measure, print, and store if asked to; with --only, measure one thing and print JSON."""
    parser = argparse.ArgumentParser(description="Compare the book's ways with the classic one.")
    parser.add_argument("--store", action="store_true", help="keep the results for the page")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    wanted = parser.parse_args(words)
    if wanted.only:
        print(json.dumps(chapter(wanted.only)))
        return 0
    load_data()  # fills our cache
    dataset = find.find_dataset()
    missing = obstacle(dataset)
    if missing:
        print(missing)
    if wanted.store and (missing or dataset.is_sample):
        print("nothing is stored: not every way, or not on real reviews")
        return 1
    ways = measure(dataset, [way for way in WAYS if not (missing and way == "classic")])
    print(table(ways))
    if wanted.store:
        results = {"machine": machine(), "repetitions": REPETITIONS, "ways": ways}
        COSTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
