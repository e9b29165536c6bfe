"""`build_model` builds what chapter 4 counts by hand, and `set_seed` repeats a run."""

import random

import keras
import numpy as np
import pytest

from imdb_helpers import build_model, set_seed


def layers_of(model):
    return [(layer.units, layer.activation.__name__) for layer in model.layers]


def weights_of(model):
    return np.concatenate([weights.ravel() for weights in model.get_weights()])


def short_run(seed):
    """Return what a network predicts after two epochs on made-up reviews."""
    x = np.random.default_rng(5).integers(0, 2, (64, 12)).astype("float32")
    set_seed(seed)
    model = build_model((4,), dimension=12)
    model.fit(x, x[:, 0], epochs=2, batch_size=8, verbose=0)
    return model.predict(x, verbose=0)


def test_the_books_network_has_160305_parameters():
    model = build_model()
    assert layers_of(model) == [(16, "relu"), (16, "relu"), (1, "sigmoid")]
    assert [layer.count_params() for layer in model.layers] == [160_016, 272, 17]
    assert model.count_params() == 160_305
    assert (model.input_shape, model.output_shape) == ((None, 10_000), (None, 1))


def test_no_hidden_layers_give_a_linear_model():
    model = build_model(hidden=())
    assert layers_of(model) == [(1, "sigmoid")]
    assert model.count_params() == 10_001


def test_it_is_compiled_as_the_book_says():
    model = build_model(dimension=4)
    assert isinstance(model.optimizer, keras.optimizers.RMSprop)
    assert model.loss == "binary_crossentropy"
    history = model.fit(np.eye(4), np.ones(4), validation_split=0.5, verbose=0).history
    assert sorted(history) == ["accuracy", "loss", "val_accuracy", "val_loss"]


@pytest.mark.parametrize("hidden", [(4,), [64, 64], (16, 16, 16)])
def test_every_choice_arrives(hidden):
    model = build_model(hidden, activation="tanh", loss="mse", optimizer="adam", dimension=7)
    assert layers_of(model) == [*((units, "tanh") for units in hidden), (1, "sigmoid")]
    assert isinstance(model.optimizer, keras.optimizers.Adam)
    assert model.loss == "mse"
    assert model.input_shape == (None, 7)


def test_it_returns_probabilities():
    answers = build_model(dimension=6).predict(np.ones((3, 6)), verbose=0)
    assert (answers.shape, answers.dtype) == ((3, 1), "float32")
    assert ((answers > 0) & (answers < 1)).all()


@pytest.mark.parametrize("hidden", [(0,), (16, 0), (-1,)])
def test_a_layer_without_units_is_an_error(hidden):
    with pytest.raises(ValueError, match=r"hidden=.*has a layer without units"):
        build_model(hidden)


@pytest.mark.parametrize("choice", ["activation", "loss", "optimizer"])
def test_a_name_keras_does_not_know_is_an_error(choice):
    with pytest.raises(ValueError, match="rleu"):
        build_model(dimension=4, **{choice: "rleu"}).fit(np.eye(4), np.ones(4), verbose=0)


def test_the_same_seed_gives_the_same_run():
    first, other, second = short_run(3), short_run(4), short_run(3)
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_seed_reaches_python_and_numpy_too():
    draws = []
    for _ in range(2):
        set_seed(7)
        draws.append(
            (
                random.random(),
                np.random.random(),
                weights_of(build_model(dimension=3))[0],
            )
        )
    assert draws[0] == draws[1]


def test_without_a_seed_it_is_0():
    draws = []
    for seed in ([], [0]):
        set_seed(*seed)
        draws.append(np.random.random())
    assert draws[0] == draws[1]


@pytest.mark.parametrize("seed", [0, 2**32 - 1])
def test_the_ends_of_the_range_are_seeds(seed):
    set_seed(seed)


@pytest.mark.parametrize("seed", [-1, 2**32, 1.0, "1", None, True])
def test_anything_else_is_no_seed(seed):
    with pytest.raises(ValueError, match=r"expected an integer from 0 to 4,294,967,295\."):
        set_seed(seed)
