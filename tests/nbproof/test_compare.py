"""Each comparison lets a harmless change pass and stops a damaging one.

What a session's own outputs show of it, `tests/book/test_bites.py` proves in every kind.
"""

import re

import numpy as np
import pytest
from matplotlib.ticker import PercentFormatter
from nbformat.v4 import new_output

from tests.nbproof.compare import compare_cell
from tests.nbproof.damages import NOT_UNDERSTOOD
from tests.nbproof.figures import LARGEST_DESCRIPTION, METADATA_KEY
from tests.nbproof.making import code, displayed, drawn, figure_of, printed
from tests.nbproof.settings import Settings

EXACT, APPROX, FIGURE = ({"policy": name} for name in ("exact", "approx", "figure"))
SECONDS, NEEDY = {"vary": ["seconds"]}, {"needs": ["real data"]}
SETTINGS = Settings(marks=frozenset(["real data"]))
ON_SAMPLE = Settings(SETTINGS.marks, frozenset(["real data"]))
NOTICED = Settings(notice=re.compile(r"(?:notice: .*\n)+"))
# What Keras prints with `verbose=2`.
LOG = """Epoch 1/2
30/30 - 1s - 22ms/step - accuracy: 0.7765 - loss: 0.5291 - val_accuracy: 0.8650 - val_loss: 0.4
Epoch 2/2
30/30 - 0s - 9ms/step - accuracy: 0.8968 - loss: 0.3236 - val_accuracy: 0.8848 - val_loss: 0.3169
"""
TABLE = "epoch  loss\n    1  0.5100\n    2  0.4200\n"
ROWS = "<table>\n<tr><td>1</td><td>0.51</td></tr>\n<tr><td>2</td><td>0.42</td></tr>\n</table>"
LOSSES = {"Training": [0.51, 0.42, 0.33], "Validation": [0.52, 0.45, 0.47]}
NEARLY = {label: [1.01 * value for value in values] for label, values in LOSSES.items()}
LINES, JPEG = drawn(LOSSES), displayed(image_jpeg="YQ==")
NOTICE = printed("notice: made-up\n", "stderr")


def in_html(text):
    return displayed(text_html=text)


def error(name="ValueError", value="units=-1", line="line 3"):
    return new_output("error", ename=name, evalue=value, traceback=[line])


def compare(said, stored, new, settings=SETTINGS):
    """Compare what a cell has stored with what it gives; a text is what it printed."""
    sides = [side if isinstance(side, list) else [side] for side in (stored, new)]
    ours, theirs = ([printed(o) if isinstance(o, str) else o for o in side] for side in sides)
    return "\n".join(compare_cell(code("cell", "x", ours, nbproof=said), theirs, settings))


@pytest.mark.parametrize(
    ("said", "stored", "new"),
    [
        (SECONDS, "took  9.8 s, 4 rounds", "took 12.1 s, 4 rounds"),
        (SECONDS, "200 ms in all", "1.3 s in all"),
        (APPROX | SECONDS, LOG, LOG.replace("0s - 9ms", "990ms - 2s").replace("0.4", "0.4001")),
        (APPROX, "[ 1.  -2.5]", "[1.0  -2.5]"),
        (APPROX, "padded    9.995 end", "padded   10.000 end"),
        (APPROX, "-1.0e-9", "1.0e-9"),
        (APPROX | {"rtol": 0.2, "reason": "luck"}, "-0.5 of 5", "-0.59 of 5"),
        (APPROX | {"integers": 0.05}, "wrong: 1,000", "wrong: 1,040"),
        (APPROX, in_html(ROWS), in_html(ROWS.replace("0.51", "0.5102"))),
        (EXACT, error(), error(line="line 4")),
        (FIGURE | {"atol": 0.01}, LINES, drawn(NEARLY)),
        (EXACT, ["a\nb\n"], ["a\n", "b\n"]),
    ],
)
def test_harmless_changes_pass(said, stored, new):
    assert compare(said, stored, new) == ""


