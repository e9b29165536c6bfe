"""Why a network said what it said: the share of each word in one prediction."""

from collections.abc import Sequence
from itertools import pairwise

import keras
import numpy as np

from imdb_helpers.vectorize import coordinates


def word_contributions(
    model: keras.Sequential, sequence: Sequence[int]
) -> tuple[dict[int, float], float]:
    """Split one prediction into a sum with one term per distinct index of the review.

    A relu passes its input on or blocks it. For one given review, each unit does one or
    the other, so that the network is, for this review, a linear model, and the logit (the
    number that goes into the sigmoid) is exactly the sum of the contributions and of a
    remainder, the part that the biases make. The split holds for this review only: in
    another review other units are on.

    Args:
        model: a stack of Dense layers, hidden ones with relu or linear activation and a
            last one with one sigmoid unit.
        sequence: the review, a list of indices.

    Returns:
        `(contributions, remainder)`, in units of the logit: a positive contribution
        pushes towards "positive". `sum(contributions.values()) + remainder` is the logit.

    Raises:
        ValueError: `model` is no such stack, or an index is out of range.
    """
    layers = _dense_layers(model)
    dimension = layers[0].kernel.shape[0]
    indices = np.unique(coordinates([sequence], dimension)[1])
    kernel, bias = _weights(layers[0])
    shares, rest = kernel[indices], bias
    for layer, following in pairwise(layers):
        if layer.activation is keras.activations.relu:
            on = shares.sum(axis=0) + rest > 0
            shares, rest = shares * on, rest * on
        kernel, bias = _weights(following)
        shares, rest = shares @ kernel, rest @ kernel + bias
    contributions = dict(zip(indices.tolist(), shares[:, 0].tolist(), strict=True))
    return contributions, float(rest[0])


def _weights(layer: keras.layers.Dense) -> tuple[np.ndarray, np.ndarray]:
    kernel, bias = layer.get_weights()
    return kernel.astype("float64"), bias.astype("float64")


def _dense_layers(model: keras.Sequential) -> list[keras.layers.Dense]:
    layers = list(model.layers)
    known = (keras.activations.relu, keras.activations.linear)
    if (
        not layers
        or not all(isinstance(layer, keras.layers.Dense) for layer in layers)
        or not all(layer.built and layer.use_bias for layer in layers)
        or not all(layer.activation in known for layer in layers[:-1])
        or layers[-1].activation is not keras.activations.sigmoid
        or layers[-1].units != 1
    ):
        raise ValueError(
            "word_contributions needs a stack of Dense layers with relu (or no activation) and one "
            "sigmoid unit at the end. For another activation the "
            "prediction is no sum over words."
        )
    return layers
