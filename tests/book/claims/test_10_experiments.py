"""What chapter 10 says of variants, of luck, and of verdicts that are far from their level."""

import re

import numpy as np
import pytest

from tests.book.session import TENSORFLOW, lacking

pytestmark = pytest.mark.after_notebooks
on_tensorflow = TENSORFLOW not in lacking()


def rows(book, cell):
    """Return mean, deviation, difference, p, what can be seen, and verdict, by variant."""
    pattern = r"(?m)^(\S.*?) {2,}([\d.]+) +([\d.]+) +([+-][\d.]+) +([\d.]+)  (\D+?) +([\d.]+)$"
    return {
        name: (*map(float, numbers), verdict)
        for name, *numbers, verdict, seen in re.findall(pattern, book.text(10, cell))
        for numbers in [[*numbers, seen]]
    }


def reference(book, cell):
    """Return mean and deviation of the reference."""
    mean, deviation = re.findall(
        r"(?m)^.*?([\d.]+) +([\d.]+) +reference$", book.text(10, cell)
    ).pop()
    return float(mean), float(deviation)


def dots(book, cell):
    """Return the runs of each row of a figure, from top to bottom."""
    (panel,) = book.panels(10, cell)
    series = [np.array(one["x"].split(), float) for one in panel["series"] if "x" in one]
    return [runs for runs in series if len(runs) == 10]


def test_each_of_three_runs_recommends_another_network(book):
    winners = set()
    for run in (6, 2, 9):
        scores = re.findall(r"units (0\.\d+)", book.text(10, "colleagues").split(f"run {run}:")[1])
        scores = [float(score) for score in scores[:3]]
        winners.add(int(np.argmax(scores)))
        assert np.diff(sorted(scores))[-1] > 0.0007
    assert winners == {0, 1, 2}


def test_six_pairs_are_the_fewest_that_come_below_the_level(book):
    ps = [
        book.number(10, "smallest-p", f"{n} pairs, {2**n:,} patterns: p is at least")
        for n in (5, 6)
    ]
    assert ps[0] > 0.05 > ps[1]


def test_hidden_layers_and_few_words_are_told_apart_and_the_others_are_not(book):
    table = rows(book, "result")
    verdicts = {name: row[-1] for name, row in table.items()}
    assert verdicts == {
        "one layer": "cannot tell",
        "no hidden layer": "worse",
        "dropout": "cannot tell",
        "L2": "cannot tell",
        "1,000 words": "worse",
    }
    # None of them is near its level.
    assert all(row[3] < 0.025 or row[3] > 0.1 for row in table.values())
    assert reference(book, "result")[0] == pytest.approx(0.886, abs=0.004)
    sensible = [table[name][0] for name in ("one layer", "dropout", "L2")]
    assert all(abs(mean - reference(book, "result")[0]) < 0.01 for mean in sensible)


def test_l2_leaves_the_least_room_for_what_was_not_seen(book):
    table = rows(book, "result")
    assert table["L2"][4] == min(row[4] for row in table.values()) < 0.002
    assert 0.001 < table["one layer"][4] < 0.004


def test_run_0_is_the_lowest_where_luck_is_shared(book):
    top = dots(book, "result-figure")
    assert len(top) == 6
    assert all(np.argmin(top[row]) == 0 for row in (0, 1, 4))


def test_the_figures_show_what_their_texts_say(book):
    top = dots(book, "result-figure")
    heaps = [0.887, 0.887, 0.861, 0.887, 0.887, 0.853]
    assert [runs.mean() for runs in top] == pytest.approx(heaps, abs=0.003)
    assert all(top[row].min() < 0.882 for row in (0, 1, 3, 4))
    assert dots(book, "tuned-figure")[0].mean() == pytest.approx(-0.025, abs=0.003)


def test_the_curve_rises_from_four_fifths(book):
    assert curve(book)[[0, 3], 0] == pytest.approx([0.8, 0.888], abs=0.002)


def test_pairing_is_worth_several_times_the_runs(book):
    alone = book.number(10, "pairing", "deviation of a difference:")
    paired = book.number(10, "pairing", "deviation of a difference: #2")
    times = book.number(10, "pairing", "pairing is worth")
    assert times == pytest.approx((alone / paired) ** 2, rel=0.1)
    assert times > 3


def test_the_verdict_on_the_linear_model_turns_round_with_what_it_is_given(book):
    table = rows(book, "tuned")
    assert [table[f"none, {how}"][-1] for how in ("4 epochs", "20 epochs", "rate 0.01")] == [
        "worse",
        "better",
        "cannot tell",
    ]
    assert all(row[3] < 0.02 or row[3] > 0.15 for row in table.values())
    few, many, fast = dots(book, "tuned-figure")
    assert few.max() < -0.01
    assert many.min() >= 0
    assert fast.min() < 0 < fast.max()


def curve(book):
    lines = re.findall(
        r"([\d,]+) reviews: two layers (\S+), none (\S+)", book.text(10, "curve-means")
    )
    return np.array([[float(two), float(none)] for _, two, none in lines])


def test_reviews_matter_and_hidden_layers_do_not(book):
    means = curve(book)
    assert (np.diff(means, axis=0) > 0).all()
    assert np.abs(means[:, 0] - means[:, 1]).max() < 0.006
    thrice, designs = means[3] - means[2], rows(book, "result")
    largest = max(abs(designs[name][2]) for name in ("one layer", "dropout", "L2"))
    assert thrice.min() > largest


@pytest.mark.skipif(not on_tensorflow, reason="another start")
def test_keras_stops_soon_after_its_best_and_adam_is_no_surprise(book):
    best = book.number(10, "early-stopping", "best epoch")
    stopped = book.number(10, "early-stopping", "best epoch #2")
    assert best + 2 == stopped < 10
    early = book.number(10, "early-stopping", "accuracy there")
    adam = book.number(10, "adam", "accuracy")
    runs = dots(book, "result-figure")[0]
    assert abs(adam - early) < np.ptp(runs)
    assert book.number(10, "embedding", "accuracy") < adam - 0.03


def test_depth_cannot_be_told_and_the_deviation_grows(book):
    table = rows(book, "exercise-2-solution")
    assert {row[-1] for row in table.values()} == {"cannot tell"}
    assert all(row[3] > 0.1 for row in table.values())
    assert table["one"][0] > table["three"][0]
    assert table["one"][1] < reference(book, "exercise-2-solution")[1] < table["three"][1]


def test_width_buys_a_reliable_start(book):
    means, deviations, lowest = {}, {}, {}
    for units in (4, 8, 16, 32, 64):
        numbers = book.line(10, "exercise-3-solution", f"{units} units:")
        means[units], deviations[units], lowest[units] = numbers
    assert deviations[4] > 3 * max(deviations[units] for units in (8, 16, 32, 64))
    assert np.ptp([means[units] for units in (8, 16, 32, 64)]) < 0.01
    assert lowest[4] < 0.85 < min(lowest[units] for units in (8, 16, 32, 64))
    four = dots(book, "exercise-3-dots-solution")[1]
    assert np.sum(four < 0.835) == 2
    assert np.median(four) > 0.87


def test_squared_error_and_tanh_are_lower_under_these_conditions(book):
    table = rows(book, "exercise-4-solution")
    assert {row[-1] for row in table.values()} == {"worse"}
    assert all(-0.01 < row[2] < 0 and row[3] < 0.025 for row in table.values())
