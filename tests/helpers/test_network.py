"""The network by hand learns what Keras's learns, and its gradients are slopes.

If one of these fails, a chapter teaches the reader something that `fit` does not do.
"""

import re
from itertools import combinations

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from imdb_helpers import multi_hot, multi_hot_sparse
from imdb_helpers.network import Network
from tests.helpers.networks import dense_network


def made_up(reviews, words=40, seed=0, share=0.2):
    """Return sparse reviews whose label depends on their first words."""
    rng = np.random.default_rng(seed)
    x = sparse.csr_matrix((rng.random((reviews, words)) < share).astype("float32"))
    signal = x[:, :5].toarray().sum(axis=1) - x[:, 5:10].toarray().sum(axis=1)
    return x, (signal + rng.normal(0, 0.5, reviews) > 0).astype("int64")


@pytest.mark.parametrize(
    ("hidden", "activation", "loss", "l2", "rate"),
    [((8,), "tanh", "mse", 0.01, 0.01), ((16, 16), "relu", "binary_crossentropy", 0, 0.001)],
)
def test_two_epochs_end_where_keras_ends(hidden, activation, loss, l2, rate):
    """On real reviews chapter 8 shows it; the gradients of any mixture are below."""
    keras.utils.set_random_seed(1)
    penalty = keras.regularizers.L2(l2) if l2 else None
    optimizer = keras.optimizers.RMSprop(rate)
    # Step by step: to compile it would cost more than these few steps.
    model = dense_network(hidden, activation, loss, optimizer, 40, penalty, run_eagerly=True)
    network = Network(hidden, activation, loss, learning_rate=rate, l2=l2)
    (x, y), (x_val, y_val) = made_up(200), made_up(100, seed=1)
    network.set_weights(model.get_weights())
    same = {"epochs": 2, "batch_size": 32, "shuffle": False}
    held_out = (x_val.toarray(), y_val)
    theirs = model.fit(x.toarray(), y, validation_data=held_out, verbose=0, **same).history
    ours = network.fit(x, y, validation_data=(x_val, y_val), **same)
    assert ours.keys() == theirs.keys()
    for name in ours:
        assert ours[name] == pytest.approx(theirs[name], abs=1e-3), name
    for weight, other in zip(network.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(weight, other, atol=1e-4)
    p = keras.ops.convert_to_numpy(model(x_val.toarray()))
    np.testing.assert_allclose(network.predict(x_val), p, atol=1e-4)
    assert network.evaluate(x_val, y_val) == (ours["val_loss"][-1], ours["val_accuracy"][-1])


@settings(max_examples=30)
@given(
    hidden=st.lists(st.integers(1, 4), max_size=3),
    activation=st.sampled_from(["relu", "tanh"]),
    loss=st.sampled_from(["binary_crossentropy", "mse"]),
    l2=st.sampled_from([0.0, 0.1]),
    seed=st.integers(0, 1000),
)
def test_each_gradient_is_the_slope_that_nudging_finds(hidden, activation, loss, l2, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(7, 5)), rng.integers(0, 2, 7)
    network = Network(hidden, activation, loss, l2=l2)
    shapes = [gradient.shape for gradient in network.gradients(x, y)]
    # Biases off zero: what a nudge of a millionth changes must be seen.
    weights = [rng.normal(size=shape) for shape in shapes]
    network.set_weights(weights)
    gradients = network.gradients(x, y)
    assert [gradient.shape for gradient in gradients] == shapes

    def loss_nudged(number, place, nudge):
        nudged = [weight.copy() for weight in weights]
        nudged[number][place] += nudge
        network.set_weights(nudged)
        return network.evaluate(x, y)[0]

    for number, gradient in enumerate(gradients):
        for place in np.ndindex(gradient.shape):
            up, down = (loss_nudged(number, place, nudge) for nudge in (1e-6, -1e-6))
            assert gradient[place] == pytest.approx((up - down) / 2e-6, rel=1e-4, abs=1e-7)


def test_all_forms_of_the_same_reviews_train_the_same_network():
    reviews, y = [[1, 4, 2], [3, 1], [2, 2, 5], [0]], np.array([1, 0, 1, 0])
    forms = [
        multi_hot_sparse(reviews, 6),
        sparse.csc_array(multi_hot_sparse(reviews, 6)),
        multi_hot(reviews, 6, dtype="uint8"),
        multi_hot(reviews, 6, dtype="float64"),
        multi_hot(reviews, 6, dtype="uint8").tolist(),
    ]
    answers = []
    for x, labels in zip(forms, (y, y.tolist(), y[:, None], y == 1, y.astype(float)), strict=True):
        network = Network((4,))
        network.fit(x, labels, epochs=3, batch_size=2)
        answers.append(network.predict(x))
    assert all(np.array_equal(answer, answers[0]) for answer in answers)


def test_a_start_is_drawn_as_keras_draws_it():
    x, y = sparse.csr_matrix(np.eye(2, 10_000)), [0, 1]
    network = Network(seed=3)
    network.gradients(x, y)
    weights = network.get_weights()
    assert sum(weight.size for weight in weights) == 160_305
    assert all(weight.dtype == "float64" for weight in weights)
    for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
        limit = np.sqrt(6 / sum(kernel.shape))
        assert 0.7 * limit < np.abs(kernel).max() <= limit
        assert abs(kernel.mean()) < limit / 2
        assert not bias.any()


def trained(epochs=2, batch_size=16, order_seed=None, shuffle=True, **of_network):
    """Return the weights after a short run on made-up reviews."""
    network = Network((4,), **of_network)
    network.fit(*made_up(60), epochs, batch_size, order_seed=order_seed, shuffle=shuffle)
    return network.get_weights()


def same(weights, others):
    return all(np.array_equal(a, b) for a, b in zip(weights, others, strict=True))


def test_start_order_and_dropping_are_three_kinds_of_luck():
    assert same(trained(seed=1, dropout=0.5), trained(seed=1, dropout=0.5))
    assert same(trained(seed=1, order_seed=5), trained(seed=1, order_seed=5))
    assert same(trained(seed=1), trained(seed=np.int64(1), shuffle=True))
    different = [{}, {"order_seed": 5}, {"order_seed": 6}, {"shuffle": False}, {"dropout": 0.5}]
    runs = [trained(seed=1, **one) for one in different] + [trained(seed=2, order_seed=5)]
    assert not any(same(a, b) for a, b in combinations(runs, 2))
    # One batch: the order is without effect, so the start is seen.
    starts = [trained(seed=1, order_seed=seed, epochs=1, batch_size=60) for seed in (5, 6)]
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(*starts, strict=True))


