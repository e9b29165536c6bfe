"""The sample corpus: made-up reviews that come with the package, in IMDB's form.

It stands in where the real reviews cannot be had. `tools/sample` makes the file.
"""

from functools import cache
from pathlib import Path

import numpy as np

from imdb_helpers.dataset import Dataset, Split
from imdb_helpers.dataset.cache import file_digest
from imdb_helpers.dataset.npz import read_members
from imdb_helpers.errors import DataError

FILE = Path(__file__).parent.parent / "sample.npz"
# `python -m tools.sample` makes the file and prints this.
SHA256 = "c5725520caddef3f12d1c3b1e33b28581ec8ad480a5bccd436d6b9883e6e18f8"
_ARRAYS = tuple(f"{half}_{what}" for half in ("train", "test") for what in Split.__annotations__)


def sample_dataset(reason: str) -> Dataset:
    """Return 15,000 training and 6,000 test reviews, and the words they are made of.

    Args:
        reason: why these and not IMDB's, as the end of a sentence.

    Raises:
        DataError: the package's file is damaged.
    """
    *splits, ranks = _read()
    return Dataset(*splits, lambda: ranks, reason, is_sample=True)


@cache
def _read() -> tuple[Split, Split, dict[str, int]]:
    if not FILE.is_file() or file_digest(FILE) != SHA256:
        raise DataError(f"{FILE} is damaged: restore it, or install the package anew.")
    *arrays, words = (member.array() for member in read_members(FILE, (*_ARRAYS, "words")))
    types = (np.int32, np.int32, np.int64) * 2
    arrays = [array.astype(dtype) for array, dtype in zip(arrays, types, strict=True)]
    ranked = enumerate(words.tobytes().decode("utf-8").split("\n"), start=1)
    return Split(*arrays[:3]), Split(*arrays[3:]), {word: rank for rank, word in ranked}
