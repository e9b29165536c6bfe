"""The contributions of the words and the remainder add up to the network's answer."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imdb_helpers import multi_hot, word_contributions
from tests.helpers.networks import dense_network

DIMENSION = 12
HIDDEN = st.lists(st.integers(1, 6), max_size=3)
REVIEW = st.lists(st.integers(0, DIMENSION - 1), min_size=1, max_size=20)


def network(hidden, seed=0, activation="relu"):
    """Return a network with random weights, biases included."""
    model = dense_network(hidden, activation=activation, dimension=DIMENSION)
    rng = np.random.default_rng(seed)
    model.set_weights([rng.normal(size=weights.shape) for weights in model.get_weights()])
    return model


@pytest.fixture(scope="module")
def model():
    return network((3, 2))


def logit_by_hand(model, review):
    """Return what goes into the sigmoid, layer by layer in double precision."""
    values = multi_hot([review], DIMENSION, "float64")[0]
    *hidden, last = [(layer.activation.__name__, layer.get_weights()) for layer in model.layers]
    for activation, (kernel, bias) in hidden:
        values = values @ kernel.astype("float64") + bias
        values = np.maximum(values, 0) if activation == "relu" else values
    kernel, bias = last[1]
    return float(values @ kernel[:, 0].astype("float64") + bias[0])


@settings(max_examples=30)
@given(hidden=HIDDEN, seed=st.integers(0, 10**6), review=REVIEW)
def test_they_add_up_to_the_logit_of_any_network(hidden, seed, review):
    model = network(hidden, seed, "relu" if seed % 4 else "linear")
    contributions, remainder = word_contributions(model, review)
    assert list(contributions) == sorted(set(review))
    assert {*map(type, contributions)} == {int}
    assert {*map(type, (*contributions.values(), remainder))} == {float}
    total = sum(contributions.values()) + remainder
    assert total == pytest.approx(logit_by_hand(model, review), rel=1e-9, abs=1e-9)
    p = keras.ops.convert_to_numpy(model(multi_hot([review], DIMENSION, "uint8")))[0, 0]
    assert 1 / (1 + np.exp(-total)) == pytest.approx(p, abs=1e-4)
    assert contributions == word_contributions(model, review * 2)[0]


def test_in_a_linear_model_the_contributions_are_the_weights():
    model = network(())
    kernel, bias = model.get_weights()
    contributions, remainder = word_contributions(model, [7, 2])
    assert contributions == pytest.approx({2: kernel[2, 0], 7: kernel[7, 0]})
    assert remainder == pytest.approx(bias[0])


def test_a_saved_network_is_explained_the_same(model, tmp_path):
    model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras", compile=False)
    assert word_contributions(loaded, [1, 2]) == word_contributions(model, [1, 2])


def dense(units=1, activation="sigmoid", **settings):
    return keras.layers.Dense(units, activation, **settings)


INPUTS = [keras.Input(shape=(DIMENSION,))]
OTHER_STACKS = {
    "tanh": lambda: [*INPUTS, dense(3, "tanh"), dense()],
    "dropout": lambda: [*INPUTS, dense(3, "relu"), keras.layers.Dropout(0.5), dense()],
    "no bias": lambda: [*INPUTS, dense(3, "relu", use_bias=False), dense()],
    "two units": lambda: [*INPUTS, dense(3, "relu"), dense(2)],
    "no sigmoid": lambda: [*INPUTS, dense(3, "relu"), dense(1, None)],
    "sigmoid inside": lambda: [*INPUTS, dense(3), dense()],
    "no Dense layer": lambda: [*INPUTS, keras.layers.Rescaling(2.0)],
    "no layer": lambda: INPUTS,
    "no weights yet": lambda: [dense()],
}


@pytest.mark.parametrize("layers", OTHER_STACKS.values(), ids=OTHER_STACKS)
def test_other_networks_are_refused(layers):
    with pytest.raises(ValueError, match=r"^word_contributions") as error:
        word_contributions(keras.Sequential(layers()), [1, 2])
    assert str(error.value) == (
        "word_contributions needs a stack of Dense layers with relu (or no activation) and one "
        "sigmoid unit at the end. For another activation the prediction is no sum over words."
    )


@pytest.mark.parametrize("review", [[], [DIMENSION], [0.5]])
def test_a_review_that_cannot_be_vectorized_is_refused(model, review):
    with pytest.raises(ValueError, match="review 0"):
        word_contributions(model, review)
