"""The end of a test session: what was compared, chapter by chapter, and on what it ran."""

from collections import Counter, defaultdict

from tests.notebooks import memory
from tests.notebooks.data import backend, lacking, why_sample
from tests.notebooks.policies import ALLOWED_KEYS

COLUMNS = ("cells", "compared", *ALLOWED_KEYS, "failures")
DEPENDS_ON = {"data": "the reviews", "backend": "what Keras computes with"}


def lines(stats: dict[str, list], problems_with_fences: set[str]) -> list[str]:
    """Return the table of the chapters and the sentences below it, or nothing without chapters."""
    chapters: dict[str, Counter] = defaultdict(Counter)
    peaks: dict[str, float] = {}
    for outcome, reports in stats.items():
        for report in reports:
            if getattr(report, "when", "") != "call":
                continue
            properties = dict(getattr(report, "user_properties", ()))
            if "peak" in properties:
                peaks.update([properties["peak"]])
            if "chapter" in properties and outcome:
                chapter, policy, compared, marked = properties["chapter"]
                failed = outcome in ("failed", "error")
                counts = {"cells": 1, "compared": compared, policy: 1, "failures": failed}
                counts["marked"] = marked
                chapters[chapter].update(counts)
    if not chapters:
        return []
    total = sum(chapters.values(), Counter())
    rows = [
        row(chapter, counts, f"{peaks.get(chapter, float('nan')):,.0f}")
        for chapter, counts in sorted(chapters.items())
    ]
    inside = f"each kernel ran inside a memory cgroup of {memory.limit_megabytes():,} MB"
    return [
        f"{'chapter':16}" + "".join(f"{name:>10}" for name in (*COLUMNS, "peak MB")),
        *rows,
        row("all", total, ""),
        *summary(total),
        f"memory: {'; '.join(problems_with_fences - {''}) or inside}",
    ]


def row(name: str, counts: Counter, peak: str) -> str:
    """Return one line of the table."""
    return f"{name:16}" + "".join(f"{counts[column]:>10}" for column in COLUMNS) + f"{peak:>10}"


def summary(total: Counter) -> list[str]:
    """Say what the session ran on, and what could not be compared because of that."""
    reviews = "the real IMDB reviews"
    if why_sample():
        reviews = f"the sample corpus, because {why_sample()} (`python -m imdb_helpers` says how "
        reviews += "to get the real reviews)"
    compared = f"{total['compared']} of {total['cells']} cells compared with the stored outputs"
    if total["marked"]:
        marks = " or ".join(f'"{mark}"' for mark in sorted(lacking()))
        depends = " and ".join(DEPENDS_ON[mark] for mark in sorted(lacking()))
        compared += f"; {total['marked']} only run, because their metadata has the mark {marks}: "
        compared += f"their output depends on {depends}"
    return [f"data: {reviews}", f"backend: {backend()}", compared]