def test_what_is_left_out_is_as_in_the_book():
    (x, y), plain = made_up(600), Network()
    written = Network((16, 16), "relu", "binary_crossentropy", 0.001, 0.0, 0.0, 0)
    plain.fit(x, y)
    written.fit(x, y, 4, 512, None, True, None)
    assert same(plain.get_weights(), written.get_weights())


@pytest.mark.parametrize("dropout", [0, 0.5])
def test_a_second_fit_goes_on_where_the_first_stopped(dropout):
    x, y = made_up(60)
    network = Network((4,), dropout=dropout)
    first = network.fit(x, y, 2, batch_size=16)
    network.set_weights(network.get_weights())  # leaves the optimizer alone, as in Keras
    second = network.fit(x, y, 1, batch_size=16)
    once = Network((4,), dropout=dropout)
    assert once.fit(x, y, 3, batch_size=16)["loss"] == first["loss"] + second["loss"]
    assert same(network.get_weights(), once.get_weights())


def test_nobody_learns_from_validation_data():
    (x, y), network, other = made_up(60), Network((4,)), Network((4,))
    network.fit(x, y, 2, validation_data=[*made_up(30, seed=1)])
    assert list(other.fit(x, y, 2)) == ["loss", "accuracy"]
    assert same(network.get_weights(), other.get_weights())


def test_what_it_is_given_stays_as_it_was_and_what_it_gives_is_a_copy():
    x, y = made_up(60)
    network = Network((4,))
    network.fit(x, y)
    weights, answers = network.get_weights(), network.predict(x)
    kept = [weight.copy() for weight in weights]
    network.set_weights(weights)
    network.fit(x, y)
    assert same(weights, kept)
    network.set_weights(kept)
    for weight in network.get_weights():
        weight[:] = 0
    assert np.array_equal(network.predict(x), answers)


