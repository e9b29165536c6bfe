"""Damage to how a chapter was run: cells left out, and cells in another order."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from nbformat import NotebookNode

from tests.proof.places import Edit, Place, code


def unrun(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A cell has no execution count, and keeps its outputs or has none."""
    for index, cell, _ in code(notebook):
        yield cell.id, "no execution count", _counted(index, None)
        if cell.outputs:
            yield cell.id, "neither count nor outputs", _counted(index, None, cleared=True)


def out_of_order(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """Two neighbouring code cells have changed places, or one was run again."""
    cells = [(index, cell) for index, cell, _ in code(notebook)]
    for (first, cell), (second, other) in pairwise(cells):
        yield cell.id, f"changed places with {other.id}", _exchanged(first, second)
        yield cell.id, "run again at the end", _counted(first, len(cells) + 1)


def _counted(index: int, count: int | None, cleared: bool = False) -> Edit:
    def edit(notebook: NotebookNode) -> None:
        cell = notebook.cells[index]
        cell.execution_count = count
        if cleared:
            cell.outputs = []
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count

    return edit


def _exchanged(first: int, second: int) -> Edit:
    def edit(notebook: NotebookNode) -> None:
        cells = notebook.cells
        cells[first], cells[second] = cells[second], cells[first]

    return edit
