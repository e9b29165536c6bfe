"""Where the data comes from: a folder you name, our cache, Keras's folder, a download, the sample.

They are tried in this order. `IMDB_SOURCE` says which may be used: `real` is all but the sample,
`sample` is the sample alone, and `auto`, the default, takes the sample when nothing else is left.
"""

import os
from pathlib import Path

from imdb_helpers.corpus import Corpus
from imdb_helpers.files import ARCHIVE, VARIABLE, WORD_INDEX, cache_folder
from imdb_helpers.real import (
    UnreachableError,
    real_corpus,
    real_word_index,
    warn_reader,
)

SOURCE = "IMDB_SOURCE"
SOURCES = ("auto", "real", "sample")

# For each cache folder in use: why the sample is in use, or "" for the real data. It is
# decided once in a process, so that reviews and word index are never of two kinds, and a network
# that does not answer is waited for once.
_decided: dict[Path, str] = {}


class SampleCorpusWarning(UserWarning):
    """The reviews in use are the sample corpus and not IMDB's."""


def load_corpus(path: str = ARCHIVE) -> Corpus:
    """Load the raw corpus: the real one, verified to the last integer, or the sample.

    Args:
        path: the archive's file name in the folder that `IMDB_DATA_DIR` names.

    Returns:
        The corpus; its `origin` says where it came from. The sample comes with a
        `SampleCorpusWarning` that says why.

    Raises:
        DataNotFoundError: there is no real data, and `IMDB_SOURCE` or `IMDB_DATA_DIR` asks for it.
        DataError: there is data, but it is damaged or not IMDB's.
        ValueError: `IMDB_SOURCE` is none of `SOURCES`.
    """
    if _asked_for() == "auto" and cache_folder() not in _decided:
        try:
            corpus = real_corpus(path)
        except UnreachableError as error:
            _decided[cache_folder()] = error.reason
        else:
            _decided[cache_folder()] = ""
            return corpus
    reason = why_sample()
    if not reason:
        return real_corpus(path)
    from imdb_helpers.sample import sample_corpus  # made at first use: takes a second

    corpus = sample_corpus()
    count = len(corpus.train.labels) + len(corpus.test.labels)
    warn_reader(
        f"sample corpus: these are not IMDB's reviews but {count:,} made-up ones that come with "
        f"the book, because {reason}. Everything runs on them; the numbers and examples in the "
        "text are IMDB's. How to get the real ones: `!python -m imdb_helpers` in a cell says it.",
        SampleCorpusWarning,
    )
    return corpus


def load_word_index(path: str = WORD_INDEX) -> dict[str, int]:
    """Load the word index that belongs to `load_corpus`: word to rank.

    Args:
        path: the index's file name in the folder that `IMDB_DATA_DIR` names.

    Returns:
        IMDB's 88,584 words, or the sample's, each with its rank.

    Raises:
        DataNotFoundError, DataError, ValueError: as in `load_corpus`.
    """
    if why_sample():
        from imdb_helpers.sample import sample_word_index

        return sample_word_index()
    return real_word_index(path)


def why_sample() -> str:
    """Why the sample corpus is in use, as the end of a sentence; "" if the real data is."""
    asked = _asked_for()
    if asked == "auto":
        if cache_folder() not in _decided:
            load_corpus()
        return _decided[cache_folder()]
    return f"{SOURCE}=sample asks for them" if asked == "sample" else ""


def _asked_for() -> str:
    source = os.environ.get(SOURCE) or "auto"
    if source not in SOURCES:
        raise ValueError(
            f"{SOURCE} is set to {source!r}; expected one of {', '.join(SOURCES)}. Set it to one "
            "of these, or unset it."
        )
    # Who names a folder wants what is in it: a mistake there is an error, and no sample hides it.
    return "real" if source == "auto" and os.environ.get(VARIABLE) else source
