"""Networks of Keras, for the tests that compare with them."""

from collections.abc import Sequence

import keras


def dense_network(
    hidden: Sequence[int],
    activation: str = "relu",
    loss: str = "binary_crossentropy",
    optimizer: object = "rmsprop",
    dimension: int = 10_000,
) -> keras.Sequential:
    """Return Dense layers and one sigmoid unit, compiled."""
    layers = [keras.layers.Dense(units, activation) for units in hidden]
    last = keras.layers.Dense(1, "sigmoid")
    model = keras.Sequential([keras.Input(shape=(dimension,)), *layers, last])
    model.compile(optimizer, loss, metrics=["accuracy"])
    return model
