"""The file of the sample: its form, its bytes, its digests."""

import hashlib
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from tools.sample.indexing import rank_words
from tools.sample.reviews import write_reviews

# As wide as the arrays are that IMDB's file becomes, so that one look compares the two.
_WIDE = {"ranks": "<i4", "lengths": "<i4", "labels": "<i8"}


def make_arrays(train: int = 7_500, test: int = 3_000) -> dict[str, np.ndarray]:
    """Write the reviews, and return what the file holds.

    Args:
        train: how many reviews of each label the training half gets.
        test: the same of the test half.

    Returns:
        `train_ranks`, `train_lengths`, `train_labels`, the same of the test half, and `words`: the
        bytes of all words in the order of their ranks, a newline between each two.
    """
    *halves, words = rank_words(*write_reviews(train, test))
    arrays = {
        f"{name}_{field}": array
        for name, half in zip(("train", "test"), halves, strict=True)
        for field, array in half._asdict().items()
    }
    return arrays | {"words": np.frombuffer("\n".join(words).encode(), dtype=np.uint8)}


def digests(arrays: Mapping[str, np.ndarray]) -> dict[str, str]:
    """The SHA-256 of each array's content, whatever the width of its integers."""
    return {
        name: hashlib.sha256(
            array.astype(_WIDE.get(name.partition("_")[2], "<u1")).tobytes()
        ).hexdigest()
        for name, array in arrays.items()
    }


def save(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write the arrays as `numpy.savez_compressed` does, but with fixed dates and packed tighter.

    The file is written under another name and then moved: whoever reads `path` meanwhile gets the
    old one or the new one.
    """
    part = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, array in arrays.items():
            # A ZipInfo made from a name alone is dated 1 January 1980. One handed to `open` has its
            # own way to be packed; its system is fixed, too, or Windows would write other bytes.
            member = zipfile.ZipInfo(f"{name}.npy")
            member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, 3
            member.external_attr = 0o644 << 16
            with archive.open(member, "w") as stream:
                little = array.astype(array.dtype.newbyteorder("<"))
                np.lib.format.write_array(stream, little, allow_pickle=False)
    os.replace(part, path)
