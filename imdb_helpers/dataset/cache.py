"""The book's own copy of the reviews: one row of integers, verified to the last of them.

It loads in a fraction of the time that Keras's file takes, and holds no pickle.
"""

import contextlib
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

import numpy as np
import platformdirs

from imdb_helpers.dataset import Split
from imdb_helpers.errors import DataError

VERSION = 2
FILE_NAME = f"reviews-v{VERSION}.npy"

# What is being written has a name that begins so. After this time it belongs to a process that was
# killed, and may go.
_PART = "part-"
_OLD_SECONDS = 3600

# SHA-256 of word ranks, lengths and labels of the file that Keras serves. The container (a zip) may
# differ, the content may not. Both halves have 12,500 ones and then as many zeros for labels.
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


def folders() -> list[Path]:
    """Where our cache may be: where this system keeps a user's caches, then temporary files."""
    temporary = Path(tempfile.gettempdir(), "imdb-book")
    try:
        return [
            Path(platformdirs.user_cache_dir("imdb-book", appauthor=False)),
            temporary,
        ]
    except RuntimeError:  # there is no home
        return [temporary]


def writable_folder() -> Path:
    """The first of `folders` in which files can be made, or made again."""
    places = folders()
    return next(filter(is_writable, places), places[0])


def is_readable(file: Path) -> bool:
    """Whether there is such a file, and this user may read it."""
    return os.path.isfile(file) and os.access(file, os.R_OK)


def is_writable(folder: Path) -> bool:
    """Whether files can be made in the folder, or in the nearest folder above that exists."""
    there = next(place for place in (folder, *folder.parents) if os.path.exists(place))
    return os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK)


def digests(split: Split) -> tuple[str, str, str]:
    """SHA-256 of ranks and lengths as little-endian int32, and of labels as int64."""
    arrays = (
        np.asarray(split.ranks, "<i4"),
        np.asarray(split.lengths, "<i4"),
        np.asarray(split.labels, "<i8"),
    )
    return tuple(hashlib.sha256(np.ascontiguousarray(a)).hexdigest() for a in arrays)


def verify(train: Split, test: Split, origin: object) -> None:
    """Raise `DataError` unless this is IMDB's, to the last integer, whatever `origin` it has."""
    for half, split in (("train", train), ("test", test)):
        names = ("word ranks", "review lengths", "labels")
        for what, got, want in zip(names, digests(split), IMDB_DIGESTS[half], strict=True):
            if got != want:
                raise DataError(
                    f"the {what} of the {half} half are not IMDB's (SHA-256 {got[:12]}..., "
                    f"expected {want[:12]}...), read from {origin}."
                )


def read(file: Path) -> tuple[Split, Split, str]:
    """Read a cache file and verify it.

    Returns:
        The training half, the test half, and the SHA-256 of the archive they were read from.

    Raises:
        DataError: it is damaged, or holds something other than IMDB's reviews.
        OSError: it cannot be opened.
    """
    try:
        # Mapped first: a header that promises more than the file holds takes no memory then. And
        # what is mapped is never unpickled.
        mapped = np.lib.format.open_memmap(file, mode="r")
        if mapped.dtype != np.dtype("<i4") or mapped.ndim != 1:
            raise ValueError
    except (OSError, ImportError):
        raise
    except Exception as error:
        # What a damaged header does to NumPy takes a dozen forms, and no memory to speak of.
        said = f"the cache cannot be read: {file} holds something other than a row of integers."
        raise DataError(said) from error
    row = np.array(mapped)
    made_from, row = row[:8].tobytes().hex(), row[8:]
    halves = []
    for _ in range(2):
        count, row = int(row[:1].sum()), row[1:]
        lengths, labels, row = row[:count], row[count : 2 * count], row[2 * count :]
        tokens = int(lengths.sum())
        halves.append(Split(row[:tokens], lengths, labels.astype(np.int64)))
        row = row[tokens:]
    verify(*halves, file)
    return *halves, made_from


def write(folder: Path, train: Split, test: Split, made_from: str) -> None:
    """Keep verified reviews in `folder`, with the SHA-256 of the archive they were read from."""
    parts = [np.frombuffer(bytes.fromhex(made_from), "<i4")]
    for half in (train, test):
        parts += [[len(half.labels)], half.lengths, half.labels, half.ranks]
    row = np.concatenate(parts).astype("<i4")
    replace_file(folder / FILE_NAME, lambda file: np.save(file, row))


def replace_file(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    """Call `write(handle)` on a new file beside `path`, then move that file to `path`.

    Nobody meets half a file there, and the old one stays if something comes between.
    """
    with part_folder(path.parent) as folder:
        part = folder / path.name
        with open(part, "wb") as file:
            write(file)
        os.replace(part, path)


@contextlib.contextmanager
def part_folder(folder: Path) -> Iterator[Path]:
    """Make a folder below `folder` for what is being written; it is gone after the block."""
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    part = tempfile.mkdtemp(dir=folder, prefix=_PART)
    try:
        yield Path(part)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what processes that were killed have left half written."""
    for part in folder.glob(f"{_PART}*"):
        # Another process may be quicker. Whatever goes wrong, it costs only disk, and the next
        # write tries again.
        with contextlib.suppress(OSError):
            if time.time() - part.stat().st_mtime > _OLD_SECONDS:
                shutil.rmtree(part)


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with open(path, "rb") as handle:
        return hashlib.file_digest(handle, hashlib.sha256).hexdigest()
