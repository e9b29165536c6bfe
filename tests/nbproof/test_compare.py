"""Each comparison lets a harmless change pass and stops a damaging one."""

import re

import matplotlib.figure
import numpy as np
import pytest
from matplotlib.ticker import PercentFormatter
from nbformat.v4 import new_output

from tests.nbproof.compare import compare_cell, compare_figures
from tests.nbproof.figures import LARGEST_DESCRIPTION, METADATA_KEY, describe
from tests.nbproof.making import code, displayed, drawn, printed
from tests.nbproof.policies import read_policy
from tests.nbproof.settings import Settings

EXACT = {"policy": "exact"}
APPROX = {"policy": "approx"}
FIGURE = {"policy": "figure"}

SETTINGS = Settings(marks=frozenset(["real data", "luck"]))
TOLERANCE = read_policy({"nbproof": FIGURE}, ()).tolerance
SECONDS = {"vary": ["seconds"]}
# What Keras prints with `verbose=2`.
LOG = """Epoch 1/2
30/30 - 1s - 22ms/step - accuracy: 0.7765 - loss: 0.5291 - val_accuracy: 0.8650 - val_loss: 0.4
Epoch 2/2
30/30 - 0s - 9ms/step - accuracy: 0.8968 - loss: 0.3236 - val_accuracy: 0.8848 - val_loss: 0.3169
"""
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


def compare(said, stored, new, settings=SETTINGS):
    """Compare what a cell has stored with what it gives; a text is what it printed."""
    sides = [side if isinstance(side, list) else [side] for side in (stored, new)]
    ours, theirs = ([printed(o) if isinstance(o, str) else o for o in side] for side in sides)
    return compare_cell(code("cell", "x", ours, nbproof=said), theirs, settings)


@pytest.mark.parametrize(
    ("check", "stored", "new"),
    [
        (EXACT, TABLE, TABLE),
        ({}, TABLE, TABLE),
        (SECONDS, "took  9.8 s, 4 rounds", "took 12.1 s, 4 rounds"),
        (SECONDS, "200 ms in all", "1.3 s in all"),
        (SECONDS, LOG, LOG.replace("1s - 22ms/step", "990ms - 2s/step")),
        (APPROX | SECONDS, LOG, LOG.replace("0s - 9ms", "1s - 33ms").replace("0.4", "0.4001")),
        (APPROX, TABLE, TABLE.replace("0.4200", "0.4203")),
        (APPROX, "[ 1.  -2.5]", "[1.0  -2.5]"),
        (APPROX, "padded    9.995 end", "padded   10.000 end"),
        (APPROX, "-1.0e-9", "1.0e-9"),
        (APPROX | {"rtol": 0.05}, "0.500", "0.52"),
        (APPROX | {"integers": 0.05}, "wrong: 1,000", "wrong: 1,040"),
        *[
            (APPROX, kind(text), kind(text.replace("0.51", "0.5102")))
            for kind, text in ((in_markdown, MARKDOWN), (in_html, ROWS), (glued, "loss 0.51"))
        ],
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
        (SECONDS, "took 9.8 s, 4 rounds", "took 9 s, 5 rounds", "5 rounds"),
        (APPROX | SECONDS, LOG, LOG.replace("0.7765", "0.7865"), "stored 0.7765, now 0.7865"),
        (APPROX | SECONDS, LOG, LOG.replace("30/30", "29/30", 1), "stored 30, now 29"),
        (APPROX | SECONDS, LOG, LOG.replace("val_loss", "loss", 1), "val_loss"),
        (APPROX, TABLE, TABLE.replace("0.4200", "0.4300"), "stored 0.4200, now 0.4300"),
        (APPROX, TABLE, TABLE.replace("2 ", "3 "), "stored 2, now 3: 1 apart, allowed 0"),
        (APPROX, "count 2", "count 2.0", "one is a whole number"),
        (APPROX, "wrong: 1,000", "wrong: 1,001", "allowed 0"),
        (APPROX, "dense_1: 0.5", "dense_2: 0.5", "dense_1"),
        (APPROX, "0.5", "nan", "1 numbers stored, 0 now"),
        (APPROX, "x -0.5", "x 0.5", "stored -0.5, now 0.5"),
        (APPROX | {"integers": 0.05}, "1,000", "1,100", "allowed 50"),
        *[
            (APPROX, kind(text), kind(text.replace(old, new)), message)
            for kind, text in ((in_markdown, MARKDOWN), (in_html, ROWS), (glued, "1: loss 0.51"))
            for old, new, message in (
                ("0.51", "0.61", "stored 0.51, now 0.61: 0.1 apart, allowed 0.000511"),
                ("1", "3", "allowed 0"),
            )
        ],
        (APPROX, in_markdown(MARKDOWN), in_markdown(MARKDOWN[:-14]), "numbers stored"),
        (APPROX, in_html(ROWS), in_html(ROWS.replace("td", "th")), "<td>"),
        ({"policy": "lax"}, "1", "1", "policy 'lax' is none of"),
    ],
)
def test_damaging_changes_fail(check, stored, new, message):
    assert message in "\n".join(compare(check, stored, new))


