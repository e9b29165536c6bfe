"""What chapter 5 says of units, hidden layers, the collapse, the parameters and the keys."""

import re

import numpy as np
import pytest


def test_each_unit_brings_one_bend_and_parts_from_the_curve_before_it(book):
    x, curves = book.curves(5, "bends", "x")[0], book.curves(5, "bends")
    bends = [np.count_nonzero(np.abs(np.diff(curve, n=2)) > 0.01) for curve in curves]
    assert bends == [1, 2, 3]
    one, two, three = curves
    assert np.allclose(one, np.maximum(x, 0), atol=1e-3)
    assert np.array_equal(np.abs(one - two) > 1e-3, x > 1)
    assert np.array_equal(np.abs(two - three) > 1e-3, x > 2)


def test_layers_collapse_and_are_numpy_up_to_rounding(book):
    assert book.number(5, "one-layer", "difference from two layers:") < 1e-5
    assert book.number(5, "by-hand", "difference from NumPy:") < 1e-5
    assert book.number(5, "exercise-2-solution", "difference of the probabilities:") < 1e-5


def test_keras_counts_as_a_pencil_does(book):
    by_hand, summary = book.text(5, "parameters"), book.text(5, "summary")
    assert all(f" {number} " in summary for number in re.findall(r"[\d,]+", by_hand))
    kilobytes = book.number(5, "summary", "Total params: 160,305 (")
    assert kilobytes == pytest.approx(4 * 160_305 / 1024, abs=0.01)
    # Twice the width is a little more than twice the parameters.
    assert 2 < book.found(5, "wider", r"^(\S+) times as many") < 2.05


def test_no_unit_gets_four_right_two_more_do_and_without_relu_there_is_one_answer(book):
    assert book.number(5, "random-units", "units gets") == 3
    assert book.found(5, "hidden-table", r"z = (\S+)$").tolist() == [1, -1, -1, 1]
    assert set(book.found(5, "without-relu", r"z = (\S+)$")) == {-1}
