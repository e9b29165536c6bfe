"""Choose settings, and the rung to report, by cross-validation on the training half."""

import json
import sys
from typing import Any

import numpy as np

from imdb_helpers import Network, load_data
from tools.rungs import models
from tools.rungs.models import Hashed, Member

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
    held_out = np.arange(len(labels)) * PARTS // len(labels) == fold
    found: list[Any] = []
    for which in (~held_out, held_out):
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
            for member in members:
                key = json.dumps(member)
                if key not in answers:
                    answers[key] = models.answer(member, learned, known, asked)
            sums = sum(answers[json.dumps(member)] for member in members)
            found[name].append(share(name, sums, truth))
    return found


def network_epochs(hashed: Hashed, labels: np.ndarray, settings: Member) -> list[float]:
    """Return the n-gram network's share of right answers after each epoch, on the last fold."""
    learned, known, asked, truth = split(hashed, labels, FOLDS - 1)
    features = models.network_features(settings).learn(learned, known)
    x, x_asked = features.matrix(learned), features.matrix(asked)
    network, found = Network(**models.NGRAM_NETWORK), []
    for epoch in range(1, MOST_EPOCHS + 1):
        network.fit(x, known, epochs=1)
        sums = network.predict(x_asked)[:, 0] - 0.5
        found.append(share(f"n-gram network, epoch {epoch}", sums, truth))
    return found


def share(name: str, sums: np.ndarray, labels: np.ndarray) -> float:
    """Return the share of right answers, and print it: all of it takes minutes."""
    found = float(np.mean((sums > 0) == labels))
    print(f"{name}: {found:.4f}", file=sys.stderr, flush=True)
    return found


def choose() -> dict[str, Any]:
    """Cross-validate on the training half; return every accuracy, and what is best."""
    (reviews, labels), _ = load_data()
    hashed = models.hash_all(reviews, models.SETS["all"])
    trials = [{**models.USUAL, **trial} for trial in TRIALS]
    of_trials = {json.dumps(trial): [{**trial, "kinds": models.SETS["all"]}] for trial in trials}
    tried = list(cross_validate(hashed, labels, of_trials).values())
    settings = trials[int(np.argmax(np.mean(tried, axis=1)))]
    of_rungs = {rung: models.members_of(rung, settings) for rung in models.LINEAR | models.AVERAGES}
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
