"""What chapter 7 concludes about overfitting, asserted on what its cells computed."""

import re
from math import sqrt
from statistics import mean

import pytest

from imdb_helpers import Network, multi_hot_sparse
from tests.book.session import TENSORFLOW, lacking

# The classic run, on Keras 2.0.8.
CLASSIC_TEST_ACCURACY, CLASSIC_TEST_LOSS = 0.88496, 0.2918
WORD_PAIRS, PRETRAINED = 0.912, 0.954

pytestmark = pytest.mark.after_notebooks
on_tensorflow = TENSORFLOW not in lacking()


@pytest.fixture
def stopped(book):
    return [book.number(7, "test", f"test {name}:") for name in ("loss", "accuracy")]


@pytest.fixture
def too_long(book):
    label = "after 20 epochs:"
    return [book.number(7, "long", f"{label} #{place}") for place in (2, 1)]


def ends(book, cell, name):
    return book.line(7, cell, f"{name}:")


def test_the_runs_agree_that_the_best_epoch_is_an_early_one(book):
    lowest = book.line(7, "best", "lowest in epoch:")
    assert len(lowest) == 3
    assert (min(lowest), max(lowest)) == (3, 5)
    assert book.number(7, "best-epoch", "lowest in epoch") == 4


def test_the_validation_loss_doubles_by_the_last_epoch(book):
    lowest = book.number(7, "best-epoch", "lowest in epoch #2")
    last = book.number(7, "best-epoch", "last epoch:")
    assert last / lowest == pytest.approx(2, rel=0.1)


def test_the_training_loss_falls_to_nearly_nothing_and_the_validation_loss_turns(book):
    (panel,) = book.panels(7, "three-figure")
    curves = [[float(y) for y in s["y"].split()] for s in panel["series"] if "y" in s]
    validation, training = curves[3], curves[4]
    assert len(validation) == len(training) == 20
    assert training[-1] < 0.1 * training[0]
    assert min(validation) == validation[3] < validation[-1]


def test_a_gap_alone_is_not_overfitting_and_overfitting_is_worse_validation(book):
    early, late = (book.line(7, "gap", f"epoch {epoch}: training") for epoch in (4, 20))
    assert early[0] - early[1] == pytest.approx(0.05, abs=0.01)
    assert late[0] > early[0]
    assert late[1] < early[1]


def test_the_network_learns_coins_by_heart_and_nothing_from_them(book):
    first, last = (book.number(7, "coin-right", f"epoch {epoch}:") for epoch in (1, 20))
    assert first == pytest.approx(0.5, abs=0.02)
    assert last > 0.96
    assert book.number(7, "coin-right", "at the end:") == pytest.approx(0.5, abs=0.02)


def test_the_rule_is_learned_several_times_as_fast_as_the_exceptions(book):
    true, coins = (
        [float(y) for y in panel["series"][0]["y"].split()]
        for panel in book.panels(7, "coin-figure")
    )
    assert true[1] > 0.88
    assert sum(share < true[1] for share in coins) > 3 * 2
    assert abs(true[-1] - coins[-1]) < 0.03


def test_the_network_is_as_good_as_the_classic_one(stopped):
    loss, accuracy = stopped
    assert accuracy == pytest.approx(CLASSIC_TEST_ACCURACY, abs=0.01)
    assert loss == pytest.approx(CLASSIC_TEST_LOSS, abs=0.02)
    assert round(8 * accuracy) == 7


def test_validation_was_a_little_better_in_chapter_6(book, stopped):
    validation = book.number(6, "at-best", "epoch 4:") / 10_000 if on_tensorflow else 0.888
    assert -0.001 < validation - stopped[1] < 0.015


def test_two_standard_errors_and_the_copies_are_as_the_text_says(stopped):
    assert 2 * sqrt(stopped[1] * (1 - stopped[1]) / 25_000) == pytest.approx(0.004, abs=0.0005)
    assert 123 / 25_000 < 0.005


def test_learned_weights_add_four_or_five_points_and_counting_most_of_the_way(book, stopped):
    counting = book.number(7, "counting", "counting words:")
    linear, network = kinds_of(book)
    assert 0.03 < mean(network) - counting < mean(linear) - counting < 0.06
    assert counting - 0.5 > (PRETRAINED - 0.5) / 2


