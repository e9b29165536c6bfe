"""Each comparison lets a harmless change pass and stops a damaging one."""

import matplotlib.figure
import pytest
from matplotlib.ticker import PercentFormatter
from nbformat.v4 import new_output

from tests.notebooks.compare import compare_figures, compare_outputs
from tests.notebooks.figure_data import LARGEST_DESCRIPTION, METADATA_KEY, describe
from tests.notebooks.making import displayed, drawn, printed
from tests.notebooks.policies import read_policy

EXACT = {"policy": "exact"}
APPROX = {"policy": "approx"}
FIGURE = {"policy": "figure"}
FREE = {"policy": "free", "reason": "the clock"}

TABLE = "epoch  loss\n    1  0.5100\n    2  0.4200\n"
MARKDOWN = "| epoch | loss |\n| --- | ---: |\n| 1 | 0.51 |\n| 2 | 0.42 |"
ROWS = "<table>\n<tr><td>1</td><td>0.51</td></tr>\n<tr><td>2</td><td>0.42</td></tr>\n</table>"
LOSSES = {"Training": [0.51, 0.42, 0.33], "Validation": [0.52, 0.45, 0.47]}


def in_markdown(text):
    """Return what a cell displays as Markdown."""
    return displayed(text_markdown=text)


def in_html(text):
    """Return what a cell displays as HTML, as pandas does with a table."""
    return displayed(text_html=text)


def glued(text):
    """Return what `myst_nb.glue` leaves in a cell's output."""
    return new_output("display_data", data={"application/papermill.record/text/plain": text})


def compare(check, stored, new):
    """Compare one stored text or output with one new one."""
    pair = [[printed(side)] if isinstance(side, str) else [side] for side in (stored, new)]
    return compare_outputs(check, *pair)


@pytest.mark.parametrize(
    ("check", "stored", "new"),
    [
        (EXACT, TABLE, TABLE),
        (None, TABLE, TABLE),
        (
            EXACT | {"vary": ["seconds"]},
            "took  9.8 s, 4 rounds",
            "took 12.1 s, 4 rounds",
        ),
        (EXACT | {"vary": ["seconds"]}, "200 ms in all", "1,300 ms in all"),
        (EXACT | {"vary": ["paths"]}, "in /home/a/x.npz.", "in /srv/b/y.npz."),
        (EXACT | {"vary": ["bytes"]}, "needs 1.2 GB", "needs 1.3 GB"),
        (APPROX, TABLE, TABLE.replace("0.4200", "0.4203")),
        (APPROX, "[ 1.  -2.5]", "[1.0  -2.5]"),
        (APPROX, "padded    9.995 end", "padded   10.000 end"),
        (APPROX, "-1.0e-9", "1.0e-9"),
        (APPROX | {"rtol": 0.05}, "0.500", "0.52"),
        (APPROX | {"integers": "approx", "rtol": 0.05}, "wrong: 1,000", "wrong: 1,040"),
        (
            APPROX,
            displayed(text_html="<td>0.5</td>"),
            displayed(text_html="<td>0.5002</td>"),
        ),
        *[
            (APPROX, kind(text), kind(text.replace("0.51", "0.5102")))
            for kind, text in ((in_markdown, MARKDOWN), (in_html, ROWS), (glued, "loss 0.51"))
        ],
        (FREE, "12:01", "12:02"),
    ],
)
def test_harmless_changes_pass(check, stored, new):
    assert compare(check, stored, new) == []


