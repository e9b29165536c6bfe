"""Translate "05" into the notebook that it begins, and run or test that.

python tools/chapters.py run 05          # run chapter 5, and store its outputs
python tools/chapters.py run             # the same for all notebooks
python tools/chapters.py run 05 --fresh  # store also what agrees with the stored outputs
python tools/chapters.py test 05         # compare chapter 5, and check what is said of it
python tools/chapters.py test -k labels  # whatever is no notebook's beginning is for pytest
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"


def notebooks_named(word: str) -> list[Path]:
    """Return the notebooks whose names begin with a word, such as "5", "05" or "a5"."""
    beginning = word.zfill(2) if word.isdigit() else word
    if not re.fullmatch(r"(?:\d\d|a\d+)(?:_\w*)?", beginning):
        return []
    return sorted(BOOK.glob(f"{beginning}*.ipynb"))


def arguments(task: str, words: list[str]) -> list[str]:
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
        return ["--store", *(paths or [str(BOOK)]), *rest]
    # With a chapter come its prose, the rules, and the claims on it.
    return [*paths, *([str(ROOT / "tests" / "book")] if paths else []), *rest]


def main() -> int:
    """Run pytest on what the command line names."""
    task, *words = sys.argv[1:] or [""]
    if task not in ("run", "test"):
        print(__doc__, file=sys.stderr)
        return 2
    command = [sys.executable, "-m", "pytest", "--nbval", *arguments(task, words)]
    return subprocess.run(command, cwd=ROOT).returncode


if __name__ == "__main__":
    raise SystemExit(main())