@pytest.mark.parametrize("check", [EXACT, APPROX, FIGURE])
@pytest.mark.parametrize("new", [[], [displayed(text_plain="1")], [drawn(LOSSES)]])
def test_other_kinds_of_output_fail(check, new):
    assert "other kinds of output" in compare(check, [printed("1")], new)[0]
    assert "other kinds of output" in compare(check, new, [printed("1")])[0]


def test_an_announced_error_is_compared_by_name_and_message_not_by_traceback():
    def error(name, value, line):
        return [new_output("error", ename=name, evalue=value, traceback=[line])]

    stored = error("ValueError", "units=-1", "line 3")
    assert compare(EXACT, stored, error("ValueError", "units=-1", "line 4")) == []
    assert compare(EXACT, stored, error("TypeError", "units=-1", "line 3"))
    assert compare(EXACT, stored, error("ValueError", "units=-2", "line 3"))


def test_a_figure_within_the_tolerance_passes():
    assert compare(FIGURE, drawn(LOSSES), drawn(LOSSES)) == []
    nearly = {label: [1.01 * value for value in values] for label, values in LOSSES.items()}
    assert compare(FIGURE | {"atol": 0.01}, drawn(LOSSES), drawn(nearly)) == []


@pytest.mark.parametrize(
    ("series", "message"),
    [
        (LOSSES | {"Training": [0.51, 0.42, 0.43]}, "(Training), number 3"),
        (LOSSES | {"Training": [0.51, 0.42]}, "3 numbers stored, 2 now"),
        (dict(reversed(LOSSES.items())), "stored 'Training', now 'Validation'"),
    ],
)
def test_what_a_figure_shows_else_is_named(series, message):
    assert message in "\n".join(compare(FIGURE, drawn(LOSSES), drawn(series)))


@pytest.mark.parametrize(
    ("stored", "new"),
    [("#00e111 - None", "#00e999 - None"), ("AUC 0.88", "AUC 0.8801"), ("#8e4585 -- o", "blue")],
)
def test_words_and_looks_of_a_figure_are_compared_to_the_letter(stored, new):
    for field in ("label", "look"):
        assert compare_figures({field: stored}, {field: stored}, TOLERANCE) == ""
        assert compare_figures({field: stored}, {field: new}, TOLERANCE)


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
    assert "now kind, x, height" in compare_figures(line, bars, TOLERANCE)


def test_an_image_without_drawn_data_cannot_be_compared():
    bare = drawn(LOSSES)
    del bare.metadata[METADATA_KEY]
    assert "cannot be compared" in compare(FIGURE, bare, bare)[0]


@pytest.mark.parametrize(
    "said",
    [
        {"policy": "approx", "atol": 0.5, "reason": " "},
        {"policy": "approx", "atol": float("inf"), "reason": "luck"},
        {"policy": "approx", "rtol": True, "reason": "luck"},
        {"policy": "figure", "integers": 0.01},
        {"rtol": 0.1},
    ],
)
def test_what_is_not_understood_or_too_loose_is_refused(said):
    with pytest.raises(ValueError, match=r"policy|vary|needs"):
        read_policy({"nbproof": said}, SETTINGS.marks)
    assert compare(said, "1", "1")


