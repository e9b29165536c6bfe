"""What a cell of the book holds and shows: for tests of what the prose says about it."""

from nbformat import NotebookNode

from tests.notebooks.chapters import BOOK, code_cells, read_chapter, stored_text
from tests.notebooks.figure_data import METADATA_KEY
from tests.notebooks.numbers import to_float
from tests.notebooks.quoted import number_after


def cell(chapter: int | str, cell_id: str) -> NotebookNode:
    """Return a code cell of a chapter (5) or of another page ("a5")."""
    name = f"{chapter:02}" if isinstance(chapter, int) else chapter
    (path,) = BOOK.glob(f"{name}_*.ipynb")
    (found,) = [cell for cell in code_cells(read_chapter(path)) if cell.id == cell_id]
    return found


def output_of(chapter: int | str, cell_id: str) -> str:
    """Return the stored text of a cell."""
    return stored_text(cell(chapter, cell_id))


def number(chapter: int | str, cell_id: str, label: str) -> float:
    """Return the number after a label in the stored text of a cell; a percentage as a share."""
    written, percent = number_after(output_of(chapter, cell_id), label)
    return to_float(written) / (100 if percent else 1)


def panels(chapter: int | str, cell_id: str) -> list[dict]:
    """Return what a stored figure shows, panel by panel."""
    (output,) = cell(chapter, cell_id).outputs
    return output.metadata[METADATA_KEY]["axes"]


def bars(chapter: int | str, cell_id: str) -> list[float]:
    """Return the lengths of a stored figure's horizontal bars."""
    (panel,) = panels(chapter, cell_id)
    widths = [series["width"] for series in panel["series"] if series["kind"] == "bars"]
    return [float(width) for several in widths for width in several.split()]
