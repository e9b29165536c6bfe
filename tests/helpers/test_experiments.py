"""Variants are compared in pairs, and a verdict is one that the pairs can give."""

import re
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from imdb_helpers import Network, compare, experiments
from imdb_helpers.comparison import Comparison
from imdb_helpers.signflips import (
    EXACT,
    SAMPLE,
    holm,
    interval,
    needed_mean,
    sign_flip_p,
    sign_patterns,
    smallest_p,
)

thousandths = st.integers(-20, 20)


@pytest.fixture(autouse=True)
def nothing_is_remembered(monkeypatch):
    monkeypatch.setattr(experiments, "_REMEMBERED", {})


def made_up(reviews=60, words=12, seed=0):
    """Return sparse reviews whose label depends on their first words."""
    rng = np.random.default_rng(seed)
    x = sparse.csr_matrix((rng.random((reviews, words)) < 0.3).astype("float32"))
    signal = x[:, :3].toarray().sum(axis=1) - x[:, 3:6].toarray().sum(axis=1)
    return x, (signal + rng.normal(0, 0.5, reviews) > 0).astype("int64")


def quick(variants=None, runs=3, **arguments):
    """Compare small networks on made-up reviews."""
    variants = variants or {"two": {"hidden": (2,)}, "none": {"hidden": ()}}
    return compare(variants, *made_up(), made_up(40, seed=1), runs=runs, **arguments)


def result(level=0.05, **scores):
    """Return a comparison with made-up scores, in thousandths; the first is the reference."""
    scores = {name: np.array(values) / 1000 for name, values in scores.items()}
    first = next(iter(scores))
    return Comparison({name: {} for name in scores}, scores, first, level, 100, 1000)


# Sign flips.


def test_the_pencil_example_comes_out():
    assert sign_flip_p([3, 1, 2]) == 2 / 8
    assert sign_flip_p([0.3, 0.1, -0.2]) == 6 / 8  # the float sums are not quite equal


@given(st.lists(thousandths, min_size=1, max_size=7))
def test_all_signs_are_tried(differences):
    reached = [
        abs(sum(sign * d for sign, d in zip(signs, differences, strict=True)))
        >= abs(sum(differences))
        for signs in product((1, -1), repeat=len(differences))
    ]
    p = sign_flip_p(differences)
    assert p == pytest.approx(np.mean(reached))
    assert p == sign_flip_p([-d for d in differences]) == sign_flip_p(differences[::-1])
    assert p >= smallest_p(len(differences)) or len(differences) == 1


@pytest.mark.parametrize("pairs", [1, 2, 5, EXACT, EXACT + 1, 30])
def test_the_first_patterns_are_all_plus_and_all_minus(pairs):
    patterns = sign_patterns(pairs)
    assert patterns.shape == (2**pairs if pairs <= EXACT else SAMPLE, pairs)
    assert (patterns[0] == 1).all()
    assert (patterns[1] == -1).all()
    assert set(np.unique(patterns)) == {1, -1}
    if pairs <= EXACT:
        assert len(np.unique(patterns, axis=0)) == 2**pairs


def test_a_sample_gives_nearly_what_all_patterns_give():
    differences = np.random.default_rng(5).normal(0.4, 1, EXACT + 1)
    bits = np.arange(2 ** (EXACT + 1))[:, None] >> np.arange(EXACT + 1) & 1
    sums = np.abs((1 - 2 * bits) @ differences)
    exact = np.mean(sums >= abs(differences.sum()) - 1e-9)
    assert sign_flip_p(differences) == pytest.approx(exact, abs=0.015)
    assert sign_flip_p(np.ones(40)) == smallest_p(40) > 0


def test_where_nothing_differs_a_twentieth_of_the_verdicts_is_wrong():
    rng = np.random.default_rng(1)
    ps = np.array([sign_flip_p(rng.normal(size=8)) for _ in range(2000)])
    assert np.mean(ps <= 0.05) == pytest.approx(0.05, abs=0.02)


def test_holm_multiplies_step_by_step():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


@given(st.lists(thousandths, min_size=6, max_size=8), st.sampled_from([0.05, 0.1, 0.01]))
def test_what_is_larger_than_the_needed_mean_is_seen(differences, level):
    d = np.array(differences, dtype=float)
    needed = needed_mean(d, level)
    if np.isinf(needed):
        assert sign_flip_p(np.ones(len(d))) > level
        return
    side = -1 if d.mean() < 0 else 1
    scatter = d - d.mean()
    assert sign_flip_p(scatter + side * (needed * 1.001 + 1e-3)) <= level
    if needed > 0.01:
        assert sign_flip_p(scatter + side * needed * 0.999) > level


