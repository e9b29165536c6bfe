"""Run the book's chapters and store their outputs, the same bytes for the same results.

    python -m tools.run_chapters                    # every chapter
    python -m tools.run_chapters 01 05_overfitting  # some of them
    python -m tools.run_chapters --fresh            # also store what agrees with the stored outputs
    python -m tools.run_chapters --tidy             # only normalise what an editor saved

A chapter is run from its folder in a fresh kernel of this interpreter. Its file is replaced only
when every cell succeeded and no output names a folder of this machine. Outputs that agree with the
stored ones by their policy stay as they are.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat
from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpecManager
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError
from nbformat import NotebookNode

from tests.notebooks.figure_data import startup_code
from tools.stored import ANSI_CODES, ROOT, ChapterError, keep_what_agrees, normalise, store, tidy

BOOK = ROOT / "book"
SECONDS_PER_CELL = 900

# `PYTEST_CURRENT_TEST` makes ipykernel leave the C level's standard error alone, as it does in the
# test session: TensorFlow's start-up log (times, process numbers) must not become an output.
# The others: what the book shows was computed on TensorFlow and the real reviews.
KERNEL_ENVIRONMENT = {
    "PYTEST_CURRENT_TEST": "refresh",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "KERAS_BACKEND": "tensorflow",
    "IMDB_SOURCE": "real",
}
PEAK = ROOT / "tools" / "peak.py"
PEAK_MEGABYTES = f"__import__('runpy').run_path({str(PEAK)!r})['peak_megabytes']()"


@dataclass(frozen=True)
class Run:
    """An executed chapter, and what running it cost."""

    notebook: NotebookNode
    before: str
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


def run_chapter(path: Path, *, fresh: bool = False) -> Run:
    """Run a chapter in a fresh kernel and return it with normalised outputs; write nothing.

    With ``fresh``, no output is the one that was stored before.
    """
    before = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(before, as_version=4)
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
    if not fresh:
        keep_what_agrees(notebook, nbformat.reads(before, as_version=4))
    return Run(notebook, before, seconds, float(peak or "nan"))


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
    parser.add_argument("--fresh", action="store_true", help="store every output anew")
    wanted = parser.parse_args()
    failures = 0
    for path in find_chapters(wanted.names):
        if wanted.tidy:
            print(f"{path.stem}: {'tidied' if tidy(path) else 'unchanged'}")
            continue
        try:
            run = run_chapter(path, fresh=wanted.fresh)
            if path.read_text(encoding="utf-8") != run.before:
                raise ChapterError("the file was saved while the chapter ran: run it again")
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
