"""The data set: both halves of the reviews, the words they are made of, and where they came from.

| module | what it does |
| --- | --- |
| `find` | where the data lies: a folder you name, our cache, Keras's folder, the internet |
| `download` | fetching Keras's two files |
| `read`, over `npz` and `pickled` | reading Keras's `imdb.npz`, without unpickling anything |
| `cache` | keeping the reviews as flat arrays, verified to the last integer |
| `sample` | the made-up reviews that come with the book |
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Split:
    """One half of the data, in file order (positive reviews first, before any shuffle).

    Attributes:
        ranks: int32, shape (tokens,): the word ranks of all reviews, one after the other.
            Rank 1 is the most frequent word of the training texts.
        lengths: int32, shape (reviews,): how many ranks each review has.
        labels: int64, shape (reviews,): 1 positive, 0 negative.
    """

    ranks: np.ndarray
    lengths: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True, eq=False)
class Dataset:
    """Reviews together with the words that belong to them, so that nothing can mix the two up.

    Attributes:
        train, test: the two halves.
        read_word_index: returns the rank of each word; called when they are first asked for.
        origin: where the data came from; of the sample, why it stands in, as the end of a sentence.
        is_sample: whether these are the book's made-up reviews and not IMDB's.
    """

    train: Split
    test: Split
    read_word_index: Callable[[], dict[str, int]]
    origin: str
    is_sample: bool = False

    @cached_property
    def word_index(self) -> dict[str, int]:
        """The rank of each word: 1 is the most frequent one of the training texts."""
        return self.read_word_index()

    @cached_property
    def words(self) -> dict[int, str]:
        """The word of each rank."""
        return {rank: word for word, rank in self.word_index.items()}
