"""Measure what each rung costs; then score the answers of all of them on the test half, once."""

import multiprocessing
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import numpy as np

from imdb_helpers import load_data
from tools.bench import machine, peak_megabytes
from tools.rungs.models import AVERAGES, LINEAR, RUNGS, RUNS, WORDS, Member, predict

# Whose mistakes are those of single words.
OF_WORDS = ("counting", "logistic regression", "the book's network", "weighted words")
MOST_EXAMPLES = 20


def climb(rung: str, settings: Member) -> tuple[np.ndarray, dict[str, float]]:
    """Go from the stored reviews to a rung's answers; return a row for each run, and its costs."""
    begin, cpu = time.perf_counter(), time.process_time()
    needs_all = rung in LINEAR or rung in AVERAGES or rung == "n-gram network"
    (train, labels), (test, _) = load_data(num_words=None if needs_all else WORDS)
    sums = [predict(rung, train, labels, test, settings)]
    costs = {
        "seconds": time.perf_counter() - begin,
        "CPU seconds": time.process_time() - cpu,
        "peak memory": peak_megabytes(),
    }
    for seed in range(1, RUNS.get(rung, 1)):  # further runs are for the accuracy, and cost nothing
        sums.append(predict(rung, train, labels, test, settings, seed))
    return np.stack(sums), costs


def climb_each(rungs: Iterable[str], settings: Member) -> dict[str, tuple[np.ndarray, Any]]:
    """Climb to some rungs, each in a fresh process."""
    found, spawn = {}, multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool:
        for rung in rungs:
            print(f"measuring {rung}", file=sys.stderr, flush=True)
            found[rung] = pool.submit(climb, rung, settings).result()
    return found


def measure(chosen: str, settings: Member) -> dict[str, Any]:
    """Let every rung answer in a process of its own; then score all, once."""
    found = climb_each(RUNGS, settings)
    sums = {rung: answers for rung, (answers, _) in found.items()}
    (train, _), (test, labels) = load_data()
    twin = twins(train, test)
    scores = score(sums, labels, twin)
    return {
        "machine": machine(),
        "reviews": len(labels),
        "twins": int(twin.sum()),
        "rungs": {rung: scores[rung] | found[rung][1] for rung in RUNGS},
        "examples": examples(sums, labels, chosen),
    }


def twins(train: Any, test: Any) -> np.ndarray:
    """Say which test reviews stand word for word in the training half."""
    known = {tuple(review) for review in train}
    return np.array([tuple(review) in known for review in test])


def score(sums: dict[str, np.ndarray], labels: np.ndarray, twin: np.ndarray) -> dict[str, Any]:
    """Compare the answers of all rungs with the labels of the test half: the one place for it."""
    found = {}
    for rung, runs in sums.items():
        right = (runs > 0) == (labels == 1)
        accuracy = float(right.mean())
        found[rung] = {
            "accuracy": accuracy,
            "half interval": 1.96 * float(np.sqrt(accuracy * (1 - accuracy) / len(labels))),
            "right": float(right.sum(axis=1).mean()),
            "without twins": float(right[:, ~twin].mean()),
        }
    return found


def examples(sums: dict[str, np.ndarray], labels: np.ndarray, chosen: str) -> dict[str, Any]:
    """Count the reviews that only the chosen rung gets right, and name the clearest of them."""
    truth = labels == 1
    right = {rung: (runs > 0) == truth for rung, runs in sums.items() if rung != "guessing"}
    wrong_by_words = ~np.any([right[rung].any(axis=0) for rung in OF_WORDS], axis=0)
    nobody = ~np.any([runs.any(axis=0) for runs in right.values()], axis=0)
    margin = sums[chosen][0] * np.where(truth, 1, -1)
    only = wrong_by_words & right[chosen][0]
    return {
        "only n-grams": {"reviews": int(only.sum()), "clearest": ordered(only, -margin)},
        "nobody": {"reviews": int(nobody.sum()), "clearest": ordered(nobody, margin)},
    }


def ordered(which: np.ndarray, by: np.ndarray) -> list[int]:
    """Return the first few of some reviews, ordered by a number."""
    found = np.flatnonzero(which)
    return found[np.argsort(by[found], kind="stable")][:MOST_EXAMPLES].tolist()