@pytest.mark.parametrize(
    ("check", "stored", "new", "message"),
    [
        (EXACT, TABLE, TABLE.replace("0.42", "0.43"), "+    2  0.4300"),
        (EXACT, TABLE, TABLE.replace(" ", "", 1), "epoch loss"),
        (EXACT, "1\n", "1", "stored '1\\n', now '1'"),
        (EXACT, "a\rb", "a\nb", "stored 'a\\rb', now 'a\\nb'"),
        *[
            (
                check,
                displayed(image_jpeg="YQ=="),
                displayed(image_jpeg="Yg=="),
                "without drawn data",
            )
            for check in (EXACT, APPROX, FIGURE)
        ],
        (
            EXACT | {"vary": ["seconds"]},
            "took 9.8 s, 4 rounds",
            "took 9 s, 5 rounds",
            "5 rounds",
        ),
        (EXACT | {"vary": ["seconds"]}, "9.8 steps", "9.9 steps", "9.9 steps"),
        (APPROX, TABLE, TABLE.replace("0.4200", "0.4300"), "stored 0.4200, now 0.4300"),
        (APPROX, TABLE, TABLE.replace("0.4200", "0.4300"), "allowed 0.000421"),
        (APPROX, TABLE, TABLE.replace("2 ", "3 "), "whole numbers must be equal"),
        (APPROX, "count 2", "count 2.0", "whole numbers"),
        (APPROX, "wrong: 1,000", "wrong: 1,001", "whole numbers"),
        (
            APPROX,
            TABLE,
            TABLE.replace("    2  0.4200\n", ""),
            "4 numbers stored, 2 now",
        ),
        (APPROX, TABLE, TABLE.replace("loss", "gain"), "loss"),
        (APPROX, "dense_1: 0.5", "dense_2: 0.5", "dense_1"),
        (APPROX, "0.5", "nan", "1 numbers stored, 0 now"),
        (APPROX, "x -0.5", "x 0.5", "stored -0.5, now 0.5"),
        (APPROX | {"integers": "approx", "rtol": 0.05}, "1,000", "1,100", "allowed 50"),
        *[
            (APPROX, kind(text), kind(text.replace(old, new)), message)
            for kind, text in ((in_markdown, MARKDOWN), (in_html, ROWS), (glued, "1: loss 0.51"))
            for old, new, message in (
                ("0.51", "0.61", "stored 0.51, now 0.61: 0.1 apart, allowed 0.000511"),
                ("1", "3", "whole numbers"),
            )
        ],
        (APPROX, in_markdown(MARKDOWN), in_markdown(MARKDOWN[:-14]), "numbers stored"),
        (APPROX, in_html(ROWS), in_html(ROWS.replace("td", "th")), "<td>"),
        (FREE, "12:01", printed("Warning", "stderr"), "stderr"),
    ],
)
def test_damaging_changes_fail(check, stored, new, message):
    assert message in "\n".join(compare(check, stored, new))


@pytest.mark.parametrize("check", [EXACT, APPROX, FIGURE])
@pytest.mark.parametrize(
    ("stored", "new"),
    [
        ([printed("1")], []),
        ([], [printed("1")]),
        ([printed("1")], [printed("1"), printed("warning", "stderr")]),
        ([printed("1")], [displayed(text_plain="1")]),
        ([drawn(LOSSES)], [printed("1")]),
    ],
)
def test_a_missing_or_additional_output_fails(check, stored, new):
    assert "other kinds of output" in compare_outputs(check, stored, new)[0]


def test_an_announced_error_is_compared_by_name_and_message_not_by_traceback():
    def error(name, value, line):
        return [new_output("error", ename=name, evalue=value, traceback=[line])]

    stored = error("ValueError", "units=-1", "line 3")
    assert compare_outputs(EXACT, stored, error("ValueError", "units=-1", "line 4")) == []
    assert compare_outputs(EXACT, stored, error("TypeError", "units=-1", "line 3"))
    assert compare_outputs(EXACT, stored, error("ValueError", "units=-2", "line 3"))


def test_a_figure_within_the_tolerance_passes():
    assert compare(FIGURE, drawn(LOSSES), drawn(LOSSES)) == []
    nearly = {label: [1.01 * value for value in values] for label, values in LOSSES.items()}
    assert compare(FIGURE | {"atol": 0.01}, drawn(LOSSES), drawn(nearly)) == []


@pytest.mark.parametrize(
    ("series", "xlabel", "message"),
    [
        (LOSSES | {"Training": [0.51, 0.42, 0.43]}, "Epoch", "(Training), number 3"),
        (
            dict(zip(LOSSES, reversed(LOSSES.values()), strict=True)),
            "Epoch",
            "Training",
        ),
        (
            dict(reversed(LOSSES.items())),
            "Epoch",
            "stored 'Training', now 'Validation'",
        ),
        ({"Training": LOSSES["Training"]}, "Epoch", "entries stored"),
        (LOSSES | {"Training": [0.51, 0.42]}, "Epoch", "3 numbers stored, 2 now"),
        (LOSSES, "Loss", "'Epoch'"),
        (
            {"Training": LOSSES["Training"], "Test": LOSSES["Validation"]},
            "Epoch",
            "Validation",
        ),
    ],
)
def test_a_figure_that_shows_something_else_fails(series, xlabel, message):
    problems = compare(FIGURE, drawn(LOSSES), drawn(series, xlabel))
    assert message in "\n".join(problems)


