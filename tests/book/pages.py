"""The book's pages, and how its prose writes numbers."""

import tomllib
from functools import cache
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.nbproof.notebook import read_notebook
from tests.nbproof.prose import Fact, Style

ROOT = Path(__file__).resolve().parents[2]
BOOK = ROOT / "book"
FACTS = Path(__file__).with_name("facts.toml")
# What a reader can count or measure.
COUNTED = """epoch review unit layer network seed word row column minute hour second byte megabyte
gigabyte parameter weight step batch variant"""
NAMES = ("Keras", "[Cc]hapters?", "[Ee]xercises?", "SHA")


def notebook_paths() -> list[Path]:
    """Return the notebooks of the book, chapters and appendix."""
    return sorted(BOOK.glob("*.ipynb"))


def pages_with_numbers() -> list[Path]:
    """Return the pages whose numbers are computed: all notebooks, and what the reader learned.

    The rest of the appendix quotes what others have published or measured elsewhere.
    """
    return [*notebook_paths(), BOOK / "takeaways.md"]


def read_page(path: Path) -> NotebookNode:
    """Return a page as a notebook; one without code is a notebook of one Markdown cell."""
    if path.suffix == ".ipynb":
        return read_notebook(path)
    text = path.read_text(encoding="utf-8")
    return new_notebook(cells=[new_markdown_cell(text, id="page")])


def linked(name: str) -> NotebookNode | None:
    """Return the notebook of the book that a link names, if it is one."""
    path = BOOK / f"{name}.ipynb"
    return read_notebook(path) if path.is_file() else None


@cache
def style() -> Style:
    """Return how the book's prose writes numbers, with its facts."""
    # A table for a page or several, with a reason for each text.
    tables = tomllib.loads(FACTS.read_text(encoding="utf-8"))
    facts = (
        Fact(text, reason, tuple(pages.split(", ")))
        for pages, found in tables.items()
        for text, reason in found.items()
    )
    return Style(tuple(COUNTED.split()), NAMES, tuple(facts))