def test_a_loose_tolerance_with_a_reason_is_read():
    said = {"policy": "approx", "rtol": 0.2, "reason": "luck", "needs": ["luck"]}
    policy = read_policy({"nbproof": said}, SETTINGS.marks)
    assert policy.tolerance.allows("-0.5") == pytest.approx(0.1 + 1e-6)
    assert policy.tolerance.allows("5") == 0
    assert policy.needs == {"luck"}
    assert read_policy({}, ()).name == "exact"


def test_what_is_lacking_is_not_compared_and_a_warning_is_news_there_too():
    needy, on_sample = {"needs": ["real data"]}, Settings(SETTINGS.marks, frozenset(["real data"]))
    assert compare(needy, "25000", displayed(text_plain="5000"), on_sample) == []
    assert compare(needy, "25000", "5000")
    assert compare({}, "25000", "5000", on_sample)
    assert compare(needy, "25000", printed("UserWarning: old", "stderr"), on_sample)


def test_a_notice_of_the_suite_is_no_output():
    noticed = Settings(notice=re.compile(r"(?:notice: .*\n)+"))
    notice = printed("notice: made-up\n", "stderr")
    assert compare({}, "1", [notice, notice, printed("1")], noticed) == []
    assert compare({}, "1", [notice, printed("1")])
    assert compare({}, "1", [printed("notice: x\nWarning\n", "stderr"), printed("1")], noticed)


def test_where_a_stream_is_cut_makes_no_difference_and_the_order_of_outputs_does():
    assert compare({}, ["a\nb\n"], ["a\n", "b\n"]) == []
    figure = drawn(LOSSES)
    assert compare(FIGURE, ["a", figure, "b"], ["a", figure, "b"]) == []
    assert compare(FIGURE, ["a", figure, "b"], ["a", "b", figure])


def test_a_cell_that_was_never_run_has_nothing_to_compare_with():
    assert compare_cell(code("cell", "x", count=None), [], SETTINGS)


def described(draw):
    """Return the output of a cell that draws into one pair of axes."""
    figure = matplotlib.figure.Figure()
    draw(figure.add_subplot())
    output = drawn({})
    output.metadata[METADATA_KEY] = describe(figure)
    return output


def annotated(x, words="best"):
    return described(lambda axes: axes.annotate(words, (x, 0.5), (0.2, 0.2)))


def scattered(colours):
    return described(lambda axes: axes.scatter([1, 2], [1, 2], c=colours))


def pictured(values, **look):
    return described(lambda axes: axes.imshow(values, **look))


def ticked(names=None, percent=0):
    """Return a figure whose ticks have words, or a format of their own."""

    def draw(axes):
        axes.barh(range(2), [0.5, 1])
        if names:
            axes.set_yticks(range(2), names)
        if percent:
            axes.xaxis.set_major_formatter(PercentFormatter(percent))

    return described(draw)


ZEROS = np.zeros((300, 300), dtype="uint8")
ONE = ZEROS.copy()
ONE[150, 7] = 1  # between the values that a long series keeps


@pytest.mark.parametrize(
    ("stored", "same", "other"),
    [
        (annotated(0.5), annotated(0.501), annotated(0.6)),
        (annotated(0.5), annotated(0.5), annotated(0.5, "worst")),
        (scattered("red"), scattered("#ff0000"), scattered("blue")),
        (scattered(["red", "blue"]), scattered(["red", "blue"]), scattered(["blue", "red"])),
        (pictured(ZEROS), pictured(ZEROS), pictured(ONE)),
        (pictured(ZEROS), pictured(ZEROS), pictured(ZEROS, cmap="gray")),
        (pictured([[0.1, 0.5]]), pictured([[0.1, 0.5001]]), pictured([[0.1, 0.6]])),
        (ticked("ab"), ticked("ab"), ticked("ba")),
        (ticked("ab"), ticked("ab"), ticked()),
        (ticked(percent=1), ticked(percent=1), ticked(percent=2)),
        (ticked(percent=1), ticked(percent=1), ticked()),
    ],
)
def test_notes_colours_images_and_words_at_ticks_are_compared(stored, same, other):
    assert compare(FIGURE, stored, same) == []
    assert compare(FIGURE, stored, other)
