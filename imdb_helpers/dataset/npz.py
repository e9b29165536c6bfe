"""The members of an `.npz` file, taken out of their zip within bounds and without trust.

NumPy's own reader is not asked: it would unpickle, or refuse, an array of objects, and believe the
size that a header announces.
"""

import math
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from imdb_helpers.errors import DataError

# The largest real member unpacks to 24 MB; a file that claims far more is not this data set.
MAX_MEMBER_BYTES = 50_000_000

# Magic bytes, version, length of the header (2 bytes, or 4 from version 2 on), and the header
# itself, which NumPy has written in this one form since 2008. A Python 2 may have written 25000L.
_HEADER = re.compile(
    rb"\x93NUMPY(?:\x01.(?P<short>..)|[\x02\x03].(?P<long>....))"
    rb"\{'descr': '(?P<dtype>[<>|=]?(?:O|[biufU]\d{1,3}))', 'fortran_order': (?:False|True), "
    rb"'shape': \((?P<shape>|\d{1,12}L?,|\d{1,12}L?, \d{1,12}L?)\), \} *\n",
    re.DOTALL,
)


class Member(NamedTuple):
    """One array of an `.npz` file as it is stored.

    Attributes:
        dtype: NumPy's name of its type, such as "<i8"; "|O" for an array of objects.
        shape: as its header announces it.
        content: what follows the header: the numbers, or for objects a pickle.
    """

    dtype: str
    shape: tuple[int, ...]
    content: memoryview

    def array(self) -> np.ndarray:
        """Return the numbers; `DataError` if they are objects, or not as many as announced."""
        try:
            dtype = np.dtype(self.dtype)
        except TypeError:
            raise DataError(f"{self.dtype!r} is no type of numbers") from None
        if dtype.hasobject or not dtype.itemsize:
            raise DataError("it holds something other than plain numbers")
        if math.prod(self.shape) * dtype.itemsize != len(self.content):
            raise DataError("it does not hold as many numbers as its header announces")
        return np.frombuffer(self.content, dtype).reshape(self.shape)


def read_members(path: Path, names: tuple[str, ...]) -> Iterator[Member]:
    """Read the arrays `names` of the `.npz` file at `path`, one when it is asked for.

    Raises:
        DataError: the file is no `.npz`, lacks an array, is damaged, or an array of it unpacks to
            more than `MAX_MEMBER_BYTES`.
        OSError: the file cannot be opened.
    """
    with open(path, "rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                for name in names:
                    yield _read_member(archive, name)
        except (DataError, MemoryError):
            raise
        except Exception as error:
            # What a damaged file does to zipfile and zlib takes a dozen forms.
            raise DataError(
                f"it is damaged or no .npz file ({error}). Expected the arrays {', '.join(names)}; "
                "delete the file and fetch it again."
            ) from error


def _read_member(archive: zipfile.ZipFile, name: str) -> Member:
    try:
        entry = archive.getinfo(f"{name}.npy")
    except KeyError:
        raise DataError(
            f"no array {name!r} in it, only {sorted(archive.namelist())[:9]}; "
            "it is not the IMDB file. Fetch imdb.npz again."
        ) from None
    if entry.file_size > MAX_MEMBER_BYTES:
        raise DataError(
            f"{name} would unpack to {entry.file_size:,} bytes, over the limit of "
            f"{MAX_MEMBER_BYTES:,}; it is not the IMDB file. Fetch imdb.npz again."
        )
    # The other compressions of zip files can unpack a few bytes to any size at one go.
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise DataError(f"{name} is compressed in a way that NumPy does not use; fetch it again.")
    with archive.open(entry) as stream:
        content = stream.read(entry.file_size)  # no more than it claims; the end checks the sum
    header = _HEADER.match(content)
    size = header and int.from_bytes(header["short"] or header["long"], "little")
    if not header or header.end() - header.end("short" if header["short"] else "long") != size:
        raise DataError(f"{name} does not begin like an array of NumPy's; fetch it again.")
    shape = tuple(int(length) for length in re.findall(r"\d+", header["shape"].decode()))
    return Member(header["dtype"].decode(), shape, memoryview(content)[header.end() :])