def ticked(**formats):
    """Return the description of a figure whose ticks have words, or a format of their own."""
    figure = matplotlib.figure.Figure()
    axes = figure.add_subplot()
    axes.barh(range(2), [0.5, 1])
    if "names" in formats:
        axes.set_yticks(range(2), formats["names"])
    if "percent" in formats:
        axes.xaxis.set_major_formatter(PercentFormatter(formats["percent"]))
    return describe(figure)


@pytest.mark.parametrize(
    ("stored", "new", "message"),
    [
        ({"names": ["a", "b"]}, {"names": ["b", "a"]}, "ticks, entry 1"),
        ({"names": ["a", "b"]}, {}, "now label, scale, limits"),
        ({"percent": 1}, {"percent": 2}, "ticks, entry"),
        ({"percent": 1}, {}, "now label, scale, limits"),
    ],
)
def test_tick_labels_that_are_not_plain_numbers_are_compared(stored, new, message):
    allowance = read_policy(FIGURE).allowance
    assert compare_figures(ticked(**stored), ticked(**stored), allowance) == ""
    assert message in compare_figures(ticked(**stored), ticked(**new), allowance)


@pytest.mark.parametrize(
    ("stored", "new"),
    [("#00e111 - None", "#00e999 - None"), ("AUC 0.88", "AUC 0.8801"), ("#8e4585 -- o", "blue")],
)
def test_words_and_looks_of_a_figure_are_compared_to_the_letter(stored, new):
    allowance = read_policy(FIGURE).allowance
    for field in ("label", "look"):
        assert compare_figures({field: stored}, {field: stored}, allowance) == ""
        assert compare_figures({field: stored}, {field: new}, allowance)


def test_a_long_series_is_summarised_and_still_compared():
    values = [(place * 7919) % 1000 for place in range(100_000)]
    stored = drawn({"Lengths": values})
    assert len(str(stored.metadata[METADATA_KEY])) < LARGEST_DESCRIPTION
    assert compare(FIGURE, stored, drawn({"Lengths": values})) == []
    assert compare(FIGURE, stored, drawn({"Lengths": sorted(values)}))
    flat, longer = drawn({"Flat": [1] * 1000}), drawn({"Flat": [1] * 1001})
    assert "N1000" in "\n".join(compare(FIGURE, flat, longer))


def test_a_series_of_another_kind_fails():
    line, bars = (
        {"kind": "line", "x": "1", "y": "2"},
        {"kind": "line", "x": "1", "height": "2"},
    )
    assert "now kind, x, height" in compare_figures(line, bars, read_policy(FIGURE).allowance)


def test_an_image_without_drawn_data_cannot_be_compared():
    bare = drawn(LOSSES)
    del bare.metadata[METADATA_KEY]
    assert "cannot be compared" in compare(FIGURE, bare, bare)[0]


@pytest.mark.parametrize(
    "check",
    [
        {"policy": "lax"},
        {"policy": "free"},
        {"policy": "free", "reason": " "},
        {"policy": "approx", "rtol": 0.5},
        {"policy": "approx", "atol": 0.5},
        {"policy": "figure", "rtol": -0.1, "reason": "luck"},
        {"policy": "approx", "atol": float("inf"), "reason": "luck"},
        {"policy": "approx", "rtol": "0.1", "reason": "luck"},
        {"policy": "exact", "rtol": 0.1},
        {"policy": "exact", "vary": ["numbers"]},
        {"policy": "approx", "integers": "free"},
        {"rtol": 0.1},
    ],
)
def test_a_policy_that_is_unknown_or_too_loose_is_refused(check):
    with pytest.raises(ValueError, match=r"policy|vary|integers"):
        read_policy(check)
    assert compare(check, "1", "1")
