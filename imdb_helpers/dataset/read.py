"""Reading the `imdb.npz` that Keras serves: its reviews as flat arrays of word ranks.

Its reviews have different lengths, so NumPy stores them as an *array of objects*, which it can
write only as a pickle. That is why `np.load` answers "Object arrays cannot be loaded when
allow_pickle=False", and why the advice to pass `allow_pickle=True` is bad advice for a download:
`pickled` says how the lists are read without it.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from imdb_helpers.dataset import Split
from imdb_helpers.dataset.npz import MAX_MEMBER_BYTES, Member, read_members
from imdb_helpers.dataset.pickled import list_in_array
from imdb_helpers.errors import DataError
from imdb_helpers.progress import progress_bar

ARRAYS = ("x_train", "y_train", "x_test", "y_test")


def read_archive(path: Path) -> tuple[Split, Split]:
    """Read Keras's own `imdb.npz`, which takes some seconds; the cache is for not doing it twice.

    Args:
        path: the file.

    Returns:
        The training and the test half.

    Raises:
        DataError: the file is damaged, or holds or wants something other than lists of word ranks
            and their labels; the message says what.
        OSError: the file cannot be opened.
    """
    try:
        members = read_members(path, ARRAYS)
        return _read_half(members), _read_half(members)
    except DataError as error:
        raise DataError(f"{path}: {error}") from error


def _read_half(members: Iterator[Member]) -> Split:
    ranks, lengths = _read_reviews(next(members))
    labels = next(members).array()
    if labels.dtype.kind not in "iu":
        raise DataError("its labels are no whole numbers; fetch it again.")
    if labels.shape != lengths.shape:
        raise DataError(
            f"{len(lengths):,} reviews but {labels.size:,} labels: expected one label for each. "
            "The file is damaged; fetch it again."
        )
    return Split(ranks, lengths, labels.astype(np.int64))


def _read_reviews(member: Member) -> tuple[np.ndarray, np.ndarray]:
    """Return the ranks of all reviews, one after the other, and the length of each."""
    reviews = list_in_array(bytes(member.content))
    if member.dtype not in ("O", "|O") or member.shape != (len(reviews.lists),):
        raise DataError("it does not hold the array that its header announces.")
    if reviews.integers or any(review.lists for review in reviews.lists):
        raise DataError("it holds something other than lists of word ranks.")
    # One list may stand in many places, so that a small file says very much.
    size = sum(review.size for review in reviews.lists)
    if size > MAX_MEMBER_BYTES:
        raise DataError(
            f"its reviews would unpack to {size:,} bytes, over the limit of {MAX_MEMBER_BYTES:,}; "
            "it is not the IMDB file. Fetch imdb.npz again."
        )
    parts = [np.zeros(0, dtype=np.int32)]
    with progress_bar(len(reviews.lists), "reading imdb.npz, once", "reviews") as bar:
        for review in reviews.lists:
            parts.append(review.to_array())
            bar.update()
    lengths = np.array([len(part) for part in parts[1:]], dtype=np.int32)
    return np.concatenate(parts), lengths
