"""What chapter 8 says of the network by hand, of its units, and of luck."""

import re

import numpy as np
import pytest


@pytest.fixture
def spread(book):
    """Return mean and deviation of each line of the cell on luck."""
    names = ("20 starts", "20 orders", "10 linear", "10 linear, long steps")
    return {name: book.line(8, "spread", f"{name}:") for name in names}


def test_four_entries_are_zero_for_three_reasons_and_a_step_parts_the_reviews(book):
    slopes = np.reshape(book.line(8, "first-layer", "good, bad, not:")[:6], (3, 2))
    assert np.argwhere(slopes == 0).tolist() == [[0, 1], [1, 0], [1, 1], [2, 0]]
    of_hidden = np.reshape(book.line(8, "hidden-back", "dH:")[:4], (2, 2))
    assert of_hidden[:, 1].tolist() == [-0.25, 0.25]  # cancelled
    assert "x = np.array([[1, 0, 0], [1, 0, 1]])" in book.cell(8, "batch").source  # absent
    assert book.line(8, "hidden", "Z:")[2] < 0  # a closed gate
    right = np.array([0.625, 0.6875])  # the sums after a step, each in the direction of its label
    loss = np.log1p(np.exp(-right)).mean()
    assert book.number(8, "one-step", "after a step") == pytest.approx(loss, abs=5e-4)


def test_nudging_agrees_in_eight_decimals_but_not_with_any_size(book):
    large, right, tiny = book.found(8, "check", r"h = (?:2|1e-06|1e-12): difference (\S+)")
    assert right == 0
    assert 0.1 < large < 0.25
    assert 1e-7 < tiny < large


def test_most_zeros_are_absent_words_and_the_other_steps_are_small(book):
    zero, absent, small = book.numbers(8, "first-batch-zeros", "that are 0:", "all 0:", "below")
    assert absent == pytest.approx(0.25, abs=0.02)
    assert zero > max(1 / 3, absent)
    assert small < 3.16 / 4


def test_the_readers_own_program_comes_near_keras(book):
    before, last = book.numbers(8, "train", "epoch 3:", "epoch 4:")
    assert 0 < before - last < 0.01
    assert last == pytest.approx(0.888, abs=0.02)
    assert book.number(8, "own-gradients", "gradients:") == 0
    assert book.number(8, "keras-compare", "probabilities:") < 5e-6


def test_units_that_collect_praise_push_up_and_those_with_complaints_push_down(book):
    for unit, word, sign in ((0, "worst", -1), (5, "excellent", 1), (12, "great", 1)):
        line = re.search(rf"unit {unit}, output weight (\S+): (.*)", book.text(8, "unit-words"))
        assert word in line[2].split(", ")
        assert sign * float(line[1]) > 0


def test_two_units_do_well_where_one_pushes_up_and_one_down(book):
    right, first, second = book.found(8, "two-units", r": (\S+) right, output (\S+) (\S+)").T
    both_ways, down = first * second < 0, (first < 0) & (second < 0)
    assert np.flatnonzero(both_ways).tolist() == [2, 4, 5]
    assert (both_ways | down).all()
    assert min(right[both_ways]) >= 0.884 > 0.867 > max(right[down])


def test_each_kind_of_review_lies_along_an_axis(book):
    for kind, larger in (("negative", 1), ("positive", 0)):
        middle = book.line(8, "plane-values", f"medians of the {kind} reviews:")
        assert middle[larger] > 1.5 * middle[1 - larger]


def test_order_and_start_are_luck_of_one_size_and_so_is_the_choice_of_reviews(book, spread):
    of_starts, of_orders = spread["20 starts"][1], spread["20 orders"][1]
    error = book.number(8, "spread", "standard error of 10,000 reviews:")
    assert error == pytest.approx(np.sqrt(0.885 * 0.115 / 10_000), abs=5e-5)
    assert error / 2 < of_starts < of_orders < 2 * error


def test_a_shared_order_moves_all_starts(book, spread):
    (starts, deviation), (orders, _) = spread["20 starts"], spread["20 orders"]
    assert orders - starts > 5 * deviation / np.sqrt(20)
    assert book.number(8, "exercise-5-solution", "mean") > starts + 0.01
    assert book.number(8, "exercise-5-solution", "deviation") < deviation / 2


def test_linear_models_spread_as_the_networks_do_only_if_their_steps_are_long(spread):
    (mean, deviation), (_, long_steps) = spread["10 linear"], spread["10 linear, long steps"]
    for other, other_deviation in (spread["20 starts"], spread["20 orders"]):
        assert deviation < other_deviation / 3
        assert mean > other
        assert 0.5 * other_deviation < long_steps < 2 * other_deviation


def test_a_gate_that_never_closes_shows_in_the_check_and_not_in_the_accuracy(book):
    share = book.number(8, "exercise-1-solution")
    assert share == pytest.approx(book.number(8, "train", "epoch 4:"), abs=0.005)
    assert book.number(8, "exercise-1-solution", "nudging:") == 0.25
    # Without a step the loss stays.
    before, after = book.numbers(8, "exercise-3-solution", "before:", "after:")
    assert before == after
