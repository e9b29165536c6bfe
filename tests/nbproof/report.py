"""The end of a session: what was compared, notebook by notebook, and at what cost."""

from collections import Counter, defaultdict
from collections.abc import Mapping

from tests.nbproof.policies import KEYS
from tests.nbproof.settings import Settings

NOTE = "nbproof-note"
COLUMNS = ("cells", "compared", *KEYS, "failures")


def table(stats: Mapping[str, list], settings: Settings) -> list[str]:
    """Return the table of the notebooks and the lines below it, or nothing without notebooks."""
    notebooks: dict[str, Counter] = defaultdict(Counter)
    for outcome, report in ((key, report) for key, several in stats.items() for report in several):
        called = outcome and getattr(report, "when", "") == "call"
        properties = dict(report.user_properties) if called else {}
        if "nbproof-peak" in properties:
            name, peak = properties["nbproof-peak"]
            notebooks[name]["peak"] = peak
        if "nbproof" in properties:
            name, policy, is_compared, seconds = properties["nbproof"]
            failed = outcome in ("failed", "error")
            counts = {"cells": 1, "compared": is_compared, policy: 1, "failures": failed}
            notebooks[name].update(counts | {"seconds": seconds})
    if not notebooks:
        return []
    total = sum(notebooks.values(), Counter())
    total["peak"] = max(counts["peak"] for counts in notebooks.values())
    compared = f"{total['compared']} of {total['cells']} cells compared with the stored outputs"
    if rest := total["cells"] - total["compared"]:
        needs = " or ".join(sorted(settings.lacking))
        compared += f"; {rest} only run, because their output needs what is lacking here: {needs}"
    return [
        f"{'notebook':18}" + "".join(f"{name:>10}" for name in (*COLUMNS, "seconds", "peak MB")),
        *(_row(name, counts) for name, counts in sorted(notebooks.items())),
        _row("all", total),
        *settings.lines,
        compared,
    ]


def notes(stats: Mapping[str, list]) -> list[str]:
    """Return what tests recorded as notes, for whoever reads the end of a session."""
    reports = [report for several in stats.values() for report in several]
    found = [value for r in reports for n, value in getattr(r, "user_properties", ()) if n == NOTE]
    return list(dict.fromkeys(found))


def _row(name: str, counts: Counter) -> str:
    """Return one line of the table."""
    columns = "".join(f"{counts[column]:>10}" for column in COLUMNS)
    return f"{name:18}{columns}{counts['seconds']:>10.1f}{counts['peak']:>10,.0f}"
