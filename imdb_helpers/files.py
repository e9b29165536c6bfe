"""The files of the data set: their names, their checksums, and the folders they may lie in."""

import os
import tempfile
from pathlib import Path

import platformdirs

from imdb_helpers.archive import DataError
from imdb_helpers.corpus import CACHE_VERSION

VARIABLE = "IMDB_DATA_DIR"
ARCHIVE = "imdb.npz"
WORD_INDEX = "imdb_word_index.json"

# SHA-256 of the files that Keras serves. The archive's stands in keras.datasets.imdb of Keras 3.15;
# the word index has only an MD5 there (bfafd718b763782e994055a2d397834f), of this same file.
KERAS_HASHES = {
    ARCHIVE: "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    WORD_INDEX: "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6",
}


class DataNotFoundError(DataError, FileNotFoundError):
    """There is no data where it was looked for; the message says what to do."""


def named_folder() -> Path | None:
    """The folder that `IMDB_DATA_DIR` names, checked to be one; `None` if the variable is unset."""
    name = os.environ.get(VARIABLE)
    if not name:
        return None
    folder = Path(name).expanduser()
    if not folder.is_dir():
        kind = "is a file, not a folder" if folder.exists() else "does not exist"
        raise DataNotFoundError(
            f"{VARIABLE} is set to {folder}, which {kind}. Set it to a folder that holds "
            f"{ARCHIVE} and {WORD_INDEX}, or unset it."
        )
    return folder


def named_file(folder: Path, name: str) -> Path:
    """The file `name` in the named folder; an error if it is not there."""
    file = folder / name
    if not file.is_file():
        raise DataNotFoundError(
            f"{VARIABLE} is set to {folder}, which has no {name}. The folder must hold "
            f"{ARCHIVE} and {WORD_INDEX}; add the file, or unset the variable."
        )
    if not is_readable(file):
        raise DataNotFoundError(
            f"{file} cannot be read by this user. Change its permissions, or set {VARIABLE} to a "
            "folder with a copy of your own."
        )
    return file


def is_readable(file: Path) -> bool:
    """Whether there is such a file, and this user may read it."""
    # os.path answers False where a Path would raise: in a folder that this user may not enter.
    return os.path.isfile(file) and os.access(file, os.R_OK)


def cache_folder() -> Path:
    """The folder of our own cache: where this system keeps a user's caches.

    Where there is no home, or nothing can be written to it, it is a folder for temporary files.
    """
    try:
        folder = Path(platformdirs.user_cache_dir("imdb-book", appauthor=False))
    except RuntimeError:  # there is no home
        return Path(tempfile.gettempdir(), "imdb-book")
    if is_readable(_corpus_in(folder)) or _is_writable(folder):
        return folder
    return Path(tempfile.gettempdir(), "imdb-book")


def cache_file() -> Path:
    """The file that keeps the corpus as flat arrays."""
    return _corpus_in(cache_folder())


def keras_folder() -> Path:
    """The folder in which Keras keeps data sets; it is read, and never written to."""
    home = os.environ.get("KERAS_HOME") or Path("~", ".keras")
    return Path(os.path.expanduser(home), "datasets")


def _corpus_in(folder: Path) -> Path:
    return folder / f"corpus-v{CACHE_VERSION}.npz"


def _is_writable(folder: Path) -> bool:
    """Whether files can be made in the folder, or in the nearest folder above that exists."""
    there = next(place for place in (folder, *folder.parents) if os.path.exists(place))
    return os.path.isdir(there) and os.access(there, os.W_OK | os.X_OK)
