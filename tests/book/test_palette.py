"""The book's colours: told apart, readable on light and dark, and no others anywhere."""

import re
import sys

import pytest
from matplotlib.colors import to_rgb

from tests.book.pages import BOOK

sys.path.insert(0, str(BOOK / "_ext"))
from palette import HEX, NEAREST, SHEET, in_both_palettes, read_palette

LIGHT, DARK = read_palette()
TEXT, LINES = 4.5, 3.0  # what WCAG asks for
WORDS = ("ink", "muted", "accent", "up", "down")
MARKS = ("border", "curve", "third", "fourth")
NOTED = re.compile(r"--imdb-([\w-]+): #\w{6}; /\* ([\d.]+), ([\d.]+)")


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour such as "#ffffff", as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in to_rgb(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    darker, lighter = sorted(luminance(colour) + 0.05 for colour in (one, other))
    return lighter / darker


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_words_and_lines_can_be_seen(palette):
    on_ground = {name: contrast(colour, palette["ground"]) for name, colour in palette.items()}
    assert [name for name in WORDS if on_ground[name] < TEXT] == []
    assert [name for name in MARKS if on_ground[name] < LINES] == []
    tints = [name for name in palette if re.search(r"-\d$", name)]
    assert [name for name in tints if contrast(palette[name], palette["on-tint"]) < TEXT] == []
    for name in ("ink", "muted", "accent"):
        assert contrast(palette["code"], palette[name]) >= TEXT


def test_the_contrasts_that_stand_beside_the_colours_are_theirs():
    assert list(LIGHT) == list(DARK)
    noted = NOTED.findall(SHEET.read_text(encoding="utf-8"))
    assert len(noted) >= 12
    for name, light, dark in noted:
        computed = [contrast(palette[name], palette["ground"]) for palette in (LIGHT, DARK)]
        assert computed == [pytest.approx(float(each), abs=0.051) for each in (light, dark)], name


def test_pages_figures_and_living_parts_have_no_other_colours():
    files = [*(BOOK / "assets").rglob("*.css"), *(BOOK / "assets").rglob("*.svg")]
    strange = {
        path.name: sorted(set(HEX.findall(path.read_text(encoding="utf-8"))) - set(LIGHT.values()))
        for path in files
        if path != SHEET
    }
    matplotlib = re.findall(r"\b[0-9A-Fa-f]{6}\b", (BOOK / "matplotlibrc").read_text("utf-8"))
    strange["matplotlibrc"] = sorted({f"#{c.lower()}" for c in matplotlib} - set(LIGHT.values()))
    assert {name: colours for name, colours in strange.items() if colours} == {}


def test_a_figure_gets_both_palettes():
    colours = ("#d55e00", "#000000", "#123456")
    drawn = "<svg>" + "".join(f"<path stroke='{colour}'/>" for colour in colours) + "</svg>"
    shown = in_both_palettes(drawn, LIGHT, DARK)
    assert "var(--curve,#d55e00)" in shown
    assert f"var(--{NEAREST['#000000']},#000000)" in shown
    assert "'#123456'" in shown
    assert f"--curve:{DARK['curve']}" in shown.partition("prefers-color-scheme:dark")[2]
