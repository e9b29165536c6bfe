"""`load_data` and `get_word_index`: what Keras's functions return, several times faster.

Taught in chapter 1, "Loading the reviews".
"""

import difflib
import inspect
from typing import Any

import numpy as np

from imdb_helpers.archive import DataError
from imdb_helpers.corpus import Corpus, Split
from imdb_helpers.files import ARCHIVE, WORD_INDEX
from imdb_helpers.sources import load_corpus, load_word_index

Halves = tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]


def load_data(
    path: str = ARCHIVE,
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
    **kwargs: Any,
) -> Halves:
    """Load the 50,000 IMDB reviews, exactly as `keras.datasets.imdb.load_data` does.

    Same signature, same defaults, same integers, same labels, in the same order. Four things
    surprise people, here as in Keras:

    - `num_words=10000` keeps the 9,996 most frequent words, because the limit applies after
      `index_from` has shifted every rank by 3: the largest index is 9,999.
    - `num_words=None` still turns the last word of the vocabulary into `oov_char`, because the
      largest index found becomes an exclusive limit.
    - `skip_top` counts shifted indices too, and any value over 1 eats the start marker.
    - `maxlen` drops the reviews of that length and longer; it does not shorten them.

    One thing differs: Keras ignores an argument it does not know, so that `numwords=10000` loads
    every word; here it is an error.

    Args:
        path: file name of the archive in the folder that `IMDB_DATA_DIR` names.
        num_words: keep indices below this; `None` keeps (nearly) all.
        skip_top: turn indices below this into `oov_char`.
        maxlen: drop reviews with this many indices or more, the start marker included.
        seed: of the shuffle.
        start_char: index put before each review; `None` for none.
        oov_char: index that stands for a word left out; `None` drops the word instead.
        index_from: shift added to each word rank.

    Returns:
        `(x_train, y_train), (x_test, y_test)`: `x` are object arrays of shape (25000,), each
        element a Python list of ints; `y` are int64 arrays of shape (25000,), 1 for positive.
        Where the real data cannot be had, the same of the sample corpus, which is smaller: then
        a `SampleCorpusWarning` says so, unless the environment variable `IMDB_SOURCE` is "real".

    Raises:
        DataNotFoundError: `IMDB_DATA_DIR` names no folder with the data, or `IMDB_SOURCE` is
            "real" and there is no data and no network; the message says what to do.
        DataError: a data file of yours is damaged.
        ValueError: `maxlen` leaves no review.
        TypeError: an unknown argument.
    """
    if kwargs:
        raise TypeError(_unknown_argument(next(iter(kwargs))))
    return prepare(
        load_corpus(path),
        num_words,
        skip_top,
        maxlen,
        seed,
        start_char,
        oov_char,
        index_from,
    )


def get_word_index(path: str = WORD_INDEX) -> dict[str, int]:
    """Load the word index, exactly as `keras.datasets.imdb.get_word_index` does.

    The values are *ranks* by frequency in the training texts (1 is the most frequent word), not
    the integers of `load_data`, which are shifted by `index_from`: add 3 to get those.

    Args:
        path: file name, as in `load_data`.

    Returns:
        88,584 words, each with its rank from 1 to 88,584; with the sample corpus, its own.

    Raises:
        DataNotFoundError, DataError: as in `load_data`.
    """
    return load_word_index(path)


def prepare(
    corpus: Corpus,
    num_words: int | None = None,
    skip_top: int = 0,
    maxlen: int | None = None,
    seed: int = 113,
    start_char: int | None = 1,
    oov_char: int | None = 2,
    index_from: int | None = 3,
) -> Halves:
    """Shuffle, shift, mark and limit a raw corpus; the arguments are those of `load_data`."""
    rng = np.random.RandomState(seed)
    orders = []
    for split in (corpus.train, corpus.test):
        order = np.arange(len(split.labels))
        rng.shuffle(order)
        if maxlen:
            marked = split.lengths[order] + (start_char is not None)
            order = order[marked < maxlen]
        orders.append(order)
    if not all(len(order) for order in orders):
        raise ValueError(
            f"maxlen={maxlen} leaves no review in one of the halves: it drops every review with "
            f"{maxlen} indices or more. Use a larger maxlen; the median review has about 180."
        )
    shift = index_from or 0
    if not num_words:
        num_words = _largest_index(corpus, orders, shift, start_char)
    recode = _Recode(corpus, num_words, skip_top, start_char, oov_char, shift)
    train, test = (
        (recode.reviews(split, order), split.labels[order])
        for split, order in zip((corpus.train, corpus.test), orders, strict=True)
    )
    return train, test


class _Recode:
    """Ranks to indices.

    One Python int per distinct index is shared by all reviews, which saves time and memory: eleven
    million separate ints would take 28 bytes each.
    """

    def __init__(
        self,
        corpus: Corpus,
        num_words: int,
        skip_top: int,
        start_char: int | None,
        oov_char: int | None,
        shift: int,
    ) -> None:
        def limited(index: int) -> int | None:
            return index if skip_top <= index < num_words else oov_char

        top = max(
            int(split.ranks.max(initial=0)) for split in (corpus.train, corpus.test)
        )
        self.index_of_rank = np.array(
            [limited(r + shift) for r in range(top + 1)], dtype=object
        )
        self.drops = oov_char is None
        start = None if start_char is None else limited(start_char)
        self.marker = [] if start is None else [start]

    def reviews(self, split: Split, order: np.ndarray) -> np.ndarray:
        """The reviews in `order`, as an object array of lists."""
        ends = np.cumsum(split.lengths)
        starts = ends - split.lengths
        lists = [
            self.marker + self.index_of_rank[split.ranks[starts[i] : ends[i]]].tolist()
            for i in order
        ]
        if self.drops:
            lists = [
                [index for index in review if index is not None] for review in lists
            ]
        return np.array(lists, dtype=object)


def _largest_index(
    corpus: Corpus, orders: list[np.ndarray], shift: int, start_char: int | None
) -> int:
    """The largest index among the kept reviews: Keras's (exclusive) limit when none is given."""
    tops = [] if start_char is None else [start_char]
    for split, order in zip((corpus.train, corpus.test), orders, strict=True):
        kept = np.zeros(len(split.labels), dtype=bool)
        kept[order] = True
        ranks = split.ranks[np.repeat(kept, split.lengths)]
        if len(ranks):
            tops.append(int(ranks.max()) + shift)
    if not tops:
        raise DataError("every review is empty: nothing to load. Fetch the data again.")
    return max(tops)


def _unknown_argument(name: str) -> str:
    known = [p for p in inspect.signature(load_data).parameters if p != "kwargs"]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"It knows {', '.join(known)}."
    return f"load_data() got an unknown argument {name!r}. {hint}"