@given(st.lists(thousandths, min_size=1, max_size=8), st.sampled_from([0.05, 0.1, 0.01]))
def test_the_interval_holds_the_differences_that_fit_and_no_others(differences, level):
    d = np.array(differences, dtype=float)
    lower, upper = interval(d, level)
    if np.isinf(lower):
        assert upper == -lower
        assert smallest_p(len(d)) > level or len(d) == 1
        return
    assert lower <= d.mean() <= upper
    tiny = 1e-3  # less than two means of thousandths can be apart
    for outside in (lower - tiny, upper + tiny):
        assert sign_flip_p(d - outside) <= level
    for inside in (lower + tiny, upper - tiny):
        assert upper - lower < 2 * tiny or sign_flip_p(d - inside) > level
    assert (lower <= 0 <= upper) == (sign_flip_p(d) > level)
    assert interval(-d, level) == pytest.approx((-upper, -lower))


def test_the_interval_of_normal_differences_is_near_students():
    d = np.random.default_rng(3).normal(0.5, 1, 12)
    half = 2.201 * d.std(ddof=1) / np.sqrt(12)
    assert interval(d) == pytest.approx((d.mean() - half, d.mean() + half), abs=0.1)
    many = np.random.default_rng(3).normal(0.5, 1, 40)
    half = 2.023 * many.std(ddof=1) / np.sqrt(40)
    assert interval(many) == pytest.approx((many.mean() - half, many.mean() + half), abs=0.05)


@given(st.lists(st.lists(thousandths, min_size=8, max_size=8), min_size=1, max_size=4))
def test_a_verdict_is_given_to_what_could_be_seen_and_to_nothing_else(lists):
    zeros = {"reference": [0] * 8}
    for row in result(**zeros, **{f"v{i}": d for i, d in enumerate(lists)}).rows[1:]:
        if abs(row.difference) > row.needed + 1e-9:
            assert row.verdict == ("better" if row.difference > 0 else "worse")
        if abs(row.difference) < row.needed - 1e-9:
            assert row.verdict == "cannot tell"


# The result.


def test_it_says_better_worse_and_cannot_tell():
    base = [880, 885, 890, 870, 888, 881, 884, 879, 886, 882]
    up = [score + 4 + k % 3 for k, score in enumerate(base)]
    down = [score - 9 - k % 2 for k, score in enumerate(base)]
    unsure = [score + (-1) ** k for k, score in enumerate(base)]
    r = result(base=base, up=up, down=down, unsure=unsure)
    assert [row.verdict for row in r.rows] == ["reference", "better", "worse", "cannot tell"]
    assert [r.verdict(name) for name in ("base", "up")] == ["reference", "better"]
    assert r.rows[1].p == pytest.approx(3 * 2 / 1024)
    assert r.rows[1].mean == pytest.approx(np.mean(up) / 1000)
    assert r.rows[1].deviation == pytest.approx(np.std(up, ddof=1) / 1000)
    assert r.rows[2].difference == pytest.approx(-0.0095)
    assert r.note == ""
    assert [run["accuracy"] for run in r.runs if run["variant"] == "up"] == [s / 1000 for s in up]
    assert len(r.runs) == 40
    with pytest.raises(ValueError, match="the variant is 'upp'; expected 'base' or 'up'"):
        r.verdict("upp")


def test_a_clear_difference_in_too_few_runs_gets_no_verdict_and_it_says_so():
    r = result(base=[880, 885, 890, 870, 888], up=[980, 985, 990, 970, 988])
    assert r.verdict("up") == "cannot tell"
    assert "5 runs cannot give a verdict" in repr(r)
    assert "is 0.0625" in r.note
    assert "From 6 runs on" in r.note
    assert "never" in repr(r)
    six = result(base=[880, 885, 890, 870, 888, 1], up=[980, 985, 990, 970, 988, 2])
    assert six.verdict("up") == "better"
    assert six.note == ""
    many = result(level=1e-5, base=range(30), up=range(1, 31))
    assert "fewer variants at once, or at a larger level" in many.note


