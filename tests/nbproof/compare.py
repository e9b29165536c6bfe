"""Comparing the outputs that a cell produces now with those stored in the notebook."""

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.nbproof.figures import METADATA_KEY as FIGURE
from tests.nbproof.notebook import IMAGES, leaves, merge_streams
from tests.nbproof.numbers import Tolerance, compare_numbers
from tests.nbproof.policies import Policy, read_policy
from tests.nbproof.settings import Settings

# The numbers of a figure's description. All else (labels, looks, ticks) is compared exactly.
NUMERIC_FIELDS = {"x", "y", "width", "height", "outline", "outlines", "places", "values"}
NUMERIC_FIELDS |= {"limits", "extent", "range", "at", "to"}


def compare_cell(cell: Mapping, new: Sequence, settings: Settings) -> list[str]:
    """Return what is wrong with the new outputs of a stored cell, as lines for a reader.

    An output that needs what the session lacks is not compared, but a warning is news there, too.
    """
    if cell["execution_count"] is None:
        return ["the stored cell was never run"]
    try:
        policy = read_policy(cell["metadata"], settings.marks)
    except ValueError as error:
        return [str(error)]
    if settings.notice:
        said = settings.notice.fullmatch
        new = [o for o in new if o.get("name") != "stderr" or not said(o["text"])]
    sides = (merge_streams(outputs) for outputs in (cell["outputs"], new))
    ours, theirs = ([parts_of(output) for output in outputs] for outputs in sides)
    if policy.needs & settings.lacking:
        ours, theirs = ([parts for parts in side if "stderr" in parts] for side in (ours, theirs))
    if [list(parts) for parts in ours] != [list(parts) for parts in theirs]:
        return [
            "the cell displays other kinds of output:",
            *(f"  stored: {_kinds(parts)}" for parts in ours),
            *(f"  now:    {_kinds(parts)}" for parts in theirs),
        ]
    problems = []
    for place, (our_parts, their_parts) in enumerate(zip(ours, theirs, strict=True), start=1):
        if "image" in our_parts and "figure" not in our_parts:
            problems.append(f"output {place}: an image without drawn data cannot be compared")
        for kind, our_value in our_parts.items():
            if kind != "image":
                problem = _compare_value(kind, our_value, their_parts[kind], policy)
                problems += [f"output {place}, {kind}: {problem}"] if problem else []
    return problems


def compare_figures(stored: Mapping, new: Mapping, tolerance: Tolerance) -> str:
    """Return the first difference between two descriptions of figures, or nothing."""
    ours, theirs = dict(leaves(stored)), dict(leaves(new))
    for path in sorted(ours.keys() | theirs.keys(), key=str):
        one, other = ours.get(path), theirs.get(path)
        if path[-1] in NUMERIC_FIELDS and one and other:
            problem = compare_numbers(one, other, replace(tolerance, drawn=True))
        else:
            problem = "" if one == other else f"stored {one!r}, now {other!r}"
        if problem:
            label = ours.get((*path[:-1], "label"), "")
            return f"{' '.join(map(str, path))} ({label}), {problem}"
    return ""


def parts_of(output: Mapping) -> dict[str, Any]:
    """Return what one output shows, by kind: a stream, types of display, an error."""
    if output["output_type"] == "stream":
        return {output["name"]: output["text"]}
    if output["output_type"] == "error":
        return {"error": f"{output['ename']}: {output['evalue']}"}
    parts = {"image" if kind in IMAGES else kind: shown for kind, shown in output["data"].items()}
    parts = dict(sorted(parts.items()))
    if FIGURE in output["metadata"]:
        parts["figure"] = output["metadata"][FIGURE]
    return parts


def _kinds(parts: Mapping) -> str:
    """Return the kinds of one output, each with the beginning of what it shows."""
    return ", ".join(f"{kind} {str(value)[:60]!r}" for kind, value in parts.items())


def _compare_value(kind: str, stored: Any, new: Any, policy: Policy) -> str:
    """Return the difference between two values of one kind, or nothing."""
    if kind == "figure":
        return compare_figures(stored, new, policy.tolerance)
    if not isinstance(stored, str) or not isinstance(new, str):
        return "" if stored == new else f"stored {stored!r}, now {new!r}"
    stored, new = policy.mask(stored), policy.mask(new)
    if policy.name == "approx":
        return compare_numbers(stored, new, policy.tolerance)
    if stored == new:
        return ""
    sides = (stored.splitlines(), new.splitlines())
    lines = list(difflib.unified_diff(*sides, "stored", "now", n=1, lineterm=""))
    # Without a line that differs, the ends of lines do.
    return "\n".join(["", *lines]) if lines else f"stored {stored[-60:]!r}, now {new[-60:]!r}"
