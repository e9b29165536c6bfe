"""The register of policies: which cell is compared other than exactly, and what justifies it.

A policy stands in a notebook's metadata, where a reviewer hardly looks. So it stands here, too,
with the largest share of its allowance that `make stability` has seen a number use. A policy that
was loosened without measuring it again is not the registered one.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from nbformat import NotebookNode

from tests.notebooks.chapters import code_cells

REGISTER = Path(__file__).with_name("register.json")
LARGEST_SHARE = 0.5  # of its allowance that a number may use before the allowance is too small
NOT_LOOSER = {"numbers", "reason"}  # what a policy may change without comparing less
EXACT = {"policy": "exact"}


def read_register(path: Path = REGISTER) -> dict[str, dict[str, dict]]:
    """Return the registered policies by chapter and cell."""
    return json.loads(path.read_text(encoding="utf-8"))


def policies_of(notebook: NotebookNode) -> dict[str, dict]:
    """Return the policies of a notebook's cells, but for those that are plainly exact."""
    policies = {
        cell.id: {k: v for k, v in cell.metadata.get("check", {}).items() if k not in NOT_LOOSER}
        for cell in code_cells(notebook)
    }
    return {cell_id: policy for cell_id, policy in policies.items() if policy != EXACT}


def check_register(notebook: NotebookNode, chapter: str, register: Mapping) -> list[str]:
    """Return where a chapter's policies are not those that were measured."""
    declared, registered = policies_of(notebook), register.get(chapter, {})
    problems = []
    for cell_id in [*declared, *(registered.keys() - declared.keys())]:
        entry = registered.get(cell_id, {})
        ours, theirs = declared.get(cell_id, EXACT), entry.get("check", EXACT)
        if ours != theirs:
            problems.append(
                f"{cell_id}: its policy is {ours}, and {theirs} is registered; if that is "
                f'intended, make stability ARGS="--store {chapter[:2]}"'
            )
        elif ours["policy"] in ("approx", "figure") and "share" not in entry:
            problems.append(
                f"{cell_id}: nobody has measured how far its numbers move; make stability "
                f'ARGS="--store {chapter[:2]}"'
            )
        elif entry.get("share", 0) >= LARGEST_SHARE:
            problems.append(
                f"{cell_id}: {entry['share']:.0%} of the allowance was used ({entry['by']}), so it "
                f"is too small; under {LARGEST_SHARE:.0%} is safe"
            )
    return problems


def write_register(register: Mapping, path: Path = REGISTER) -> None:
    """Write the register, a cell to a line, so that a change is a line of a diff."""
    chapters = []
    for chapter, cells in sorted(register.items()):
        lines = [f"    {json.dumps(cell)}: {json.dumps(entry)}" for cell, entry in cells.items()]
        chapters.append(f"  {json.dumps(chapter)}: {{\n" + ",\n".join(lines) + "\n  }")
    beside = path.with_suffix(".part")
    beside.write_text("{\n" + ",\n".join(chapters) + "\n}\n", encoding="utf-8", newline="\n")
    beside.replace(path)
