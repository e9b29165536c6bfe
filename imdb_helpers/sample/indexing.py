"""From texts to ranks, by the recipe that made Keras's file of the IMDB reviews."""

from collections import Counter
from itertools import chain

import numpy as np

from imdb_helpers.corpus import Corpus, Split

ORIGIN = "the sample corpus in imdb_helpers"

_SEPARATORS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_TO_WORDS = str.maketrans(
    {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    | dict.fromkeys(_SEPARATORS, " ")
)


def make_corpus(
    texts_train: list[str],
    labels_train: list[int],
    texts_test: list[str],
    labels_test: list[int],
) -> tuple[Corpus, dict[str, int]]:
    """Rank the words of the training texts, and write both halves as ranks.

    Args:
        texts_train, labels_train: the training texts, and 1 or 0 for each.
        texts_test, labels_test: the same of the test half.

    Returns:
        The corpus, and the rank of each word: 1 the most frequent in the training texts;
        words as frequent as each other in alphabetical order.
    """
    train = [text.translate(_TO_WORDS).split() for text in texts_train]
    test = [text.translate(_TO_WORDS).split() for text in texts_test]
    counts = Counter(chain.from_iterable(train))
    # Ties go by the alphabet: by first appearance, the words that occur once would be
    # cut by `num_words` from the last reviews only, and those are all negative.
    ordered = sorted(sorted(counts), key=counts.__getitem__, reverse=True)
    ranks = {word: rank for rank, word in enumerate(ordered, start=1)}
    corpus = Corpus(
        _split(train, labels_train, ranks),
        _split(test, labels_test, ranks),
        origin=ORIGIN,
    )
    return corpus, ranks


def _split(reviews: list[list[str]], labels: list[int], ranks: dict[str, int]) -> Split:
    """Leave out the words that have no rank, as was done when the test half was made."""
    kept = [[ranks[word] for word in words if word in ranks] for words in reviews]
    lengths = np.fromiter(map(len, kept), dtype=np.int32, count=len(kept))
    flat = np.fromiter(
        chain.from_iterable(kept), dtype=np.int32, count=int(lengths.sum())
    )
    return Split(flat, lengths, np.array(labels, dtype=np.int64))
