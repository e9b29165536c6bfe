"""A verdict is one that the signs of the pairs can give, and an interval holds what fits them."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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

LEVELS = st.sampled_from([0.05, 0.1, 0.01])
FEW, MANY = (np.random.default_rng(3).normal(0.5, 1, pairs) for pairs in (EXACT, 40))


def thousandths(least):
    return st.lists(st.integers(-20, 20), min_size=least, max_size=8).map(np.array)


def test_the_pencil_example_comes_out():
    assert sign_flip_p([3, 1, 2]) == 2 / 8
    assert sign_flip_p([0.3, 0.1, -0.2]) == 6 / 8  # the float sums are not quite equal


@given(thousandths(1))
def test_all_signs_are_tried(d):
    signs = np.array([*product((1, -1), repeat=len(d))])
    p = sign_flip_p(d)
    assert p == pytest.approx(np.mean(np.abs(signs @ d) >= abs(d.sum())))
    assert p == sign_flip_p(-d) == sign_flip_p(d[::-1])
    assert p >= smallest_p(len(d)) or len(d) == 1


@pytest.mark.parametrize("pairs", [1, 5, EXACT, EXACT + 1, 30])
def test_the_first_patterns_are_all_plus_and_all_minus(pairs):
    patterns = sign_patterns(pairs)
    assert patterns.shape == (2**pairs if pairs <= EXACT else SAMPLE, pairs)
    assert (patterns[:2] == [[1], [-1]]).all()
    assert set(np.unique(patterns)) == {1, -1}
    if pairs <= EXACT:
        assert len(np.unique(patterns, axis=0)) == 2**pairs
    assert sign_flip_p(np.ones(pairs)) == min(1, smallest_p(pairs)) > 0


def test_a_sample_of_the_signs_gives_nearly_what_all_of_them_give():
    d = np.random.default_rng(5).normal(0.4, 1, EXACT + 1)
    bits = np.arange(2 ** len(d))[:, None] >> np.arange(len(d)) & 1
    exact = np.mean(np.abs((1 - 2 * bits) @ d) >= abs(d.sum()) - 1e-9)
    assert sign_flip_p(d) == pytest.approx(exact, abs=0.015)
    assert np.array_equal(sign_patterns(40), sign_patterns(40))
    half = 2.023 * MANY.std(ddof=1) / np.sqrt(40)  # Student's interval
    assert interval(MANY) == pytest.approx((MANY.mean() - half, MANY.mean() + half), abs=0.05)


def test_holm_multiplies_step_by_step():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.7, 0.9]) == [1.0, 1.0]
    assert holm([]) == []


@given(thousandths(1), LEVELS)
def test_what_is_larger_than_the_needed_mean_is_seen(d, level):
    needed, side, scatter = needed_mean(d, level), -1 if d.mean() < 0 else 1, d - d.mean()
    if np.isinf(needed):
        assert sign_flip_p(np.ones(len(d))) > level or len(d) == 1
        return
    assert sign_flip_p(scatter + side * (needed * 1.001 + 1e-3)) <= level
    assert needed <= 0.01 or sign_flip_p(scatter + side * needed * 0.999) > level


@given(thousandths(1), LEVELS)
def test_the_interval_holds_the_differences_that_fit_and_no_others(d, level):
    lower, upper = interval(d, level)
    if np.isinf(lower):
        assert upper == -lower
        assert smallest_p(len(d)) > level or len(d) == 1
        return
    tiny = 1e-3  # less than two means of thousandths can be apart
    for outside in (lower - tiny, upper + tiny):
        assert sign_flip_p(d - outside) <= level
    for inside in (lower + tiny, upper - tiny):
        assert upper - lower < 2 * tiny or sign_flip_p(d - inside) > level
    assert lower <= d.mean() <= upper
    assert (lower <= 0 <= upper) == (sign_flip_p(d) > level)
    assert interval(-d, level) == pytest.approx((-upper, -lower))


def test_the_level_of_an_interval_is_a_twentieth():
    assert interval(FEW) == interval(FEW, 0.05) != interval(FEW, 0.051)
    # Six pairs have 64 patterns, and 2 of them are 0.03125 of all; five have 32, and 2 are 0.0625.
    assert np.isfinite(interval(FEW[:6], 2 / 64)).all()
    assert np.isfinite(needed_mean(FEW[:6], 2 / 64))
    assert needed_mean(FEW[:5], 0.06) == np.inf
    assert interval(FEW[:5], 0.06) == (-np.inf, np.inf)