@pytest.mark.parametrize(
    ("said", "stored", "new", "message"),
    [
        (EXACT, TABLE, TABLE.replace("0.42", "0.43"), "+    2  0.4300"),
        (EXACT, TABLE, TABLE.replace(" ", "", 1), "epoch loss"),
        (EXACT, "1\n", "1", "stored '1\\n', now '1'"),
        *((said, JPEG, JPEG, "without drawn data") for said in (EXACT, APPROX, FIGURE)),
        (SECONDS, "took 9.8 s, 4 rounds", "took 9 s, 5 rounds", "5 rounds"),
        (APPROX | SECONDS, LOG, LOG.replace("0.7765", "0.7865"), "stored 0.7765, now 0.7865"),
        (APPROX | SECONDS, LOG, LOG.replace("30/30", "29/30", 1), "stored 30, now 29"),
        (APPROX, TABLE, TABLE.replace("2 ", "3 "), "stored 2, now 3: 1 apart, allowed 0"),
        (APPROX, "count 2", "count 2.0", "one is a whole number"),
        (APPROX, "dense_1: 0.5", "dense_2: 0.5", "dense_1"),
        (APPROX, "0.5", "nan", "1 numbers stored, 0 now"),
        (APPROX | {"rtol": 0.2, "reason": "luck"}, "-0.5", "-0.61", "0.11 apart, allowed 0.1"),
        (APPROX, "x -0.5", "x 0.5", "stored -0.5, now 0.5"),
        (APPROX | {"integers": 0.05}, "1,000", "1,100", "allowed 50"),
        (APPROX, in_html(ROWS), in_html(ROWS.replace("0.51", "0.61")), "0.1 apart, allowed 0.0005"),
        (APPROX, in_html(ROWS), in_html(ROWS.replace("td", "th")), "<td>"),
        (EXACT, error(), error("TypeError"), "TypeError"),
        (EXACT, error(), error(value="units=-2"), "units=-2"),
        (FIGURE, LINES, drawn(LOSSES | {"Training": [1, 1, 1]}), "(Training), number 1"),
        (FIGURE, LINES, drawn(LOSSES | {"Training": [0.51, 0.42]}), "3 numbers stored, 2 now"),
        (FIGURE, LINES, drawn(dict(reversed(LOSSES.items()))), "stored 'Training', now 'Valid"),
        (FIGURE, ["a", LINES, "b"], ["a", "b", LINES], "other kinds"),
        *((said, "1", LINES, "other kinds of output") for said in (EXACT, APPROX, FIGURE)),
        (EXACT, "1", [], "other kinds of output"),
        (EXACT, "1", [NOTICE, "1"], "other kinds of output"),
    ],
)
def test_damaging_changes_fail(said, stored, new, message):
    assert message in compare(said, stored, new)


def test_what_is_lacking_is_not_compared_nor_a_notice_but_warnings_are_news():
    assert compare(NEEDY, "25000", displayed(text_plain="5000"), ON_SAMPLE) == ""
    assert compare(EXACT, "1", [NOTICE, NOTICE, "1"], NOTICED) == ""
    assert compare(NEEDY, "25000", "5000")
    assert compare({}, "25000", "5000", ON_SAMPLE)
    assert compare(NEEDY, "25000", printed("UserWarning: old", "stderr"), ON_SAMPLE)
    assert compare({}, "1", [printed("notice: x\nWarning\n", "stderr"), "1"], NOTICED)
    assert compare_cell(code("cell", "x", count=None), [], SETTINGS)  # it was never run


def test_a_long_series_is_summarised_and_still_compared():
    values = [(place * 7919) % 1000 for place in range(100_000)]
    stored = drawn({"Lengths": values})
    assert len(str(stored.metadata[METADATA_KEY])) < LARGEST_DESCRIPTION
    assert compare(FIGURE, stored, drawn({"Lengths": values})) == ""
    assert compare(FIGURE, stored, drawn({"Lengths": sorted(values)}))
    assert "N1000" in compare(FIGURE, drawn({"x": [1] * 1000}), drawn({"x": [1] * 1001}))


@pytest.mark.parametrize("said", NOT_UNDERSTOOD)
def test_what_is_not_understood_or_too_loose_is_refused(said):
    assert compare(said, "1", "1")


def annotated(x, words="best"):
    return figure_of(lambda axes: axes.annotate(words, (x, 0.5), (0.2, 0.2)))


def scattered(*colours):
    return figure_of(lambda axes: axes.scatter([1, 2], [1, 2], c=colours))


def pictured(values, **look):
    return figure_of(lambda axes: axes.imshow(values, **look))


def bars(names=None):
    return figure_of(lambda axes: axes.bar([0, 1], [0.5, 1], tick_label=names))


def percents(whole):
    return figure_of(lambda axes: axes.xaxis.set_major_formatter(PercentFormatter(whole)))


def curve(*values, **look):
    return figure_of(lambda axes: axes.plot(values, **look))


ZEROS = np.zeros((300, 300), dtype="uint8")
ONE = ZEROS.copy()
ONE[150, 7] = 1  # between the values that a long series keeps


@pytest.mark.parametrize(
    ("stored", "same", "others"),
    [
        (annotated(0.5), annotated(0.501), [annotated(0.6), annotated(0.5, "worst")]),
        (scattered("red"), scattered("#ff0000"), [scattered("blue")]),
        (scattered("red", "blue"), scattered("red", "blue"), [scattered("blue", "red")]),
        (pictured(ZEROS), pictured(ZEROS), [pictured(ONE), pictured(ZEROS, cmap="gray")]),
        (pictured([[0.1, 0.5]]), pictured([[0.1, 0.5001]]), [pictured([[0.1, 0.6]])]),
        (bars(["a", "b"]), bars(["a", "b"]), [bars(["b", "a"]), bars()]),
        (percents(1), percents(1), [percents(2), curve()]),
        (curve(0.5, 1), curve(0.5, 1.001), [bars(), curve(0.5, 1.1), curve(0.5, 1, color="red")]),
    ],
)
def test_notes_colours_images_and_words_at_ticks_are_compared(stored, same, others):
    assert compare(FIGURE, stored, same) == ""
    assert all(compare(FIGURE, stored, other) for other in others)
