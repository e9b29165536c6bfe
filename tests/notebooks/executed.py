"""The chapters as this session ran them: kept in memory for the claims, on disk for the proofs.

A stored output says what was computed once. What a session on another backend computes is here.
"""

from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.notebooks.chapters import BOOK, ROOT, code_cells, read_chapter
from tests.notebooks.data import backend, lacking, why_sample

_run: dict[str, NotebookNode] = {}


class NotRunError(LookupError):
    """A chapter's outputs are not those of this session's backend: it must be run first."""


def default_folder() -> Path:
    """Return where a session leaves the chapters, by what it runs on."""
    return ROOT / "_build" / "executed" / f"{backend()}-{'sample' if why_sample() else 'real'}"


def keep(path: Path, outputs: dict[str, Iterable[NotebookNode]], folder: Path) -> None:
    """Keep a chapter of the book with the outputs, by cell id, that this session gave it.

    A chapter of which some cells were not run, or which is none of the book's, is not kept.
    """
    notebook = nbformat.read(path, as_version=4)
    if path.parent != BOOK or outputs.keys() != {cell.id for cell in code_cells(notebook)}:
        return
    for cell in code_cells(notebook):
        cell.outputs = list(outputs[cell.id])
    _run[path.stem] = notebook
    folder.mkdir(parents=True, exist_ok=True)
    beside = folder / f"{path.name}.part"
    nbformat.write(notebook, beside)
    beside.replace(folder / path.name)


def current_execution(path: Path, folder: Path) -> NotebookNode | None:
    """Return an execution of a chapter that is kept in a folder, if it is one of the same code."""
    file = folder / path.name
    if not file.is_file():
        return None
    sides = [nbformat.read(side, as_version=4) for side in (path, file)]
    ours, theirs = ([(cell.id, cell.source) for cell in code_cells(side)] for side in sides)
    return sides[1] if ours == theirs else None


def best_known(path: Path) -> NotebookNode:
    """Return a chapter as this session ran it, or as it is stored where that is the same.

    On the sample corpus that is the stored one: what the book says, it says of the real reviews.
    """
    if "data" not in lacking() and path.stem in _run:
        return _run[path.stem]
    if lacking() == {"backend"}:
        raise NotRunError(f"run {path.name} in the same session: it is stored as on TensorFlow")
    return read_chapter(path)
