"""Translate "05" into the notebook that it begins, and run or test that.

python tools/chapters.py run 05          # run chapter 5, and store its outputs
python tools/chapters.py run             # the same for all notebooks
python tools/chapters.py run 05 --fresh  # store also what agrees with the stored outputs
python tools/chapters.py test 05         # compare chapter 5, and check what is said of it
python tools/chapters.py test            # the chapters, and all other tests beside them
python tools/chapters.py test -k labels  # whatever is no notebook's beginning is for pytest
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"


def notebooks_named(word: str) -> list[Path]:
    """Return the notebooks that a word names: "5", "05", "a5", or a whole name such as "try"."""
    beginning = word.zfill(2) if word.isdigit() else word
    # Other words are for pytest, such as a path or, after -k, a letter.
    return sorted(BOOK.glob(f"{beginning}*.ipynb")) if re.fullmatch(r"\w\w+", beginning) else []


def arguments(task: str, words: Iterable[str]) -> list[str]:
    """Return the arguments of pytest for a task; a number without a notebook is an error."""
    paths, rest = [], []
    for word in words:
        if found := notebooks_named(word):
            paths += map(str, found)
        elif word.isdigit():
            raise SystemExit(f"error: no chapter begins with {word}")
        else:
            rest.append(word)
    if task == "run":
        return ["--store", *(paths or ["book"]), *rest]
    # With a chapter come its prose, the rules, and the claims on it.
    return [*paths, *(["tests/book"] if paths else []), *rest]


def pytest(*arguments: str) -> list[str]:
    """Return the command that runs pytest with these arguments."""
    return [sys.executable, "-m", "pytest", "--nbval", *arguments]


def run_beside() -> int:
    """Run the tests of the pages, and the chapters with what is said of them, beside the rest.

    What these two print comes after it, each as a whole: the table of the chapters ends it.
    """
    pages, chapters = ["tests/site"], ["tests/book", "tests/handout", "book"]
    rest = ["tests", *(f"--ignore={path}" for path in pages + chapters)]
    quietly = partial(subprocess.run, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    with ThreadPoolExecutor() as beside:
        sessions = beside.map(quietly, [pytest(*pages), pytest(*chapters)])
        status = subprocess.run(pytest(*rest), cwd=ROOT).returncode
        for session in sessions:
            sys.stdout.write(session.stdout.decode(errors="replace"))
            status = status or session.returncode
    return status


def main(task: str, *words: str) -> int:
    """Run pytest on what the command line names."""
    if task == "test" and not words:
        return run_beside()
    return subprocess.run(pytest(*arguments(task, words)), cwd=ROOT).returncode


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
