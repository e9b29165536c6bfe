"""What chapter 4 concludes about learning, on paper and on the reviews."""

import re
from itertools import pairwise
from math import ceil, exp, log

import numpy as np
import pytest

from imdb_helpers import get_word_index, load_data, multi_hot_sparse

pytestmark = pytest.mark.after_notebooks


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


@pytest.fixture(scope="module")
def learned_from(real_dataset):
    """Return the reviews that the chapter learns from, and their labels."""
    (reviews, labels), _ = load_data(num_words=10000)
    return multi_hot_sparse(reviews[10_000:], dtype="float64"), labels[10_000:]


def with_word(learned_from, word):
    x, labels = learned_from
    return x[:, [get_word_index()[word] + 3]].toarray().ravel() == 1, labels


# On paper.


def test_the_further_out_the_less_a_step_of_the_sum_changes(book):
    low, _, middle, one, three = (
        book.number(4, "sigmoid-table", f"a sum of {z:2} becomes the probability")
        for z in (-3, -1, 0, 1, 3)
    )
    assert low < middle == 0.5
    assert (three - one) / 2 < one - middle


def test_not_knowing_costs_the_logarithm_of_two_and_being_wrong_costs_most(book):
    right, unknown, wrong = (
        book.number(4, "three-answers", f"p = {p}, label {label}: loss")
        for p, label in (("0.82", 1), ("0.50", 1), ("0.82", 0))
    )
    assert right < unknown < wrong
    assert unknown == pytest.approx(log(2), abs=5e-4)


def test_cross_entropy_triples_where_squared_error_hardly_moves(book):
    (near, far) = (book.line(4, "two-losses", f"p = {p}:") for p in (0.1, 0.001))
    assert far[1] == pytest.approx(3 * near[1], rel=0.01)
    assert far[0] < 1.25 * near[0]


def test_nudging_gives_the_gradient(book):
    slopes = [book.number(4, "nudge", word) for word in ("great", "plot", "boring")]
    assert slopes == [-0.5, -0.5, 0]
    assert "[-0.5 -0.5 -0. ]" in book.text(4, "gradient")
    assert book.number(4, "gradient", "bias:") == -0.5


def test_a_step_with_minus_lowers_the_loss_and_one_with_plus_raises_it(book):
    before = book.number(4, "step-result", "before")
    assert book.number(4, "step-result", "loss") < before < book.number(4, "plus", "loss")


def test_the_second_review_undoes_part_of_the_first(book):
    learned, undone = book.number(4, "step-result", "loss"), book.number(4, "first-again", "loss")
    assert learned < undone < book.number(4, "step-result", "before")
    great, plot, boring = (
        book.number(4, "first-again", word) for word in ("great", "plot", "boring")
    )
    assert boring < plot < 0 < great


def test_in_a_batch_plot_cancels_and_both_losses_fall(book):
    assert book.line(4, "batch-step", "weights:") == [0.25, 0, -0.25]
    before, after = (book.line(4, "batch-step", f"losses {when}:") for when in ("before", "after"))
    assert max(after) < min(before)


# The valley of one word.


def test_the_floor_is_the_leaning(book):
    floors = re.findall(r"leaning (-?[\d.]+), floor at (-?[\d.]+)", book.text(4, "floors"))
    assert len(floors) == 2
    for leaning, floor in floors:
        assert float(leaning) == pytest.approx(float(floor), abs=0.015)


def test_on_the_floor_the_probability_is_the_share_that_is_positive(learned_from):
    for word in ("great", "awful"):
        there, labels = with_word(learned_from, word)
        share = labels[there].mean()
        assert 1 / (1 + exp(-log(share / (1 - share)))) == pytest.approx(share)


def test_saying_what_is_so_costs_least_and_the_rest_grows_as_the_two_part(book):
    lines = [numbers(line) for line in book.text(4, "distance").splitlines()]
    so = [(abs(said - q), cost, extra) for q, said, cost, extra in lines]
    assert len(so) == 3
    best, *others = sorted(so)
    assert best[0] == best[2] == 0
    assert [cost for _, cost, _ in [best, *others]] == sorted(cost for _, cost, _ in so)
    assert all(extra == pytest.approx(cost - best[1], abs=2e-3) for _, cost, extra in others)
    assert others[0][2] < others[1][2]


def test_one_rate_crawls_one_arrives_and_one_leaps_over(book):
    floor = 0.70
    crawls, arrives, leaps = (
        numbers(book.text(4, "rates").splitlines()[line]) for line in range(3)
    )
    assert crawls == sorted(crawls)
    assert crawls[-1] < 0.7 * floor
    assert abs(arrives[1] - floor) < 0.03
    assert arrives[-1] == floor
    assert min(leaps) < 0 < 2 * floor < max(leaps)


def test_the_largest_leap_ends_higher_than_it_began(book, learned_from):
    furthest = max(numbers(book.text(4, "rates").splitlines()[2]))
    there, labels = with_word(learned_from, "great")
    z = furthest * there
    assert np.mean(np.log(1 + np.exp(z)) - labels * z) > log(2)


