"""Variants run in pairs: run k has start k, order k and choice k, in whatever company."""

import re
from unittest.mock import MagicMock

import numpy as np
import pytest
from scipy import sparse

from imdb_helpers import Network, compare, experiments


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch):
    monkeypatch.setattr(experiments, "_REMEMBERED", {})


def made_up(reviews=60, words=12, seed=0):
    """Return sparse reviews whose label depends on their first words."""
    rng = np.random.default_rng(seed)
    x = sparse.csr_matrix((rng.random((reviews, words)) < 0.3).astype("float32"))
    signal = x[:, :3].toarray().sum(axis=1) - x[:, 3:6].toarray().sum(axis=1)
    return x, (signal + rng.normal(0, 0.5, reviews) > 0).astype("int64")


X, Y = made_up()
TWO = {"two": {"hidden": (2,)}, "none": {"hidden": ()}}


def quick(variants=TWO, x=X, y=Y, validation=None, runs=3, **arguments):
    """Compare small networks on made-up reviews."""
    return compare(variants, x, y, validation or made_up(40, seed=1), runs=runs, **arguments)


@pytest.fixture
def trained(monkeypatch):
    """Return the list of what each network is made of, and what it is trained on."""
    seen = []

    class Spy(Network):
        def __init__(self, **settings):
            self.settings = settings
            super().__init__(**settings)

        def fit(self, x, y, **settings):
            seen.append((self.settings, settings, x, y))
            return super().fit(x, y, **settings)

    monkeypatch.setattr(experiments, "Network", Spy)
    return seen


def test_run_k_has_start_k_and_order_k_and_it_remembers_what_it_compared():
    result = quick()
    for name, settings in TWO.items():
        for run in range(3):
            network = Network(**settings, seed=run)
            network.fit(X, Y, order_seed=run)
            assert result.scores[name][run] == network.evaluate(*made_up(40, seed=1))[1]
    assert result.variants == TWO
    assert (result.trained_on, result.held_out, result.pairs) == (60, 40, 3)
    assert (result.reference, result.level) == ("two", 0.05)
    assert compare({"a": {}}, X, Y, (X, Y)).pairs == 10


def test_a_variant_has_the_same_runs_in_whatever_company():
    alone = quick([("b", {"hidden": (3,), "epochs": 6, "learning_rate": 0.05})])
    other = quick({"a": {}, "b": {"hidden": [3], "epochs": 6, "learning_rate": 0.05}})
    assert np.array_equal(alone.scores["b"], other.scores["b"])
    assert quick({"a": {}, "b": {}}, reference="b", level=0.5).reference == "b"
    assert not quick({"a": {}, "b": {}}).differences("b").any()


def test_every_setting_reaches_the_network(trained):
    of_network = {
        "hidden": (2,), "activation": "tanh", "loss": "mse", "learning_rate": 0.1,
        "dropout": 0.5, "l2": 0.1,
    }  # fmt: skip
    of_fit = {"epochs": 2, "batch_size": 7}
    quick({"a": of_network | of_fit | {"words": 5, "reviews": 20}}, runs=2)
    settings, given, x, y = trained[-1]
    assert (settings, given) == (of_network | {"seed": 1}, of_fit | {"order_seed": 1})
    # The beginning of a list that each run has; not the numbers of its order.
    rows = np.random.default_rng([1, 1]).permutation(60)[:20]
    assert np.array_equal(x.toarray(), X.toarray()[rows, :5])
    assert np.array_equal(y, Y[rows, None])


def test_fewer_words_are_taken_from_the_held_out_reviews_too():
    few = quick({"a": {"words": 4}}, validation=(X, Y))
    cut = quick({"a": {}}, X[:, :4], Y, (X[:, :4], Y))
    assert np.array_equal(few.scores["a"], cut.scores["a"])


