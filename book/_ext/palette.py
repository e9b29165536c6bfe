"""Figures that belong to the page, light or dark.

Matplotlib writes an SVG's colours as they were drawn, for a light page. Here each colour of the
book's palette becomes a variable, with the colour itself to fall back on, and a style sheet inside
the picture gives the variables their values on a light page and on a dark one.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

# Drawn colour -> the same on a dark page. Contrast with the ground, light and dark, behind each.
PALETTE = {
    "ffffff": "121212",  # the ground
    "222832": "ced6dd",  # ink: 14.8, 12.8
    "000000": "ced6dd",  # whatever is drawn in black is ink
    "e0e3e7": "3a4048",  # grid
    "d9d9d9": "4a515a",  # bands
    "808080": "9ca4af",  # grey: 3.9, 7.4
    "0072b2": "56b4e9",  # 5.2, 8.1
    "d55e00": "f0883e",  # 3.9, 7.4
    "009e73": "4cc9a0",  # 3.4, 9.1
    "cc79a7": "e3a5c7",  # 3.0, 9.2
    "e69f00": "f2bd4c",  # 2.2, 10.9: never alone, always with a marker or a dash of its own
    "56b4e9": "9bd3f5",  # 2.3, 11.6: the same
}
COLOUR = re.compile("#(" + "|".join(PALETTE) + r")\b")
MATPLOTLIB = (
    '<style type="text/css">*{stroke-linejoin: round; stroke-linecap: butt}</style>'
)
FONTS = "system-ui, 'DejaVu Sans', sans-serif"


def style_of(palette: dict[str, str]) -> str:
    """Return the style sheet that gives the variables their values."""
    light, dark = (
        "".join(f"--c{drawn}:#{shown};" for drawn, shown in pairs)
        for pairs in (zip(palette, palette, strict=True), palette.items())
    )
    return (
        f"<style>:root{{{light}}}@media(prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f"svg{{fill:var(--c222832)}}text{{font-family:{FONTS}!important}}</style>"
    )


def in_both_palettes(svg: str) -> str:
    """Return a figure of Matplotlib's with both palettes inside."""
    coloured = COLOUR.sub(lambda match: f"var(--c{match[1]},#{match[1]})", svg)
    return coloured.replace(MATPLOTLIB, MATPLOTLIB + style_of(PALETTE), 1)


def colour_figures(app: Sphinx, exception: Exception | None) -> None:
    """Put both palettes into every figure of the built site."""
    if exception or app.builder.format != "html":
        return
    for path in (Path(app.outdir) / "_images").glob("*.svg"):
        svg = path.read_text(encoding="utf-8")
        if MATPLOTLIB in svg:
            path.write_text(in_both_palettes(svg), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", colour_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