def test_dropout_keeps_a_layers_sum_on_average_and_happens_in_training_only():
    """The gradient of an output weight is the mean of what the unit before it gave out."""
    x, y = np.ones((20_000, 1)), np.zeros(20_000)
    network = Network((1,), dropout=0.25)
    network.set_weights([[[2.0]], [0.0], [[0.0]], [0.0]])  # the unit gives 2, the answer is 0.5
    kept = network.gradients(x, y)[2][0, 0] / 0.5
    assert kept == pytest.approx(2, abs=0.03)
    assert kept != 2
    assert network.predict(x[:1])[0, 0] == 0.5
    network.set_weights([[[2.0]], [0.0], [[1.0]], [0.0]])
    assert np.ptp(network.predict(x)) == 0


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_a_dropped_unit_has_the_slope_that_its_output_has(activation):
    """Otherwise a tanh unit that was dropped, with output 0, would learn most of all."""
    network = Network((1,), activation, dropout=0.5)
    network.set_weights([[[0.5]], [0.1], [[0.7]], [0.2]])
    inner = {"relu": (0.6, 1), "tanh": (np.tanh(0.6), 1 - np.tanh(0.6) ** 2)}[activation]
    seen = set()
    for _ in range(20):
        of_kernel, _, of_kernel_out, _ = network.gradients([[1.0]], [1])
        enlarged = 0 if of_kernel_out == 0 else 2
        error = 1 / (1 + np.exp(-(0.7 * inner[0] * enlarged + 0.2))) - 1
        assert of_kernel_out[0, 0] == pytest.approx(error * inner[0] * enlarged)
        assert of_kernel[0, 0] == pytest.approx(error * 0.7 * inner[1] * enlarged)
        seen.add(enlarged)
    assert seen == {0, 2}


def test_an_answer_of_one_half_counts_as_negative_as_in_keras():
    network = Network(())
    network.set_weights([np.zeros((2, 1)), [0]])
    assert network.evaluate(np.ones((4, 2)), [0, 0, 0, 1]) == (pytest.approx(np.log(2)), 0.75)


@pytest.mark.parametrize("loss", ["binary_crossentropy", "mse"])
def test_being_sure_and_wrong_costs_a_finite_loss(loss):
    network = Network((), loss=loss)
    network.set_weights([[[1000.0]], [0.0]])
    cost, accuracy = network.evaluate([[1], [-1]], [0, 1])
    assert cost == pytest.approx(-np.log(1e-7) if loss != "mse" else 1)
    assert accuracy == 0


EYE, TWO = np.eye(2), [0, 1]
VECTORIZE = (
    "with one review or more. Vectorize a list of reviews as the training data was: "
    "multi_hot(reviews); for one review, multi_hot([review])."
)
NO_MATRIX = "x is no matrix of numbers (...). Vectorize the reviews first: multi_hot(reviews)."
COUNT, PAIR = "expected an integer of 1 or more.", "expected a pair, (x, y)."
LABEL = "expected 0 (negative) or 1 (positive); recode the labels."
FINITE = "expected finite numbers only; look for where NaN or infinity comes from."


def assert_refused(says, use, *arguments, **settings):
    """Assert that a use is refused in exactly these words; "..." stands for any."""
    with pytest.raises(ValueError, match=re.escape(says).replace(r"\.\.\.", ".*") + "$"):
        use(*arguments, **settings)