def test_a_run_is_made_once_for_the_same_settings_and_reviews(trained):
    first = quick({"a": {"hidden": (2,), "epochs": 3}})
    again = quick({"b": {"epochs": 3, "hidden": [2]}, "none": {"hidden": ()}}, runs=4)
    assert [each[1]["order_seed"] for each in trained] == [0, 1, 2, 3, 0, 1, 2, 3]
    assert list(again.scores["b"][:3]) == list(first.scores["a"])
    wider = sparse.csr_matrix((X.data, X.indices, X.indptr), (60, 13))
    rotated = sparse.csr_matrix((X.data, (X.indices + 1) % 12, X.indptr), X.shape)
    for x, y, validation in (
        (X, 1 - Y, None), (X * 2, Y, None), (rotated, Y, None),
        (X, Y, (X, Y)), (X, Y, (X, 1 - Y)), (X, Y, (X[1:], Y[1:])), (X, Y, (X * 2, Y)),
        (X, Y, (rotated, Y)), (wider, Y, (wider, Y)), (X.astype("float64"), Y, (X * 3, Y)),
    ):  # fmt: skip
        trained.clear()
        quick({"a": {"hidden": (2,), "epochs": 3}}, x, y, validation, runs=2)
        assert len(trained) == 2


NAMES = 'expected names and settings, such as {"one layer": {"hidden": (16,)}}.'
SETTINGS = f"expected one of {', '.join(experiments.SETTINGS)}"
LEVEL = "expected a share between 0 and 1, such as 0.05."
CANNOT = {
    f"variants is {{}}; {NAMES}": {"variants": {}},
    f"variants is {{'a': 16}}; {NAMES}": {"variants": {"a": 16}},
    f"variants is 3; {NAMES}": {"variants": 3},
    "names is ['a', 'a']; expected a name only once.": {"variants": [("a", {}), ("a", {})]},
    f"a setting of 'a' is 'units'; {SETTINGS}.": {"variants": {"a": {"units": 4}}},
    f"a setting of 'a' is 'seed'; {SETTINGS}; start and order are the run's.": {
        "variants": {"a": {"seed": 4}}
    },
    "hidden is 16; expected the units": {"variants": {"a": {"hidden": 16}}},
    "epochs is 0; expected an integer": {"variants": {"a": {"epochs": 0}}},
    "words is 13; expected at most 12, as x has.": {"variants": {"a": {"words": 13}}},
    "reviews is 61; expected at most 60, as x has.": {"variants": {"a": {"reviews": 61}}},
    "reviews is 0; expected an integer": {"variants": {"a": {"reviews": 0}}},
    "runs is 1; expected 2 or more: one run cannot show luck.": {"runs": 1},
    "runs is 2.5; expected an integer": {"runs": 2.5},
    **{f"level is {level!r}; {LEVEL}": {"level": level} for level in (5, 0, 1, "0.05")},
    "reference is 'b'; expected 'a'.": {"reference": "b"},
    "validation_data is <class 'int'>; expected a pair": {"validation": 1},
    "columns of validation is 5; expected 12, as many as x has.": {
        "validation": made_up(9, words=5)
    },
    "the shape of y is (2,); expected (60,)": {"y": [0, 1]},
    "the shape of y is (2,); expected (60,): a label": {"validation": (X, [0, 1])},
}


@pytest.mark.parametrize("says", CANNOT)
def test_what_cannot_be_compared_is_named_before_anything_runs(monkeypatch, says):
    monkeypatch.setattr(Network, "fit", None)
    with pytest.raises(ValueError, match=f"^{re.escape(says)}" + "$" * says.endswith(".")):
        quick(**({"variants": {"a": {}}} | CANNOT[says]))


def test_all_that_there_is_may_be_asked_for_and_each_run_moves_the_bar(monkeypatch):
    bar = MagicMock()
    monkeypatch.setattr(experiments, "progress_bar", bar)
    quick({"a": {"words": 12, "reviews": 60}, "b": {"words": 1, "reviews": 1}}, runs=2)
    bar.assert_called_once_with(4, "comparing", "runs")
    assert bar().__enter__().update.call_args_list == [((1,),)] * 4
