"""Damage the stored notebooks in every way that matters, and see whether the suite notices.

    python -m tests.proof.mutants            # the book, against the last session's execution
    python -m tests.proof.mutants --list     # with a line for each change

Nothing is run: the outputs are compared with those of one stored execution. A second, small book
has what the real one has nowhere, such as paths, an HTML table and an announced error.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.notebooks.chapters import BOOK, ROOT, notebook_paths, read_chapter
from tests.notebooks.executed import current_execution
from tests.notebooks.prose import pages
from tests.proof import damage, harmless, small
from tests.proof.judge import CHECKS, Case, Check, problems

EXECUTED = ROOT / "_build" / "executed" / "tensorflow-real"
FEWEST = (300, 100)  # mutants and harmless changes of the real book


@dataclass(frozen=True)
class Result:
    """One change of a page, and whether the suite said what it should have said."""

    change: damage.Mutant
    right: bool
    said: str


def why_not(book: Path, executed: Path) -> str:
    """Say what is wrong with an execution that a book is to be compared with, or nothing."""
    for path in notebook_paths(book):
        if not (executed / path.name).exists():
            return f"there is no execution of {path.stem} in {executed}"
        if current_execution(path, executed) is None:
            return f"{path.stem} was changed after it was executed into {executed}"
    return ""


def execute(folder: Path) -> None:
    """Run the book's notebooks in a session that leaves them in a folder, with their outputs."""
    command = [sys.executable, "-m", "pytest", "--quiet", "--executed", str(folder), str(BOOK)]
    variables = {**os.environ, "KERAS_BACKEND": "tensorflow", "IMDB_SOURCE": "real"}
    subprocess.run(command, cwd=ROOT, env=variables)
    read_chapter.cache_clear()


def originals(executed: Path, folder: Path) -> dict[str, Case]:
    """Return the book with its execution, and the small book, which is written into a folder."""
    return {"real": Case(BOOK, executed), "small": small.write_book(folder)}


def copied(case: Case, folder: Path) -> Case:
    """Return a case with copies of its pages, in a folder of which anything may be changed."""
    book, executed = folder / "book", folder / "executed"
    for source, copy in ((case.book, book), (case.executed, executed)):
        copy.mkdir(parents=True)
        for path in pages(source):
            shutil.copy(path, copy / path.name)
    return Case(book, executed, case.facts, case.register)


def damaged(case: Case, seed: int, each: int, checks: Iterable[Check] = CHECKS) -> Iterator[Result]:
    """Damage the pages of a book one after the other; each must be noticed."""
    for change in list(damage.generate(case.book, damage.KINDS, seed, each)):
        said = _judged_with(change, case.book, case, checks)
        yield Result(change, bool(said), "; ".join(said))


def unharmed(
    case: Case, seed: int, each: int, checks: Iterable[Check] = CHECKS
) -> Iterator[Result]:
    """Let an execution give a little else than what is stored; nothing must be said of it."""
    for change in list(damage.generate(case.book, harmless.KINDS, seed, each)):
        said = _judged_with(change, case.executed, case, checks)
        yield Result(change, not said, "; ".join(said))


def _judged_with(
    change: damage.Mutant, folder: Path, case: Case, checks: Iterable[Check]
) -> list[str]:
    """Judge a case with one page of a folder changed, and put the page back."""
    path = folder / change.page
    before = path.read_bytes()
    path.write_text(change.text, encoding="utf-8", newline="\n")
    try:
        return problems(case, checks)
    finally:
        path.write_bytes(before)


def table(results: list[Result], kinds: Iterable[str], columns: tuple[str, str, str]) -> list[str]:
    """Return a row for each kind: how many were made, and of how many the suite spoke rightly."""
    lines = [f"{columns[0]:34}{columns[1]:>9}{columns[2]:>8}"]
    for kind in (*kinds, "all"):
        right = [result.right for result in results if kind in ("all", result.change.kind)]
        lines.append(f"{kind:34}{len(right):>9}{sum(right):>8}")
    return lines


def shortcomings(
    mutants: list[Result], passed: list[Result], fewest: tuple[int, int] = (1, 1)
) -> list[str]:
    """Return why this is no proof, or nothing."""
    wrong = [f"not noticed: {result.change}" for result in mutants if not result.right]
    wrong += [f"refused: {r.change}\n  {r.said[:300]}" for r in passed if not r.right]
    names = ("mutants", "harmless changes")
    for results, wanted, name in zip((mutants, passed), fewest, names, strict=True):
        if len(results) < wanted:
            wrong.append(f"{len(results)} {name} were made, and {wanted} are wanted")
    return wrong


def main(arguments: list[str] | None = None) -> int:
    """Make the proof and print it; return 1 if there is none."""
    parser = argparse.ArgumentParser(description="Damage notebooks; the suite must notice.")
    parser.add_argument("--seed", type=int, default=0, help="another seed, other damage")
    parser.add_argument("--each", type=int, default=damage.EACH, help="how many of each kind")
    parser.add_argument("--executed", type=Path, default=EXECUTED, help="an execution of the book")
    parser.add_argument("--list", action="store_true", help="print every change")
    wanted = parser.parse_args(arguments)
    begin = time.perf_counter()
    read_chapter.cache_clear()
    if reason := why_not(BOOK, wanted.executed):
        print(f"{reason}: the chapters are run first, once.", flush=True)
        execute(wanted.executed)
        if reason := why_not(BOOK, wanted.executed):
            print(f"{reason}: `make test ARGS=book` says more.")
            return 1
    mutants, passed, wrong = [], [], []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, original in originals(wanted.executed, folder / "original").items():
            case = copied(original, folder / name)
            if said := problems(case):
                print(f"the {name} book, undamaged:", *said, sep="\n  ")
                return 1
            again = Case(case.book, case.book, case.facts, case.register)
            again = copied(again, folder / f"{name} again")
            ours = list(damaged(case, wanted.seed, wanted.each))
            theirs = list(unharmed(again, wanted.seed, wanted.each))
            wrong += shortcomings(ours, theirs, *([FEWEST] if name == "real" else []))
            mutants, passed = mutants + ours, passed + theirs
    for result in [*mutants, *passed] if wanted.list else ():
        print(f"{result.change}\n  {result.said[:300]}")
    print(*table(mutants, damage.KINDS, ("kind of damage", "mutants", "caught")), "", sep="\n")
    print(*table(passed, harmless.KINDS, ("harmless change", "made", "passed")), "", sep="\n")
    print(*wrong, f"{time.perf_counter() - begin:.0f} seconds, seed {wanted.seed}", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
