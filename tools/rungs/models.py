"""What each rung of the climb is, and what it answers."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from imdb_helpers import Network, multi_hot_sparse
from imdb_helpers.ngrams import Features, LinearModel, hash_ngrams

Member = dict[str, Any]  # the settings of one linear model and of its features
Hashed = dict[str, Any]  # a matrix for each kind of n-gram

WORDS = 10_000  # num_words of the book
FEATURES = ("kinds", "seen", "smoothing")  # settings of a member that are its features'
RUNS = {"the book's network": 5}  # luck moves it more than a linear model: the mean of five
USUAL = {"seen": 2, "smoothing": 1.0, "drop": 0.5, "learning_rate": 0.3, "epochs": 4}
NGRAM_NETWORK: dict[str, Any] = {"hidden": (16,), "learning_rate": 0.01}

TRIPLES = ["words", "pairs", "triples"]
PLACES = ["first words", "last words", "last pairs"]
SETS = {
    "triples": TRIPLES,
    "skips": [*TRIPLES, "skips"],
    "places": [*TRIPLES, *PLACES],
    "all": [*TRIPLES, "skips", *PLACES],
}
LINEAR = {  # without dropping
    "weighted words": ["words"],
    "and pairs": ["words", "pairs"],
    "and triples": TRIPLES,
}
# Averages, of members named "features" or "features, more dropped".
AVERAGES = {
    "inputs dropped": ["triples"],
    "and skips": ["skips"],
    "and places": ["all"],
    "average of two": ["places", "all"],
    "average of four": ["triples", "skips", "places", "all"],
    "average of eight": [*SETS, *(f"{name}, more dropped" for name in SETS)],
}
MORE_DROPPED = {"drop": 0.7}
OTHERS = ("guessing", "counting", "logistic regression", "the book's network", "n-gram network")
RUNGS = (*OTHERS, *LINEAR, *AVERAGES)


def members_of(rung: str, settings: Member) -> list[Member]:
    """Return the linear models of a rung; `settings` are those that were chosen."""
    settings = {name: value for name, value in settings.items() if name in USUAL}
    if rung in LINEAR:
        return [{**settings, "kinds": LINEAR[rung], "drop": 0.0}]
    found = []
    for name in AVERAGES[rung]:
        kinds, _, more = name.partition(", ")
        found.append({**settings, **(MORE_DROPPED if more else {}), "kinds": SETS[kinds]})
    return found


def network_features(settings: Member) -> Features:
    """Return the features of the n-gram network, which have learned nothing yet."""
    return Features(["words", "pairs"], settings["seen"], settings["smoothing"])


def hash_all(reviews: Sequence[Any], kinds: Iterable[str]) -> Hashed:
    """Hash some kinds, each once."""
    return {kind: hash_ngrams(reviews, kind) for kind in dict.fromkeys(kinds)}


def answer(member: Member, learned: Hashed, labels: np.ndarray, asked: Hashed) -> np.ndarray:
    """Train one member; return its sums for the reviews that are asked about."""
    features = Features(**{name: member[name] for name in FEATURES})
    x = features.learn(learned, labels).matrix(learned)
    options = {name: value for name, value in member.items() if name not in FEATURES}
    model = LinearModel(**options).fit(x, labels)
    del x  # before the other matrix is made: that halves the peak
    return model.scores(features.matrix(asked))


def predict(
    rung: str, train: Any, labels: np.ndarray, test: Any, settings: Member, seed: int = 0
) -> np.ndarray:
    """Return a rung's sums for the test reviews: above zero means positive."""
    if rung == "guessing":
        return np.full(len(test), labels.mean() - 0.5)
    if rung in LINEAR or rung in AVERAGES:
        members = members_of(rung, settings)
        kinds = [kind for member in members for kind in member["kinds"]]
        learned, asked = hash_all(train, kinds), hash_all(test, kinds)
        return sum(answer(one, learned, labels, asked) for one in members) / len(members)
    if rung == "n-gram network":
        features = network_features(settings)
        learned, asked = hash_all(train, features.kinds), hash_all(test, features.kinds)
        x = features.learn(learned, labels).matrix(learned)
        network = Network(**NGRAM_NETWORK)
        network.fit(x, labels, epochs=settings["network epochs"])
        return network.predict(features.matrix(asked))[:, 0] - 0.5
    x, x_test = (multi_hot_sparse(reviews, WORDS) for reviews in (train, test))
    if rung == "counting":
        positive, negative = (np.asarray(x[labels == y].sum(axis=0)).ravel() for y in (1, 0))
        return x_test @ np.log((positive + 1) / (negative + 1))
    hidden, epochs = ((), 20) if rung == "logistic regression" else ((16, 16), 4)
    network = Network(hidden, seed=seed)
    network.fit(x, labels, epochs=epochs)
    return network.predict(x_test)[:, 0] - 0.5
