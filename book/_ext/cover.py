"""The book's cover on its first page, and what other sites show of a page that is shared.

Cover and card are drawn from the curves of the chapters' network on the real reviews: the training
loss falls, the validation loss turns. A card needs an absolute address, so there is none before
`_config.yml` says where the pages are (`html.baseurl`).
"""

import json
from html import escape
from pathlib import Path
from textwrap import shorten

from docutils import nodes
from palette import read_palette
from sphinx.application import Sphinx

CURVES = Path(__file__).parents[1] / "assets" / "curves.json"
SETTINGS = "2 16 0.001 0 bce 2000"
LINE = "How a small neural network learns to tell good film reviews from bad ones."
CARD = "card.png"
WIDTH, HEIGHT = 300, 96  # of the drawing on the cover
DESCRIPTION = 200  # characters


def losses() -> tuple[list[float], list[float]]:
    """Return the loss after each epoch: of training, and of validation."""
    curves = json.loads(CURVES.read_text(encoding="utf-8"))["runs"][SETTINGS]
    return curves[0], curves[2]


def points(values: list[float], top: float) -> str:
    """Return a curve as the points of an SVG's line, the value 0 at the bottom."""
    step = WIDTH / (len(values) - 1)
    return " ".join(
        f"{number * step:.0f},{HEIGHT * (1 - value / top):.1f}"
        for number, value in enumerate(values)
    )


def cover(title: str) -> str:
    """Return the cover as HTML; the drawing says nothing that the page does not say."""
    training, validation = losses()
    top = 1.04 * max(training + validation)
    return (
        f'<div class="imdb-cover"><p><span>{escape(title)}</span> {LINE}</p>'
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" aria-hidden="true">'
        f'<polyline class="imdb-cover-training" points="{points(training, top)}"/>'
        f'<polyline class="imdb-cover-validation" points="{points(validation, top)}"/></svg></div>'
    )


def draw_card(path: Path, title: str) -> None:
    """Draw the picture that other sites show, 1,200 by 630 pixels."""
    from matplotlib.figure import Figure

    light, _ = read_palette()
    figure = Figure(figsize=(12, 6.3), dpi=100, facecolor=light["ground"])
    axis = figure.add_axes((0.07, 0.1, 0.86, 0.5))
    axis.set_axis_off()
    axis.margins(x=0)
    training, validation = losses()
    axis.plot(training, color=light["muted"], linestyle=(0, (3, 2)), linewidth=7)
    axis.plot(validation, color=light["up"], linewidth=8)
    words = {"family": "STIXGeneral", "color": light["ink"]}
    figure.text(0.07, 0.8, title, size=64, weight="bold", **words)
    figure.text(0.07, 0.69, LINE, size=24, **words)
    figure.savefig(path, metadata={"Software": None})


def describe(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict,
    doctree: nodes.document | None,
) -> None:
    """Give a page its description, the first page its cover, and a book with an address a card."""
    if doctree is None:
        return
    if pagename == app.config.root_doc:
        context["body"] = cover(app.config.html_title) + context["body"]
    first = next(iter(doctree.findall(nodes.paragraph)), nodes.paragraph())
    text = shorten(first.astext(), DESCRIPTION, placeholder=" …")
    tags = {"name": {"description": text}}
    if base := app.config.html_baseurl:
        address = base.rstrip("/")
        tags["name"] |= {"twitter:card": "summary_large_image"}
        tags["property"] = {
            "og:title": app.env.titles[pagename].astext(),
            "og:description": text,
            "og:site_name": app.config.html_title,
            "og:type": "website",
            "og:url": f"{address}/{pagename}.html",
            "og:image": f"{address}/_static/{CARD}",
            "og:image:alt": LINE,
        }
    context["metatags"] = context.get("metatags", "") + "".join(
        f'<meta {kind}="{name}" content="{escape(content)}">\n'
        for kind, named in tags.items()
        for name, content in named.items()
    )


def write_card(app: Sphinx, exception: Exception | None) -> None:
    """Draw the card if a page names it."""
    if app.config.html_baseurl and not exception and app.builder.format == "html":
        draw_card(Path(app.outdir) / "_static" / CARD, app.config.html_title)


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", describe)
    app.connect("build-finished", write_card)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
