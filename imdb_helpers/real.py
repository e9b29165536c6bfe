"""The real data: from the named folder, our cache, Keras's folder, or a download, in this order."""

import json
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from imdb_helpers.archive import DataError
from imdb_helpers.corpus import (
    Corpus,
    bytes_digest,
    file_digest,
    read_archive,
    read_cache,
    replace_file,
    verify,
    write_cache,
)
from imdb_helpers.files import (
    ARCHIVE,
    KERAS_HASHES,
    VARIABLE,
    WORD_INDEX,
    DataNotFoundError,
    cache_file,
    cache_folder,
    is_readable,
    keras_folder,
    named_file,
    named_folder,
)

# A temporary file that nobody has written to for this long belongs to a process that was killed.
OLD_SECONDS = 3600


class UnreachableError(DataNotFoundError):
    """There is no data on this machine, and none could be fetched; `reason` says why not."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"The IMDB data is not on this machine and could not be downloaded: {reason}. "
            f"{three_ways()}"
        )


def three_ways() -> str:
    """How to get the real reviews, for every message that must say so."""
    return (
        "There are three ways to get the real reviews.\n"
        "(1) Connect this machine to the network and try again, in a fresh kernel: 17 MB are "
        "fetched, once.\n"
        f"(2) If you have {ARCHIVE} and {WORD_INDEX} (Keras keeps them in ~/.keras/datasets), put "
        f"both into one folder and set the environment variable {VARIABLE} to that folder.\n"
        "(3) On a machine where the book has run on them, `python -m imdb_helpers` names the "
        f"folder of its cache; copy that folder to {cache_folder()}."
    )


def real_corpus(path: str) -> Corpus:
    """The real corpus, verified to the last integer; `path` as in `sources.load_corpus`."""
    folder = named_folder()
    if folder is not None:
        file = named_file(folder, path)
        try:
            return _through_cache(file, f"the folder that {VARIABLE} names")
        except DataError as error:
            raise DataError(
                f"{error} While {VARIABLE} is set, nothing is fetched: put the right file there, "
                "or unset the variable."
            ) from error
    cached = _cached()
    return cached[0] if cached is not None else _through_cache(*_obtain(ARCHIVE))


def real_word_index(path: str) -> dict[str, int]:
    """IMDB's word index, verified; `path` as in `sources.load_word_index`."""
    folder = named_folder()
    file = _obtain(WORD_INDEX)[0] if folder is None else named_file(folder, path)
    content = file.read_bytes()
    if bytes_digest(content) != KERAS_HASHES[WORD_INDEX]:
        raise DataError(
            f"{file} is not IMDB's word index (SHA-256 {bytes_digest(content)[:12]}..., expected "
            f"{KERAS_HASHES[WORD_INDEX][:12]}...). Put the right file in its place, or unset "
            f"{VARIABLE}."
        )
    kept = cache_folder() / WORD_INDEX

    def write() -> None:
        if not kept.is_file() or kept.read_bytes() != content:
            replace_file(kept, lambda handle: handle.write(content))

    _keep(write)
    return json.loads(content)


def _cached() -> tuple[Corpus, str] | None:
    """The verified cache and what it was made from; `None` if there is none that can be used."""
    file = cache_file()
    if not is_readable(file):
        return None
    try:
        corpus, made_from = read_cache(file)
        verify(corpus)
    except DataError as error:
        warn_reader(f"{error} The cache will be made again.")
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


def _obtain(name: str) -> tuple[Path, str]:
    """Keras's file of this name, and in words where it is from: our cache, Keras's, a download."""
    for folder, source, outcome in (
        (cache_folder(), "our cache", "It will be fetched again."),
        (keras_folder(), "Keras's folder", "It is left as it is, and not used."),
    ):
        file = folder / name
        if not is_readable(file):
            continue
        if file_digest(file) == KERAS_HASHES[name]:
            return file, source
        warn_reader(
            f"{file} is damaged: its SHA-256 is not that of Keras's file. {outcome}"
        )
    # Here, because it costs a third of a second that a warm cache need not pay.
    from imdb_helpers.download import DownloadError, fetch

    try:
        return fetch(name, cache_folder()), "downloaded"
    except DownloadError as error:
        # The reason is in the text; its traceback is a hundred lines of other libraries.
        raise UnreachableError(str(error)) from None


def _keep(write: Callable[[], object]) -> None:
    """Fill the cache; a cache that cannot be written costs time, not correctness."""
    try:
        write()
        _sweep(cache_folder())
    except OSError as error:
        warn_reader(
            f"the cache in {cache_folder()} could not be written ({error}); everything works, "
            "but the next load will be as slow as this one."
        )


def _sweep(folder: Path) -> None:
    """Remove the half-written files of processes that were killed, from our cache only."""
    for pattern in ("corpus-v*.npz.*", f"{WORD_INDEX}.*", "tmp*"):
        for part in folder.glob(pattern):
            if time.time() - part.stat().st_mtime > OLD_SECONDS:
                part.unlink(missing_ok=True)


def warn_reader(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line outside of this package that asked for the data."""
    level, frame = 1, sys._getframe()
    while frame.f_back and frame.f_globals["__name__"].startswith(__package__):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
