"""Link from every page to the book as one PDF, if `make pdf` has made it."""

from datetime import date
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

NAME = "imdb-book.pdf"


def link_to_pdf(app: Sphinx, config: Config) -> None:
    """Add the link, with the PDF's size and day, to the pages' footer.

    The footer is an option of the theme, and a change of those makes Sphinx write all pages anew.
    """
    path = Path(app.outdir) / NAME
    if path.is_file():
        found = path.stat()
        day = date.fromtimestamp(found.st_mtime)
        config.html_theme_options["extra_footer"] += (
            f' <a href="{NAME}">The whole book as a PDF</a>'
            f" ({found.st_size / 1e6:.1f} MB, made on {day.day} {day:%B %Y})."
        )


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("config-inited", link_to_pdf)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
