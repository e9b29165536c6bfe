"""The floor: the book's network trained by hand with NumPy and SciPy, and nothing between.

No layers, no graphs, no metrics while learning: only the multiplications that 20 epochs need.
What Keras takes longer than this is the price of being able to change the network in one line.
"""

import numpy as np
from scipy import sparse

RATE, MEMORY, TINY = 0.001, 0.9, 1e-7  # of rmsprop, as in Keras


def train_by_hand(
    learn: sparse.csr_matrix,
    labels: np.ndarray,
    held: sparse.csr_matrix,
    held_labels: np.ndarray,
    *,
    epochs: int = 20,
    size: int = 512,
    units: int = 16,
    seed: int = 42,
) -> list[dict[str, float]]:
    """Train two hidden layers and a sigmoid; return the validation loss and accuracy by epoch."""
    rng = np.random.default_rng(seed)
    shapes = ((learn.shape[1], units), (units, units), (units, 1))
    weights = [_glorot(rng, *shape) for shape in shapes]
    weights += [np.zeros(columns, dtype="float32") for _, columns in shapes]
    squares = [np.zeros_like(weight) for weight in weights]
    labels = labels.astype("float32")[:, None]
    history = []
    for _ in range(epochs):
        order = rng.permutation(len(labels))
        for first in range(0, len(order), size):
            batch = order[first : first + size]
            slopes = _slopes(weights, learn[batch], labels[batch])
            for weight, square, slope in zip(weights, squares, slopes, strict=True):
                square *= MEMORY
                square += (1 - MEMORY) * slope * slope
                weight -= RATE * slope / np.sqrt(square + TINY)
        history.append(_validate(weights, held, held_labels))
    return history


def _glorot(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    bound = np.sqrt(6 / (rows + columns))
    return rng.uniform(-bound, bound, (rows, columns)).astype("float32")


def _forward(weights: list[np.ndarray], x: sparse.csr_matrix) -> tuple[np.ndarray, ...]:
    w1, w2, w3, b1, b2, b3 = weights
    first = np.maximum(x @ w1 + b1, 0)
    second = np.maximum(first @ w2 + b2, 0)
    return first, second, second @ w3 + b3


def _slopes(weights: list[np.ndarray], x: sparse.csr_matrix, y: np.ndarray) -> list[np.ndarray]:
    """Backpropagation; the slope of cross-entropy before the sigmoid is just p - y."""
    _, w2, w3, *_ = weights
    first, second, logit = _forward(weights, x)
    at_logit = (1 / (1 + np.exp(-logit)) - y) / len(y)
    at_second = (at_logit @ w3.T) * (second > 0)
    at_first = (at_second @ w2.T) * (first > 0)
    of_weights = [x.T @ at_first, first.T @ at_second, second.T @ at_logit]
    return of_weights + [slope.sum(axis=0) for slope in (at_first, at_second, at_logit)]


def _validate(
    weights: list[np.ndarray], x: sparse.csr_matrix, labels: np.ndarray
) -> dict[str, float]:
    logit = _forward(weights, x)[-1][:, 0]
    loss = np.logaddexp(0, logit) - labels * logit  # cross-entropy of the sigmoid
    return {"loss": float(loss.mean()), "accuracy": float(((logit > 0) == labels).mean())}
