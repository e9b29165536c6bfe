"""The network by hand learns what Keras's learns, and its gradients are slopes.

If one of these fails, a chapter teaches the reader something that `fit` does not do.
"""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from imdb_helpers import multi_hot, multi_hot_sparse
from imdb_helpers.network import Network
from tests.helpers.networks import dense_network

ON_TENSORFLOW = keras.backend.backend() == "tensorflow"


def made_up(reviews, words=40, seed=0, share=0.2):
    """Return sparse reviews whose label depends on their first words."""
    rng = np.random.default_rng(seed)
    x = sparse.csr_matrix((rng.random((reviews, words)) < share).astype("float32"))
    signal = x[:, :5].toarray().sum(axis=1) - x[:, 5:10].toarray().sum(axis=1)
    return x, (signal + rng.normal(0, 0.5, reviews) > 0).astype("int64")


def keras_takes(x):
    """Return a matrix in the form that this session's Keras takes."""
    return x if ON_TENSORFLOW else x.toarray()


def assert_equal_training(model, network, x, y, validation, batch_size):
    """Train both from one start, in one order, and compare all that can be seen of them."""
    network.set_weights(model.get_weights())
    settings = {"epochs": 2, "batch_size": batch_size, "shuffle": False}
    x_val, y_val = validation
    theirs = model.fit(
        keras_takes(x), y, validation_data=(keras_takes(x_val), y_val), verbose=0, **settings
    ).history
    ours = network.fit(x, y, validation_data=validation, **settings)
    assert sorted(ours) == sorted(theirs)
    for name in ours:
        assert ours[name] == pytest.approx(theirs[name], abs=1e-3), name
    for weight, other in zip(network.get_weights(), model.get_weights(), strict=True):
        assert weight.shape == other.shape
        assert np.abs(weight - other).max() < 1e-4
    p = model.predict(keras_takes(x_val), verbose=0, batch_size=512)
    assert network.predict(x_val).shape == p.shape
    assert np.abs(network.predict(x_val) - p).max() < 1e-4
    scores = model.evaluate(keras_takes(x_val), y_val, verbose=0, batch_size=512)
    assert network.evaluate(x_val, y_val) == pytest.approx(scores, abs=1e-3)


@pytest.mark.parametrize(
    ("hidden", "activation", "loss", "l2", "rate"),
    [
        ((), "relu", "mse", 0, 0.001),
        ((8,), "tanh", "binary_crossentropy", 0.01, 0.001),
        ((16, 16, 16), "tanh", "mse", 0, 0.01),
        ((16, 16), "relu", "binary_crossentropy", 0.01, 0.01),
    ],
)
def test_two_epochs_end_where_keras_ends(hidden, activation, loss, l2, rate):
    """Each depth, activation, loss and setting once: the gradients of any mixture are below."""
    keras.utils.set_random_seed(1)
    penalty = keras.regularizers.L2(l2) if l2 else None
    optimizer = keras.optimizers.RMSprop(rate)
    # Step by step: to compile it would cost more than these few steps.
    model = dense_network(hidden, activation, loss, optimizer, 40, penalty, run_eagerly=True)
    network = Network(hidden, activation, loss, learning_rate=rate, l2=l2)
    assert_equal_training(model, network, *made_up(200), made_up(100, seed=1), batch_size=32)


@pytest.mark.parametrize("hidden", [(16, 16), ()], ids=["the book's", "linear"])
def test_two_epochs_of_real_reviews_end_where_keras_ends(hidden, real_data):
    (reviews, labels), _ = real_data
    x, y = multi_hot_sparse(reviews[:6_000]), labels[:6_000]
    keras.utils.set_random_seed(1)
    model, validation = dense_network(hidden), (x[:2_000], y[:2_000])
    assert_equal_training(model, Network(hidden), x[2_000:], y[2_000:], validation, batch_size=512)


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
    # Biases off zero and float64: what a nudge of a millionth changes must be seen.
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


