"""Networks of Keras, for the tests that compare with them."""

from collections.abc import Sequence

import keras


def dense_network(
    hidden: Sequence[int],
    activation: str = "relu",
    loss: str = "binary_crossentropy",
    optimizer: object = "rmsprop",
    dimension: int = 10_000,
    penalty: object = None,
    run_eagerly: bool = False,
) -> keras.Sequential:
    """Return Dense layers and one sigmoid unit, compiled."""
    units = [*((count, activation) for count in hidden), (1, "sigmoid")]
    layers = [keras.layers.Dense(*each, kernel_regularizer=penalty) for each in units]
    model = keras.Sequential([keras.Input(shape=(dimension,)), *layers])
    model.compile(optimizer, loss, metrics=["accuracy"], run_eagerly=run_eagerly)
    return model
