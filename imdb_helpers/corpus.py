"""The raw corpus: flat arrays of word ranks, verified by content, and the cache that keeps them.

Keras's file holds two lists of 25,000 lists. Here each half is three flat arrays, which load in
a fraction of the time and need no pickle. `data.py` turns them into what `load_data` returns.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from imdb_helpers.archive import DataError, read_npz

CACHE_VERSION = 1


@dataclass(frozen=True)
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

    def digests(self) -> tuple[str, str, str]:
        """SHA-256 of ranks, lengths and labels, each as little-endian bytes."""
        arrays = (
            self.ranks.astype("<i4", copy=False),
            self.lengths.astype("<i4", copy=False),
            self.labels.astype("<i8", copy=False),
        )
        return tuple(
            hashlib.sha256(np.ascontiguousarray(a)).hexdigest() for a in arrays
        )


@dataclass(frozen=True)
class Corpus:
    """Both halves of the data, and a sentence that says where they came from."""

    train: Split
    test: Split
    origin: str


# Content of the file that Keras serves. The container (a zip) may differ, the content may not.
# Labels are 12,500 ones and then 12,500 zeros in both halves, hence one digest for the two.
_LABELS = "c90c484a677c5e7c7aa54b3d0b0f558ceb368ce161b136435c53a2021a6c5984"
IMDB_DIGESTS = {
    "train": (
        "839f238f42e49ed32804afd9148bb93e9a84328e97603b7bcd0a830b148a4281",
        "87136a21e7fad3eb46e62acfdad6d6204f559302a5cd59e1d572317ea13f703a",
        _LABELS,
    ),
    "test": (
        "88455a6ba2a9e95ffeb943b563f338f13951733bc0c8fee0892a4f9f2d72f23c",
        "cf21e05a29659f00b5057a123013888ad9c2f25e5dc1191f9398adadfea636c9",
        _LABELS,
    ),
}


def split_from_lists(reviews: np.ndarray, labels: np.ndarray) -> Split:
    """Flatten an array of lists of ranks; refuse what is not one."""
    if len(reviews) != len(labels):
        raise DataError(
            f"{len(reviews):,} reviews but {len(labels):,} labels: expected one label for each. "
            "The file is damaged; fetch it again."
        )
    lengths = np.fromiter(map(len, reviews), dtype=np.int32, count=len(reviews))
    flat = (rank for review in reviews for rank in review)
    ranks = np.fromiter(flat, dtype=np.int32, count=int(lengths.sum()))
    return Split(ranks, lengths, np.asarray(labels, dtype=np.int64))


def verify(
    corpus: Corpus, expected: dict[str, tuple[str, str, str]] = IMDB_DIGESTS
) -> None:
    """Raise `DataError` unless the content of `corpus` is the expected one, to the last integer."""
    for name, split in (("train", corpus.train), ("test", corpus.test)):
        for what, got, want in zip(
            ("word ranks", "review lengths", "labels"),
            split.digests(),
            expected[name],
            strict=True,
        ):
            if got != want:
                raise DataError(
                    f"the {what} of the {name} half are not IMDB's "
                    f"(SHA-256 {got[:12]}..., expected {want[:12]}...), read from "
                    f"{corpus.origin}. Delete that file and fetch it again."
                )


def read_archive(path: Path) -> Corpus:
    """Read Keras's own `imdb.npz`. Takes about two seconds; the cache is for not doing it twice."""
    arrays = read_npz(path, ("x_train", "y_train", "x_test", "y_test"))
    try:
        return Corpus(
            split_from_lists(arrays["x_train"], arrays["y_train"]),
            split_from_lists(arrays["x_test"], arrays["y_test"]),
            origin=str(path),
        )
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"{path} does not hold lists of word ranks: {error}") from error


def read_cache(path: Path) -> tuple[Corpus, str]:
    """Read a cache file; return the corpus and the SHA-256 of the archive it was made from."""
    names = [
        f"{half}_{part}"
        for half in ("train", "test")
        for part in ("ranks", "lengths", "labels")
    ]
    try:
        stored = read_npz(path, ("version", "made_from", *names))
    except (DataError, OSError) as error:
        raise DataError(f"the cache cannot be read: {error}") from error
    if stored["version"] != CACHE_VERSION:
        raise DataError(f"{path} was written by another version of this package.")
    if any(stored[name].ndim != 1 or stored[name].dtype.kind != "i" for name in names):
        raise DataError(f"{path} holds something other than rows of integers.")
    train, test = Split(*map(stored.get, names[:3])), Split(*map(stored.get, names[3:]))
    return Corpus(train, test, origin=str(path)), str(stored["made_from"])


def write_cache(path: Path, corpus: Corpus, made_from: str) -> None:
    """Write `corpus` beside `path` and move it into place, so that no reader meets half a file."""
    arrays = {
        f"{name}_{part}": getattr(split, part)
        for name, split in (("train", corpus.train), ("test", corpus.test))
        for part in ("ranks", "lengths", "labels")
    }

    replace_file(
        path,
        lambda file: np.savez(
            file, version=CACHE_VERSION, made_from=made_from, **arrays
        ),
    )


def replace_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Call `write(handle)` on a new file in `path`'s folder, then move that file to `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with open(descriptor, "wb") as file:
            write(file)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def bytes_digest(content: bytes) -> str:
    """SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()
