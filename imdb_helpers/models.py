"""The network of the book, and the seed that makes a run repeatable.

Taught in chapter 4, "Training a network".
"""

from collections.abc import Sequence

import keras


def build_model(
    hidden: Sequence[int] = (16, 16),
    *,
    activation: str = "relu",
    loss: str = "binary_crossentropy",
    optimizer: str = "rmsprop",
    dimension: int = 10_000,
) -> keras.Sequential:
    """Build and compile a fresh stack of Dense layers with one sigmoid unit at the end.

    Args:
        hidden: units of each hidden layer; `()` gives a linear model (logistic regression).
        activation: of the hidden layers, by its Keras name.
        loss: by its Keras name.
        optimizer: by its Keras name.
        dimension: length of an input vector.

    Returns:
        A compiled model with new random weights. It takes arrays of shape (reviews,
        dimension) and returns probabilities of "positive", float32, shape (reviews, 1).

    Raises:
        ValueError: a hidden layer without units, or a name that Keras does not know.
    """
    if any(units < 1 for units in hidden):
        raise ValueError(
            f"hidden={tuple(hidden)} has a layer without units; "
            "expected the number of units of each hidden layer, such as (16, 16)."
        )
    model = keras.Sequential([keras.Input(shape=(dimension,))])
    for units in hidden:
        model.add(keras.layers.Dense(units, activation=activation))
    model.add(keras.layers.Dense(1, activation="sigmoid"))
    model.compile(optimizer=optimizer, loss=loss, metrics=["accuracy"])
    return model


def set_seed(seed: int = 0) -> None:
    """Seed Python, NumPy and Keras's backend, so that the next network starts the same every time.

    The start of the weights and the order of the batches repeat on any machine; the last digits of
    sums may not, because processors add in different orders.

    Args:
        seed: any integer from 0 to 4,294,967,295.

    Raises:
        ValueError: `seed` is no such integer.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        raise ValueError(f"seed={seed!r}; expected an integer from 0 to {2**32 - 1:,}.")
    keras.utils.set_random_seed(seed)
