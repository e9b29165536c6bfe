"""What chapter 7 concludes about overfitting, asserted on what its cells computed."""

from math import sqrt
from statistics import mean

import numpy as np
import pytest

CLASSIC_TEST_LOSS = 0.2918  # of the classic run, on Keras 2.0.8
WORD_PAIRS, PRETRAINED = 0.912, 0.954


@pytest.fixture
def stopped(book):
    """Return loss and accuracy on the test half, after 4 epochs."""
    return book.numbers(7, "test", "test loss:", "test accuracy:")


@pytest.fixture
def kinds(book):
    """Return the accuracies of three linear models and of three networks."""
    return [book.line(7, "linear", f"{kind}:") for kind in ("no hidden layer", "16 and 16 units")]


@pytest.fixture
def parts(book):
    """Return share, cost and product of right and of wrong answers, after 4 and 20 epochs."""
    pattern = r": (\S+) x (\S+) = (\S+)"
    return [book.found(7, "parts", kind + pattern) for kind in ("right", "wrong")]


def test_the_best_epoch_is_an_early_one_and_the_validation_loss_doubles_from_there(book):
    lowest = book.line(7, "best", "lowest in epoch:")
    assert (min(lowest), max(lowest)) == (3, 5)
    assert book.number(7, "best-epoch", "lowest in epoch") == 4
    last = book.number(7, "best-epoch", "last epoch:")
    assert last / book.number(7, "best-epoch", "lowest in epoch #2") == pytest.approx(2, rel=0.1)
    validation, training = book.curves(7, "three-figure")[3:5]
    assert training[-1] < 0.1 * training[0]
    assert min(validation) == validation[3] < validation[-1]


def test_a_gap_alone_is_not_overfitting_and_overfitting_is_worse_validation(book):
    early, late = (book.line(7, "gap", f"epoch {epoch}: training") for epoch in (4, 20))
    assert early[0] - early[1] == pytest.approx(0.05, abs=0.01)
    assert late[0] > early[0]
    assert late[1] < early[1]


def test_the_network_learns_coins_by_heart_and_nothing_from_them(book):
    first, last, elsewhere = book.numbers(7, "coin-right", "epoch 1:", "epoch 20:", "at the end:")
    assert last > 0.96
    assert (first, elsewhere) == pytest.approx((0.5, 0.5), abs=0.02)
    one_unit, both_layers = book.found(7, "exercise-1-solution", r"coins right: (\S+)")
    assert 0.7 < one_unit < 0.8 < both_layers


def test_the_rule_is_learned_several_times_as_fast_as_the_exceptions(book):
    true, validation, coins, elsewhere = book.curves(7, "coin-figure")
    assert true[1] > 0.88
    assert sum(share < true[1] for share in coins) > 3 * 2
    assert abs(true[-1] - coins[-1]) < 0.03
    assert min(np.diff(coins)) > -0.01  # "steadily"
    assert max(validation[:3]) > 0.87
    assert max(abs(elsewhere - 0.5)) < 0.03


def test_the_network_is_as_good_as_the_classic_one_and_as_its_validation(book, stopped):
    loss, accuracy = stopped
    # JAX draws another start, and ends at 0.313.
    assert loss == pytest.approx(CLASSIC_TEST_LOSS, abs=0.02 if book.on_tensorflow else 0.04)
    validation = book.number(6, "at-best", "epoch 4:") / 10_000 if book.on_tensorflow else 0.888
    assert -0.001 < validation - accuracy < 0.015
    assert 2 * sqrt(accuracy * (1 - accuracy) / 25_000) == pytest.approx(0.004, abs=0.0005)


def test_learned_weights_add_four_or_five_points_and_counting_most_of_the_way(book, kinds):
    counting = book.number(7, "counting", "counting words:")
    linear, network = kinds
    assert 0.03 < mean(network) - counting < mean(linear) - counting < 0.06
    assert counting - 0.5 > (PRETRAINED - 0.5) / 2


