"""A comparison says what its pairs can give, as text, as HTML and as a drawing, and no more.

`shown.toml` has all three as they are: a change of one is a change of this file.
"""

import tomllib
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imdb_helpers.comparison import Comparison
from tests.nbproof.figures import describe

SHOWN = tomllib.loads(Path(__file__).with_name("shown.toml").read_text("utf-8"))
BASE = [880, 885, 890, 870, 888, 881, 884, 879, 886, 882]
UP = [score + 4 + k % 3 for k, score in enumerate(BASE)]
DOWN = [score - 9 - k % 2 for k, score in enumerate(BASE)]
UNSURE = [score + (-1) ** k for k, score in enumerate(BASE)]


def result(level=0.05, **scores):
    """Return a comparison with made-up scores, in thousandths; the first is the reference."""
    scores = {name: np.array(values) / 1000 for name, values in scores.items()}
    return Comparison({name: {} for name in scores}, scores, next(iter(scores)), level, 100, 1000)


FOUR = result(**{"a<b": BASE, "up & on": UP, "down": DOWN, "unsure": UNSURE})
FEW = result(one=BASE[:3], other=UP[:3])


def test_it_is_shown_as_text_and_as_html():
    assert repr(FOUR) == SHOWN["text"]
    assert FOUR._repr_html_() == SHOWN["html"].replace("\n", "")
    few, alone = repr(FEW).splitlines(), repr(result(alone=BASE)).splitlines()
    assert few[4].endswith("  +0.0050            any  0.250  cannot tell   never")
    assert few[-1] == FEW.note
    assert alone[3] == "alone    0.8825     0.0056                                reference"
    assert len(alone) == 7


@pytest.mark.parametrize("what", ["scores", "differences", "few"])
def test_it_draws_each_run_and_an_interval(what):
    comparison = FEW if what == "few" else result(base=BASE[:6], up=UP[:6])
    figure = comparison.draw(**{"differences": True} if what == "differences" else {})
    (axes,) = describe(figure)["axes"]
    lines = [*describe(figure)["texts"], *(f"{key}: {axes[key]}" for key in ("x", "y"))]
    lines += [" | ".join(map(str, series.values())) for series in axes["series"]]
    lines += [" x ".join(f"{inches:.2f}" for inches in figure.get_size_inches())]
    lines += [f"{line.get_linewidth()} wide" for line in figure.axes[0].lines[:1]]
    marks = figure.axes[0].lines[1:4]  # a run's, a mean's, and one at an end of its interval
    lines += [f"size {mark.get_markersize()}, opacity {mark.get_alpha()}" for mark in marks]
    (legend,) = figure.legends
    lines += [f"{legend._loc}, {legend._ncols} columns, {legend.get_texts()[0].get_fontsize():.1f}"]
    lines += [type(figure.get_layout_engine()).__name__]
    plt.close(figure)
    assert "\n".join(lines) == SHOWN["drawn"][what]


def test_each_run_and_each_difference_can_be_had():
    assert FOUR.runs[10:12] == [
        {"variant": "up & on", "run": 0, "accuracy": 0.884},
        {"variant": "up & on", "run": 1, "accuracy": 0.89},
    ]
    assert len(FOUR.runs) == 40
    assert (FOUR.pairs, FEW.pairs) == (10, 3)
    assert FOUR.differences("up & on") == pytest.approx([(4 + k % 3) / 1000 for k in range(10)])
    verdicts = ["reference", "better", "worse", "cannot tell"]
    assert [FOUR.verdict(name) for name in FOUR.scores] == verdicts
    for use in (FOUR.verdict, FOUR.differences):
        with pytest.raises(
            ValueError, match=r"^the variant is 'u'; expected 'a<b' or 'up & on' or"
        ):
            use("u")


def test_holm_s_correction_and_what_was_needed_are_in_the_rows():
    up, down, unsure = FOUR.rows[1:]
    assert (up.p, down.p, unsure.p) == pytest.approx((6 / 1024, 6 / 1024, 1))
    assert up.mean == pytest.approx(np.mean(UP) / 1000)
    assert up.deviation == pytest.approx(np.std(UP, ddof=1) / 1000)
    assert up.interval == pytest.approx((0.0043, 0.0055), abs=1e-4)
    # With eight pairs at 0.05 one comparison may be called, with three more it must be at 0.0125.
    lone, crowd = (result(a=[0] * 8, **{str(k): [5] * 7 + [-1] for k in range(n)}) for n in (1, 4))
    assert lone.rows[1].verdict == "better"
    assert crowd.rows[1].verdict == "cannot tell"
    assert lone.rows[1].needed < crowd.rows[1].needed < 1


@given(st.lists(st.lists(st.integers(-20, 20), min_size=8, max_size=8), min_size=1, max_size=4))
def test_a_verdict_is_given_to_what_could_be_seen_and_to_nothing_else(lists):
    for row in result(r=[0] * 8, **{f"v{i}": d for i, d in enumerate(lists)}).rows[1:]:
        if abs(row.difference) > row.needed + 1e-9:
            assert row.verdict == ("better" if row.difference > 0 else "worse")
        if abs(row.difference) < row.needed - 1e-9:
            assert row.verdict == "cannot tell"


def test_too_few_runs_say_how_many_would_do_and_enough_say_nothing():
    five, six = (result(base=BASE[:n], up=UP[:n]) for n in (5, 6))
    assert five.verdict("up") == "cannot tell"
    assert five.note == (
        "5 runs cannot give a verdict, whatever they show: the smallest p of their sign flips is "
        "0.0625, and it must be 0.0500 or less. From 6 runs on it can."
    )
    assert (six.verdict("up"), six.note) == ("better", "")
    assert (
        "it must be 0.0167 or less. From 7 runs on"
        in result(a=BASE[:5], b=UP[:5], c=UP[:5], d=UP[:5]).note
    )
    assert result(level=0.0625, base=BASE[:5], up=UP[:5]).note == ""
    assert result(level=1e-4, base=range(30), up=range(1, 31)).note == ""
    assert result(level=9e-5, base=range(30), up=range(1, 31)).note.endswith(
        "0.0001 or less. Compare fewer variants at once, or at a larger level."
    )
