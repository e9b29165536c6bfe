"""Compare the book's ways with the classic one: seconds and memory, each in its own process.

    python tools/bench.py             # the table: every step, ours over the classic
    python tools/bench.py --profile   # where the seconds go, and how far the floor is
    python tools/bench.py --growth    # more reviews, more words
    python tools/bench.py --store     # all three, kept for the page "What it costs"
    python tools/bench.py --quick     # once instead of three times

It runs on the real reviews when there are any, else on the sample corpus. What is printed is the
median of the repetitions; the ways take turns, so that a busy minute meets all of them. A missed
target is printed and no error; a measurement that fails is one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import bench_report as report
import bench_text
import numpy as np
from bench_machine import free_megabytes, machine
from bench_profile import floor, profile
from bench_report import BATCHES, FLOOR, JAX, PROFILES, ROWS, SPARSE, Measured, Run
from bench_ways import ARCHIVE, ROOT, STEPS, as_in_the_books_environment

sys.path.insert(0, str(ROOT))  # so that it runs without an installation, too
COSTS = ROOT / "book" / "assets" / "costs.json"
ALL_STEPS = STEPS | {"profile": profile, "floor": floor}
REPETITIONS = 3
# What the classic matrices need on the real reviews, in megabytes, with some room.
NEEDS = {Run("vectorize", "classic"): 6_000, Run("chapter", "classic"): 12_000}
SHARES_OF_REVIEWS = (0.2, 0.4, 1.0)  # of 25,000: 5,000, 10,000, and all
NUMBERS_OF_WORDS = (2_000, 5_000, 10_000, 20_000, 40_000)
GROWING = ("sparse", "bytes")


class MeasurementError(Exception):
    """A process that measures did not come to its end."""


def find_data() -> dict[str, Any]:
    """Say which reviews are measured, and make sure that our cache is filled."""
    from imdb_helpers.sources import load_corpus, why_sample

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the warning says is said in the report
        corpus = load_corpus()
    sizes = {"training": len(corpus.train.labels), "test": len(corpus.test.labels)}
    return {"why sample": why_sample(), "reviews": sizes}


@contextmanager
def surroundings(data: dict[str, Any]) -> Iterator[dict[str, str]]:
    """Yield the variables of the processes that measure."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {name: value for name, value in os.environ.items() if name != "KERAS_BACKEND"}
        # Compiled modules are kept, as usual; without them every import takes several times longer.
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        variables["PYTHONPYCACHEPREFIX"] = folder
        variables["TF_CPP_MIN_LOG_LEVEL"] = "3"
        variables[ARCHIVE] = str(keras_archive(Path(folder), data))
        if data["why sample"]:
            variables["IMDB_SOURCE"] = "sample"
        yield variables


def keras_archive(folder: Path, data: dict[str, Any]) -> Path:
    """Return Keras's file of the reviews; where there is none, write one from our cache."""
    named = Path(os.environ.get("IMDB_DATA_DIR") or "nowhere", "imdb.npz")
    if named.is_file() and not data["why sample"]:
        return named
    from imdb_helpers.sources import load_corpus

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        corpus = load_corpus()
    arrays = {}
    for name, half in (("train", corpus.train), ("test", corpus.test)):
        reviews = np.empty(len(half.labels), dtype=object)
        parts = np.split(half.ranks, np.cumsum(half.lengths)[:-1])
        reviews[:] = [part.tolist() for part in parts]
        arrays |= {f"x_{name}": reviews, f"y_{name}": half.labels}
    np.savez(folder / "imdb.npz", **arrays)
    return folder / "imdb.npz"


