"""`python -m imdb_helpers`: which data is in use, from where, and whether it is intact."""

import os
import sys
import warnings

from imdb_helpers.archive import DataError
from imdb_helpers.files import cache_file
from imdb_helpers.real import three_ways
from imdb_helpers.sources import (
    SOURCE,
    SampleCorpusWarning,
    load_corpus,
    load_word_index,
    why_sample,
)


def main() -> int:
    """Load and verify the data (fetching it if need be), and say what was found.

    Returns:
        0 if there is data to work with, 1 if not.
    """
    # What it says is said below, at more length.
    warnings.simplefilter("ignore", SampleCorpusWarning)
    try:
        corpus = load_corpus()
        words = len(load_word_index())
    except (DataError, ValueError) as error:
        print(f"data:    none that can be used\nreason:  {error}")
        return 1
    reason = why_sample()
    if reason:
        print("data:    the sample corpus: made-up reviews, not IMDB's")
        print(f"reason:  {reason}")
    else:
        print("data:    the real IMDB reviews")
    print(f"from:    {corpus.origin}")
    if not reason:
        state = "filled" if cache_file().is_file() else "empty"
        print(f"cache:   {cache_file()} ({state})")
    train, test = len(corpus.train.labels), len(corpus.test.labels)
    tokens = len(corpus.train.ranks) + len(corpus.test.ranks)
    print(
        f"holds:   {train:,} training and {test:,} test reviews, {tokens:,} words in all;"
    )
    print(f"         a word index of {words:,} words")
    if reason:
        print("intact:  it is made anew each time, the same on every machine\n")
        if os.environ.get(SOURCE) == "sample":
            print(
                f"The environment variable {SOURCE} asks for the sample: first unset it."
            )
        print(three_ways())
    else:
        print(
            "intact:  yes, word ranks, lengths, labels and the word index match their SHA-256"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
