"""Show what changed in the notebooks: prose, code, policies, outputs, and what figures draw.

    python -m tools.notebook_diff             # since the last commit
    python -m tools.notebook_diff HEAD~3      # since another one; names of files may follow

This is nbdime's `nbdiff`, and `nbdime_config.json` says what it leaves out. Two things cannot be
set there: a figure is compared by the words and numbers of its description, not by its pixels; and
there are colours on a terminal only.
"""

import os
import sys
from collections.abc import Iterator
from hashlib import sha256

from nbdime import nbdiffapp
from nbformat import NotebookNode

from tests.notebooks.figure_data import METADATA_KEY

NUMBERS_PER_LINE = 10  # fixed, so that a changed number changes the line it stands on and no other
read_notebook = nbdiffapp.read_notebook


def read_described(*arguments: object, **options: object) -> NotebookNode:
    """Read a notebook as nbdime does, and put a description in the place of each picture."""
    notebook = read_notebook(*arguments, **options)
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if picture := output.get("data", {}).pop("image/png", None):
                # Without a description, all that can be said is whether it is the same picture.
                digest = sha256(picture.encode()).hexdigest()[:12]
                described = output.metadata.pop(METADATA_KEY, {"picture": digest})
                lines = [output.data.get("text/plain", ""), *lines_of(described)]
                output.data["text/plain"] = "\n".join(lines)
    return notebook


def lines_of(described: object, place: str = "figure") -> Iterator[str]:
    """Yield a description line by line, each with its place: `axes 0 x label: Epoch`."""
    if isinstance(described, dict | list):
        pairs = described.items() if isinstance(described, dict) else enumerate(described)
        for name, part in pairs:
            yield from lines_of(part, f"{place} {name}")
    else:
        words = str(described).split()
        for begin in range(0, len(words), NUMBERS_PER_LINE):
            yield f"{place}: {' '.join(words[begin : begin + NUMBERS_PER_LINE])}"


def main(words: list[str]) -> int:
    """Hand the words to `nbdiff` and return its exit status."""
    nbdiffapp.read_notebook = read_described
    sys.argv[0] = "nbdiff"  # nbdime finds its part of the configuration by this name
    try:
        return nbdiffapp.main([*([] if sys.stdout.isatty() else ["--no-color"]), *words])
    except BrokenPipeError:  # the reader has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
