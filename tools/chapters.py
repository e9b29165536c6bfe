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
import tempfile
from collections.abc import Iterable
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
    """Run the chapters, what is said of them and handed out beside all other tests, on two cores.

    What the chapters' session prints comes last, as a whole: the table ends it.
    """
    of_chapters = ("tests/book", "tests/handout")
    others = pytest("tests", *(f"--ignore={path}" for path in of_chapters))
    with tempfile.TemporaryFile() as printed:
        command = pytest(*of_chapters, "book")
        chapters = subprocess.Popen(command, cwd=ROOT, stdout=printed, stderr=printed)
        status = subprocess.run(others, cwd=ROOT).returncode
        status = chapters.wait() or status
        printed.seek(0)
        sys.stdout.write(printed.read().decode(errors="replace"))
    return status


def main(task: str, *words: str) -> int:
    """Run pytest on what the command line names."""
    if task == "test" and not words:
        return run_beside()
    return subprocess.run(pytest(*arguments(task, words)), cwd=ROOT).returncode


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
