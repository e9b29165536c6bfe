"""Climb from guessing to averages of n-gram models: accuracy, seconds and memory of each rung.

    python -m tools.rungs choose     # cross-validation on the training half; keeps what it chose
    python -m tools.rungs            # every rung in its own process; all are scored at the end
    python -m tools.rungs --check    # the same, compared with what is kept
    python -m tools.rungs --store    # the same, kept for the chapter "Beyond single words"

Choices are made by `choose`, which drops the test half as soon as it is loaded. Only `score` gets
the test half's labels (and `examples` after it), when every rung has given its answers.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from imdb_helpers import Network, load_data, multi_hot_sparse
from imdb_helpers.dataset.find import find_dataset
from imdb_helpers.ngrams import Features, LinearModel, hash_ngrams
from tools.bench import machine, peak_megabytes

ROOT = Path(__file__).resolve().parent.parent
CHOICE, RESULTS = (ROOT / "book" / "assets" / f"rungs{end}.json" for end in ("_choice", ""))
WORDS = 10_000  # num_words of the book
FOLDS, PARTS = 3, 5  # each fold is one fifth of the training half; three of the five are enough
TOLERANCE = 0.002  # of an accuracy, between processors
NETWORKS = 5  # luck moves a network more than a linear model: the mean of five

Member = dict[str, Any]  # the settings of one linear model and of its features
Hashed = dict[str, Any]  # a matrix for each kind of n-gram
FEATURES = ("kinds", "seen", "smoothing")

TRIPLES = ["words", "pairs", "triples"]
PLACES = ["first words", "last words", "last pairs"]
SETS = {
    "triples": TRIPLES,
    "skips": [*TRIPLES, "skips"],
    "places": [*TRIPLES, *PLACES],
    "all": [*TRIPLES, "skips", *PLACES],
}
USUAL = {"seen": 2, "smoothing": 1.0, "drop": 0.5, "learning_rate": 0.3, "epochs": 4}
TRIALS: list[Member] = [  # what may differ from the usual, tried with all features
    {},
    {"smoothing": 4.0},
    {"smoothing": 8.0},
    {"seen": 3, "smoothing": 4.0},
    {"seen": 3, "smoothing": 8.0},
    {"seen": 3, "smoothing": 16.0},
    {"seen": 3, "smoothing": 8.0, "drop": 0.3},
    {"seen": 3, "smoothing": 8.0, "drop": 0.7},
    {"seen": 3, "smoothing": 8.0, "learning_rate": 0.5},
]
NGRAM_NETWORK: Member = {"hidden": (16,), "learning_rate": 0.01}
OTHER_DROP = {"drop": 0.7}  # of the other four of eight
# Averages, of members named "features, share of dropping".
AVERAGES = {
    "inputs dropped": ["triples"],
    "and skips": ["skips"],
    "and places": ["all"],
    "average of two": ["places", "all"],
    "average of four": ["triples", "skips", "places", "all"],
    "average of eight": [*SETS, *(f"{name}, more dropped" for name in SETS)],
}
LINEAR = {  # without dropping
    "weighted words": ["words"],
    "and pairs": ["words", "pairs"],
    "and triples": TRIPLES,
}
RUNGS = (
    "guessing",
    "counting",
    "logistic regression",
    "the book's network",
    "n-gram network",
    *LINEAR,
    *AVERAGES,
)


def network_features(settings: Member) -> Features:
    """Return the features of the n-gram network."""
    return Features(["words", "pairs"], settings["seen"], settings["smoothing"])


def members_of(rung: str, settings: Member) -> list[Member]:
    """Return the linear models of a rung; `settings` are those that were chosen."""
    settings = {name: value for name, value in settings.items() if name in USUAL}
    if rung in LINEAR:
        return [{**settings, "kinds": LINEAR[rung], "drop": 0.0}]
    found = []
    for name in AVERAGES[rung]:
        kinds, _, more = name.partition(", ")
        found.append({**settings, **(OTHER_DROP if more else {}), "kinds": SETS[kinds]})
    return found


def hash_all(reviews: Sequence[Any], members: Iterable[Member]) -> Hashed:
    """Hash the kinds that some members need."""
    kinds = dict.fromkeys(kind for member in members for kind in member["kinds"])
    return {kind: hash_ngrams(reviews, kind) for kind in kinds}


def rows(hashed: Hashed, which: np.ndarray) -> Hashed:
    """Return some rows of each matrix."""
    return {kind: matrix[which] for kind, matrix in hashed.items()}


def answer(member: Member, learned: Hashed, labels: np.ndarray, asked: Hashed) -> np.ndarray:
    """Train one member; return its sums for the reviews that are asked about."""
    features = Features(**{name: member[name] for name in FEATURES})
    x = features.learn(learned, labels).matrix(learned)
    options = {name: value for name, value in member.items() if name not in FEATURES}
    model = LinearModel(**options).fit(x, labels)
    del x
    return model.scores(features.matrix(asked))


def predict(rung: str, train: Any, labels: np.ndarray, test: Any, settings: Member) -> np.ndarray:
    """Return a rung's sums for the test reviews: above zero means positive. A row for each run."""
    if rung == "guessing":
        return np.full((1, len(test)), labels.mean() - 0.5)
    if rung in LINEAR or rung in AVERAGES:
        members = members_of(rung, settings)
        learned, asked = hash_all(train, members), hash_all(test, members)
        return sum(answer(one, learned, labels, asked) for one in members)[None] / len(members)
    if rung == "n-gram network":
        features = network_features(settings)
        kinds = [{"kinds": features.kinds}]
        learned, asked = hash_all(train, kinds), hash_all(test, kinds)
        x = features.learn(learned, labels).matrix(learned)
        network = Network(**NGRAM_NETWORK)
        network.fit(x, labels, epochs=settings["network epochs"])
        return network.predict(features.matrix(asked)).T - 0.5
    x, x_test = (multi_hot_sparse(reviews, WORDS) for reviews in (train, test))
    if rung == "counting":
        positive, negative = (np.asarray(x[labels == y].sum(axis=0)).ravel() for y in (1, 0))
        return (x_test @ np.log((positive + 1) / (negative + 1)))[None]
    hidden, epochs, runs = ((), 20, 1) if rung == "logistic regression" else ((16, 16), 4, NETWORKS)
    networks = [Network(hidden, seed=run) for run in range(runs)]
    for network in networks:
        network.fit(x, labels, epochs=epochs)
    return np.concatenate([network.predict(x_test).T for network in networks]) - 0.5


