"""The form in which a chapter is stored: the same bytes for the same results, on any machine."""

import base64
import json
import re
import struct
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from tests.notebooks.compare import compare_outputs

ROOT = Path(__file__).resolve().parent.parent

# The same whichever kernel ran the chapter: a version number here would change on every machine.
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}
# What the book reads of a cell's metadata; editors and clients add what they like.
KEPT_OF_CELLS = {"check", "jupyter", "mystnb", "tags"}
ANSI_CODES = re.compile(r"\x1b\[[0-9;]*m")
USUAL_MACHINE_FOLDERS = r"/(?:home|Users|root|tmp|private|var/folders)/\w|\b[A-Za-z]:\\+\w"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"}


class ChapterError(Exception):
    """A chapter that could not be run, or whose outputs must not be stored."""


def normalise(notebook: NotebookNode, name: str) -> None:
    """Remove, in place, what changes between two runs with the same results."""
    notebook.metadata = nbformat.from_dict(METADATA)
    for cell in notebook.cells:
        for key in cell.metadata.keys() - KEPT_OF_CELLS:
            del cell.metadata[key]
        if cell.cell_type != "code":
            continue
        cell.outputs = merge_streams(cell.outputs)
        for output in cell.outputs:
            if "image/png" in output.get("data", {}):
                output.data["image/png"] = plain_png(output.data["image/png"])
            if output.output_type == "error":
                output.traceback = own_frames(output.traceback)
        if found := machine_paths(output_text(cell.outputs)):
            raise ChapterError(f"{name}, cell {cell.id}: an output names a folder here: {found}")


def keep_what_agrees(notebook: NotebookNode, before: NotebookNode) -> None:
    """Put the outputs of the same code stored before in the place of new ones that agree with them.

    They agree by their policy, so the last digits of another processor, times and the bytes of
    pictures make no difference to the file.
    """
    old = {cell.id: cell for cell in before.cells if cell.get("execution_count")}
    for cell in notebook.cells:
        stored = old.get(cell.id)
        if stored is None or cell.cell_type != "code" or cell.source != stored.source:
            continue
        if compare_outputs(cell.metadata.get("check"), stored.outputs, cell.outputs) == []:
            cell.outputs = stored.outputs
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = cell.execution_count


def merge_streams(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream: where a stream is cut depends on timing."""
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if (
            last is not None
            and output.output_type == last.output_type == "stream"
            and output.name == last.name
        ):
            last.text += output.text
        else:
            merged.append(output)
    return merged


def own_frames(traceback: list[str]) -> list[str]:
    """Drop a traceback's frames in installed files: their paths belong to this machine."""
    return [part for part in traceback if not ANSI_CODES.sub("", part).startswith("File ")]


def plain_png(encoded: str) -> str:
    """Return a base64 PNG without its text chunks, which name versions and times."""
    data = base64.b64decode(encoded)
    kept, place = [PNG_SIGNATURE], len(PNG_SIGNATURE)
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        chunk = data[place : place + 12 + length]  # length, type, content, checksum
        if chunk[4:8] not in PNG_TEXT_CHUNKS:
            kept.append(chunk)
        place += len(chunk)
    return base64.b64encode(b"".join(kept)).decode()


def output_text(outputs: Iterable[NotebookNode]) -> str:
    """Return everything in the outputs except images, as one text."""
    without_images = [
        {
            **output,
            "data": {k: v for k, v in output.get("data", {}).items() if "image/" not in k},
        }
        for output in outputs
    ]
    return json.dumps(without_images, ensure_ascii=False)


def machine_paths(text: str) -> list[str]:
    """Return the places where a text names a folder of this or another machine."""
    own = {str(ROOT), str(Path.home()), sys.prefix, tempfile.gettempdir()} - {"/"}
    pattern = "|".join(
        [*(rf"{re.escape(folder)}\b" for folder in sorted(own)), USUAL_MACHINE_FOLDERS]
    )
    return [text[match.start() : match.start() + 60] for match in re.finditer(pattern, text)]


def as_stored(notebook: NotebookNode) -> str:
    """Return the text of a normalised notebook, as Jupyter writes it."""
    return nbformat.writes(notebook, version=4).rstrip("\n") + "\n"


def store(path: Path, notebook: NotebookNode) -> bool:
    """Write the notebook, moved into place; return whether it changed."""
    text = as_stored(notebook)
    if text == path.read_text(encoding="utf-8"):
        return False
    beside = path.with_suffix(".ipynb.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)
    return True


def tidy(path: Path) -> bool:
    """Normalise a notebook that was edited and not run; return whether it changed."""
    notebook = nbformat.read(path, as_version=4)
    normalise(notebook, path.stem)
    return store(path, notebook)