def test_one_variant_alone_has_a_spread_and_no_verdict():
    r = result(base=[880, 890])
    assert r.note == ""
    assert r.rows[0].verdict == "reference"
    assert "0.8850     0.0071" in repr(r)


def test_the_table_is_text_and_html():
    r = result(**{"a<b": [880, 890, 885, 881, 882, 870], "c": [881, 892, 886, 882, 883, 872]})
    text, html = repr(r), r._repr_html_()
    assert "Accuracy on 1,000 held-out reviews, 6 runs each; reference: a<b" in text
    assert re.search(
        r"(?m)^c +0\.8827 +0\.0066 +\+0\.0013 +\+0\.0010 to \+0\.0020 +0\.031  better +0\.0003$",
        text,
    )
    assert "on these reviews with other starts" in text
    assert '"cannot tell" is not "equal"' in text
    assert max(map(len, text.splitlines()[2:5])) < 88
    assert "a&lt;b" in html
    assert html.count("<tr>") == 3
    assert html.count("<td>") == 14


BASE = [880, 890, 885, 870, 884, 879]


@pytest.mark.parametrize("differences", [False, True])
def test_it_draws_each_run_and_an_interval(differences):
    up = [score + change for score, change in zip(BASE, [1, 2, 1, 3, 4, 2], strict=True)]
    r = result(base=BASE, up=up, down=[score - 10 for score in BASE])
    figure = r.draw(differences)
    (axis,) = figure.axes
    names = [label.get_text() for label in axis.get_yticklabels()]
    assert names == (["up", "down"] if differences else ["base", "up", "down"])
    dots = [line for line in axis.lines if line.get_marker() == "o"]
    assert len(dots) == len(names)
    shown = r.differences("up") if differences else r.scores["base"]
    assert list(dots[0].get_xdata()) == pytest.approx(list(shown))
    assert "share of the held-out reviews" in axis.get_xlabel()
    (ends,) = axis.collections[0].get_segments()
    assert list(ends[:, 0]) == pytest.approx(interval(shown))
    assert "mean, 95 % interval" in [text.get_text() for text in figure.legends[0].get_texts()]
    plt.close(figure)


def test_so_few_runs_that_they_have_no_interval_get_none():
    r = result(base=[880, 890, 885], up=[881, 892, 886])
    assert "any  0.250" in repr(r)
    figure = r.draw()
    assert not figure.axes[0].collections
    assert "mean" in [text.get_text() for text in figure.legends[0].get_texts()]
    plt.close(figure)


# The runs.


def test_run_k_has_start_k_and_order_k():
    scores = quick().scores
    x, y = made_up()
    for name, hidden in (("two", (2,)), ("none", ())):
        for run in range(3):
            network = Network(hidden, seed=run)
            network.fit(x, y, order_seed=run)
            assert scores[name][run] == network.evaluate(*made_up(40, seed=1))[1]


def test_a_variant_has_the_same_runs_in_whatever_company():
    alone = quick([("b", {"hidden": (3,), "epochs": 6, "learning_rate": 0.05})])
    other = quick({"a": {}, "b": {"hidden": [3], "epochs": 6, "learning_rate": 0.05}})
    assert np.array_equal(alone.scores["b"], other.scores["b"])
    assert other.reference == "a"
    assert quick({"a": {}, "b": {}}, reference="b").reference == "b"
    assert not quick({"a": {}, "b": {}}).differences("b").any()


def test_every_setting_reaches_the_network(monkeypatch):
    seen = []

    class Spy(Network):
        def __init__(self, **settings):
            seen.append(settings)
            super().__init__(**settings)

        def fit(self, x, y, **settings):
            seen.append({"shape": x.shape, **settings})
            return super().fit(x, y, **settings)

    monkeypatch.setattr(experiments, "Network", Spy)
    of_network = {
        "hidden": (2,), "activation": "tanh", "loss": "mse", "learning_rate": 0.1,
        "dropout": 0.5, "l2": 0.1,
    }  # fmt: skip
    of_fit = {"epochs": 2, "batch_size": 7}
    quick({"a": of_network | of_fit | {"words": 5, "reviews": 20}}, runs=2)
    assert seen[-2] == {**of_network, "seed": 1}
    assert seen[-1] == {"shape": (20, 5), **of_fit, "order_seed": 1}


