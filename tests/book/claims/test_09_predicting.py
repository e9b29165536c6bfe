"""What chapter 9 concludes about the network's answers, asserted on what its cells computed."""

import re

import numpy as np
import pytest

JUDGED = r"^([\d.]+)  .+$"
THRESHOLDS = r"^threshold \S+: precision (\S+), recall (\S+)"


def test_more_sure_means_more_often_right_but_the_network_is_too_friendly(book):
    said, true = (book.curves(9, "reliable-figure", axis)[1] for axis in "xy")
    assert (np.diff(true) > 0).all()
    assert true[0] < 0.1 < 0.9 < true[-1]
    apart = said - true
    assert max(abs(apart[[0, -1]])) < 0.04
    assert max(abs(apart)) < (0.15 if book.on_tensorflow else 0.25)  # JAX's leans the other way
    near = book.number(9, "reliable", "said about 0.9 of #2")
    assert near == pytest.approx(0.88, abs=0.05 if book.on_tensorflow else 0.06)
    if book.on_tensorflow:
        assert min(apart[1:]) > 0
        assert max(apart) == pytest.approx(0.07, abs=0.015)
        announced, made = 1 - said[-1], 1 - true[-1]
        assert (round(100 * announced), round(100 * made)) == (3, 5)


def test_the_two_outer_bins_hold_most_of_the_reviews(book):
    positive, negative = book.panels(9, "spread-figure")[0]["series"]
    corners = [float(y) for y in negative["outline"].split()[1::2]]
    heights = [float(y) for y in positive["height"].split()], corners[1:-1:2]
    assert sum(map(sum, heights)) == 25_000
    outer = sum(sum(side[:2] + side[-2:]) for side in heights)  # to 0.08, and from 0.92 on
    assert outer > 25_000 / 2
    up_to = np.cumsum([0, *np.sum(heights, axis=0)])
    tenths = np.diff(np.interp(np.linspace(0, 1, 11), np.linspace(0, 1, 26), up_to))
    assert max(tenths[1:-1]) < (2_200 if book.on_tensorflow else 3_000)  # interpolated
    for wrong, *between, _, right in (heights[0], heights[1][::-1]):
        assert max(between) < right / 3
        assert 0 < wrong < right / 10


def test_the_confusion_table_counts_every_review_and_gives_the_accuracy(book):
    table = book.found(9, "confusion", r"really \w+: +(\S+) called negative, +(\S+) positive")
    assert table.sum(axis=1).tolist() == [12_500, 12_500]
    accuracy = book.number(9, "evaluate", "test accuracy:")
    assert table.trace() / 25_000 == pytest.approx(accuracy, abs=0.0006)
    if book.on_tensorflow:
        assert table[0, 1] > table[1, 0]  # "leans to the friendly side"


def test_a_higher_threshold_buys_precision_with_recall_and_they_cross_near_six_tenths(book):
    precision, recall = book.found(9, "thresholds", THRESHOLDS).T
    assert len(precision) == 3
    assert (np.diff(precision) > 0).all()
    assert (np.diff(recall) < 0).all()
    precision, recall = book.curves(9, "thresholds-figure")
    crossing = book.curves(9, "thresholds-figure", "x")[0][np.argmax(precision > recall)]
    assert crossing == pytest.approx(0.6, abs=0.05 if book.on_tensorflow else 0.35)
    assert precision[0] == pytest.approx(0.6, abs=0.08)
    assert recall[-1] < 0.5 < 0.95 < min(recall[0], precision[-1])


def test_the_contributions_add_up_to_the_logit(book):
    numbers = book.numbers(9, "adds-up", "by hand:", "contributions:", "prediction:")
    assert max(numbers) - min(numbers) < 0.002
    assert sum(map(len, book.curves(9, "why-figure", "width"))) == 14


def test_spacey_was_luck_and_redeeming_is_a_clue(book):
    found = re.findall(r"(\w+): \d+ (\w+) reviews, ([\d.]+)", book.text(9, "two-words"))
    shares = {(word, half): float(share) for word, half, share in found}
    assert shares["spacey", "training"] < 0.3
    assert shares["spacey", "test"] == pytest.approx(0.5, abs=0.05)
    assert shares["redeeming", "training"] == pytest.approx(shares["redeeming", "test"], abs=0.02)
    if book.on_tensorflow:
        (panel,) = book.panels(9, "why-figure")
        lengths = np.concatenate(book.curves(9, "why-figure", "width"))
        bars = dict(zip(panel["y"]["ticks"], lengths, strict=True))
        assert max(bars[word] for word in ("spacey", "failed", "bin", "3")) < 0
        assert min(bars[word] for word in ("perfect", "loved", "9")) > max(-lengths)


def test_striking_a_word_out_is_not_its_contribution_and_often_switches_a_unit(book):
    with_it, without = book.line(9, "strike", "logit with it")
    difference = book.number(9, "strike", "a difference of")
    assert with_it - without == pytest.approx(difference, abs=0.016)  # of hundredths
    assert book.number(9, "switches-many", "switched in") == pytest.approx(1 / 3, abs=0.15)
    if book.on_tensorflow:
        third_more = difference / book.number(9, "strike", "contribution")
        assert third_more == pytest.approx(4 / 3, abs=0.1)
        assert book.number(9, "switches") > 0


def test_two_reviews_with_the_same_words_get_the_same_answer(book):
    praise, bad, good = book.found(9, "own", JUDGED)
    assert bad == good
    assert praise > 0.5


def test_short_reviews_are_judged_as_well_and_less_surely(book):
    pattern = r"reviews: sure of (\S+), right in (\S+)"
    (sure_short, right_short), (sure, right) = book.found(9, "short", pattern)
    assert right_short == pytest.approx(right, abs=0.02)
    assert sure_short < 0.1 * sure


def test_a_word_pushes_through_the_units_that_are_on(book):
    pattern = r": contribution (\S+), (\S+) units on"
    (here, on_here), (mean, on_mean) = book.found(9, "wonderful", pattern)
    assert here < mean
    assert on_here < on_mean
    if book.on_tensorflow:
        assert here / mean == pytest.approx(1 / 3, abs=0.07)  # "counts for a third"


def test_names_move_the_answer_both_ways(book):
    if not book.on_tensorflow:
        pytest.skip("which names a network knows depends on its luck")
    plain, one, other = book.found(9, "people", JUDGED)
    assert one < plain < other


def test_the_sure_answers_are_the_better_ones(book):
    sure, unsure = book.numbers(9, "exercise-1-solution", "right in", "it would be right in")
    assert sure > 0.9 > unsure
    assert book.number(9, "exercise-1-solution", "answers") == pytest.approx(2 / 3, abs=0.08)


def test_the_rule_about_two_names_holds_for_new_reviews(book):
    stewart, seagal = book.found(9, "exercise-2-solution", r"(\S+) positive").reshape(2, 2)
    assert max(seagal) < 0.2 < 0.6 < min(stewart)


def test_the_colleagues_precision_is_the_recall(book):
    theirs, mended = book.found(9, "exercise-3-solution", r": theirs (\S+), mended (\S+)").T
    precision, recall = book.found(9, "thresholds", THRESHOLDS)[:2].T
    assert theirs == pytest.approx(recall, abs=0.002)
    assert mended == pytest.approx(precision, abs=0.002)
