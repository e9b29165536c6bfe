"""Small archives in Keras's layout, and programs disguised as archives."""

import zipfile
from unittest.mock import patch

import numpy as np

# Two halves, each reviews and labels, and the word ranks of the first one after the other.
TRAIN, TEST = ([[1, 2, 3], [4]], [1, 0]), ([[5], [2, 2]], [0, 1])
RANKS = [1, 2, 3, 4]
WORDS = {"the": 1, "and": 2, "élan": 3}


class Trap:
    """A pickle of this calls `function(*args)` when it is loaded."""

    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


def object_array(reviews):
    """Return lists as Keras's file holds them, also when they are all of one length."""
    array = np.empty(len(reviews), dtype=object)
    array[:] = reviews
    return array


def lists_of(split):
    """Return the reviews of a raw split as lists of Python integers."""
    return [part.tolist() for part in np.split(split.ranks, np.cumsum(split.lengths)[:-1])]


def write_archive(path, train, test, save=np.savez):
    """Write `(reviews, labels)` of both halves to `path`, in Keras's layout."""
    (x_train, y_train), (x_test, y_test) = train, test
    save(
        path,
        x_train=object_array(x_train),
        y_train=np.asarray(y_train, dtype="int64"),
        x_test=object_array(x_test),
        y_test=np.asarray(y_test, dtype="int64"),
    )
    return path


def member(dtype, shape, content):
    """Return the bytes of an `.npy` with such a header, whatever its content is."""
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    return b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode() + content


def members_of(path):
    """Return the names and bytes of the members of an `.npz`."""
    with zipfile.ZipFile(path) as archive:
        return {name.removesuffix(".npy"): archive.read(name) for name in archive.namelist()}


def zip_of(path, compression=zipfile.ZIP_DEFLATED, /, **members):
    """Write a zip of `.npy` members, whatever their bytes are."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def keras_loads(path, **params):
    """Return what Keras's own `load_data` makes of the archive at `path`."""
    import keras

    with patch("keras.src.datasets.imdb.get_file", lambda *_, **__: str(path)):
        return keras.datasets.imdb.load_data(**params)
