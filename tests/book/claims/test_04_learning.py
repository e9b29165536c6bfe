"""What chapter 4 concludes about learning, on paper and on the reviews."""

from math import ceil, log

import numpy as np
import pytest

from imdb_helpers import get_word_index, multi_hot_sparse


@pytest.fixture(scope="module")
def learned_from(real_data):
    """Return the reviews that the chapter learns from, and their labels."""
    (reviews, labels), _ = real_data
    return multi_hot_sparse(reviews[10_000:], dtype="float64"), labels[10_000:]


def with_word(learned_from, word):
    x, labels = learned_from
    return x[:, [get_word_index()[word] + 3]].toarray().ravel() == 1, labels


def test_the_floor_is_the_leaning(book):
    for leaning, floor in book.found(4, "floors", r"leaning (\S+), floor at (\S+)"):
        assert leaning == pytest.approx(floor, abs=0.015)


def test_one_rate_crawls_one_arrives_and_one_leaps_over(book, learned_from):
    floor = 0.70
    crawls, arrives, leaps = (book.line(4, "rates", f"rate {rate:2}:") for rate in (2, 16, 60))
    assert crawls == sorted(crawls)
    assert crawls[-1] < 0.7 * floor
    assert abs(arrives[1] - floor) < 0.03
    assert min(leaps) < 0 < 2 * floor < max(leaps)
    there, labels = with_word(learned_from, "great")
    z = max(leaps) * there
    assert np.mean(np.log(1 + np.exp(z)) - labels * z) > log(2)  # higher than it began


def test_a_review_has_some_130_different_words_and_an_epoch_some_thirty_steps(learned_from):
    x, _ = learned_from
    assert x.nnz / x.shape[0] == pytest.approx(130, abs=5)
    assert ceil(x.shape[0] / 512) == 30


def test_what_learns_has_fifteen_lines(book):
    loop = book.cell(4, "train").source.splitlines()[:2]
    assert loop[1].strip() == "w, b = train_epoch(w, b)"
    whole = [book.cell(4, cell).source for cell in ("sigmoid", "start", "train-epoch")]
    lines = [line for part in whole for line in part.splitlines() if line.strip()]
    assert len(lines) + len(loop) == 15


def test_learning_beats_counting_and_counting_beats_the_more_frequent_label(book):
    labels = ("more frequent label:", "leanings:", "learned weights:")
    guessing, counting, learning = book.numbers(4, "baselines", *labels)
    error = (learning * (1 - learning) / 10_000) ** 0.5
    assert guessing < 0.5 < 0.51 < counting < learning - 4 * error
    shares = book.number(2, "exercise-3-solution") / 10_000
    assert shares - counting == pytest.approx(0.01, abs=0.003)
    assert shares < learning
    assert book.number(8, "spread", "10 linear: mean") - learning == pytest.approx(0.02, abs=5e-3)


def test_the_label_more_frequent_where_it_learned_is_the_rarer_one_elsewhere(real_data):
    (_, labels), _ = real_data
    assert (labels[10_000:].mean() < 0.5) == (labels[:10_000].mean() > 0.5)


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
    weight, leaning = book.found(4, "largest", r"weight +(\S+), leaning +(\S+)").T
    assert np.mean(abs(weight) < abs(leaning)) > 0.7


def test_the_other_words_have_said_it_already(book, learned_from):
    assert book.number(4, "blame", "reviews:") < 2 * book.number(4, "blame", "learned:") < 0
    worst, _ = with_word(learned_from, "worst")
    for word in ("waste", "awful", "bad"):
        there, _ = with_word(learned_from, word)
        assert there[worst].mean() > 1.5 * there.mean()


def test_cross_entropy_triples_where_squared_error_hardly_moves(book):
    losses = book.found(4, "two-losses", r"squared error (\S+), cross-entropy (\S+)")
    squared, surprise = losses[1] / losses[0]
    assert squared < 1.25 < surprise == pytest.approx(3, abs=0.05)


def test_the_loss_falls_from_epoch_to_epoch_and_by_a_nudge_that_changes_no_answer(book):
    assert (np.diff(book.found(4, "train", r"loss (\S+),")) < 0).all()
    assert book.number(4, "accuracy-nudge", "more held-out reviews right:") == 0
    assert -1e-5 < book.number(4, "accuracy-nudge", "change of the loss:") < 0
