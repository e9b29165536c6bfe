"""The capstone of chapter 10: twenty texts of the reader's own, and what a network says of them."""

from functools import cache
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import NO_SHARE, PER_CENT

TEXTS, OF_EACH = 20, 5  # how many, and how few of one label are enough
ENTRIES = ("texts", "labels", "probabilities", "right", "culprit")


def capstone_problem(answer: Any) -> str:
    """Return what is wrong with an answer, or nothing."""
    if missing := [name for name in ENTRIES if name not in answer]:
        return f"It has no entry called {missing[0]!r}."
    try:
        labels = np.asarray(answer["labels"], dtype=float)
        p = np.asarray(answer["probabilities"], dtype=float)
        right = float(answer["right"])
    except (TypeError, ValueError):
        return "labels and probabilities are lists of numbers, right is one number."
    texts = answer["texts"]
    return (
        _texts_problem(texts, labels)
        or _probabilities_problem(p, list(texts))
        or _right_problem(right, p, labels)
        or _culprit_problem(answer["culprit"], list(texts), p.reshape(-1), labels)
    )


def _texts_problem(texts: Any, labels: np.ndarray) -> str:
    if isinstance(texts, str) or not all(isinstance(text, str) and text.strip() for text in texts):
        return "texts is a list of strings, one for each text, and none of them empty."
    if len(texts) != TEXTS:
        return f"Twenty texts are asked for; yours are {len(texts)}."
    if len({" ".join(text.lower().split()) for text in texts}) < TEXTS:
        return "Two of the texts are the same."
    if labels.shape != (TEXTS,) or not set(labels.tolist()) <= {0, 1}:
        return "labels has a 0 or a 1 for each text, in the order of the texts."
    if min(labels.sum(), TEXTS - labels.sum()) < OF_EACH:
        return "Nearly all texts have one label. What would guessing get right, then?"
    return ""


def _probabilities_problem(p: np.ndarray, texts: list[str]) -> str:
    if p.size != TEXTS:
        return f"probabilities has the shape {p.shape}; asked for is one number for each text."
    p = p.reshape(-1)
    if not np.isfinite(p).all() or p.min() < 0:
        return NO_SHARE
    if p.max() > 1:
        return PER_CENT
    if set(p.tolist()) <= {0, 1}:
        return "Those are decisions. What did the network say before the threshold?"
    ours = probabilities_of(tuple(texts))
    if min(ours.std(), p.std()) < 0.01:  # it knows hardly any of the words, as on the sample
        return ""
    alike = np.corrcoef(p, ours)[0, 1]
    if alike < -0.5:
        return (
            "They run against those of the book's network. Of which label are they, in which order?"
        )
    if alike < 0.5:
        return (
            "The book's network says quite different things of these texts. Do the probabilities "
            "stand in the order of the texts, and where do the words' integers begin?"
        )
    return ""


def _right_problem(right: float, p: np.ndarray, labels: np.ndarray) -> str:
    said = p >= 0.5
    share = np.mean(said.reshape(-1) == labels)

    def is_near(number: float) -> bool:
        return bool(abs(right - number) < 0.005)

    if is_near(share):
        return ""
    if is_near(TEXTS * share):
        return "right is how many; asked for is their share of all."
    if is_near(100 * share):
        return PER_CENT
    if said.ndim == 2 and is_near(np.mean(said == labels)):
        return (
            "right compares each text with the label of every other. What shapes have "
            "probabilities and labels?"
        )
    return "right is another share than your labels and probabilities give."


def _culprit_problem(culprit: Any, texts: list[str], p: np.ndarray, labels: np.ndarray) -> str:
    from imdb_helpers.text import words_of

    truth = np.where(labels == 1, p, 1 - p)
    worst = texts[int(truth.argmin())]
    if not isinstance(culprit, str) or len(words_of(culprit)) != 1:
        return "culprit is one word, as a string."
    if words_of(culprit)[0] not in words_of(worst):
        return (
            "The culprit does not stand in the text whose label got the least probability. "
            "Which text is that?"
        )
    without = " ".join(word for word in words_of(worst) if word not in words_of(culprit))
    before, after = probabilities_of((worst, without))
    gain = after - before if labels[truth.argmin()] == 1 else before - after
    if gain < -0.01:
        return (
            "Without that word, the label gets even less. Strike out each word in turn, and "
            "compare."
        )
    return ""


@cache
def book_network() -> Any:
    """Return a network of the book, trained on the training half."""
    from imdb_helpers.data import load_data
    from imdb_helpers.network import Network
    from imdb_helpers.vectorize import multi_hot_sparse

    (train, labels), _ = load_data(num_words=10000)
    network = Network()
    network.fit(multi_hot_sparse(train), labels)
    return network


def probabilities_of(texts: tuple[str, ...]) -> np.ndarray:
    """Return what a network of the book says of texts, shape (texts,)."""
    from imdb_helpers.text import encode_review
    from imdb_helpers.vectorize import multi_hot_sparse

    network = book_network()
    return network.predict(multi_hot_sparse([encode_review(text) for text in texts]))[:, 0]
