"""Made-up figures for the tests of the benchmark, and the way to import its modules."""

import sys
from importlib import import_module

from tests.book.pages import ROOT

sys.path.append(str(ROOT / "tools"))  # where the tools find one another
bench, bench_floor, bench_machine, bench_profile, bench_report, bench_text, bench_ways = (
    import_module(f"bench{part}")
    for part in ("", "_floor", "_machine", "_profile", "_report", "_text", "_ways")
)

REAL = {"why sample": "", "reviews": {"training": 25_000, "test": 25_000}}
SAMPLE = {"why sample": "there is no network", "reviews": {"training": 500, "test": 500}}
CHAPTER = ("imports", "load", "vectorize", "20 epochs", "final network", "test")


def cost(parts, megabytes=100.0, process=10.0, accuracy=0.9):
    """Return what a process that measures reports."""
    results = {"validation loss": 0.3, "validation accuracy": accuracy}
    return {"parts": parts, "megabytes": megabytes, "process": process, "results": results}


def measured(without=(), ours=0.5):
    """Return made-up figures for every run: the classic way takes 1, ours takes `ours`."""
    wanted = bench.parse(["--store"])
    runs = [*bench.wanted_runs(wanted), *bench_report.PROFILES]
    found = {}
    for run in runs:
        share = 1.0 if run.way == "classic" else ours
        parts = {name: share for name in (*CHAPTER, run.step)}
        more = {"libraries": {"keras": share}} if run.step == "profile" else {}
        found[run] = [cost(parts, 1000 * share, 20 * share) | more]
    return {run: figures for run, figures in found.items() if run not in without}


def results(**more):
    """Return made-up results of a whole benchmark."""
    figures = measured()
    return {
        "machine": bench_machine.machine(),
        "data": REAL,
        "repetitions": 3,
        "left out": {},
        "rows": bench_report.compare(figures),
        "batches": bench_report.batches(figures),
        "reached": bench_report.reached(figures),
        "profile": bench_report.where_time_goes(figures),
        "growth": [
            {"way": "sparse", "reviews": 5, "words": 9, "vectorizing": 0.1}
            | {"20 epochs": 1.0, "megabytes": 50.0}
        ],
        **more,
    }