def climb(rung: str, settings: Member) -> tuple[np.ndarray, dict[str, float]]:
    """Go from the stored reviews to a rung's answers; return them, and what they cost."""
    begin, cpu = time.perf_counter(), time.process_time()
    num_words = None if rung in LINEAR or rung in AVERAGES or "n-gram" in rung else WORDS
    (train, labels), (test, _) = load_data(num_words=num_words)
    sums = predict(rung, train, labels, test, settings)
    return sums, {
        "seconds": (time.perf_counter() - begin) / len(sums),
        "CPU seconds": (time.process_time() - cpu) / len(sums),
        "peak memory": peak_megabytes(),
    }


def in_own_process(rung: str, file: Path) -> dict[str, float]:
    """Run a rung in a fresh process; its answers go to a file."""
    command = [sys.executable, "-m", "tools.rungs", "--only", rung, "--answers", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    if done.returncode:
        raise SystemExit(f"{rung} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


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


def share(sums: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of right answers of a fold."""
    return float(np.mean((sums > 0) == (labels == 1)))


def choose() -> dict[str, Any]:
    """Cross-validate on the training half; return every accuracy, and what is best."""
    (reviews, labels), _ = load_data()
    hashed = hash_all(reviews, [{"kinds": SETS["all"]}])
    parts = np.arange(len(labels)) * PARTS // len(labels)
    folds = [(parts != k, parts == k) for k in range(FOLDS)]
    trials: list[list[float]] = [[] for _ in TRIALS]
    for rest, held in folds:
        learned, asked = rows(hashed, rest), rows(hashed, held)
        for trial, accuracies in zip(TRIALS, trials, strict=True):
            member = {**USUAL, **trial, "kinds": SETS["all"]}
            sums = answer(member, learned, labels[rest], asked)
            accuracies.append(share(sums, labels[held]))
            print(trial, accuracies[-1], file=sys.stderr, flush=True)
    best = int(np.argmax(np.mean(trials, axis=1)))
    settings = {**USUAL, **TRIALS[best]}
    rungs: dict[str, list[float]] = {rung: [] for rung in (*LINEAR, *AVERAGES)}
    for rest, held in folds:
        learned, asked = rows(hashed, rest), rows(hashed, held)
        known: dict[str, np.ndarray] = {}
        for rung, accuracies in rungs.items():
            for member in members_of(rung, settings):
                name = json.dumps(member)
                if name not in known:
                    known[name] = answer(member, learned, labels[rest], asked)
            sums = sum(known[json.dumps(member)] for member in members_of(rung, settings))
            accuracies.append(share(sums, labels[held]))
            print(rung, accuracies[-1], file=sys.stderr, flush=True)
    epochs = network_epochs(learned, labels[rest], asked, labels[held], settings)
    means = {rung: float(np.mean(accuracies)) for rung, accuracies in rungs.items()}
    return {
        "folds": FOLDS,
        "held out": int(parts[parts < FOLDS].size),
        "trials": [
            {"settings": {**USUAL, **trial}, "accuracies": accuracies}
            for trial, accuracies in zip(TRIALS, trials, strict=True)
        ],
        "rungs": rungs,
        "network by epoch": epochs,
        "settings": {**settings, "network epochs": int(np.argmax(epochs)) + 1},
        "chosen": max(means, key=lambda rung: means[rung]),
    }


def network_epochs(
    learned: Hashed, known: np.ndarray, asked: Hashed, truth: np.ndarray, settings: Member
) -> list[float]:
    """Return the n-gram network's accuracy after each epoch, on one fold."""
    features = network_features(settings).learn(learned, known)
    x, x_asked = features.matrix(learned), features.matrix(asked)
    network = Network(**NGRAM_NETWORK)
    found = []
    for _ in range(6):
        network.fit(x, known, epochs=1)
        found.append(share(network.predict(x_asked)[:, 0] - 0.5, truth))
        print("n-gram network", found[-1], file=sys.stderr, flush=True)
    return found


def measure(settings: Member) -> dict[str, Any]:
    """Let every rung answer in a process of its own; then score all, once."""
    sums, costs = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        for rung in RUNGS:
            print(f"measuring {rung}", file=sys.stderr, flush=True)
            file = Path(folder, "answers.npy")
            costs[rung] = in_own_process(rung, file)
            sums[rung] = np.load(file)
    (train, _), (test, labels) = load_data()
    twin = twins(train, test)
    scores = score(sums, labels, twin)
    return {
        "machine": machine(),
        "reviews": len(labels),
        "twins": int(twin.sum()),
        "rungs": {rung: scores[rung] | costs[rung] for rung in RUNGS},
        "examples": examples(sums, labels),
    }


def examples(sums: dict[str, np.ndarray], labels: np.ndarray) -> dict[str, Any]:
    """Count the reviews that only some rungs get right, and name the clearest of them."""
    chosen = json.loads(CHOICE.read_text("utf-8"))["chosen"]
    truth = labels == 1
    right = {rung: (runs > 0) == truth for rung, runs in sums.items() if rung != "guessing"}
    words = ("counting", "logistic regression", "the book's network", "weighted words")
    wrong_by_words = ~np.any([right[rung].any(axis=0) for rung in words], axis=0)
    nobody = ~np.any([runs.any(axis=0) for runs in right.values()], axis=0)
    margin = sums[chosen][0] * np.where(truth, 1, -1)
    only = wrong_by_words & right[chosen][0]
    return {
        "only n-grams": {"reviews": int(only.sum()), "clearest": ordered(only, -margin)},
        "nobody": {"reviews": int(nobody.sum()), "clearest": ordered(nobody, margin)},
    }


def ordered(which: np.ndarray, by: np.ndarray, most: int = 20) -> list[int]:
    """Return the first few of some reviews, ordered by a number."""
    found = np.flatnonzero(which)
    return found[np.argsort(by[found], kind="stable")][:most].tolist()


def differences(new: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    """Say which accuracies moved by more than rounding on another processor explains."""
    return [
        f"{rung}: {found['accuracy']:.4f}, stored {kept['rungs'][rung]['accuracy']:.4f}"
        for rung, found in new["rungs"].items()
        if abs(found["accuracy"] - kept["rungs"][rung]["accuracy"]) > TOLERANCE
    ]


def table(results: dict[str, Any]) -> str:
    """Return the results as text."""
    lines = ["rung                  accuracy          no twins  seconds   CPU s  peak MB"]
    for rung, found in results["rungs"].items():
        interval = f"{found['accuracy']:.4f} +- {found['half interval']:.4f}"
        lines.append(
            f"{rung:<20}{interval:>18}{found['without twins']:>10.4f}{found['seconds']:>9.1f}"
            f"{found['CPU seconds']:>8.1f}{found['peak memory']:>9,.0f}"
        )
    return "\n".join(lines)


def main(words: list[str] | None = None) -> int:
    """Choose, or measure and score; with --only, let one rung answer and print its costs."""
    parser = argparse.ArgumentParser(description="Accuracy, seconds and memory of each rung.")
    parser.add_argument("task", nargs="?", choices=["choose"], help="cross-validate and keep it")
    parser.add_argument("--store", action="store_true", help="keep the results for the chapter")
    parser.add_argument("--check", action="store_true", help="compare with what is kept")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("--answers", help=argparse.SUPPRESS)
    wanted = parser.parse_args(words)
    if find_dataset().is_sample and (wanted.task or wanted.store):
        print("nothing is stored: these are not the real reviews")
        return 1
    if wanted.task:
        CHOICE.write_text(json.dumps(choose(), indent=1) + "\n", "utf-8")
        return 0
    settings = json.loads(CHOICE.read_text("utf-8"))["settings"]
    if wanted.only:
        sums, cost = climb(wanted.only, settings)
        np.save(wanted.answers, sums)
        print(json.dumps(cost))
        return 0
    results = measure(settings)
    print(table(results))
    if wanted.check and (moved := differences(results, json.loads(RESULTS.read_text("utf-8")))):
        print("not as stored:", *moved, sep="\n")
        return 1
    if wanted.store:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
