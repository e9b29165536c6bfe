"""What the chapters find on each of Keras's backends, for the page that compares them."""

import json
import platform
import tomllib
from dataclasses import dataclass
from pathlib import Path

import nbformat

from tests.book.outputs import number_after
from tests.book.pages import BOOK, ROOT
from tests.nbproof.notebook import cell_of, stored_text
from tests.nbproof.stored import replace_file

STORED = BOOK / "assets" / "backends.json"
# The backend, and the setting of stability.py whose execution stands for it.
BACKENDS = {"tensorflow": "usual", "jax": "jax", "torch": "torch"}


@dataclass(frozen=True)
class Finding:
    """A number that a chapter prints: what it says, and where it stands."""

    what: str
    chapter: str
    cell: str
    label: str


FINDINGS = [
    Finding("best epoch, by validation loss", "05_overfitting", "best-epoch", "validation loss:"),
    Finding("validation loss there", "05_overfitting", "best-epoch", "validation loss there:"),
    Finding("validation loss after 20 epochs", "05_overfitting", "best-epoch", "at the end:"),
    Finding(
        "best validation accuracy",
        "05_overfitting",
        "best-by-accuracy",
        "best validation accuracy:",
    ),
    Finding("test accuracy of the final network", "05_overfitting", "test", "test accuracy:"),
    Finding("lowest of four seeds", "05_overfitting", "luck", "from"),
    Finding("highest of four seeds", "05_overfitting", "luck", "from #2"),
    Finding("test accuracy after 20 epochs", "05_overfitting", "too-long", "test accuracy:"),
    Finding("test accuracy of the linear model", "05_overfitting", "linear-test", "linear model:"),
    Finding("lowest of seven variants", "07_exercises", "all-table", "lowest:"),
    Finding("highest of seven variants", "07_exercises", "all-table", "highest:"),
]


def find(finding: Finding, folder: Path) -> str:
    """Return the number as the chapter of a folder printed it."""
    notebook = nbformat.read(folder / f"{finding.chapter}.ipynb", as_version=4)
    return number_after(stored_text(cell_of(notebook, finding.cell)), finding.label)


def versions() -> dict[str, str]:
    """Return the pinned version of each backend."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    pins = dict(pin.split("==") for group in groups for pin in group)
    return {name: pins[name] for name in BACKENDS}


def report(executions: Path, *, store: bool) -> str:
    """Return the findings of every backend side by side; store them if all are there."""
    chapters = {finding.chapter for finding in FINDINGS}
    for backend, setting in BACKENDS.items():
        if not all((executions / setting / f"{name}.ipynb").is_file() for name in chapters):
            return f"no findings to compare: there is no complete run on {backend}"
    rows = [
        {"what": finding.what, "chapter": finding.chapter, "cell": finding.cell}
        | {name: find(finding, executions / setting) for name, setting in BACKENDS.items()}
        for finding in FINDINGS
    ]
    if store:
        found = {"versions": versions(), "processor": platform.machine(), "findings": rows}
        replace_file(STORED, json.dumps(found, indent=1) + "\n")
    lines = [f"{row['what']:40}" + "".join(f"{row[name]:>12}" for name in BACKENDS) for row in rows]
    return "\n".join([f"\n{'':40}" + "".join(f"{name:>12}" for name in BACKENDS), *lines])
