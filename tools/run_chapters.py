"""Run the book's chapters and store their outputs, the same bytes for the same results.

    python tools/run_chapters.py                    # every chapter
    python tools/run_chapters.py 01 05_overfitting  # some of them
    python tools/run_chapters.py --tidy             # only normalise what an editor saved

A chapter is run from its folder in a fresh kernel of this interpreter. Its file is replaced only
when every cell succeeded and no output names a folder of this machine.
"""

import argparse
import base64
import json
import os
import re
import runpy
import struct
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
FIGURE_DATA = ROOT / "tests" / "notebooks" / "figure_data.py"
SECONDS_PER_CELL = 900

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
# `PYTEST_CURRENT_TEST` makes ipykernel leave the C level's standard error alone, as it does in the
# test session: TensorFlow's start-up log (times, process numbers) must not become an output.
# `IMDB_SOURCE`: what the book shows was computed on the real reviews, never on the sample.
KERNEL_ENVIRONMENT = {
    "PYTEST_CURRENT_TEST": "refresh",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "IMDB_SOURCE": "real",
}
PEAK = ROOT / "tools" / "peak.py"
PEAK_MEGABYTES = f"__import__('runpy').run_path({str(PEAK)!r})['peak_megabytes']()"

ANSI_CODES = re.compile(r"\x1b\[[0-9;]*m")
USUAL_MACHINE_FOLDERS = r"/(?:home|Users|root|tmp|private|var/folders)/\w|\b[A-Za-z]:\\+\w"
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
PNG_TEXT_CHUNKS = {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"}


class ChapterError(Exception):
    """A chapter that could not be run, or whose outputs must not be stored."""


@dataclass(frozen=True)
class Run:
    """An executed chapter, and what running it cost."""

    notebook: NotebookNode
    seconds: float
    peak_megabytes: float


class ChapterClient(NotebookClient):
    """A notebook client whose kernel is always this interpreter's."""

    def create_kernel_manager(self) -> AsyncKernelManager:
        """Return a manager that sees no installed kernel, and so falls back to its own."""
        specs = KernelSpecManager(kernel_dirs=[])
        self.km = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
        return self.km

    def ask(self, code: str, expression: str = "None") -> str:
        """Run code that leaves no trace in the notebook; return an expression's value as text."""
        request = self.kc.execute(
            code,
            silent=True,
            store_history=False,
            user_expressions={"value": expression},
        )
        content = self.wait_for_reply(request)["content"]
        if content["status"] != "ok":
            raise ChapterError(f"hidden code failed: {content['ename']}: {content['evalue']}")
        return content["user_expressions"]["value"].get("data", {}).get("text/plain", "")


def run_chapter(path: Path) -> Run:
    """Run a chapter in a fresh kernel and return it with normalised outputs; write nothing."""
    notebook = nbformat.read(path, as_version=4)
    client = ChapterClient(notebook, timeout=SECONDS_PER_CELL, record_timing=False)
    environment = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    code_cells = [
        (index, cell) for index, cell in enumerate(notebook.cells) if cell.cell_type == "code"
    ]
    begin = time.perf_counter()
    with (
        tempfile.TemporaryFile() as log,
        client.setup_kernel(cwd=str(path.parent), env=environment | KERNEL_ENVIRONMENT, stderr=log),
    ):
        client.ask(startup_code())
        for count, (index, cell) in enumerate(code_cells, start=1):
            try:
                client.execute_cell(cell, index, execution_count=count)
            except (CellControlSignal, DeadKernelError) as error:
                log.seek(0)
                end_of_log = log.read()[-2000:].decode(errors="replace")
                detail = end_of_log if isinstance(error, DeadKernelError) else ""
                reason = ANSI_CODES.sub("", f"{error}\n{detail}")
                raise ChapterError(f"{path.name}, cell {cell.id}: {reason}") from error
        peak = client.ask("", PEAK_MEGABYTES)
    seconds = time.perf_counter() - begin
    normalise(notebook, path.name)
    return Run(notebook, seconds, float(peak or "nan"))


def startup_code() -> str:
    """Return the hidden code that makes figures carry the data they show."""
    module = runpy.run_path(str(FIGURE_DATA))
    return module["startup_code"]()


def normalise(notebook: NotebookNode, name: str) -> None:
    """Remove, in place, what changes between two runs with the same results."""
    notebook.metadata.pop("widgets", None)
    notebook.metadata.update(METADATA)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
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


def find_chapters(names: list[str]) -> list[Path]:
    """Return the chapters that the names begin, or every chapter without names."""
    chapters = sorted(BOOK.glob("*.ipynb"))
    if not names:
        return chapters
    found = []
    for name in names:
        beginning = Path(name).stem.zfill(2)
        matches = [path for path in chapters if path.stem.startswith(beginning)]
        if not matches:
            stems = ", ".join(path.stem for path in chapters)
            raise SystemExit(f"no chapter begins with {beginning!r}; there are {stems}")
        found += matches
    return found


def main() -> int:
    """Run and store the chapters named on the command line."""
    parser = argparse.ArgumentParser(description="Run chapters and store their outputs.")
    parser.add_argument("names", nargs="*", help="the beginning of a chapter's name, such as 05")
    parser.add_argument("--tidy", action="store_true", help="only normalise, do not run")
    wanted = parser.parse_args()
    failures = 0
    for path in find_chapters(wanted.names):
        if wanted.tidy:
            print(f"{path.stem}: {'tidied' if tidy(path) else 'unchanged'}")
            continue
        try:
            run = run_chapter(path)
        except ChapterError as error:
            failures += 1
            print(f"{path.stem}: not stored\n{error}", file=sys.stderr, flush=True)
            continue
        change = "stored" if store(path, run.notebook) else "unchanged"
        cost = f"{run.seconds:.1f} s, peak {run.peak_megabytes:,.0f} MB"
        print(f"{path.stem}: {cost}, {change}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
