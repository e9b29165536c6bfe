"""Reading an `.npz` file without trusting it.

The IMDB file stores its reviews as *object arrays*, and NumPy can write those only as a pickle.
A pickle is a small program: unpickling a file from the internet runs what its author put in it.
That is why `np.load` answers "Object arrays cannot be loaded when allow_pickle=False", and why the
advice to pass `allow_pickle=True` is bad advice for a download. The reader below lets a pickle
build lists, integers and arrays, and nothing else.
"""

import io
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

# What NumPy's own pickles of an array name, before and after NumPy 2 renamed the module.
_ALLOWED = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
}

# The real members unpack to 14.3 MB at most; a file that claims far more is not this data set.
MAX_MEMBER_BYTES = 100_000_000


class DataError(ValueError):
    """The data was found but cannot be used; the message says why and what to do."""


class _ArrayUnpickler(pickle.Unpickler):
    """Unpickle lists, integers and arrays; refuse every other name a pickle may ask for."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        raise DataError(
            f"the file asks Python to call {module}.{name}, which no array needs; it was refused. "
            "Do not use this file: get a new copy from where you trust it."
        )


def read_npz(path: Path, names: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Read the arrays `names` from the `.npz` file at `path`.

    Args:
        path: the file.
        names: the arrays wanted, for instance `("x_train", "y_train")`.

    Returns:
        The arrays by name. Object arrays hold lists of Python integers.

    Raises:
        DataError: the file is no `.npz`, lacks an array, is damaged, unpacks to more than
            `MAX_MEMBER_BYTES`, or holds a pickle that wants more than lists, ints and arrays.
        OSError: the file cannot be opened.
    """
    with open(path, "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                return {name: _read_member(archive, name) for name in names}
        except DataError as error:
            raise DataError(f"{path}: {error}") from error
        except Exception as error:
            # What a damaged file does to zipfile, zlib, pickle and NumPy takes a dozen forms.
            raise DataError(
                f"{path} is damaged or no .npz file ({error}). Expected the arrays "
                f"{', '.join(names)}; delete the file and fetch it again."
            ) from error


def _read_member(archive: zipfile.ZipFile, name: str) -> np.ndarray:
    try:
        member = archive.getinfo(f"{name}.npy")
    except KeyError:
        raise DataError(
            f"no array {name!r} in it, only {sorted(archive.namelist())}; "
            "it is not the IMDB file. Fetch imdb.npz again."
        ) from None
    if member.file_size > MAX_MEMBER_BYTES:
        raise DataError(
            f"{name} would unpack to {member.file_size:,} bytes, over the limit of "
            f"{MAX_MEMBER_BYTES:,}; it is not the IMDB file. Fetch imdb.npz again."
        )
    stream = io.BytesIO(archive.read(member))
    version = np.lib.format.read_magic(stream)
    read_header = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, _, dtype = read_header(stream)
    if dtype.hasobject:
        array = _ArrayUnpickler(stream).load()
        if not isinstance(array, np.ndarray) or array.shape != shape:
            raise DataError(
                f"{name} does not hold the array its header announces; fetch it again."
            )
        return array
    stream.seek(0)
    return np.lib.format.read_array(stream, allow_pickle=False)
