"""Make the built pages work without any other host, and for everybody.

Formulas become MathML, which every current browser draws by itself, instead of text for
a script from a CDN. The start-up code of Thebe (live code from a server), which Jupyter
Book puts into every page, is taken out: the book offers no live code, and that start-up
code names a CDN. And a closed solution is announced by the words that are on it.
"""

import hashlib
from pathlib import Path

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxTranslator

BOOK = Path(__file__).resolve().parents[1]
# What makes the pages beside their texts: styles, scripts, pictures, templates and extensions.
MAKERS = ("_ext", "_templates", "assets")
# After sphinx-thebe has added its files, and late enough not to drop anybody else's.
AFTER_THEBE = 900


def inline_math(translator: SphinxTranslator, node: nodes.math) -> None:
    """Write a formula within a line."""
    translator.body.append(convert(node.astext()))
    raise nodes.SkipNode


def block_math(translator: SphinxTranslator, node: nodes.math_block) -> None:
    """Write a formula on a line of its own."""
    translator.body.append(
        f'<div class="formula" tabindex="0">{convert(node.astext(), display="block")}</div>'
    )
    raise nodes.SkipNode


def drop_thebe(app: Sphinx, _: str, __: str, context: dict, ___: object) -> None:
    """Leave out the scripts and styles of sphinx-thebe."""
    for kind in ("script_files", "css_files"):
        context[kind] = [
            file for file in context.get(kind, []) if "thebe" not in _text(file)
        ]


def _text(file: object) -> str:
    return f"{getattr(file, 'filename', file)} {getattr(file, 'attributes', '')}"


def drop_toggle_label(app: Sphinx, _: str, __: str, context: dict, ___: object) -> None:
    """Let screen readers read "Show the solution" where myst-nb says "Toggle hidden content"."""
    context["body"] = context.get("body", "").replace(
        ' aria-label="Toggle hidden content"', ""
    )


def makers() -> str:
    """Return what tells the files that make the pages from any others."""
    digest = hashlib.sha256()
    for folder in MAKERS:
        for file in sorted((BOOK / folder).rglob("*.*")):
            if file.is_file() and file.suffix != ".pyc":
                digest.update(file.read_bytes())
    return digest.hexdigest()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    # Sphinx writes the pages anew when a text or the configuration has changed, and only then.
    app.add_config_value("makers", makers(), "html")
    app.add_html_math_renderer(
        "mathml",
        inline_renderers=(inline_math, None),
        block_renderers=(block_math, None),
    )
    app.connect("html-page-context", drop_thebe, priority=AFTER_THEBE)
    app.connect("html-page-context", drop_toggle_label)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