def test_fewer_reviews_are_the_beginning_of_a_list_that_each_run_has(monkeypatch):
    rows = []

    class Spy(Network):
        def fit(self, x, y, **settings):
            rows.append([int(row) for row in x.toarray()[:, 0]])
            return super().fit(x, y, **settings)

    monkeypatch.setattr(experiments, "Network", Spy)
    x = np.arange(10.0)[:, None]
    y = np.arange(10) % 2
    compare({"a": {"reviews": 4}, "b": {"reviews": 6, "hidden": ()}}, x, y, (x, y), runs=2)
    a0, a1, b0, b1 = rows
    assert (b0[:4], b1[:4]) == (a0, a1)
    assert a0 != a1
    assert len(set(b0)) == 6


def test_fewer_words_are_taken_from_the_held_out_reviews_too():
    x, y = made_up()
    few = compare({"a": {"words": 4}}, x, y, (x, y), runs=2)
    cut = compare({"a": {}}, x[:, :4], y, (x[:, :4], y), runs=2)
    assert np.array_equal(few.scores["a"], cut.scores["a"])


def test_a_run_is_made_once_for_the_same_settings_and_reviews(monkeypatch):
    trained = []

    class Spy(Network):
        def fit(self, *arguments, **settings):
            trained.append(settings["order_seed"])
            return super().fit(*arguments, **settings)

    monkeypatch.setattr(experiments, "Network", Spy)
    first = quick({"a": {"hidden": (2,), "epochs": 3}})
    again = quick({"b": {"epochs": 3, "hidden": [2]}, "none": {"hidden": ()}}, runs=4)
    assert trained == [0, 1, 2, 3, 0, 1, 2, 3]
    assert list(again.scores["b"][:3]) == list(first.scores["a"])
    x, y = made_up()
    for others in (
        (x, 1 - y, (x, y)),
        (x * 2, y, (x, y)),
        (x, y, (x, 1 - y)),
        (x, y, (x[1:], y[1:])),
    ):
        trained.clear()
        compare({"a": {"hidden": (2,), "epochs": 3}}, *others, runs=2)
        assert trained == [0, 1]


def test_it_remembers_what_it_compared_and_changes_nothing():
    variants = {"two": {"hidden": (2,)}, "none": {"hidden": ()}}
    r = quick(variants)
    assert r.variants == variants
    assert (r.trained_on, r.held_out, r.pairs) == (60, 40, 3)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"variants": {}}, "variants is {}; expected names and settings"),
        ({"variants": {"a": 16}}, "variants is"),
        ({"variants": 3}, "variants is 3"),
        ({"variants": [("a", {}), ("a", {})]}, "names is .*a name only once"),
        ({"variants": {"a": {"units": 4}}}, "a setting of 'a' is 'units'; expected one of hidden,"),
        ({"variants": {"a": {"seed": 4}}}, "'seed'; .*start and order are the run's"),
        ({"variants": {"a": {"hidden": 16}}}, "hidden is 16"),
        ({"variants": {"a": {"epochs": 0}}}, "epochs is 0"),
        ({"variants": {"a": {"words": 13}}}, "words is 13; expected at most 12"),
        ({"variants": {"a": {"reviews": 61}}}, "reviews is 61; expected at most 60"),
        ({"variants": {"a": {"reviews": 0}}}, "reviews is 0; expected an integer"),
        ({"runs": 1}, "runs is 1; expected 2 or more"),
        ({"runs": 2.5}, "runs is 2.5; expected an integer"),
        ({"level": 5}, "level is 5; expected a share"),
        ({"reference": "b"}, "reference is 'b'; expected 'a'"),
        ({"validation": 1}, "validation_data is"),
        ({"validation": made_up(9, words=5)}, "columns of validation is 5; expected 12"),
        ({"y": [0, 1]}, "the shape of y"),
    ],
)
def test_what_cannot_be_compared_is_named_before_anything_runs(monkeypatch, changed, says):
    monkeypatch.setattr(Network, "fit", None)
    x, y = made_up()
    arguments = {"variants": {"a": {}}, "x": x, "y": y, "validation": (x, y), "runs": 2}
    with pytest.raises(ValueError, match=says):
        compare(**(arguments | changed))


def test_each_run_moves_the_bar(monkeypatch):
    moved = []

    class Bar:
        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

        def update(self, count):
            moved.append(count)

    monkeypatch.setattr(experiments, "progress_bar", lambda *what: moved.append(what) or Bar())
    quick()
    assert moved == [(6, "comparing", "runs"), *[1] * 6]
