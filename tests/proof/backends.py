"""What the chapters find on each of Keras's backends, for the page that compares them."""

import json
import platform
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.notebooks.chapters import BOOK, ROOT, code_cells, stored_text
from tests.notebooks.executed import current_execution
from tests.notebooks.quoted import number_after

EXECUTIONS = ROOT / "_build" / "stability"
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
    """Return the number as the chapter printed it in a folder's execution, if there is one."""
    notebook = current_execution(BOOK / f"{finding.chapter}.ipynb", folder)
    if notebook is None:
        return ""
    cells = {cell.id: cell for cell in code_cells(notebook)}
    return number_after(stored_text(cells[finding.cell]), finding.label)[0]


def versions() -> dict[str, str]:
    """Return the pinned version of each backend."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = [project["project"]["dependencies"], *project["dependency-groups"].values()]
    return dict(pin.split("==") for group in groups for pin in group)


def measured() -> dict:
    """Return the findings of every backend that has executions, as the book stores them."""
    found = {
        backend: [find(finding, EXECUTIONS / setting) for finding in FINDINGS]
        for backend, setting in BACKENDS.items()
    }
    complete = {backend: numbers for backend, numbers in found.items() if all(numbers)}
    return {
        "versions": {backend: versions()[backend] for backend in complete},
        "processor": platform.machine(),
        "findings": [
            {"what": finding.what, "chapter": finding.chapter, "cell": finding.cell}
            | {backend: numbers[place] for backend, numbers in complete.items()}
            for place, finding in enumerate(FINDINGS)
        ],
    }


def report(*, store: bool) -> None:
    """Print the findings of every backend side by side, and store them if all are there."""
    result = measured()
    backends = list(result["versions"])
    print(f"\n{'':40}" + "".join(f"{backend:>12}" for backend in backends))
    for row in result["findings"]:
        print(f"{row['what']:40}" + "".join(f"{row[backend]:>12}" for backend in backends))
    if not store:
        return
    if missing := BACKENDS.keys() - result["versions"].keys():
        print(f"not stored: there is no complete run on {', '.join(sorted(missing))}")
        return
    beside = STORED.with_suffix(".part")
    beside.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8", newline="\n")
    beside.replace(STORED)
    print(f"stored in {STORED.relative_to(ROOT)}")
