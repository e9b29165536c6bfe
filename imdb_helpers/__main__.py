"""`python -m imdb_helpers`: which data is in use, from where, and whether it is intact."""

import os
import sys

from imdb_helpers.archive import DataError
from imdb_helpers.sources import cache_file, load_corpus, load_word_index


def main() -> int:
    """Load and verify the data (fetching it if need be), and say what was found.

    Returns:
        0 if the data is there and intact, 1 if not.
    """
    # A download imports Keras: fewer of TensorFlow's log lines should stand before the answer.
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        corpus = load_corpus()
        words = len(load_word_index())
    except DataError as error:
        print(f"data:    none that can be used\nreason:  {error}")
        return 1
    train, test = len(corpus.train.labels), len(corpus.test.labels)
    tokens = len(corpus.train.ranks) + len(corpus.test.ranks)
    state = "filled" if cache_file().is_file() else "empty"
    print("data:    the real IMDB reviews")
    print(f"from:    {corpus.origin}")
    print(f"cache:   {cache_file()} ({state})")
    print(
        f"holds:   {train:,} training and {test:,} test reviews, {tokens:,} words in all;"
    )
    print(f"         a word index of {words:,} words")
    print(
        "intact:  yes, word ranks, lengths and labels match their SHA-256, the index its MD5"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