def test_a_review_has_some_130_different_words(learned_from):
    x, _ = learned_from
    assert x.nnz / x.shape[0] == pytest.approx(130, abs=5)


# Ten thousand weights.


def test_an_epoch_has_some_thirty_steps():
    assert ceil(15_000 / 512) == 30


def test_what_learns_has_fifteen_lines(book):
    whole = [book.source(4, cell) for cell in ("sigmoid", "start", "train-epoch")]
    loop = book.source(4, "train").splitlines()[:2]
    assert loop[1].strip() == "w, b = train_epoch(w, b)"
    assert sum(len([*filter(str.strip, part.splitlines())]) for part in whole) + len(loop) == 15


def test_the_loss_falls_from_epoch_to_epoch(book):
    losses = [book.number(4, "train", f"epoch {epoch:2}: loss") for epoch in (1, 2, 5, 10, 20)]
    assert all(later < earlier for earlier, later in pairwise([log(2), *losses]))


def test_learning_beats_counting_and_counting_beats_the_more_frequent_label(book):
    guessing, counting, learning = (
        book.number(4, "baselines", label)
        for label in ("the more frequent label:", "leanings:", "learned weights:")
    )
    error = (learning * (1 - learning) / 10_000) ** 0.5
    assert guessing < 0.5 < 0.51 < counting < learning - 4 * error


def test_counting_with_shares_is_a_hundredth_further_and_learning_still_beats_it(book):
    shares = book.number(2, "exercise-3-solution") / 10_000
    counting, learning = (
        book.number(4, "baselines", label) for label in ("leanings:", "learned weights:")
    )
    assert shares - counting == pytest.approx(0.01, abs=0.003)
    assert shares < learning


def test_better_steps_get_two_hundredths_more_out_of_the_same_model(book):
    better = float(re.search(r"linear.*mean ([\d.]+)", book.text(8, "spread"))[1])
    assert better - book.number(4, "baselines", "learned weights:") == pytest.approx(0.02, abs=5e-3)


def test_the_label_more_frequent_where_it_learned_is_the_rarer_one_elsewhere(learned_from):
    _, labels = learned_from
    assert (labels.mean() < 0.5) == (load_data(num_words=10000)[0][1][:10_000].mean() > 0.5)


def test_the_accuracy_does_not_feel_what_the_loss_feels(book):
    assert book.number(4, "accuracy-nudge", "right:") == 0
    assert book.number(4, "accuracy-nudge", "loss:") == pytest.approx(-7e-6, abs=5e-7)


# What it has learned.


def test_most_of_the_largest_weights_are_smaller_than_the_leanings(book):
    lines = [numbers(line) for line in book.text(4, "largest").splitlines()]
    pairs = [line for line in lines if line]
    assert len(pairs) == 10
    assert sum(abs(weight) < abs(leaning) for weight, leaning in pairs) >= 8
    assert all((weight > 0) == (leaning > 0) for weight, leaning in pairs)


def test_the_cloud_is_flatter_than_the_diagonal_and_steeper_for_common_words(book):
    (panel,) = book.panels(4, "scatter")
    slopes = []
    for series in panel["series"][:2]:
        # Of many points the figure keeps some, behind a summary.
        leaning, weight = (np.array(series[axis].split()[-320:], float) for axis in "xy")
        telling = abs(leaning) > 0.5
        assert np.mean(abs(weight[telling]) < abs(leaning[telling])) > 0.9
        slopes.append(np.polyfit(leaning, weight, 1)[0])
    rarer, common = slopes
    assert rarer < common / 2 < 1 / 2


def test_the_other_words_have_said_it_already(book, learned_from):
    assert book.number(4, "blame", "reviews:") < 2 * book.number(4, "blame", "learned:") < 0
    worst, _ = with_word(learned_from, "worst")
    for word in ("waste", "awful", "bad"):
        there, _ = with_word(learned_from, word)
        assert there[worst].mean() > 1.5 * there.mean()


# The exercises.


def test_cross_entropy_teaches_far_more_where_it_is_sure_and_wrong(book):
    entropy, squared = (
        book.number(4, "exercise-5-solution", f"{loss}:")
        for loss in ("cross-entropy", "squared error")
    )
    assert entropy > 50 * squared > 0


def test_with_minus_the_loss_falls_by_less_and_less_and_with_plus_it_rises(book):
    plus, minus = (book.line(4, "exercise-2-solution", sign) for sign in ("plus:", "minus:"))
    assert plus == sorted(plus)
    falls = [earlier - later for earlier, later in pairwise([log(2), *minus])]
    assert falls == sorted(falls, reverse=True)
    assert min(falls) > 0


def test_worst_grows_but_falls_short_and_more_is_right(book):
    before, after, leaning = book.line(4, "exercise-4-solution", "worst:")
    assert leaning < after < before < 0
    trained = book.number(4, "train", "epoch 20: loss #2")
    assert book.number(4, "exercise-4-solution", "right:") > trained
