"""What chapter 5 says of units, hidden layers, the collapse, the parameters and the keys."""

import re

import numpy as np
import pytest

pytestmark = pytest.mark.after_notebooks
KEYS = {
    ("four-keys", "strings:"): "accuracy",
    ("four-keys", "instances:"): "binary_accuracy",
    ("four-keys", "functions:"): "binary_accuracy",
    ("four-keys", "old name:"): "acc",
    ("exercise-3-solution", ""): "accuracy",
}


def sums(book, cell):
    return [int(z) for z in re.findall(r"z = ([+-]\d)", book.text(5, cell))]


def test_the_best_of_many_units_gets_three_of_four_right(book):
    assert "gets 3 of 4 right" in book.text(5, "random-units")


def test_two_relu_units_get_all_four_right_and_without_relu_all_sums_are_the_same(book):
    assert sums(book, "hidden-table") == [1, -1, -1, 1]
    assert sums(book, "without-relu") == [-1] * 4


def test_bad_and_not_good_fall_together_in_the_hidden_layer(book):
    rows = re.findall(r"(?m)^(.*?) +h1, h2 = \[(\d) (\d)\]", book.text(5, "hidden-table"))
    places = {name: (h1, h2) for name, h1, h2 in rows}
    assert places["bad"] == places["not good"] == ("0", "0")
    assert len(set(places.values())) == 3


def test_each_unit_brings_one_bend(book):
    (panel,) = book.panels(5, "bends")
    curves = [np.array(series["y"].split(), float) for series in panel["series"]]
    bends = [np.count_nonzero(np.abs(np.diff(curve, n=2)) > 0.01) for curve in curves]
    assert bends == [1, 2, 3]


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("one-layer", "largest difference from two layers:"),
        ("by-hand", "largest difference from NumPy:"),
        ("exercise-2-solution", "largest difference of the probabilities:"),
    ],
)
def test_layers_collapse_and_are_numpy_up_to_rounding(book, cell, label):
    assert book.number(5, cell, label) < 1e-5


def test_keras_counts_as_a_pencil_does(book):
    by_hand, summary = book.text(5, "parameters"), book.text(5, "summary")
    for number in re.findall(r"[\d,]+", by_hand):
        assert f" {number} " in summary


def test_twice_the_width_is_a_little_more_than_twice_the_parameters(book):
    text = book.text(5, "wider")
    assert "= 321,121" in text
    assert 2 < float(re.findall(r"([\d.]+) times", text)[0]) < 2.01


@pytest.mark.parametrize(("place", "key"), KEYS.items())
def test_the_way_a_metric_is_named_decides_its_key(book, place, key):
    cell, label = place
    assert re.search(rf"{label} *\['{key}', 'loss'\]", book.text(5, cell))


def test_the_history_of_fit_has_the_keys_of_evaluate(book):
    fit = re.findall(r"(?m)^(\w+):", book.text(6, "keys"))
    evaluate = re.findall(r"'(\w+)'", book.text(5, "four-keys").splitlines()[0])
    assert len(evaluate) == 2
    assert set(evaluate) < set(fit)


def test_the_kilobytes_are_four_bytes_for_each_parameter(book):
    kilobytes = book.number(5, "summary", "Total params: 160,305 (")
    assert kilobytes == pytest.approx(4 * 160_305 / 1024, abs=0.01)


def test_relu_is_the_dotted_curve_and_the_others_part_from_it_one_by_one(book):
    (panel,) = book.panels(5, "bends")
    x, *curves = (
        np.array(line.split(), float)
        for line in (panel["series"][0]["x"], *(series["y"] for series in panel["series"]))
    )
    one, two, three = curves
    assert np.allclose(one, np.maximum(x, 0), atol=1e-3)
    assert np.array_equal(np.abs(one - two) > 1e-3, x > 1)
    assert np.array_equal(np.abs(two - three) > 1e-3, x > 2)


def test_one_wide_layer_has_four_times_the_parameters(book):
    wide = book.number(5, "exercise-1-solution", "Keras:")
    assert wide == book.number(5, "exercise-1-solution", "by hand:")
    assert wide / 160_305 == pytest.approx(4, rel=0.01)
