"""Choose settings, and the rung to report, by cross-validation on the training half."""

import json
import sys
from typing import Any

import numpy as np

from imdb_helpers import Network, load_data
from tools.rungs.models import (
    AVERAGES,
    LINEAR,
    NGRAM_NETWORK,
    SETS,
    USUAL,
    Hashed,
    Member,
    answer,
    hash_all,
    members_of,
    network_features,
)

FOLDS, PARTS = 3, 5  # each fold is one fifth of the training half; three of the five are enough
MOST_EPOCHS = 6  # of the n-gram network
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


def split(hashed: Hashed, labels: np.ndarray, fold: int) -> tuple[Any, ...]:
    """Return what is learned from, its labels, what is held out as a fold, and its labels."""
    parts = np.arange(len(labels)) * PARTS // len(labels)
    found: list[Any] = []
    for which in (parts != fold, parts == fold):
        found += [{kind: matrix[which] for kind, matrix in hashed.items()}, labels[which]]
    return tuple(found)


def cross_validate(
    hashed: Hashed, labels: np.ndarray, averages: dict[str, list[Member]]
) -> dict[str, list[float]]:
    """Return each average's share of right answers in each fold."""
    found: dict[str, list[float]] = {name: [] for name in averages}
    for fold in range(FOLDS):
        learned, known, asked, truth = split(hashed, labels, fold)
        answers: dict[str, np.ndarray] = {}  # some averages share members
        for name, members in averages.items():
            keys = [json.dumps(member) for member in members]
            for key, member in zip(keys, members, strict=True):
                if key not in answers:
                    answers[key] = answer(member, learned, known, asked)
            found[name].append(share(sum(answers[key] for key in keys), truth))
            report(name, found[name][-1])
    return found


def network_epochs(hashed: Hashed, labels: np.ndarray, settings: Member) -> list[float]:
    """Return the n-gram network's share of right answers after each epoch, on the last fold."""
    learned, known, asked, truth = split(hashed, labels, FOLDS - 1)
    features = network_features(settings).learn(learned, known)
    x, x_asked = features.matrix(learned), features.matrix(asked)
    network, found = Network(**NGRAM_NETWORK), []
    for epoch in range(1, MOST_EPOCHS + 1):
        network.fit(x, known, epochs=1)
        found.append(share(network.predict(x_asked)[:, 0] - 0.5, truth))
        report(f"n-gram network, epoch {epoch}", found[-1])
    return found


def share(sums: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of right answers."""
    return float(np.mean((sums > 0) == labels))


def report(name: str, accuracy: float) -> None:
    """Show that something is going on: all of it takes minutes."""
    print(f"{name}: {accuracy:.4f}", file=sys.stderr, flush=True)


def choose() -> dict[str, Any]:
    """Cross-validate on the training half; return every accuracy, and what is best."""
    (reviews, labels), _ = load_data()
    hashed = hash_all(reviews, SETS["all"])
    trials = [{**USUAL, **trial} for trial in TRIALS]
    of_trials = {json.dumps(trial): [{**trial, "kinds": SETS["all"]}] for trial in trials}
    tried = list(cross_validate(hashed, labels, of_trials).values())
    settings = trials[int(np.argmax(np.mean(tried, axis=1)))]
    of_rungs = {rung: members_of(rung, settings) for rung in LINEAR | AVERAGES}
    rungs = cross_validate(hashed, labels, of_rungs)
    epochs = network_epochs(hashed, labels, settings)
    means = {rung: float(np.mean(found)) for rung, found in rungs.items()}
    return {
        "folds": FOLDS,
        "held out": len(labels) * FOLDS // PARTS,
        "trials": [
            {"settings": trial, "accuracies": found}
            for trial, found in zip(trials, tried, strict=True)
        ],
        "rungs": rungs,
        "network by epoch": epochs,
        "settings": {**settings, "network epochs": int(np.argmax(epochs)) + 1},
        "chosen": max(means, key=lambda rung: means[rung]),
    }
