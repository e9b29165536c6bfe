"""The book's network by hand: what Keras does in `fit`, in NumPy and SciPy.

Forward, each layer multiplies by its weights, adds its biases and bends the sum; the last
one turns it into a probability `p`. Backward, by the chain rule, each weight gets its
*gradient*: the slope of the loss along this weight, which says by how much the loss grows
when the weight does. That is backpropagation. It begins with the slope along the last sum,
`p - y` for cross-entropy, and goes back layer by layer: slopes along one path multiply,
and paths that meet add up. A step goes *down* the slopes, so that gradients, scaled by
rmsprop, are subtracted.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy.special import expit

from imdb_helpers import network_checks as checks


def relu(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the outputs for the sums `z`, and the slopes: 1 where z passes, else 0."""
    return np.maximum(z, 0), (z > 0).astype(z.dtype)


def tanh(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the outputs for the sums `z`, and the slopes: small far from zero."""
    h = np.tanh(z)
    return h, 1 - h**2


ACTIVATIONS = {"relu": relu, "tanh": tanh}
LOSSES = ("binary_crossentropy", "mse")
SCORES = ("loss", "accuracy", "val_loss", "val_accuracy")


class Network:
    """Hidden layers and one sigmoid unit, trained by rmsprop: what Keras does, by hand.

    In every method, `x` is a matrix of shape (reviews, inputs), as `multi_hot_sparse`
    makes it (fastest), or any other of numbers; `y` has a 0 or 1 for each review. What
    cannot be used raises a `ValueError`. Everything is computed in float64: in float32, as
    Keras does it, rounding alone gives another accuracy on another processor.

    Args:
        hidden: units of each hidden layer; `()` gives logistic regression.
        activation: of the hidden layers, "relu" or "tanh".
        loss: "binary_crossentropy" or "mse".
        learning_rate: scale of a step.
        dropout: share of each hidden layer's outputs that training sets to 0.
        l2: the loss grows by `l2` times the sum of the squared weights, without biases.
        seed: of the start, of the dropout, and of the orders unless `fit` gets its own.
    """

    def __init__(
        self,
        hidden: Sequence[int] = (16, 16),
        activation: str = "relu",
        loss: str = "binary_crossentropy",
        learning_rate: float = 0.001,
        dropout: float = 0.0,
        l2: float = 0.0,
        seed: int = 0,
    ) -> None:
        checks.check_choice("activation", activation, tuple(ACTIVATIONS))
        checks.check_choice("loss", loss, LOSSES)
        checks.check_rates(learning_rate, dropout, l2)
        self.units = (*checks.checked_widths(hidden), 1)
        self.activation, self.loss = ACTIVATIONS[activation], loss
        self.learning_rate, self.dropout, self.l2 = learning_rate, dropout, l2
        # Three kinds of luck, kept apart: change one, and the others stay as they are.
        self._starts, self._orders, self._drops = checks.luck_of(seed).spawn(3)
        self._weights: list[np.ndarray] = []  # kernel (a matrix), bias, kernel, bias, ...
        self._squares: list[np.ndarray] = []  # what rmsprop remembers of each

    def fit(
        self,
        x: Any,
        y: Any,
        epochs: int = 4,
        batch_size: int = 512,
        validation_data: tuple[Any, Any] | None = None,
        shuffle: bool = True,
        order_seed: int | None = None,
    ) -> dict[str, list[float]]:
        """Train, from where an earlier call stopped; return Keras's `history.history`.

        As in Keras, an epoch's "loss" and "accuracy" are means over its batches, taken
        while the weights changed; those of `validation_data` are taken at its end.
        """
        checks.check_counts(epochs=epochs, batch_size=batch_size)
        x, y = self._prepared(x, y, start=True)
        held_out = None
        if validation_data is not None:
            held_out = self._prepared(*checks.checked_pair(validation_data))
        luck = self._orders if order_seed is None else checks.luck_of(order_seed)
        history: dict[str, list[float]] = {}
        for _ in range(epochs):
            order = luck.permutation(len(y)) if shuffle else np.arange(len(y))
            scores = np.zeros(2)
            for first in range(0, len(y), batch_size):
                batch = order[first : first + batch_size]
                outputs, slopes = self._forward(x[batch], self.dropout)
                share = len(batch) / len(y)  # the last batch may be smaller
                scores += np.multiply(share, self._score(outputs[-1], y[batch]))
                self._step(self._backward(outputs, slopes, y[batch]))
            if held_out:
                scores = [*scores, *self.evaluate(*held_out)]
            for name, score in zip(SCORES, scores, strict=False):
                history.setdefault(name, []).append(float(score))
        return history

    def predict(self, x: Any) -> np.ndarray:
        """Return the probability of "positive" of each review, shape (reviews, 1)."""
        outputs, _ = self._forward(self._prepared(x)[0])
        return outputs[-1]

    def evaluate(self, x: Any, y: Any) -> tuple[float, float]:
        """Return the loss, with what `l2` adds, and the share of right answers."""
        x, y = self._prepared(x, y)
        outputs, _ = self._forward(x)
        return self._score(outputs[-1], y)

    def gradients(self, x: Any, y: Any) -> list[np.ndarray]:
        """Return the slope of the loss along each weight, ordered as `get_weights`."""
        x, y = self._prepared(x, y, start=True)
        return self._backward(*self._forward(x, self.dropout), y)

    def get_weights(self) -> list[np.ndarray]:
        """Return copies: kernel (inputs, units), bias (units,), layer by layer."""
        return [weight.copy() for weight in self._weights]

    def set_weights(self, weights: Sequence[np.ndarray]) -> None:
        """Take over such weights, as float64. What rmsprop remembers stays."""
        self._weights = checks.checked_weights(weights, self.units, self._weights)
        self._squares = self._squares or [np.zeros_like(weight) for weight in self._weights]

    def _start(self, inputs: int) -> None:
        for rows, units in zip((inputs, *self.units), self.units, strict=False):
            # Glorot's start: the more inputs and units a layer has, the smaller its weights,
            # so that no layer makes the sums swell. A row for each input, a column a unit.
            limit = np.sqrt(6 / (rows + units))
            kernel = self._starts.uniform(-limit, limit, (rows, units))
            self._weights += [kernel, np.zeros(units)]
        self._squares = [np.zeros_like(weight) for weight in self._weights]

    def _forward(self, x: Any, dropout: float = 0) -> tuple[list[Any], list[np.ndarray]]:
        """Return what each layer hands on, `x` to `p`, and the slopes of activations."""
        outputs, slopes = [x], []
        *hidden, (kernel, bias) = self._layers()
        for hidden_kernel, hidden_bias in hidden:
            # (batch, inputs) @ (inputs, units) + (units,) = (batch, units)
            h, slope = self.activation(outputs[-1] @ hidden_kernel + hidden_bias)
            if dropout:
                # Those that stay grow, so that the next sum is the same on average; what
                # is dropped has the slope 0, since nothing it does reaches the end.
                kept = self._drops.random(h.shape) >= dropout
                h, slope = h * kept / (1 - dropout), slope * kept / (1 - dropout)
            outputs.append(h)
            slopes.append(slope)
        # (batch, units) @ (units, 1) + (1,) = (batch, 1), a probability for each review.
        # expit is the sigmoid: 1 / (1 + e**-sum)
        return [*outputs, expit(outputs[-1] @ kernel + bias)], slopes

    def _backward(
        self, outputs: list[Any], slopes: list[np.ndarray], y: np.ndarray
    ) -> list[np.ndarray]:
        """Return the gradients, by the chain rule, from the last layer to the first."""
        *layer_inputs, p = outputs
        # The slope of the loss along the last layer's sum. For cross-entropy it is short:
        # (p - y) / (p (1 - p)) along p, times the sigmoid's own slope p (1 - p), is p - y.
        # Divided, since the loss is a mean over the batch. Shape (batch, 1)
        of_sum = (p - y) / len(y)
        if self.loss == "mse":
            # Here the sigmoid's slope p (1 - p) stays: sure and wrong learns little.
            of_sum = 2 * of_sum * p * (1 - p)
        gradients: list[np.ndarray] = []
        for layer in reversed(range(len(layer_inputs))):
            kernel = self._weights[2 * layer]
            # A weight enters the sum times its input, so its slope is the input times the
            # sum's slope; an absent word has none. All reviews of the batch add up:
            # (inputs, batch) @ (batch, units) = (inputs, units)
            of_kernel = layer_inputs[layer].T @ of_sum
            if self.l2:
                of_kernel += 2 * self.l2 * kernel  # the slope of l2 times its square
            of_bias = of_sum.sum(axis=0)  # as if its input were always 1: (units,)
            gradients = [of_kernel, of_bias, *gradients]
            if layer:
                # Each input reaches the loss through every unit, times its weight there:
                # (batch, units) @ (units, inputs) = (batch, inputs). These inputs are what
                # the layer before handed on, so its activation's slope comes next; where a
                # relu was off, that is 0, and nothing goes farther back.
                of_sum = (of_sum @ kernel.T) * slopes[layer - 1]
        return gradients

    def _step(self, gradients: list[np.ndarray]) -> None:
        """Move each weight against its gradient: rmsprop, as in Keras."""
        for weight, square, gradient in zip(self._weights, self._squares, gradients, strict=True):
            # A running mean of the squared gradient, from 0. Gradients divided by its root
            # have about one size, large or small as they were. 1e-7 keeps 0 / 0 away.
            square *= 0.9
            square += 0.1 * gradient**2
            weight -= self.learning_rate * gradient / np.sqrt(square + 1e-7)

    def _score(self, p: np.ndarray, y: np.ndarray) -> tuple[float, float]:
        of_truth = np.where(y == 1, p, 1 - p)
        # The logarithm of 0 is infinite; Keras draws the same line at 1e-7.
        losses = -np.log(np.maximum(of_truth, 1e-7))
        loss = np.mean(losses if self.loss != "mse" else (p - y) ** 2)
        if self.l2:
            loss += self.l2 * sum(np.sum(kernel**2) for kernel, _ in self._layers())
        return float(loss), float(np.mean((p > 0.5) == y))

    def _layers(self) -> list[tuple[np.ndarray, np.ndarray]]:
        return list(zip(self._weights[::2], self._weights[1::2], strict=True))

    def _prepared(self, x: Any, y: Any = None, start: bool = False) -> tuple[Any, Any]:
        """Return `x` as CSR rows, `y` as a column, both checked and float64."""
        x = checks.checked_rows(x, self._weights)
        y = None if y is None else checks.checked_labels(y, x)
        if start and not self._weights:
            self._start(x.shape[1])
        checks.check_started(self._weights)
        return x, y
