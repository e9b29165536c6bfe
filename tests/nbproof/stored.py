"""Storing a notebook that was run: the same bytes for the same results, on any machine."""

import difflib
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import nbformat
import pytest
from ipykernel.ipkernel import IPythonKernel
from nbformat import NotebookNode

from tests.nbproof.compare import compare_cell, parts_of
from tests.nbproof.notebook import IMAGES, code_cells, leaves
from tests.nbproof.numbers import NUMBER
from tests.nbproof.settings import Settings

# The same whichever kernel ran the notebook: a version number here would change on every machine.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {k: v for k, v in IPythonKernel.language_info.items() if k != "version"},
}
# What a reader's tools use of a cell's metadata; editors and clients add what they like.
KEPT_OF_CELLS = {"nbproof", "jupyter", "mystnb", "tags"}
ANSI_CODES = re.compile(r"\x1b\[[0-9;]*m")
MOST_LINES, LONGEST_LINE = 12, 100  # of a difference that is printed
USUAL_MACHINE_FOLDERS = r"/(?:home|Users|root|tmp|private|var/folders)/\w|\b[A-Za-z]:\\+\w"


# Fails with the reason alone: it is one for the author of the notebook.
refuse = partial(pytest.fail, pytrace=False)


def store(
    path: Path, before: str, notebook: NotebookNode, settings: Settings, *, fresh: bool = False
) -> list[str]:
    """Store a notebook that was run whole; return what changed in its outputs, line by line.

    ``before`` is the text that was run. Outputs that agree with those in it by their policy stay
    as they are, unless everything is to be stored ``fresh``: the last digits of another processor,
    times and the bytes of pictures make no difference to the file.

    It fails if an output names a folder of this machine, or the file is another one now.
    """
    old = nbformat.reads(before, as_version=4)
    for cell, stored in zip(code_cells(notebook), code_cells(old), strict=True):
        if not fresh and not compare_cell(stored, cell.outputs, settings):
            cell.outputs = stored.outputs
    normalise(notebook)
    for cell in code_cells(notebook):
        if found := machine_paths(output_text(cell.outputs), path.parent):
            refuse(f"{cell.id}: an output names a folder of this machine: {found}")
    if path.read_text(encoding="utf-8") != before:
        refuse("the file was saved while the notebook ran: run it again")
    if (text := nbformat.writes(notebook, version=4) + "\n") != before:
        replace_file(path, text)
    return list(changes(old, notebook))


def normalise(notebook: NotebookNode) -> None:
    """Remove, in place, what changes between two runs with the same results."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for key in cell.metadata.keys() - KEPT_OF_CELLS:
            del cell.metadata[key]
    for place, cell in enumerate(code_cells(notebook), start=1):
        cell.execution_count = place
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = place
            if output.output_type == "error":
                # Frames in installed files have paths that belong to this machine.
                frames = ((part, ANSI_CODES.sub("", part)) for part in output.traceback)
                output.traceback = [part for part, text in frames if not text.startswith("File ")]


def changes(before: NotebookNode, after: NotebookNode) -> Iterator[str]:
    """Yield each number that is another one now, and of what is not alike, the first lines."""
    for stored, cell in zip(code_cells(before), code_cells(after), strict=True):
        ours, theirs = shown(stored), shown(cell)
        if NUMBER.split(ours) != NUMBER.split(theirs):
            lines = [text.splitlines() for text in (ours, theirs)]
            apart = list(difflib.unified_diff(*lines, n=0, lineterm=""))[2:]  # nothing of an end
            apart = [line[:LONGEST_LINE] for line in apart if not line.startswith("@@")]
            yield "\n  ".join([f"{cell.id}: another output", *apart[:MOST_LINES]])
        numbers = NUMBER.findall(ours), NUMBER.findall(theirs)
        for one, other in zip(*numbers, strict=True) if len(set(map(len, numbers))) == 1 else ():
            if one != other:
                yield f"{cell.id}: {one} \N{RIGHTWARDS ARROW} {other}"


def shown(cell: NotebookNode) -> str:
    """Return the text of a cell's outputs, and the data of its figures."""
    parts = [part for output in cell.outputs for part in parts_of(output).items()]
    found = leaves([value for kind, value in parts if kind != "image"])
    return "\n".join(str(text) for _, text in sorted(found, key=str))


def output_text(outputs: Iterable[NotebookNode]) -> str:
    """Return everything in the outputs except images, as one text."""
    found = leaves(list(outputs))
    return "\n".join(str(text) for path, text in found if not {*IMAGES}.intersection(path))


def machine_paths(text: str, own: Path) -> list[str]:
    """Return the places where a text names a folder of this or another machine."""
    folders = {str(own), str(Path.cwd()), str(Path.home()), sys.prefix, tempfile.gettempdir()}
    named = [rf"{re.escape(folder)}\b" for folder in sorted(folders - {"/"})]
    pattern = "|".join([*named, USUAL_MACHINE_FOLDERS])
    return [text[match.start() : match.start() + 60] for match in re.finditer(pattern, text)]


def replace_file(path: Path, text: str) -> None:
    """Write a text beside a file, then move it into place: nobody ever reads half of it."""
    beside = path.with_suffix(f"{path.suffix}.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
