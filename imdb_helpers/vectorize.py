"""From lists of integers to a matrix: `multi_hot` and `multi_hot_sparse`."""

from array import array
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from imdb_helpers.backend import current_backend


def multi_hot(
    sequences: Sequence[Sequence[int]],
    dimension: int = 10_000,
    dtype: str | None = None,
) -> np.ndarray | sparse.csr_matrix:
    """Mark which words each review contains, in the form that trains best.

    Args:
        sequences: reviews, each a list of indices from 0 to `dimension - 1`.
        dimension: number of columns, one per index.
        dtype: for a plain array of this type: "uint8" takes one byte per entry, "float64"
            eight. Left out, the result is what Keras's current backend trains with least memory
            or in least time: `multi_hot_sparse` on TensorFlow, bytes on JAX and PyTorch.

    Returns:
        Shape (reviews, dimension): 1 where the review contains the index, 0 elsewhere.
        Rows can be sliced, and `fit`, `evaluate` and `predict` take them.

    Raises:
        ValueError: a review is empty, or holds something other than integers in range.
    """
    if dtype is None and current_backend() == "tensorflow":
        return multi_hot_sparse(sequences, dimension)
    rows, columns = coordinates(sequences, dimension)
    matrix = np.zeros((len(sequences), dimension), dtype=dtype or "uint8")
    matrix[rows, columns] = 1
    return matrix


def multi_hot_sparse(
    sequences: Sequence[Sequence[int]], dimension: int = 10_000, dtype: str = "float32"
) -> sparse.csr_matrix:
    """Mark the same entries as `multi_hot`, storing only the ones.

    Args:
        sequences: as in `multi_hot`.
        dimension: as in `multi_hot`.
        dtype: of the stored ones. Keras multiplies sparse matrices in "float32".

    Returns:
        A SciPy CSR matrix of shape (reviews, dimension), column indices sorted in each row.

    Raises:
        ValueError: as in `multi_hot`.
    """
    rows, columns = coordinates(sequences, dimension)
    ones = np.ones(len(columns), dtype=dtype)
    matrix = sparse.csr_matrix((ones, (rows, columns)), shape=(len(sequences), dimension))
    matrix.data[:] = 1  # SciPy has added up the words that a review repeats
    return matrix


def coordinates(
    sequences: Sequence[Sequence[int]], dimension: int
) -> tuple[np.ndarray, np.ndarray]:
    """Say where the ones go: for each index of each review, its row and its column.

    Args:
        sequences: as in `multi_hot`.
        dimension: as in `multi_hot`.

    Returns:
        Two int64 arrays of one length, the number of indices in all reviews: rows and
        columns.

    Raises:
        ValueError: as in `multi_hot`; the message names the review.
    """
    flat = array("q")  # C integers: takes no floats, where NumPy would round them
    lengths = np.zeros(len(sequences), dtype=np.int64)
    for row, sequence in enumerate(sequences):
        before = len(flat)
        try:
            flat.extend(sequence)
        except (TypeError, OverflowError) as error:
            raise ValueError(
                f"review {row} is no list of integers ({error}). Pass a list of "
                "reviews, each a list of indices as load_data gives them; "
                "for one review, multi_hot([review])."
            ) from None
        lengths[row] = len(flat) - before
    rows = np.repeat(np.arange(len(sequences)), lengths)
    columns = np.frombuffer(flat, dtype=np.int64) if flat else np.zeros(0, dtype=np.int64)
    _check(rows, columns, lengths, dimension)
    return rows, columns


def _check(rows: np.ndarray, columns: np.ndarray, lengths: np.ndarray, dimension: int) -> None:
    if not lengths.all():
        raise ValueError(
            f"review {lengths.argmin()} is empty; expected at least one index. Leave it out."
        )
    outside = np.flatnonzero((columns < 0) | (columns >= dimension))
    if not len(outside):
        return
    row, index = rows[outside[0]], columns[outside[0]]
    if index < 0:
        raise ValueError(f"review {row} holds the negative index {index}; indices start at 0.")
    raise ValueError(
        f"review {row} holds the index {index}, but dimension={dimension} has columns 0 to "
        f"{dimension - 1} only. Load the data with num_words={dimension}, or use a larger "
        f"dimension: these reviews need {columns.max() + 1}."
    )
