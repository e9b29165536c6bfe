"""Where the data lies: a folder you name, our cache, Keras's folder, the internet, the sample.

They are tried in this order. `IMDB_SOURCE` says which may be used: `real` is all but the sample,
`sample` is the sample alone, and `auto`, the default, takes the sample when nothing else is left.
"""

import hashlib
import json
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from imdb_helpers.dataset import Dataset, cache
from imdb_helpers.errors import (
    DataError,
    DataNotFoundError,
    DownloadError,
    UnreachableError,
    warn_reader,
)

SOURCE = "IMDB_SOURCE"
SOURCES = ("auto", "real", "sample")
VARIABLE = "IMDB_DATA_DIR"
ARCHIVE = "imdb.npz"
WORD_INDEX = "imdb_word_index.json"

# SHA-256 of the files that Keras serves. The archive's stands in keras.datasets.imdb of Keras 3.15;
# the word index has only an MD5 there (bfafd718b763782e994055a2d397834f), of this same file.
KERAS_HASHES = {
    ARCHIVE: "69664113be75683a8fe16e3ed0ab59fda8886cb3cd7ada244f7d9544e4676b9f",
    WORD_INDEX: "027313fe9a320280f3bf0fac5baf58c4a683cf39a7ed9c3d3d3912bde4284cf6",
}

# What becomes of a damaged file that is not ours to mend, or need not be.
_LEFT_ALONE = "It is left as it is, and not used."


def find_dataset(archive: str = ARCHIVE, index: str = WORD_INDEX) -> Dataset:
    """Find the reviews and the words that belong to them.

    Args:
        archive, index: the names of the two files in the folder that `IMDB_DATA_DIR` names.

    Returns:
        IMDB's reviews, verified to the last integer, or the sample; `origin` says where from.

    Raises:
        DataNotFoundError: there is no real data, and `IMDB_SOURCE` or `IMDB_DATA_DIR` asks for it.
        DataError: a data file of yours is damaged or not IMDB's.
        ValueError: `IMDB_SOURCE` is none of `SOURCES`.
    """
    source = os.environ.get(SOURCE) or "auto"
    if source not in SOURCES:
        raise ValueError(
            f"{SOURCE} is set to {source!r}; expected one of {', '.join(SOURCES)}. Set it to one "
            "of these, or unset it."
        )
    if source == "sample":
        why_sample = f"{SOURCE}=sample asks for them"
    elif folder := named_folder():
        # Who names a folder wants what is in it: no sample hides a mistake there.
        return _named(folder, archive, index)
    else:
        try:
            return _kept_or_fetched()
        except UnreachableError as error:
            if source == "real":
                raise
            why_sample = error.reason
    from imdb_helpers.dataset.sample import sample_dataset  # seldom needed

    return sample_dataset(why_sample)


def _named(folder: Path, archive: str, index: str) -> Dataset:
    """The data in the folder that `IMDB_DATA_DIR` names; our cache saves reading it twice."""
    file = named_file(folder, archive)
    word_index = partial(_word_index, lambda: named_file(folder, index))
    origin = f"{file} (the folder that {VARIABLE} names)"
    made_from = cache.file_digest(file)
    if cached := _cached(made_from):
        return Dataset(*cached[:2], word_index, origin)
    try:
        return Dataset(*_read_and_keep(file, made_from), word_index, origin)
    except DataError as error:
        raise DataError(
            f"{error} While {VARIABLE} is set, nothing is fetched: put the right file there, "
            "or unset the variable."
        ) from error


def _kept_or_fetched() -> Dataset:
    """The data in our cache, else in Keras's folder, else from the internet."""
    word_index = partial(_word_index, lambda: _obtain(WORD_INDEX)[0])
    if cached := _cached():
        return Dataset(*cached[:2], word_index, str(cached[2]))
    file, source = _obtain(ARCHIVE)
    halves = _read_and_keep(file, KERAS_HASHES[ARCHIVE])
    return Dataset(*halves, word_index, f"{file} ({source})")


def _cached(made_from: str = "") -> tuple | None:
    """Both halves in our cache, and its file; of the archive with this SHA-256, if one is given."""
    to_mend = False
    for folder in cache.folders():
        file = folder / cache.FILE_NAME
        if not cache.is_readable(file):
            continue
        try:
            train, test, source = cache.read(file)
        except (DataError, OSError) as error:
            ours = cache.is_writable(folder)
            to_mend = to_mend or ours
            outcome = "The cache will be made again." if ours else _LEFT_ALONE
            warn_reader(f"{error} {outcome}")
            continue
        if made_from in ("", source):
            if to_mend:
                _keep(partial(cache.write, train=train, test=test, made_from=source))
            return train, test, file
    return None