def in_own_process(run: Run, variables: dict[str, str], **options: int) -> dict[str, Any]:
    """Measure one run in a fresh process; the seconds from its start to its end come with it."""
    words = [run.step, run.way, json.dumps(options)]
    command = [sys.executable, str(Path(__file__).resolve()), "--only", *words]
    variables = variables | {"KERAS_BACKEND": run.backend}
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, env=variables, cwd=ROOT)
    seconds = time.perf_counter() - begin
    if done.returncode != 0:
        raise MeasurementError(f"{' '.join(run)} {options or ''}failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1]) | {"process": seconds}


def leave_out(runs: list[Run], data: dict[str, Any]) -> dict[Run, str]:
    """Return the runs that cannot be measured here, each with the reason."""
    reasons = {}
    free = free_megabytes()
    for run in runs:
        if run.backend == "jax" and find_spec("jax") is None:
            reasons[run] = "JAX is not installed in this environment (`pip install jax`)"
        elif run in NEEDS and free < NEEDS[run] and not data["why sample"]:
            need = f"it needs up to {NEEDS[run]:,} MB, and {free:,.0f} MB are free"
            reasons[run] = f"{need}; on a machine with less, the classic way stops"
    return reasons


def measure(runs: list[Run], repetitions: int, variables: dict[str, str]) -> Measured:
    """Measure the runs in turns, and the same again."""
    measured: Measured = {}
    for repetition in range(1, repetitions + 1):
        for run in runs:
            tell(f"{' '.join(run)} ({repetition} of {repetitions})")
            measured.setdefault(run, []).append(in_own_process(run, variables))
    return measured


def tell(what: str) -> None:
    """Say on standard error what is going on; the report is on standard output."""
    print(f"measuring {what}", file=sys.stderr, flush=True)


def measure_growth(data: dict[str, Any], variables: dict[str, str]) -> list[dict[str, Any]]:
    """Measure fewer reviews with all words, and all reviews with fewer and more words."""
    everything = data["reviews"]["training"]
    sizes = [(round(share * everything), 10_000) for share in SHARES_OF_REVIEWS]
    sizes += [(everything, words) for words in NUMBERS_OF_WORDS]
    results = []
    for way in GROWING:
        for reviews, words in sorted(set(sizes)):
            tell(f"growth {way} {reviews:,} reviews, {words:,} words")
            got = in_own_process(Run("growth", way), variables, reviews=reviews, words=words)
            results.append({"way": way, "reviews": reviews, "words": words} | without(got))
    return results


def without(figures: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept of a growth run."""
    return {
        "vectorizing": figures["parts"]["vectorize"],
        "20 epochs": figures["parts"]["20 epochs"],
        "megabytes": figures["megabytes"],
    }


def parse(words: list[str] | None) -> argparse.Namespace:
    """Read the command line; without a choice, the table is what is wanted."""
    parser = argparse.ArgumentParser(description="Compare the book's ways with the classic one.")
    parser.add_argument("--profile", action="store_true", help="where the seconds go; the floor")
    parser.add_argument("--growth", action="store_true", help="more reviews, more words")
    parser.add_argument("--store", action="store_true", help="everything, kept for the page")
    parser.add_argument("--quick", action="store_true", help="once, not three times")
    parser.add_argument("--only", nargs=3, metavar="WORD", help=argparse.SUPPRESS)
    wanted = parser.parse_args(words)
    wanted.table = wanted.store or not (wanted.profile or wanted.growth)
    wanted.profile |= wanted.store
    wanted.growth |= wanted.store
    return wanted


def wanted_runs(wanted: argparse.Namespace) -> list[Run]:
    """Return what is measured in turns, in this order."""
    runs = []
    if wanted.table:
        runs += [run for row in ROWS for run in (row.classic, row.run)] + [BATCHES]
    if wanted.profile:
        runs += [SPARSE, JAX, FLOOR]
    return list(dict.fromkeys(runs))


def results_of(
    wanted: argparse.Namespace, data: dict[str, Any], left_out: dict[Run, str]
) -> dict[str, Any]:
    """Measure what is wanted and return it, ready to be printed and stored."""
    repetitions = 1 if wanted.quick else REPETITIONS
    runs = wanted_runs(wanted)
    results = {"machine": machine(), "data": data, "repetitions": repetitions}
    results["left out"] = {" ".join(run): reason for run, reason in left_out.items()}
    with surroundings(data) as variables:
        for backend in ["tensorflow"] + ["jax"] * (JAX not in left_out and JAX in runs):
            tell(f"nothing yet, but imports on {backend}")  # the first are slower: not compiled
            in_own_process(Run("growth", "bytes", backend), variables, reviews=1000, words=10_000)
        measured = measure([run for run in runs if run not in left_out], repetitions, variables)
        if wanted.table:
            results["rows"] = report.compare(measured)
            results["batches"] = report.batches(measured)
            results["reached"] = report.reached(measured)
        if wanted.profile:
            profiles = [run for run in PROFILES if run.backend == "tensorflow" or JAX in measured]
            measured |= measure(profiles, 1, variables)
            results["profile"] = report.where_time_goes(measured)
        if wanted.growth:
            results["growth"] = measure_growth(data, variables)
    return results


def main(words: list[str] | None = None) -> int:
    """Measure, print, and store if asked to; with --only, measure one thing and print JSON."""
    wanted = parse(words)
    if wanted.only:
        step, way, options = wanted.only
        as_in_the_books_environment()
        print(json.dumps(ALL_STEPS[step](way, **json.loads(options))))
        return 0
    data = find_data()
    left_out = leave_out(wanted_runs(wanted), data)
    if wanted.store and (reason := report.why_not_stored(data["why sample"], left_out)):
        print(f"nothing is stored: {reason}", file=sys.stderr)
        return 1
    try:
        results = results_of(wanted, data, left_out)
    except MeasurementError as error:
        print(error, file=sys.stderr)
        return 1
    print(bench_text.text(results))
    if wanted.store:
        report.store(COSTS, results)
        print(f"stored in {COSTS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