def test_the_pencil_example_of_one_step_comes_out():
    """Good is positive, not good is negative; a cancelled word, an absent one, a closed gate."""
    network = Network((2,))
    network.set_weights([[[1, 1], [0, 0], [-2, 1]], [0, 0], [[1], [1]], [-2]])
    of_kernel, of_bias, of_kernel_out, of_bias_out = network.gradients(
        [[1, 0, 0], [1, 0, 1]], [1, 0]
    )
    assert of_kernel.tolist() == [[-0.25, 0], [0, 0], [0, 0.25]]
    assert of_bias.tolist() == [-0.25, 0]
    assert of_kernel_out.tolist() == [[-0.25], [0.25]]
    assert of_bias_out.tolist() == [0]


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
    assert all(weight.dtype == "float32" for weight in weights)
    for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
        limit = np.sqrt(6 / sum(kernel.shape))
        assert 0.7 * limit < np.abs(kernel).max() <= limit
        assert abs(kernel.mean()) < limit / 2
        assert not bias.any()


def trained(epochs=2, order_seed=None, shuffle=True, **settings):
    """Return the weights after a short run on made-up reviews."""
    network = Network((4,), **settings)
    network.fit(*made_up(60), epochs, batch_size=16, order_seed=order_seed, shuffle=shuffle)
    return network.get_weights()


def same(weights, others):
    return all(np.array_equal(a, b) for a, b in zip(weights, others, strict=True))


@pytest.mark.parametrize("dropout", [0, 0.5])
def test_one_seed_repeats_everything_and_another_nothing(dropout):
    assert same(trained(seed=1, dropout=dropout), trained(seed=1, dropout=dropout))
    assert not same(trained(seed=1, dropout=dropout), trained(seed=2, dropout=dropout))


def test_dropout_reaches_the_training():
    assert not same(trained(seed=1, dropout=0.5), trained(seed=1))


def test_start_and_order_are_two_kinds_of_luck():
    assert same(trained(seed=1, order_seed=5), trained(seed=1, order_seed=5))
    assert not same(trained(seed=1, order_seed=5), trained(seed=1, order_seed=6))
    assert not same(trained(seed=1, order_seed=5), trained(seed=2, order_seed=5))
    assert not same(trained(seed=1, shuffle=False), trained(seed=1))
    starts = []
    for order_seed in (5, 6):  # one batch: the order is without effect, so the start is seen
        network = Network((4,), seed=1)
        network.fit(*made_up(60), 1, batch_size=60, order_seed=order_seed)
        starts.append(network.get_weights())
    assert all(np.allclose(a, b, atol=1e-5) for a, b in zip(*starts, strict=True))


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
    x, y = made_up(60)
    network, other = Network((4,)), Network((4,))
    history = network.fit(x, y, 2, validation_data=made_up(30, seed=1))
    assert list(other.fit(x, y, 2)) == ["loss", "accuracy"]
    assert same(network.get_weights(), other.get_weights())
    assert network.evaluate(*made_up(30, seed=1)) == (
        history["val_loss"][-1],
        history["val_accuracy"][-1],
    )


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
    # A unit that was dropped sends nothing back: 1 in 4 has no part, the others 4/3 of one.
    single = [network.gradients(x[:1], y[:1]) for _ in range(2000)]
    shares = np.array([gradients[0][0, 0] != 0 for gradients in single])
    assert shares.mean() == pytest.approx(0.75, abs=0.03)
    assert all((g[0][0, 0] == 0) == (g[2][0, 0] == 0) for g in single)


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


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"hidden": (16, 0)}, r"hidden is \(16, 0\); expected the units"),
        ({"hidden": (1.5,)}, "hidden is"),
        ({"hidden": 16}, r"hidden is 16; .*such as \(16, 16\)"),
        ({"activation": "rleu"}, "activation is 'rleu'; expected 'relu' or 'tanh'"),
        ({"loss": "hinge"}, "loss is 'hinge'; expected 'binary_crossentropy' or 'mse'"),
        *(({"learning_rate": rate}, "learning_rate is") for rate in (0, -1, np.nan, np.inf, "1")),
        *(({"dropout": share}, "dropout is") for share in (1, -0.1, np.nan, None)),
        *(({"l2": l2}, "l2 is") for l2 in (-0.1, np.nan, np.inf, None)),
        *(({"seed": seed}, "the seed is .*an integer of 0 or more") for seed in (-1, 0.5, None)),
    ],
)
def test_a_setting_that_makes_no_network_is_named(settings, says):
    with pytest.raises(ValueError, match=says):
        Network(**settings)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"epochs": 0}, "epochs is 0; expected an integer of 1 or more"),
        ({"batch_size": 0.5}, "batch_size is 0.5"),
        ({"order_seed": -1}, "the seed is -1"),
        ({"order_seed": "a"}, "the seed is 'a'"),
        ({"validation_data": (EYE, TWO, TWO)}, r"validation_data is .*a pair, \(x, y\)"),
        ({"validation_data": ()}, "validation_data is"),
        ({"x": [1, 0]}, r"the shape of x is \(2,\); expected \(reviews, inputs\), .*multi_hot"),
        ({"x": [[1], [2, 3]]}, "x is no matrix of numbers .*multi_hot"),
        ({"x": [["a"], ["b"]]}, "x is no matrix of numbers"),
        ({"x": np.ones((2, 2, 2))}, "the shape of x"),
        ({"x": np.ones((0, 2)), "y": []}, r"the shape of x is \(0, 2\); .*one review or more"),
        ({"x": np.ones((2, 0))}, "the shape of x"),
        ({"x": [[1, np.nan], [0, 1]]}, "an entry of x is nan; expected finite numbers"),
        ({"x": [[1, np.inf], [0, 1]]}, "an entry of x"),
        ({"y": [0, 1, 1]}, r"the shape of y is \(3,\); expected \(2,\): a label for each row"),
        ({"y": [[0, 1]]}, "the shape of y"),
        ({"y": [0, 2]}, r"a label is 2; expected 0 \(negative\) or 1"),
        ({"y": [-1, 1]}, "a label is -1"),
        ({"y": [0, np.nan]}, "a label is nan"),
        ({"y": ["no", "yes"]}, "a label is"),
        ({"validation_data": (EYE, [0, 1, 1])}, "the shape of y"),
        (
            {"validation_data": (np.eye(3), [0, 1, 1])},
            r"the shape of x is \(3, 3\); .*reviews, 2\)",
        ),
    ],
)
def test_what_cannot_be_learned_from_is_named(changed, says):
    network = Network((2,))
    with pytest.raises(ValueError, match=says):
        network.fit(**({"x": EYE, "y": TWO} | changed))


