"""Keep the built pages light: what no page needs is not loaded, and not in the site.

The theme brings a script of 1.5 MB that draws icons its style sheet draws, too, a font of 1,400
icons of which the pages show some twenty, and files for those who develop it.
"""

import re
from pathlib import Path

from fontTools import subset
from sphinx.application import Sphinx

ICON_SCRIPT = "scripts/fontawesome.js"
ICON_FONTS = "vendor/fontawesome/webfonts"
ICON_STYLE = "styles/pydata-sphinx-theme.css"
# Every browser since 2018 takes the WOFF2 files that stand first.
NOT_LOADED = (".map", ".ttf")
FILE_NAME = re.compile(r"[\w.-]+\.\w+")
ICON_NAME = re.compile(r"\bfa-[a-z0-9-]+")
ICON_CODE = re.compile(
    r'((?:\.fa-[a-z0-9-]+(?:::?before)?,?)+)\{(?:--fa|content):"\\([0-9a-f]+)'
)


def make_light(app: Sphinx, exception: Exception | None) -> None:
    """Take out of the site what its pages do without."""
    if exception or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    (static / ICON_SCRIPT).write_text(
        "// The style sheet draws the icons.\n", encoding="utf-8"
    )
    for path in unused_files(static):
        path.unlink()
    codes = icon_codes(static)
    for font in (static / ICON_FONTS).glob("*.woff2"):
        keep_icons(font, codes)


def unused_files(static: Path) -> list[Path]:
    """Return the files that no page, style or script names."""
    files = [path for path in static.rglob("*") if path.is_file()]
    sources = [
        *static.parent.glob("*.html"),
        *static.rglob("*.css"),
        *static.rglob("*.js"),
    ]
    named = set()
    for path in sources:
        named.update(
            FILE_NAME.findall(path.read_text(encoding="utf-8", errors="replace"))
        )
    return [
        path for path in files if path.name not in named or path.suffix in NOT_LOADED
    ]


def icon_codes(static: Path) -> set[int]:
    """Return the characters of the icons that the pages, their scripts and styles name."""
    named = set()
    for page in [
        *static.parent.glob("*.html"),
        *static.rglob("*.js"),
        *static.glob("*.css"),
    ]:
        named.update(
            ICON_NAME.findall(page.read_text(encoding="utf-8", errors="replace"))
        )
    style = (static / ICON_STYLE).read_text(encoding="utf-8")
    return {
        int(code, 16)
        for names, code in ICON_CODE.findall(style)
        if named & set(ICON_NAME.findall(names))
    }


def keep_icons(font: Path, codes: set[int]) -> None:
    """Keep some characters of a font, and drop the others."""
    options = subset.Options(flavor="woff2", notdef_outline=True)
    loaded = subset.load_font(font, options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=codes)
    chosen.subset(loaded)
    subset.save_font(loaded, font, options)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("build-finished", make_light)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
