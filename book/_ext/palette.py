"""Figures that belong to the page, light or dark.

Matplotlib writes an SVG's colours as they were drawn, for a light page; so do the drawings in
`assets/`. Here each colour of the book becomes a variable, with the colour itself to fall back on,
and a style sheet inside the picture gives the variables their values on a light page and on a dark
one. Both come from `assets/palette.css`, from which the pages have them, too.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

SHEET = Path(__file__).parents[1] / "assets" / "palette.css"
VALUE = re.compile(r"--imdb-([\w-]+): (#[0-9a-f]{6});")
HEX = re.compile(r"#[0-9a-f]{6}\b")
# Black is Matplotlib's own, and its greys are "0.4" to "0.6" in the chapters.
NEAREST = {
    "#000000": "ink",
    "#666666": "muted",
    "#808080": "border",
    "#999999": "border",
}
# What Matplotlib's files begin with, and what they lack: text in the page's ink and font.
MATPLOTLIB = "*{stroke-linejoin: round; stroke-linecap: butt}"
FONTS = "-apple-system,'Segoe UI',Roboto,'Noto Sans',Ubuntu,Cantarell,Arial,sans-serif"
TEXT = f"svg{{fill:var(--ink)}}text{{font-family:{FONTS}!important}}"
MARK = '<style id="palette">'


def read_palette(path: Path = SHEET) -> tuple[dict[str, str], dict[str, str]]:
    """Return the colours by their names: on a light page, and on a dark one."""
    light, _, dark = path.read_text(encoding="utf-8").partition(
        'html[data-theme="dark"]'
    )
    return dict(VALUE.findall(light)), dict(VALUE.findall(dark))


def in_both_palettes(svg: str, light: dict[str, str], dark: dict[str, str]) -> str:
    """Return a picture with both palettes inside."""
    names = {colour: name for name, colour in reversed(light.items())} | NEAREST
    used = {"ink"}

    def variable(match: re.Match) -> str:
        if (name := names.get(match[0])) is None:
            return match[0]
        used.add(name)
        return f"var(--{name},{match[0]})"

    coloured = HEX.sub(variable, svg)
    values = [
        "".join(f"--{name}:{palette[name]};" for name in sorted(used))
        for palette in (light, dark)
    ]
    style = (
        f"{MARK}:root{{{values[0]}}}@media(prefers-color-scheme:dark){{:root{{{values[1]}}}}}"
        f"{TEXT if MATPLOTLIB in svg else ''}</style>"
    )
    return re.sub(r"<svg\b[^>]*>", lambda match: match[0] + style, coloured, count=1)


def colour_figures(app: Sphinx, exception: Exception | None) -> None:
    """Put both palettes into every picture of the built site."""
    if exception or app.builder.format != "html":
        return
    palettes = read_palette()
    for folder in ("_images", "_static"):
        for path in (Path(app.outdir) / folder).glob("*.svg"):
            svg = path.read_text(encoding="utf-8")
            if MARK not in svg:
                path.write_text(in_both_palettes(svg, *palettes), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", colour_figures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
