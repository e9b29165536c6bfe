"""Damage to what guards outputs: a policy that compares less, or none at all."""

import re
from collections.abc import Iterator
from random import Random

from nbformat import NotebookNode

from tests.notebooks.chapters import tags
from tests.notebooks.policies import DEFAULT_ATOL, DEFAULT_RTOL, LOOSE_RTOL, MARKS, SANITISERS
from tests.proof.places import Edit, Place, code

SKIPPING = ("nbval-skip", "nbval-ignore-output", "raises-exception")


def tolerance_widened(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A relative or an absolute tolerance is larger, or whole numbers have one, too."""
    for index, cell, policy in _with_outputs(notebook):
        if policy.name not in DEFAULT_RTOL:
            continue
        check = cell.metadata.check
        for name, default in (("rtol", DEFAULT_RTOL[policy.name]), ("atol", DEFAULT_ATOL)):
            wider = check.get(name, default) * random.choice((1.5, 2, 10))
            if name == "atol" and name not in check:
                wider = random.choice((0.001, 0.01))  # the default is no more than rounding
            reason = {"reason": "another machine"} if wider > LOOSE_RTOL else {}
            yield cell.id, f"{name} {wider:g}", _with_check(index, {**check, name: wider, **reason})
        if policy.name == "approx" and "integers" not in check:
            changed = {**check, "integers": "approx"}
            yield cell.id, "integers approx", _with_check(index, changed)


def approximate(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """Numbers that were compared exactly have a tolerance."""
    for index, cell, policy in _with_outputs(notebook):
        if policy.name == "exact" and re.search(r"\d", str(cell.outputs)):
            changed = {**cell.metadata.check, "policy": "approx"}
            yield cell.id, "approx for exact", _with_check(index, changed)


def varying(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """Times, sizes or paths are taken out before outputs are compared."""
    for index, cell, policy in _with_outputs(notebook):
        for name in sorted(SANITISERS.keys() - set(policy.vary)):
            changed = {**cell.metadata.check, "vary": [*policy.vary, name]}
            yield cell.id, f"{name} vary", _with_check(index, changed)


def free(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """Nothing is compared any more, for a reason that sounds well."""
    for index, cell, _ in code(notebook):
        changed = {"policy": "free", "reason": "it depends on the machine"}
        yield cell.id, "free", _with_check(index, changed)


def marked(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """On the sample, or on another backend, nothing is compared."""
    for index, cell, _ in _with_outputs(notebook):
        for mark, value in MARKS.items():
            if mark not in cell.metadata.check:
                changed = {**cell.metadata.check, mark: value}
                yield cell.id, f"{mark} {value}", _with_check(index, changed)


def removed(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A cell has no policy, or a tag that tells nbval to look away."""
    for index, cell, _ in code(notebook):
        yield cell.id, "no policy", _with_check(index, None)
        for tag in (tag for tag in SKIPPING if tag not in tags(cell)):
            yield cell.id, f"tag {tag}", _tagged(index, tag)


def _with_outputs(notebook: NotebookNode) -> Iterator[tuple]:
    """Yield the cells that have outputs: for others, another policy compares the same."""
    return (found for found in code(notebook) if found[1].outputs)


def _with_check(index: int, check: dict | None) -> Edit:
    def edit(notebook: NotebookNode) -> None:
        metadata = notebook.cells[index].metadata
        metadata.pop("check")
        if check:
            metadata["check"] = check

    return edit


def _tagged(index: int, tag: str) -> Edit:
    def edit(notebook: NotebookNode) -> None:
        metadata = notebook.cells[index].metadata
        metadata["tags"] = [*metadata.get("tags", []), tag]

    return edit