def test_the_linear_model_is_ahead_and_word_pairs_and_reading_beyond_both(kinds, stopped):
    linear, network = kinds
    assert max(linear) - min(linear) < 0.004
    assert max(network) - min(network) > 0.01  # as the page on running says, too
    assert max(network) < min(linear) < max(network) + 0.01
    assert max(*linear, stopped[1]) < WORD_PAIRS < PRETRAINED


def test_the_scale_runs_from_guessing_over_counting_and_a_cluster_to_reading(book):
    ours, (classic, *published) = book.curves(7, "scale-figure", "x")
    guessing, counting, network, linear = ours
    assert guessing < counting < 0.87 < network < classic < linear < 0.89 < min(published)


def test_going_on_loses_about_three_points_and_more_than_doubles_the_loss(book, stopped):
    accuracy, loss = book.numbers(7, "long", "after 20 epochs: #1", "after 20 epochs: #2")
    assert 0.01 < stopped[1] - accuracy < 0.045
    assert loss > (2 if book.on_tensorflow else 1.5) * stopped[0]


def test_the_two_parts_add_up_to_the_loss(book, parts):
    shares, costs, products = np.transpose(parts)
    assert shares * costs == pytest.approx(products, abs=0.003)
    totals = book.found(7, "parts", r"together (\S+)")
    assert totals == pytest.approx(products.sum(axis=1), abs=0.002)
    whole = [book.number(7, "long", f"after {n:2} epochs: #2") for n in (4, 20)]
    assert totals == pytest.approx(whole, abs=0.01)


def test_right_answers_get_surer_and_wrong_ones_cost_more(book, parts):
    ((_, right_4, _), (_, right_20, _)), ((share_4, wrong_4, _), (share_20, wrong_20, _)) = parts
    assert right_20 < right_4
    assert wrong_20 > 1.8 * wrong_4
    assert 1.1 < share_20 / share_4 < 1.4
    if book.on_tensorflow:  # "one in six, and now one in sixty"
        assert np.exp([wrong_4, wrong_20]) == pytest.approx([6, 60], rel=0.35)


def test_more_than_half_of_the_mistakes_are_sure_ones_in_the_end(book):
    sure_4, sure_20 = book.found(7, "surer", r"wrong: (\S+)")
    middle_4, middle_20 = book.found(7, "surer", r"mistakes: (\S+)")
    assert sure_20 > 3 * sure_4
    assert middle_20 < middle_4 / 2
    if book.on_tensorflow:
        assert sure_20 > book.number(7, "parts", "after 20 epochs,") / 2
        assert middle_20 < 0.05 < 0.2 < middle_4


def test_mistakes_are_spread_after_four_epochs_and_pile_up_close_to_zero_after_twenty(book):
    late, early = book.panels(7, "sure-figure")[0]["series"]
    first, *others = map(float, late["height"].split())
    assert first > (3 if book.on_tensorflow else 2) * max(others)
    heights = [float(y) for y in early["outline"].split()[1::2]][1:-1:2]
    assert max(heights) < 2.5 * min(heights)


def test_fewer_reviews_turn_later_in_epochs_at_about_as_many_steps_and_end_higher(book):
    found = book.found(7, "exercise-2-solution", r"lowest in epoch (\d+), after (\d+) steps")
    (epoch_few, steps_few), (epoch, steps) = found
    assert epoch_few > epoch
    assert 0.5 < steps_few / steps < 1.5
    few, every = book.line(7, "exercise-2-solution", "lowest validation loss:")
    assert few > every


def test_neither_troubled_run_can_judge_a_new_review(book):
    run_a, run_b = (book.line(7, "exercise-3-solution", f"{name}:") for name in "AB")
    assert run_a[0] > 0.6
    assert run_b[0] < 0.5
    assert run_a[2] == run_b[2] == pytest.approx(0.5, abs=0.1)