REFUSED = {
    "hidden": (
        "the units of each layer, such as (16, 16); () for no layer",
        [(16, 0), (1.5,), (True,), 16],
    ),
    "activation": ("'relu' or 'tanh'", ["rleu"]),
    "loss": ("'binary_crossentropy' or 'mse'", ["hinge"]),
    "learning_rate": ("a number above 0, such as 0.001", [0, -1, np.nan, np.inf, "1"]),
    "dropout": ("a share from 0 (none) to below 1, such as 0.5", [1, -0.1, np.nan, None]),
    "l2": ("a number of 0 (none) or more, such as 0.001", [-0.1, np.nan, np.inf, None]),
    "seed": ("an integer of 0 or more", [-1, 0.5, None]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_setting_that_makes_no_network_is_named(name):
    wanted, values = REFUSED[name]
    for value in values:
        says = f"{name} is {value!r}; expected {wanted}."
        assert_refused("the " * (name == "seed") + says, Network, **{name: value})


CANNOT_LEARN = [
    (f"epochs is 0; {COUNT}", {"epochs": 0}),
    (f"batch_size is 0.5; {COUNT}", {"batch_size": 0.5}),
    ("the seed is -1; expected an integer of 0 or more.", {"order_seed": -1}),
    (f"validation_data is <class 'tuple'>; {PAIR}", {"validation_data": (EYE, TWO, TWO)}),
    (f"validation_data is <class 'str'>; {PAIR}", {"validation_data": "xy"}),
    (f"the shape of x is (2,); expected (reviews, inputs), {VECTORIZE}", {"x": [1, 0]}),
    (NO_MATRIX, {"x": [[1], [2, 3]]}),
    (NO_MATRIX, {"x": [["a"], ["b"]]}),
    (f"the shape of x is (2, 2, 2); ...{VECTORIZE}", {"x": np.ones((2, 2, 2))}),
    (f"the shape of x is (0, 2); ...{VECTORIZE}", {"x": np.ones((0, 2)), "y": []}),
    (f"the shape of x is (2, 0); ...{VECTORIZE}", {"x": np.ones((2, 0))}),
    (f"an entry of x is nan; {FINITE}", {"x": [[1, np.inf], [0, 1]]}),
    ("the shape of y is (3,); expected (2,): a label for each row of x.", {"y": [0, 1, 1]}),
    ("the shape of y is (1, 2); expected (2,): a label for each row of x.", {"y": [[0, 1]]}),
    (f"a label is 2; {LABEL}", {"y": [0, 2]}),
    (f"a label is -1; {LABEL}", {"y": [-1, 1]}),
    (f"a label is nan; {LABEL}", {"y": [0, np.nan]}),
    (f"a label is 'no'; {LABEL}", {"y": ["no", "yes"]}),
    (f"a label is 2; {LABEL}", {"validation_data": (EYE, [0, 2])}),
    (f"...(3, 3); expected (reviews, 2), {VECTORIZE}", {"validation_data": (np.eye(3), TWO)}),
]


@pytest.mark.parametrize(("says", "changed"), CANNOT_LEARN)
def test_what_cannot_be_learned_from_is_named_and_leaves_no_trace(says, changed):
    network = Network((2,))
    assert_refused(says, network.fit, **({"x": EYE, "y": TWO} | changed))
    start = network.get_weights()
    assert start == [] or changed.keys() & {"validation_data", "order_seed"}


def test_it_predicts_with_weights_and_for_their_columns_only():
    network = Network((2,))
    assert network.get_weights() == []
    says = "the network's start is None; expected weights; call fit or set_weights first."
    assert_refused(says, network.predict, EYE)
    assert_refused(says, network.evaluate, EYE, TWO)
    network.fit(EYE, TWO)
    says = f"the shape of x is (3, 3); expected (reviews, 2), {VECTORIZE}"
    assert_refused(says, network.predict, np.eye(3))
    assert_refused(says, network.fit, np.eye(3), [0, 1, 1])


FITS = [np.ones((3, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)]
NO_FIT = [
    ("the shapes of the weights is []; ...(2,), (1, 1), (1,)]: kernel, bias, ....", []),
    ("the shapes of the weights is [()]; ...kernel, bias, ....", [1.0]),
    ("...; expected a list of arrays of numbers, as get_weights gives.", None),
    ("...; expected a list of arrays of numbers, as get_weights gives.", [*FITS[:3], ["a"]]),
    ("the shapes of the weights is [(3, 2), (2,), (2, 1)]; ...", FITS[:3]),
    ("a weight is nan; expected finite numbers; train again with a smaller learning_rate.",
     [*FITS[:3], [np.nan]]),
]  # fmt: skip


@pytest.mark.parametrize(("says", "weights"), NO_FIT)
def test_weights_that_do_not_fit_are_named(says, weights):
    network = Network((2,))
    assert_refused(says, network.set_weights, weights)
    network.set_weights(FITS)
    says = "...(4, 2)...; expected [(3, 2), (2,), (2, 1), (1,)]: kernel, bias, ...."
    assert_refused(says, network.set_weights, [np.ones((4, 2)), *FITS[1:]])