def test_a_fit_that_was_refused_leaves_no_trace():
    network = Network((2,))
    with pytest.raises(ValueError, match="a label is 2"):
        network.fit(np.eye(3), [0, 1, 2])
    network.fit(EYE, TWO)
    assert network.get_weights()[0].shape == (2, 2)


def test_before_it_has_weights_it_cannot_predict():
    network = Network()
    assert network.get_weights() == []
    for use in (lambda: network.predict(EYE), lambda: network.evaluate(EYE, TWO)):
        with pytest.raises(ValueError, match="call fit or set_weights first"):
            use()


def test_other_columns_than_it_was_trained_on_are_named():
    network = Network((2,))
    network.fit(EYE, TWO)
    for use in (network.predict, lambda x: network.fit(x, [0, 1, 1])):
        with pytest.raises(
            ValueError, match=r"the shape of x is \(3, 3\); expected \(reviews, 2\)"
        ):
            use(np.eye(3))


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        ([], r"the shapes of the weights is \[\]"),
        ([1.0], "the shapes of the weights"),
        (None, "as get_weights gives"),
        ([np.ones((3, 2)), np.ones(2), np.ones((2, 1))], "the shapes of the weights"),
        ([np.ones((3, 4)), np.ones(4), np.ones((4, 1)), np.ones(1)], "the shapes of the weights"),
        ([np.ones((3, 2)), np.ones(2), np.ones((2, 1)), [np.nan]], "smaller learning_rate"),
        ([np.ones((2, 2)), np.ones(2), np.ones((2, 1)), ["a"]], "as get_weights gives"),
    ],
)
def test_weights_that_do_not_fit_are_named(weights, says):
    network = Network((2,))
    with pytest.raises(ValueError, match=says):
        network.set_weights(weights)
    network.set_weights([np.ones((3, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)])
    with pytest.raises(ValueError, match=r"expected \[\(3, 2\), \(2,\), \(2, 1\), \(1,\)\]"):
        network.set_weights([np.ones((4, 2)), np.ones(2), np.ones((2, 1)), np.ones(1)])
