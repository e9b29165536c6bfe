"""Reading notebooks: their cells, and the text of what they displayed."""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode

SVG = "image/svg+xml"
# The bytes of an image are never compared, see figures.py.
IMAGES = (SVG, "image/png", "image/jpeg")
TEXT_TYPES = ("text/plain", "text/markdown", "text/html")
ROW_END = re.compile(r"</(?:tr|p|div|li|h\d|caption)>|<br\s*/?>")


@cache
def read_notebook(path: Path) -> NotebookNode:
    """Return a stored notebook; it is read once and must not be changed."""
    return nbformat.read(path, as_version=4)


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the code cells."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def cell_of(notebook: NotebookNode, cell_id: str) -> NotebookNode:
    """Return the cell with an id."""
    (found,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return found


def tags(cell: Mapping) -> list[str]:
    """Return a cell's tags."""
    return cell["metadata"].get("tags", [])


def image_words(cell: Mapping) -> tuple[str, str]:
    """Return the alt text and the caption that a code cell gives its figure."""
    mystnb = cell["metadata"].get("mystnb", {})
    return mystnb.get("image", {}).get("alt", ""), mystnb.get("figure", {}).get("caption", "")


def image_of(output: Mapping) -> str | None:
    """Return the image that an output displays, if it does."""
    data = output.get("data", {})
    return next((data[kind] for kind in IMAGES if kind in data), None)


def stored_text(cell: Mapping) -> str:
    """Return what a cell printed or displayed as text, rows of a table one to a line.

    What only stands for an image is none of it.
    """
    texts = []
    for output in (o for o in cell.get("outputs", ()) if image_of(o) is None):
        texts.append(output.get("text", ""))
        for kind in TEXT_TYPES:
            text = output.get("data", {}).get(kind, "")
            if kind == "text/html":
                text = re.sub(r"<(style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
                text = ROW_END.sub("\n", re.sub(r"\s+", " ", text))
                text = html.unescape(re.sub(r"<[^>]*>", " ", text))
            texts.append(text)
    return "\n".join(filter(None, texts))


def leaves(found: object, path: tuple = ()) -> Iterator[tuple[tuple, object]]:
    """Yield what nested lists and dictionaries hold in the end, each with its path."""
    if isinstance(found, Mapping | list):
        for step, entry in found.items() if isinstance(found, Mapping) else enumerate(found):
            yield from leaves(entry, (*path, step))
    else:
        yield path, found


def merge_streams(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream: where a stream is cut depends on timing."""
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if last and output.output_type == "stream" and last.get("name") == output.name:
            merged[-1] = NotebookNode(last | {"text": last.text + output.text})
        else:
            merged.append(output)
    return merged
