"""Where the data comes from: a folder you name, our cache, or Keras's download, in this order."""

import hashlib
import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path

import platformdirs

from imdb_helpers.archive import DataError
from imdb_helpers.corpus import (
    CACHE_VERSION,
    Corpus,
    file_digest,
    read_archive,
    read_cache,
    replace_file,
    verify,
    write_cache,
)

VARIABLE = "IMDB_DATA_DIR"
ARCHIVE = "imdb.npz"
WORD_INDEX = "imdb_word_index.json"

# Address and checksums as in keras.datasets.imdb of Keras 3.15.
_ORIGIN = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_KERAS_HASHES = {
    ARCHIVE: "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    WORD_INDEX: "bfafd718b763782e994055a2d397834f",
}


class DataNotFoundError(DataError, FileNotFoundError):
    """There is no data on this machine, and none could be fetched."""


def cache_folder() -> Path:
    """The folder of our own cache: where this system keeps a user's caches."""
    return Path(platformdirs.user_cache_dir("imdb-book", appauthor=False))


def cache_file() -> Path:
    """The file that keeps the corpus as flat arrays."""
    return cache_folder() / f"corpus-v{CACHE_VERSION}.npz"


def load_corpus(path: str = ARCHIVE) -> Corpus:
    """Load the raw corpus, verified to the last integer.

    Args:
        path: the archive's file name in the folder named by `IMDB_DATA_DIR`, or for the download.

    Returns:
        The corpus; its `origin` says where it came from.

    Raises:
        DataNotFoundError: there is no data and no network.
        DataError: there is data, but it is damaged or not IMDB's.
    """
    folder = named_folder()
    if folder is not None:
        return _through_cache(
            _file_in(folder, path), f"the folder that {VARIABLE} names"
        )
    cached = _cached()
    if cached is not None:
        return cached[0]
    return _through_cache(_download(ARCHIVE, path), "Keras's download")


def load_word_index(path: str = WORD_INDEX) -> dict[str, int]:
    """Load the word index (word to rank, 88,584 words); `path` as in `load_corpus`."""
    folder = named_folder()
    kept = cache_folder() / WORD_INDEX
    if folder is None and kept.is_file():
        try:
            return _parse_word_index(kept.read_bytes(), kept)
        except (DataError, OSError) as error:
            warnings.warn(f"{error} It will be fetched again.", stacklevel=2)
    file = _download(WORD_INDEX, path) if folder is None else _file_in(folder, path)
    content = file.read_bytes()
    word_index = _parse_word_index(content, file)

    def write() -> None:
        if not kept.is_file() or kept.read_bytes() != content:
            replace_file(kept, lambda handle: handle.write(content))

    _keep(write)
    return word_index


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


def _file_in(folder: Path, name: str) -> Path:
    file = folder / name
    if not file.is_file():
        raise DataNotFoundError(
            f"{VARIABLE} is set to {folder}, which has no {name}. The folder must hold "
            f"{ARCHIVE} and {WORD_INDEX}; add the file, or unset the variable."
        )
    return file


def _cached() -> tuple[Corpus, str] | None:
    """The verified cache and what it was made from; `None` if there is none that can be used."""
    file = cache_file()
    if not file.is_file():
        return None
    try:
        corpus, made_from = read_cache(file)
        verify(corpus)
    except DataError as error:
        warnings.warn(f"{error} The cache will be made again.", stacklevel=3)
        return None
    return corpus, made_from


def _through_cache(archive: Path, source: str) -> Corpus:
    """Read `archive`, or the cache if it was made from exactly this file."""
    origin = f"{archive} ({source})"
    made_from = file_digest(archive)
    cached = _cached()
    if cached is not None and cached[1] == made_from:
        return Corpus(cached[0].train, cached[0].test, origin)
    corpus = read_archive(archive)
    verify(corpus)
    _keep(lambda: write_cache(cache_file(), corpus, made_from))
    return Corpus(corpus.train, corpus.test, origin)


def _keep(write: Callable[[], object]) -> None:
    """Fill the cache; a cache that cannot be written costs time, not correctness."""
    try:
        write()
    except OSError as error:
        warnings.warn(
            f"the cache in {cache_folder()} could not be written ({error}); "
            "everything works, but the next load will be as slow as this one.",
            stacklevel=4,
        )


def _download(name: str, path: str) -> Path:
    """Fetch `name` as Keras does, into Keras's own folder, with its progress bar and checksum."""
    import keras  # imported here because it takes seconds, and a warm cache does not need it

    try:
        return Path(
            keras.utils.get_file(path, _ORIGIN + name, file_hash=_KERAS_HASHES[name])
        )
    except Exception as error:
        # get_file raises a bare Exception when the network fails
        raise DataNotFoundError(
            f"The IMDB data is not on this machine and could not be downloaded ({error}). "
            "There are three ways to get it.\n"
            "(1) Connect this machine to the network and try again: Keras fetches 17 MB, once.\n"
            f"(2) On a machine with network run `python -m imdb_helpers`, copy {ARCHIVE} and "
            f"{WORD_INDEX} from its folder ~/.keras/datasets to a folder here, and set the "
            f"environment variable {VARIABLE} to that folder.\n"
            f"(3) Copy the whole cache folder of a machine where the book has run to "
            f"{cache_folder()}."
        ) from None  # the reason is in the text; its traceback is a hundred lines of urllib


def _parse_word_index(content: bytes, file: Path) -> dict[str, int]:
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
    if digest != _KERAS_HASHES[WORD_INDEX]:
        raise DataError(
            f"{file} is not IMDB's word index (MD5 {digest[:12]}..., expected "
            f"{_KERAS_HASHES[WORD_INDEX][:12]}...). Delete it and fetch it again."
        )
    return json.loads(content)
