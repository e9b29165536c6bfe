"""Compare the book's ways with the classic one: seconds and memory, each in its own process.

    python tools/bench.py           # every way three times: the medians, and their ratios
    python tools/bench.py --quick   # once, as a trial
    python tools/bench.py --store   # three times, kept for the page "What it costs"

It runs on the real reviews where there are any, else on the sample corpus. The ways take turns, so
that a busy minute meets all of them. A missed target is printed, and is no error.
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
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from imdb_helpers import load_data, multi_hot
from imdb_helpers.dataset import Dataset, cache, find

ROOT = Path(__file__).resolve().parent.parent

COSTS = ROOT / "book" / "assets" / "costs.json"
ARCHIVE = "IMDB_BENCH_ARCHIVE"  # names Keras's file to the processes that measure
JAX = Path(sys.prefix, "backends", "jax")  # where tools/backends.py puts it
REPETITIONS = 3
WORDS, SIZE, SEED = 10_000, 512, 42
EPOCHS, RUNS = 20, 8
CLASSIC_NEEDS = 240_000  # bytes for a review: with less, the machine would come to a halt
WAYS = {  # how to go from the data to the predictions, and what Keras computes with there
    "classic": "tensorflow",  # the code of 2017, with the names of Keras 3
    "ours": "tensorflow",  # what the book teaches: here `multi_hot` gives a sparse matrix
    "ours, JAX": "jax",  # the same code: here it gives bytes
    "bytes": "tensorflow",
    "batches": "tensorflow",  # the class of chapter 3: no matrix, each batch when it is needed
    "by hand": "tensorflow",  # `Network`, and no Keras
}
STEPS = ("imports", "load", "vectorize", "20 epochs", "4 epochs", "test")
ACCURACIES = ("validation accuracy", "test accuracy")
FIGURES = (*STEPS, "load to prediction", "whole process", "eight runs", "peak memory", *ACCURACIES)
RATIOS = (  # a figure of one way over that of another; what the book set out to reach, if anything
    ("load", "ours", "classic", 0.2),
    ("vectorize", "ours", "classic", 0.1),
    ("20 epochs", "ours", "classic", None),
    ("load to prediction", "ours", "classic", 0.45),
    ("load to prediction", "ours, JAX", "classic", 0.3),
    ("peak memory", "ours", "classic", 0.15),
    ("peak memory", "ours, JAX", "classic", None),
    ("20 epochs", "by hand", "ours", 0.1),
    ("eight runs", "by hand", "ours", None),
    ("peak memory", "by hand", "ours", None),
)


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


def batches(reviews: np.ndarray, labels: np.ndarray) -> tuple[Any]:
    """Return what makes each batch when it is needed: the class that chapter 3 teaches."""
    import keras

    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return -(-len(labels) // SIZE)

        def __getitem__(self, number: int) -> tuple[np.ndarray, np.ndarray]:
            part = slice(number * SIZE, (number + 1) * SIZE)
            return multi_hot(reviews[part], WORDS, dtype="uint8"), labels[part]

    return (Batches(),)


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


def new_network(way: str, seed: int = SEED) -> Any:
    """Return the book's network, untrained."""
    if way == "by hand":
        from imdb_helpers import Network

        return Network(hidden=(16, 16), seed=seed)
    import keras

    keras.utils.set_random_seed(seed)
    layers = [
        keras.Input(shape=(WORDS,)),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
    model = keras.Sequential(layers)
    model.compile(optimizer="rmsprop", loss="binary_crossentropy", metrics=["accuracy"])
    return model


def chapter(way: str) -> dict[str, float]:
    """Go from nothing to the predictions for the test reviews; return what each step cost."""
    times = [time.perf_counter()]
    new_network(way)  # imports Keras and its backend
    load, vectorize, given = load_data, multi_hot, lambda *both: both
    quiet = {"verbose": 0}
    tested = quiet | {"batch_size": SIZE}
    if way == "classic":
        load, vectorize = load_as_keras, multi_hot_by_loop
        tested = quiet  # the code of 2017 leaves the size of batches out here, and gets Keras's 32
    elif way == "bytes":
        vectorize = lambda reviews: multi_hot(reviews, dtype="uint8")  # noqa: E731
    elif way == "batches":
        vectorize, given = list, batches
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
    learned, validated = (given(x_train[p], y_train[p]) for p in (slice(held, None), slice(held)))
    run = {"batch_size": SIZE, **quiet}
    history = new_network(way).fit(*learned, epochs=EPOCHS, validation_data=validated, **run)
    times.append(time.perf_counter())
    final = new_network(way)
    final.fit(*given(x_train, y_train), epochs=4, **run)
    times.append(time.perf_counter())
    _, accuracy = final.evaluate(*given(x_test, y_test), **tested)
    predicted = final.predict(given(x_test, y_test)[0], **tested)
    times.append(time.perf_counter())
    figures = dict(zip(STEPS, np.diff(times).tolist(), strict=True)) | {
        "load to prediction": times[-1] - times[1],
        "peak memory": peak_megabytes(),
        "validation accuracy": max(getattr(history, "history", history)["val_accuracy"]),
        "test accuracy": accuracy,
        "predicted": len(predicted),
    }
    if way in ("ours", "by hand"):
        for seed in range(RUNS):
            new_network(way, seed).fit(x_train, y_train, epochs=4, **run)
        figures["eight runs"] = time.perf_counter() - times[-1]
    return figures


def keras_archive(dataset: Dataset, folder: Path) -> Path:
    """Return Keras's file of the reviews; of the sample, which has none, write one."""
    if not dataset.is_sample:
        named = find.named_folder()
        places = [named] if named else [*cache.folders(), find.keras_folder()]
        return next(path / find.ARCHIVE for path in places if (path / find.ARCHIVE).is_file())
    arrays = {}
    for name, half in (("train", dataset.train), ("test", dataset.test)):
        parts = np.split(half.ranks, np.cumsum(half.lengths)[:-1])
        reviews = np.array([part.tolist() for part in parts], dtype=object)
        arrays |= {f"x_{name}": reviews, f"y_{name}": half.labels}
    np.savez_compressed(folder / find.ARCHIVE, **arrays)
    return folder / find.ARCHIVE


def in_own_process(way: str, variables: dict[str, str]) -> dict[str, float]:
    """Measure a way in a fresh process, and that process from its start to its end."""
    # Where JAX can be imported, Keras does it, and takes a hundred megabytes more.
    path = str(JAX) if WAYS[way] == "jax" else ""
    variables = variables | {"KERAS_BACKEND": WAYS[way], "PYTHONPATH": path}
    command = [sys.executable, str(Path(__file__).resolve()), "--only", way]
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=variables)
    seconds = time.perf_counter() - begin
    if done.returncode:
        raise SystemExit(f"{way} failed:\n{done.stderr[-2000:]}")
    figures = json.loads(done.stdout.splitlines()[-1])
    return {"whole process": seconds - figures.get("eight runs", 0)} | figures


