"""`python -m imdb_helpers`: which data is in use, from where, and whether it is intact."""

import os
import sys

from imdb_helpers.dataset import cache
from imdb_helpers.dataset.find import (
    SOURCE,
    find_dataset,
    three_ways,
)
from imdb_helpers.errors import DataError


def main() -> int:
    """Load and verify the data (fetching it if need be), and say what was found.

    Returns:
        0 if there is data to work with, 1 if not.
    """
    try:
        dataset = find_dataset()
        words = len(dataset.word_index)
    except (DataError, ValueError) as error:
        print(f"data:    none that can be used\nreason:  {error}")
        return 1
    if dataset.is_sample:
        print("data:    the sample corpus: made-up reviews, not IMDB's")
        print(f"reason:  {dataset.origin}")
    else:
        print("data:    the real IMDB reviews")
        print(f"from:    {dataset.origin}")
        files = [folder / cache.FILE_NAME for folder in cache.folders()]
        empty = cache.writable_folder() / cache.FILE_NAME
        file = next(filter(cache.is_readable, files), None)
        print(f"cache:   {file or empty} ({'filled' if file else 'empty'})")
    halves = (dataset.train, dataset.test)
    train, test = (len(half.labels) for half in halves)
    tokens = sum(len(half.ranks) for half in halves)
    print(f"holds:   {train:,} training and {test:,} test reviews, {tokens:,} words in all;")
    print(f"         a word index of {words:,} words")
    if not dataset.is_sample:
        print("intact:  yes, word ranks, lengths, labels and the word index match their SHA-256")
        return 0
    print("intact:  yes, the file that comes with the package matches its SHA-256\n")
    if os.environ.get(SOURCE) == "sample":
        print(f"The environment variable {SOURCE} asks for the sample: first unset it.")
    print(three_ways())
    return 0


if __name__ == "__main__":
    sys.exit(main())
