"""What chapter 10 says of variants, of luck, and of verdicts that are far from their level."""

import re
from collections import namedtuple

import numpy as np
import pytest

# One line of a table.
Row = namedtuple("Row", "mean deviation difference lower upper p verdict needed")


def rows(book, cell):
    """Return the lines of a table, but the reference's, by variant."""
    number = r"([+-]?[\d.]+)"
    pattern = (
        rf"(?m)^(\S.*?) {{2,}}{number} +{number} +{number} +{number} to {number} +{number}  "
        rf"(\D+?) +{number}$"
    )
    return {
        name: Row(*map(float, numbers), verdict, float(needed))
        for name, *numbers, verdict, needed in re.findall(pattern, book.text(10, cell))
    }


def reference(book, cell):
    """Return mean and deviation of the reference."""
    return book.found(10, cell, r"([\d.]+) +([\d.]+) +reference$")[0]


def dots(book, cell, runs=10):
    """Return the runs of each row of a figure, from top to bottom."""
    return [one for one in book.curves(10, cell, "x") if len(one) == runs]


def test_each_of_three_runs_recommends_another_network(book):
    runs = book.found(10, "colleagues", r"units (0\.\d+)").reshape(3, 3)
    assert set(runs.argmax(axis=1)) == {0, 1, 2}
    assert np.diff(np.sort(runs))[:, -1].min() > 0.0007


def test_hidden_layers_and_few_words_are_told_apart_and_the_others_are_not(book):
    table = rows(book, "result")
    assert {row.verdict for row in table.values()} == {"cannot tell", "worse"}
    worse = [name for name, row in table.items() if row.verdict == "worse"]
    assert worse == ["no hidden layer", "1,000 words"]
    # None of them is near its level.
    assert all(row.p < 0.025 or row.p > 0.1 for row in table.values())
    # It lost in all ten pairs, and there are five comparisons.
    assert table["no hidden layer"].p == pytest.approx(5 * 2 / 1024, abs=0.0005)


def test_what_may_be_hidden_is_what_the_interval_holds(book):
    table = rows(book, "result")
    assert all(row.lower <= row.difference <= row.upper for row in table.values())
    one, l2 = table["one layer"], table["L2"]
    assert -0.001 < one.lower < 0 < one.upper
    assert one.difference == pytest.approx(0.0013, abs=0.0001)
    assert one.upper == pytest.approx(0.003, abs=0.0005)
    assert one.upper > one.needed  # so that it is no limit
    assert max(-l2.lower, l2.upper) == pytest.approx(0.001, abs=0.0004)
    assert all(abs(row.difference) <= row.needed for row in table.values() if row.p > 0.05)


def test_the_figures_show_what_their_texts_say(book):
    top = dots(book, "result-figure")
    heaps = [0.887, 0.887, 0.861, 0.887, 0.887, 0.853]
    assert [runs.mean() for runs in top] == pytest.approx(heaps, abs=0.003)
    assert all(top[row].min() < 0.882 for row in (0, 1, 3, 4))
    assert all(np.argmin(top[row]) == 0 for row in (0, 1, 4))  # where luck is shared
    assert dots(book, "tuned-figure")[0].mean() == pytest.approx(-0.025, abs=0.003)


def test_pairing_is_worth_more_than_twice_the_runs_even_without_run_0(book):
    worth = []
    for run in (0, 1):
        alone, paired, times = book.line(10, "pairing", f"from run {run} on:")
        assert times == pytest.approx((alone / paired) ** 2, rel=0.1)
        worth.append(times)
    assert worth[0] > 4 > worth[1] > 1.5


def test_the_verdict_on_the_linear_model_turns_round_with_what_it_is_given(book):
    table = rows(book, "tuned")
    verdicts = [table[f"none, {how}"].verdict for how in ("4 epochs", "20 epochs", "rate 0.01")]
    assert verdicts == ["worse", "better", "cannot tell"]
    one, network = rows(book, "result")["one layer"].mean, reference(book, "result")[0]
    assert table["none, 20 epochs"].mean > max(one, network) + 0.001
    assert all(row.p < 0.02 or row.p > 0.15 for row in table.values())
    few, many, fast = dots(book, "tuned-figure")
    assert few.max() < -0.01
    assert many.min() > 0
    assert 0.35 < many[0] / many.sum() < 0.55
    assert np.argmax(many) == 0
    assert fast.min() < 0 < fast.max()


def test_reviews_matter_more_than_sensible_designs(book):
    means = book.found(10, "curve-means", r"reviews: two layers (\S+), none (\S+)")
    assert means[[0, 3], 0] == pytest.approx([0.802, 0.890], abs=0.002)
    assert (np.diff(means, axis=0) > 0).all()
    assert np.abs(means[:, 0] - means[:, 1]).max() < 0.004
    table = rows(book, "result")
    designs = [table[name].mean for name in ("one layer", "dropout", "L2")]
    designs.append(reference(book, "result")[0])
    assert (means[3] - means[2]).min() > np.ptp(designs) + 0.01  # thrice as many reviews


def test_keras_stops_soon_after_its_best_and_adam_is_no_surprise(book):
    if not book.on_tensorflow:
        pytest.skip("another start")
    best, stopped = book.numbers(10, "early-stopping", "best epoch", "best epoch #2")
    assert best + 2 == stopped < 10
    early = book.number(10, "early-stopping", "accuracy there")
    adam = book.number(10, "adam", "accuracy")
    runs = dots(book, "result-figure")[0]
    assert abs(adam - early) < np.ptp(runs)
    epochs = book.found(10, "embedding", r"epoch \d: accuracy (\S+)")
    assert sorted(epochs) == epochs.tolist()
    assert epochs[2] < adam - 0.03


def test_depth_cannot_be_told_and_the_deviation_grows(book):
    table = rows(book, "exercise-2-solution")
    assert {row.verdict for row in table.values()} == {"cannot tell"}
    assert all(row.p > 0.1 for row in table.values())
    deviations = [table["one"].deviation, table["three"].deviation]
    assert deviations[0] < reference(book, "exercise-2-solution")[1] < deviations[1]
    # The same pairs as above, and two comparisons in place of five: Holm's factor was 3 there.
    assert table["one"].p == pytest.approx(2 / 3 * rows(book, "result")["one layer"].p, abs=0.002)


def test_width_buys_a_reliable_start(book):
    lines = (book.line(10, "exercise-3-solution", f"{n} units:") for n in (4, 8, 16, 32, 64))
    means, deviations, lowest = map(np.array, zip(*lines, strict=True))
    assert deviations[0] > 3 * max(deviations[1:])
    assert np.ptp(means[1:]) < 0.01
    assert lowest[0] < 0.85 < min(lowest[1:])
    four = dots(book, "exercise-3-dots-solution", runs=8)[1]
    assert np.sum(four < 0.835) == 2
    assert np.median(four) > 0.87


def test_squared_error_and_tanh_are_lower_under_these_conditions(book):
    table = rows(book, "exercise-4-solution")
    assert {row.verdict for row in table.values()} == {"worse"}
    assert all(-0.006 < row.difference < 0 and row.p < 0.025 for row in table.values())


def test_of_twenty_texts_about_half_are_right_and_waste_is_the_culprit(book):
    assert book.text(10, "exercise-6-judged-solution").startswith("11 of 20 right")
    without = re.findall(r"without (\S+): ([\d.]+)", book.text(10, "exercise-6-judged-solution"))
    assert max(without, key=lambda one: float(one[1]))[0] == "waste"
