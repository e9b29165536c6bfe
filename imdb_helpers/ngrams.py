"""Beyond single words: hashed n-grams, naive-Bayes weights, and a linear model over them.

A review becomes a row of a sparse matrix with a column for each thing that may occur in it: a
word, a pair of neighbours, a pair with a gap, a word near the end. Which column a thing gets is
settled by one multiplication (a *hash*), so that no list of all n-grams is ever made.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import sparse
from scipy.special import expit

BITS = 22  # 4,194,304 columns for each kind
ODD = np.uint64(0x9E3779B97F4A7C15)  # 2**64 divided by the golden ratio: it stirs all bits
WORD_BITS = 17  # room for 131,072 words


class Kind(NamedTuple):
    """A kind of n-gram: which words, counted from its first, and where in the review."""

    steps: tuple[int, ...]
    first: int = 0  # only within so many words from the start; 0 for anywhere
    last: int = 0  # only within so many words of the end


KINDS = {
    "words": Kind((0,)),
    "pairs": Kind((0, 1)),
    "triples": Kind((0, 1, 2)),
    "skips": Kind((0, 2)),  # pairs with one word between them
    "wide skips": Kind((0, 3)),
    "first words": Kind((0,), first=30),
    "last words": Kind((0,), last=50),
    "last pairs": Kind((0, 1), last=50),
}


def hash_ngrams(reviews: Sequence[Sequence[int]], kind: str = "pairs") -> sparse.csr_matrix:
    """Mark which n-grams of one kind each review contains.

    Args:
        reviews: lists of indices, as `load_data` gives them.
        kind: one of `KINDS`.

    Returns:
        A CSR matrix of shape (reviews, 2**22) with 1 where the n-gram occurs. Two n-grams share
        a column now and then; the more there are, the more often.

    Raises:
        ValueError: there is no such kind.
    """
    _check_kinds([kind])
    steps, first, last = KINDS[kind]
    lengths = np.array([len(review) for review in reviews], dtype=np.int64)
    # Some zeros behind, so that the last windows can look past the end; they are left out below.
    flat = np.zeros(lengths.sum() + steps[-1], dtype=np.uint64)
    if len(reviews):
        np.concatenate([*reviews], out=flat[: lengths.sum()], casting="unsafe")
    code = np.zeros(lengths.sum(), dtype=np.uint64)
    for step in steps:  # the words side by side in one large number ...
        code = (code << np.uint64(WORD_BITS)) | flat[step : step + len(code)]
    columns = (code * ODD >> np.uint64(64 - BITS)).astype(np.int32)  # ... and its hash
    # Windows that begin in [begin, end) of their review lie within it, and in the right place.
    end = np.maximum(lengths - steps[-1], 0)
    begin = np.minimum(np.maximum(lengths - last, 0) if last else 0 * end, end)
    end = np.minimum(end, first) if first else end
    place = np.arange(len(code), dtype=np.int32)
    place -= np.repeat((np.cumsum(lengths) - lengths).astype(np.int32), lengths)
    inside = place >= np.repeat(begin.astype(np.int32), lengths)
    inside &= place < np.repeat(end.astype(np.int32), lengths)
    columns = columns[inside]
    ends = np.concatenate([[0], np.cumsum(end - begin)])
    ones = np.ones(len(columns), dtype=np.uint8)
    matrix = sparse.csr_matrix((ones, columns, ends), shape=(len(reviews), 2**BITS))
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix


def _check_kinds(kinds: Sequence[str]) -> None:
    if isinstance(kinds, str):
        raise ValueError(f"kinds is the text {kinds!r}, expected a list: [{kinds!r}].")
    for kind in kinds:
        if kind not in KINDS:
            raise ValueError(f"there is no kind {kind!r}. Choose from {', '.join(KINDS)}.")


class Features:
    """The columns worth having, chosen and weighted by the reviews that are learned from.

    Args:
        kinds: names from `KINDS`.
        seen: keep an n-gram that so many of the reviews contain.
        smoothing: added to both counts of the naive-Bayes weight.

    Raises:
        ValueError: there is no such kind.
    """

    def __init__(self, kinds: Sequence[str], seen: int = 3, smoothing: float = 8.0) -> None:
        _check_kinds(kinds)
        self.kinds, self.seen, self.smoothing = tuple(kinds), seen, smoothing
        self._columns: dict[str, np.ndarray] = {}
        self.weights = np.zeros(0, dtype=np.float32)

    def learn(self, hashed: dict[str, sparse.csr_matrix], labels: np.ndarray) -> "Features":
        """Choose the columns, and weigh each by how it leans. Labels are used here only."""
        weights = []
        for kind in self.kinds:
            matrix = hashed[kind]
            of_positive = np.repeat(labels == 1, np.diff(matrix.indptr))
            positive = np.bincount(matrix.indices[of_positive], minlength=matrix.shape[1])
            negative = np.bincount(matrix.indices[~of_positive], minlength=matrix.shape[1])
            kept = positive + negative >= self.seen
            self._columns[kind] = np.flatnonzero(kept).astype(np.int32)
            ratio = (positive + self.smoothing) / (negative + self.smoothing)
            weights.append(np.log(ratio[kept]).astype(np.float32))
        self.weights = np.concatenate(weights)
        return self

    def matrix(self, hashed: dict[str, sparse.csr_matrix]) -> sparse.csr_matrix:
        """Return the kept columns, times their weights, each row scaled to length 1."""
        parts = []
        for kind in self.kinds:
            matrix, old = hashed[kind], self._columns[kind]
            new = np.full(matrix.shape[1], -1, dtype=np.int32)
            new[old] = np.arange(len(old))
            columns = new[matrix.indices]
            kept = columns >= 0
            ends = np.concatenate([[0], np.cumsum(kept, dtype=np.int32)])[matrix.indptr]
            shape = (matrix.shape[0], len(old))
            ones = np.ones(ends[-1], dtype=np.float32)
            parts.append(sparse.csr_matrix((ones, columns[kept], ends), shape=shape))
        x = parts[0] if len(parts) == 1 else sparse.hstack(parts, format="csr")
        parts.clear()
        x.data = self.weights[x.indices]
        squares = sparse.csr_matrix((x.data**2, x.indices, x.indptr), x.shape)
        norm = np.sqrt(squares @ np.ones(x.shape[1], dtype=np.float32)) + np.float32(1e-9)
        x.data /= np.repeat(norm, np.diff(x.indptr))
        return x


class LinearModel:
    """Logistic regression by AdaGrad, with inputs dropped at random in each batch.

    AdaGrad divides a step by the root of all squared gradients so far: a weight whose input is
    rare keeps taking large steps. Only weights of inputs that a batch contains are moved.

    Args:
        drop: share of the inputs that a batch does not see.
        epochs, batch_size, learning_rate: as in `Network`.
        seed: of the order and of the dropping.
    """

    def __init__(
        self,
        drop: float = 0.3,
        epochs: int = 4,
        batch_size: int = 500,
        learning_rate: float = 0.3,
        seed: int = 0,
    ) -> None:
        self.drop, self.epochs, self.batch_size = drop, epochs, batch_size
        self.learning_rate, self.seed = learning_rate, seed
        self.weights, self.bias = np.zeros(0, dtype=np.float32), 0.0

    def fit(self, x: sparse.csr_matrix, y: np.ndarray) -> "LinearModel":
        """Train from zero weights."""
        rng = np.random.default_rng(self.seed)
        w, b = np.zeros(x.shape[1], dtype=np.float32), 0.0
        squares = np.full(x.shape[1], 1e-8, dtype=np.float32)
        for _ in range(self.epochs):
            order = rng.permutation(len(y))
            for first in range(0, len(y), self.batch_size):
                batch = order[first : first + self.batch_size]
                part = x[batch]
                if self.drop:
                    kept = rng.random(len(part.data), dtype=np.float32) >= self.drop
                    ends = np.concatenate([[0], np.cumsum(kept)])[part.indptr]
                    data = part.data[kept] / np.float32(1 - self.drop)
                    part = sparse.csr_matrix((data, part.indices[kept], ends), part.shape)
                error = (expit(part @ w + b) - y[batch]).astype(np.float32)
                gradient = part.T @ error
                seen = part.indices
                slopes = gradient[seen]
                # A column stands in `seen` once for each review; it gets one value each time.
                squares[seen] = squares[seen] + slopes**2
                w[seen] = w[seen] - self.learning_rate * slopes / np.sqrt(squares[seen])
                b -= 0.1 * float(error.mean())
        self.weights, self.bias = w, b
        return self

    def scores(self, x: sparse.csr_matrix) -> np.ndarray:
        """Return the weighted sums: positive reviews above zero."""
        return x @ self.weights + self.bias
