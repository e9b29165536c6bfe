"""From texts to ranks, by the recipe that made Keras's file of the IMDB reviews."""

from collections import Counter
from itertools import chain
from typing import NamedTuple

import numpy as np

from tools.sample.reviews import Half

_SEPARATORS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_TO_WORDS = str.maketrans(
    {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    | dict.fromkeys(_SEPARATORS, " ")
)


class Ranks(NamedTuple):
    """One half as flat arrays.

    Attributes:
        ranks: the words of all reviews, one review after the other, each as its rank.
        lengths: how many words each review has.
        labels: 1 or 0 for each review.
    """

    ranks: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray


def words_of(text: str) -> list[str]:
    """The words of a text: lower-case letters, without punctuation."""
    return [word for word in text.translate(_TO_WORDS).split(" ") if word]


def rank_words(train: Half, test: Half) -> tuple[Ranks, Ranks, list[str]]:
    """Rank the words of the training texts, and write both halves as ranks.

    Returns:
        The halves, and the words in the order of their ranks: the most frequent in the training
        texts (rank 1) first, words as frequent as each other in alphabetical order.
    """
    texts_train, texts_test = ([words_of(text) for text in half.texts] for half in (train, test))
    counts = Counter(chain.from_iterable(texts_train))
    # Ties go by the alphabet: by first appearance, the words that occur once would be cut by
    # `num_words` from the last reviews only, and those are all negative.
    words = sorted(sorted(counts), key=counts.__getitem__, reverse=True)
    ranks = {word: rank for rank, word in enumerate(words, start=1)}
    return (
        _as_ranks(texts_train, train.labels, ranks),
        _as_ranks(texts_test, test.labels, ranks),
        words,
    )


def _as_ranks(texts: list[list[str]], labels: list[int], ranks: dict[str, int]) -> Ranks:
    """Leave out the words that have no rank, as was done when IMDB's test half was made."""
    kept = [[ranks[word] for word in words if word in ranks] for words in texts]
    return Ranks(
        np.array(list(chain.from_iterable(kept)), dtype=np.uint16),
        np.array([len(review) for review in kept], dtype=np.uint16),
        np.array(labels, dtype=np.uint8),
    )