def _read_and_keep(archive: Path, made_from: str) -> tuple:
    """Read Keras's file, verify what is in it, and fill our cache."""
    from imdb_helpers.dataset.read import read_archive  # a warm load does without

    train, test = read_archive(archive)
    cache.verify(train, test, archive)
    _keep(lambda folder: cache.write(folder, train, test, made_from))
    return train, test


def _word_index(find: Callable[[], Path]) -> dict[str, int]:
    """Read the word index that `find` finds, verify it, and keep a copy."""
    file = find()
    content = file.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != KERAS_HASHES[WORD_INDEX]:
        raise DataError(
            f"{file} is not IMDB's word index (SHA-256 {digest[:12]}..., expected "
            f"{KERAS_HASHES[WORD_INDEX][:12]}...). Put the right file in its place, or unset "
            f"{VARIABLE}."
        )
    if not any(_is_right(folder / WORD_INDEX) for folder in cache.folders()):
        write = cache.replace_file
        _keep(lambda folder: write(folder / WORD_INDEX, lambda f: f.write(content)))
    return json.loads(content)


def _obtain(name: str) -> tuple[Path, str]:
    """Keras's file of this name, and in words where it is from: our cache, Keras's, a download."""
    damaged, found = [], None
    for folder in (*cache.folders(), keras_folder()):
        if _is_right(folder / name):
            found = folder / name
            break
        if cache.is_readable(folder / name):
            damaged.append(folder / name)
    for file in damaged:
        replaced = found is None and file.parent == cache.writable_folder()
        outcome = "It will be fetched again." if replaced else _LEFT_ALONE
        said = f"{file} is damaged: its SHA-256 is not that of Keras's file."
        warn_reader(f"{said} {outcome}")
    if found:
        is_keras_s = found.parent == keras_folder()
        return found, "Keras's folder" if is_keras_s else "our cache"
    # Here, because it costs a third of a second that a warm cache need not pay.
    from imdb_helpers.dataset.download import fetch

    try:
        return fetch(name, KERAS_HASHES[name], cache.writable_folder()), "downloaded"
    except DownloadError as error:
        # The reason is in the text; its traceback is a hundred lines of other libraries.
        raise UnreachableError(str(error), three_ways()) from None


def _keep(write: Callable[[Path], object]) -> None:
    """Fill the cache; a cache that cannot be written costs time, not correctness."""
    folder = cache.writable_folder()
    try:
        write(folder)
    except OSError as error:
        warn_reader(
            f"the cache in {folder} could not be written ({error}); everything works, "
            "but the next load will be as slow as this one."
        )


def named_folder() -> Path | None:
    """The folder that `IMDB_DATA_DIR` names, checked to be one; `None` if the variable is unset."""
    name = os.environ.get(VARIABLE)
    if not name:
        return None
    # os.path answers False where a Path would raise: in a folder that this user may not enter.
    folder = Path(os.path.expanduser(name))
    if not os.path.isdir(folder):
        kind = "is a file, not a folder" if os.path.exists(folder) else "does not exist"
        raise DataNotFoundError(
            f"{VARIABLE} is set to {folder}, which {kind}. Set it to a folder that holds "
            f"{ARCHIVE} and {WORD_INDEX}, or unset it."
        )
    return folder


def named_file(folder: Path, name: str) -> Path:
    """The file `name` in the named folder; an error if it is not there."""
    file = folder / name
    if not os.path.isfile(file):
        raise DataNotFoundError(
            f"{VARIABLE} is set to {folder}, which has no {name}. The folder must hold "
            f"{ARCHIVE} and {WORD_INDEX}; add the file, or unset the variable."
        )
    if not cache.is_readable(file):
        raise DataNotFoundError(
            f"{file} cannot be read by this user. Change its permissions, or set {VARIABLE} to a "
            "folder with a copy of your own."
        )
    return file


def keras_folder() -> Path:
    """The folder in which Keras keeps data sets; it is read, and never written to."""
    home = os.environ.get("KERAS_HOME") or Path("~", ".keras")
    return Path(os.path.expanduser(home), "datasets")


def _is_right(file: Path) -> bool:
    """Whether this is the file of that name that Keras serves."""
    return cache.is_readable(file) and cache.file_digest(file) == KERAS_HASHES[file.name]


def three_ways() -> str:
    """How to get the real reviews, for every message that must say so."""
    return (
        "There are three ways to get the real reviews.\n"
        "(1) Connect this machine to the network and try again, in a fresh kernel: 17 MB are "
        "fetched, once.\n"
        f"(2) If you have {ARCHIVE} and {WORD_INDEX} (Keras keeps them in ~/.keras/datasets), put "
        f"both into one folder and set the environment variable {VARIABLE} to that folder.\n"
        "(3) On a machine where the book has run on them, `python -m imdb_helpers` names the "
        f"folder of its cache; copy that folder to {cache.writable_folder()}."
    )