def kinds_of(book):
    return [ends(book, "linear", name) for name in ("no hidden layer", "16 and 16 units")]


def test_the_linear_model_is_ahead(book):
    linear, network = kinds_of(book)
    assert len(linear) == len(network) == 3
    assert max(linear) - min(linear) < 0.004 < max(network) - min(network)
    assert max(network) < min(linear) < max(network) + 0.01


def test_rmsprop_gets_the_linear_model_farther_than_plain_steps(real_data):
    """On the held-out reviews, against what chapter 4 prints for its own."""
    (reviews, y), _ = real_data
    x = multi_hot_sparse(reviews)
    linear = Network(hidden=())
    linear.fit(x[10_000:], y[10_000:], epochs=20)
    assert linear.evaluate(x[:10_000], y[:10_000])[1] > 0.88


def test_word_pairs_and_reading_go_beyond_everything_computed_here(book, stopped):
    assert max(*ends(book, "linear", "no hidden layer"), stopped[1]) < WORD_PAIRS < PRETRAINED


def test_going_on_loses_about_three_points_and_more_than_doubles_the_loss(stopped, too_long):
    assert 0.01 < stopped[1] - too_long[1] < 0.045
    times = 2 if on_tensorflow else 1.5
    assert too_long[0] > times * stopped[0]


def factors(book, kind):
    found = re.findall(rf"{kind}: ([\d.]+) x ([\d.]+) = ([\d.]+)", book.text(7, "parts"))
    return [[float(number) for number in row] for row in found]


def test_the_two_parts_add_up_to_the_loss(book):
    for share, cost, product in (*factors(book, "right"), *factors(book, "wrong")):
        assert share * cost == pytest.approx(product, abs=0.003)
    totals = [float(total) for total in re.findall(r"together ([\d.]+)", book.text(7, "parts"))]
    parts = zip(factors(book, "right"), factors(book, "wrong"), strict=True)
    assert totals == pytest.approx([right[2] + wrong[2] for right, wrong in parts], abs=0.002)
    for total, label in zip(totals, ("after  4", "after 20"), strict=True):
        assert total == pytest.approx(book.number(7, "long", f"{label} epochs: #2"), abs=0.01)


def test_right_answers_get_surer_and_wrong_ones_cost_more(book):
    (_, right_4, _), (_, right_20, _) = factors(book, "right")
    (share_4, wrong_4, _), (share_20, wrong_20, _) = factors(book, "wrong")
    assert right_20 < right_4
    assert wrong_20 > 1.8 * wrong_4
    assert 1.1 < share_20 / share_4 < 1.4


def test_more_than_half_of_the_mistakes_are_sure_ones_in_the_end(book):
    text = book.text(7, "surer")
    sure_4, sure_20 = (int(n.replace(",", "")) for n in re.findall(r"wrong: ([\d,]+)", text))
    middle_4, middle_20 = map(float, re.findall(r"mistakes: ([\d.]+)", text))
    wrong_20 = book.number(7, "parts", "after 20 epochs,")
    assert sure_20 > 3 * sure_4
    assert middle_20 < middle_4 / 2
    if on_tensorflow:
        assert sure_20 > wrong_20 / 2
        assert middle_20 < 0.05 < 0.2 < middle_4


def test_one_unit_learns_fewer_coins_by_heart(book):
    one = book.number(7, "exercise-1-solution", "one unit, coins right:")
    both = book.number(7, "exercise-1-solution", "two hidden layers, coins right:")
    assert 0.7 < one < 0.8 < both


def test_fewer_reviews_turn_later_in_epochs_at_about_as_many_steps_and_end_higher(book):
    (epoch_few, steps_few), (epoch, steps) = (
        book.line(7, "exercise-2-solution", f"{count} reviews: lowest in epoch")
        for count in ("3,000", "15,000")
    )
    assert epoch_few > epoch
    assert 0.5 < steps_few / steps < 1.5
    few, every = book.line(7, "exercise-2-solution", "lowest validation loss:")
    assert few > every


def test_neither_troubled_run_can_judge_a_new_review(book):
    run_a, run_b = (book.line(7, "exercise-3-solution", f"{name}:") for name in "AB")
    assert run_a[0] > 0.6
    assert run_b[0] < 0.5
    assert run_a[2] == run_b[2] == pytest.approx(0.5, abs=0.1)