def measure(dataset: Dataset, ways: list[str], repetitions: int) -> dict[str, dict[str, float]]:
    """Measure the ways in turns, and again; return the median of each figure."""
    measured: dict[str, list[dict[str, float]]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as folder:
        variables = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
        variables["IMDB_SOURCE"] = "sample" if dataset.is_sample else "real"
        variables[ARCHIVE] = str(keras_archive(dataset, Path(folder)))
        for repetition in range(1, repetitions + 1):
            for way in ways:
                print(f"measuring {way} ({repetition} of {repetitions})", file=sys.stderr)
                measured[way].append(in_own_process(way, variables))
    return {way: medians(runs) for way, runs in measured.items()}


def medians(runs: list[dict[str, float]]) -> dict[str, float]:
    """Return the median of each figure, in four digits: more would only be noise."""
    return {name: float(f"{statistics.median(run[name] for run in runs):.4g}") for name in runs[0]}


def ratios(ways: dict[str, dict[str, float]]) -> list[dict[str, Any]]:
    """Return the ratios whose two ways were measured."""
    rows = [dict(zip(("figure", "way", "over", "target"), row, strict=True)) for row in RATIOS]
    rows = [row for row in rows if {row["way"], row["over"]} <= ways.keys()]
    for row in rows:
        ours, theirs = (ways[row[key]][row["figure"]] for key in ("way", "over"))
        row["ratio"] = round(ours / theirs, 3)
    return rows


def left_out(dataset: Dataset) -> dict[str, str]:
    """Return the ways that cannot be measured here, each with the reason."""
    reasons = {}
    free = psutil.virtual_memory().available
    needed = CLASSIC_NEEDS * (len(dataset.train.labels) + len(dataset.test.labels))
    if free < needed:
        reasons["classic"] = f"it needs {needed / 1e9:.0f} GB, {free / 1e9:.1f} are free"
    if not JAX.is_dir():
        reasons["ours, JAX"] = "JAX is not installed: `python tools/backends.py jax`"
    return reasons


def machine() -> dict[str, Any]:
    """Say what the figures were measured on, without a name or a folder of it."""
    memory = round(psutil.virtual_memory().total / 1e9)
    found = {"system": platform.system(), "cores": os.cpu_count(), "memory in GB": memory}
    packages = {name: version(name) for name in ("keras", "tensorflow", "numpy", "scipy")}
    return found | {"Python": platform.python_version()} | packages


def table(results: dict[str, Any]) -> str:
    """Return the results as text: a column for each way, and below them the ratios."""
    ways = results["ways"]
    lines = [" " * 20 + "".join(f"{way:>12}" for way in ways)]
    for name in FIGURES:
        digits = ",.0f" if name == "peak memory" else ".3f" if name in ACCURACIES else ".2f"
        cells = (format(ways[way][name], digits) if name in ways[way] else "-" for way in ways)
        lines.append(f"{name:<20}" + "".join(f"{cell:>12}" for cell in cells))
    lines.append("(seconds; megabytes of peak memory)\n")
    for row in results["ratios"]:
        lines.append(f"{row['figure']}, {row['way']} over {row['over']}: {row['ratio']}")
        if row["target"]:
            met = "met" if row["ratio"] <= row["target"] else "missed"
            lines[-1] += f" (target {row['target']}: {met})"
    return "\n".join(lines + [f"not measured: {way}: {why}" for way, why in results["out"].items()])


def main(words: list[str] | None = None) -> int:
    """Measure, print, and store if asked to; with --only, measure one thing and print JSON."""
    parser = argparse.ArgumentParser(description="Compare the book's ways with the classic one.")
    parser.add_argument("--quick", action="store_true", help="once, not three times")
    parser.add_argument("--store", action="store_true", help="keep the results for the page")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    wanted = parser.parse_args(words)
    if wanted.only:
        print(json.dumps(chapter(wanted.only)))
        return 0
    load_data()  # fills our cache
    dataset = find.find_dataset()
    out = left_out(dataset)
    if wanted.store and (out or dataset.is_sample or wanted.quick):
        print("nothing is stored: not every way, or not 3 times on real reviews:", *out.values())
        return 1
    repetitions = 1 if wanted.quick else REPETITIONS
    ways = measure(dataset, [way for way in WAYS if way not in out], repetitions)
    results = {"machine": machine(), "repetitions": repetitions, "ways": ways, "out": out}
    results["ratios"] = ratios(ways)
    print(table(results))
    if wanted.store:
        COSTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
