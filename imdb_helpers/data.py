"""`load_data` and `get_word_index`: what Keras's functions return, several times faster."""

import difflib
import gc
import inspect
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from imdb_helpers.dataset import Dataset, Split
from imdb_helpers.dataset.find import (
    ARCHIVE,
    SOURCE,
    VARIABLE,
    WORD_INDEX,
    find_dataset,
)
from imdb_helpers.errors import SampleCorpusWarning, warn_reader

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
        ValueError: `maxlen` leaves no review, or there is no word.
        TypeError: an unknown argument.
    """
    if kwargs:
        raise TypeError(_unknown_argument(next(iter(kwargs))))
    dataset = _load(path)
    shift = index_from or 0

    rng = np.random.RandomState(seed)
    halves = []
    for split in (dataset.train, dataset.test):
        order = np.arange(len(split.labels))
        rng.shuffle(order)
        if maxlen:
            order = order[split.lengths[order] + (start_char is not None) < maxlen]
        halves.append((split, order))
    if not all(len(order) for _, order in halves):
        raise ValueError(
            f"maxlen={maxlen} leaves no review in one of the halves: it drops every review with "
            f"{maxlen} indices or more. Use a larger maxlen; the median review has about 180."
        )

    limit = num_words or _largest_index(halves, shift, start_char)

    def limited(index: int) -> int | None:
        return index if skip_top <= index < limit else oov_char

    # One Python int per distinct index, shared by all reviews: eleven million separate ones would
    # take 28 bytes each, and time.
    ranks = range(1 + max(int(split.ranks.max(initial=0)) for split, _ in halves))
    index_of_rank = np.array([limited(rank + shift) for rank in ranks], dtype=object)
    marker = [] if start_char is None else [limited(start_char)]
    train, test = (
        (_recode(split, order, index_of_rank, marker), split.labels[order])
        for split, order in halves
    )
    return train, test


def get_word_index(path: str = WORD_INDEX) -> dict[str, int]:
    """Load the word index, exactly as `keras.datasets.imdb.get_word_index` does.

    The values are *ranks* by frequency in the training texts (1 is the most frequent word), not
    the integers of `load_data`, which are shifted by `index_from`: add 3 to get those.

    Args:
        path: file name in the folder that `IMDB_DATA_DIR` names.

    Returns:
        88,584 words, each with its rank from 1 to 88,584; with the sample corpus, its own.

    Raises:
        DataNotFoundError, DataError: as in `load_data`.
    """
    is_ours = path != WORD_INDEX and os.environ.get(VARIABLE)
    dataset = find_dataset(index=path) if is_ours else dataset_in_use()
    return dict(dataset.word_index)


class _InUse(NamedTuple):
    """A data set, and the settings under which it was found."""

    dataset: Dataset
    settings: tuple[str | None, ...]


# The data set whose reviews were handed out last: its words are theirs.
_in_use: _InUse | None = None


def dataset_in_use() -> Dataset:
    """The data set that `load_data` found last, so that its reviews are decoded with its words.

    Where nothing was loaded yet, or a variable says since that other data is wanted, it is loaded.
    """
    if _in_use and _in_use.settings == _settings():
        return _in_use.dataset
    return _load(ARCHIVE)


def _load(path: str) -> Dataset:
    global _in_use
    # Where the sample had to stand in, it stays: a second wait for the network costs time, and half
    # a chapter on other reviews costs sense. A fresh kernel looks again.
    if not (_in_use and _in_use.dataset.is_sample and _in_use.settings == _settings()):
        _in_use = _InUse(find_dataset(path), _settings())
    dataset = _in_use.dataset
    if dataset.is_sample:
        count = len(dataset.train.labels) + len(dataset.test.labels)
        warn_reader(
            f"sample corpus: these are not IMDB's reviews but {count:,} made-up ones that come "
            f"with the book, because {dataset.origin}. Everything runs on them; the numbers and "
            "examples in the text are IMDB's. How to get the real ones: "
            "`!python -m imdb_helpers` in a cell says it.",
            SampleCorpusWarning,
        )
    return dataset


def _settings() -> tuple[str | None, ...]:
    return tuple(map(os.environ.get, (SOURCE, VARIABLE)))


def _recode(
    split: Split, order: np.ndarray, index_of_rank: np.ndarray, marker: list[int | None]
) -> np.ndarray:
    """The reviews in `order`, as an object array of lists, without the `None` among the indices."""
    ends = np.cumsum(split.lengths)
    starts = ends - split.lengths
    lists = []
    with _without_collecting():
        for i in order.tolist():
            review = index_of_rank[split.ranks[starts[i] : ends[i]]].tolist()
            review[:0] = marker
            lists.append(review)
    if None in marker or None in index_of_rank.tolist():
        lists = [[index for index in review if index is not None] for review in lists]
    # NumPy would make a matrix of lists that are all of one length, as Keras does.
    return np.array(lists, dtype=object)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let Python not look for garbage: new lists are none, and TensorFlow makes the search slow."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _largest_index(
    halves: list[tuple[Split, np.ndarray]], shift: int, start_char: int | None
) -> int:
    """The largest index among the kept reviews: Keras's (exclusive) limit when none is given."""
    tops = [] if start_char is None else [start_char]
    for split, order in halves:
        kept = np.zeros(len(split.labels), dtype=bool)
        kept[order] = True
        ranks = split.ranks[np.repeat(kept, split.lengths)]
        if len(ranks):
            tops.append(int(ranks.max()) + shift)
    if not tops:
        raise ValueError("every review is empty: there is nothing to load.")
    return max(tops)


def _unknown_argument(name: str) -> str:
    known = [p for p in inspect.signature(load_data).parameters if p != "kwargs"]
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"It knows {', '.join(known)}."
    return f"load_data() got an unknown argument {name!r}. {hint}"
