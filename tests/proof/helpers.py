"""Damage the helpers' code in every small way, and see whether their tests notice.

    python -m tests.proof.helpers            # all damages: some minutes
    python -m tests.proof.helpers --quick    # 60 of them, drawn by a seed

mutmut does it, on a copy of this folder below `_build`; `operators` says which damages. mutmut
changes the code inside functions only: numbers that stand outside, and functions with a decorator,
stay as they are. A damage that makes a loop endless is stopped, and counts as killed. The real
reviews play no part: they would take seconds for each damage.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.notebooks.chapters import ROOT
from tests.proof.code_results import (
    KILLED,
    SURVIVED,
    SURVIVORS,
    TIMEOUT,
    Mutant,
    read_reasons,
    results,
)

COPY = ROOT / "_build" / "mutants" / "helpers"
LOWEST_SHARE = 0.9
FEWEST = 600
QUICK = 60
WORKERS = 2

# What mutmut is told about each part. The sample is a part of its own: the others' tests take it
# as it was made once, and its own tests make it anew each time, a small one.
ALWAYS = {
    "source_paths": ["imdb_helpers"],
    "also_copy": ["book", "tools", "conftest.py"],
    "process_isolation": "forkserver",
    "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "tests.proof.operators", "--tb=no"],
    "timeout_multiplier": 2.0,
}
ROOMS = (
    *("archive", "data", "text", "vectorize", "models", "explain", "plots"),
    *("sources", "cache", "faults", "package"),
)
# Tests that start processes of their own, take seconds, or look at the code or at who calls it.
NOT_HERE = (
    "archive.py::test_a_flipped_bit_anywhere_gives_the_data_or_a_data_error",
    "cache.py::test_a_flipped_bit_anywhere_is_noticed_or_harmless",
    "cache.py::test_two_processes_may_fill_a_cache_at_once",
    "faults.py::test_each_row_of_the_table_has_a_test",
    "faults.py::test_the_sentences_in_the_table_are_those_of_the_package",
    "faults.py::test_the_backend_is_not_installed",
    "package.py::test_importing_the_package_imports_nothing_slow",
    "package.py::test_only_what_needs_keras_imports_it",
    "package.py::test_every_public_function_is_annotated_in_full",
    "package.py::test_a_module_imports_only_what_comes_before_it",
    "package.py::test_modules_are_short_and_stand_on_their_own",
    "sources.py::test_a_warning_points_at_the_line_that_asked_for_the_data",
    "sources.py::test_the_command_says_what_is_in_use",
    "sources.py::test_the_command_says_sample_corpus_and_why_and_how_to_get_the_real_one",
    "sources.py::test_the_command_fails_with_a_sentence_when_there_is_no_real_data",
    "sources.py::test_the_command_fails_with_a_sentence_when_the_data_is_damaged",
)
PARTS = {
    "rooms": {
        "timeout_constant": 10.0,  # a busy machine is no endless loop
        "do_not_mutate": ["imdb_helpers/sample/*"],
        "pytest_add_cli_args_test_selection": [
            *(f"tests/test_{room}.py" for room in ROOMS),
            "tests/test_plot_images.py::test_image",
            *(f"--deselect=tests/test_{test}" for test in NOT_HERE),
        ],
    },
    "sample": {
        "timeout_constant": 4.0,
        "only_mutate": ["imdb_helpers/sample/*"],
        "pytest_add_cli_args_test_selection": ["tests/test_sample.py", "-k=small_sample"],
    },
}


def fresh_copy(target: Path) -> None:
    """Copy what git knows, and what it does not know yet, but nothing that it ignores."""
    shutil.rmtree(target, ignore_errors=True)
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def settings(part: str) -> str:
    """Return mutmut's table in `pyproject.toml`; JSON's lists, texts and numbers are TOML's too."""
    lines = (f"{key} = {json.dumps(value)}" for key, value in (ALWAYS | PARTS[part]).items())
    return "\n".join(["", "[tool.mutmut]", *lines, ""])


def run(part: str, folder: Path, sampled: list[str]) -> None:
    """Let mutmut damage a part of the helpers in a copy; its output goes to a file beside."""
    fresh_copy(folder)
    with open(folder / "pyproject.toml", "a", encoding="utf-8") as project:
        project.write(settings(part))
    unset = ("IMDB_DATA_DIR", "MUTANT_UNDER_TEST", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in unset}
    environment |= {"IMDB_SOURCE": "sample", "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg"}
    # By its path: a package `tests` that is imported from here would hide the damaged copy's.
    command = [sys.executable, "-P", "tests/proof/operators.py", str(WORKERS), *sampled]
    log = folder.with_suffix(".log")
    with open(log, "w", encoding="utf-8") as output:
        done = subprocess.run(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        )
    if done.returncode:
        raise RuntimeError(f"mutmut did not come to an end; see {log}")


def table(mutants: list[Mutant]) -> Iterator[str]:
    """Yield a row for each module, and one for all."""
    yield f"{'module':36}{'mutants':>9}{'killed':>9}{'survived':>10}{'timeout':>9}{'share':>8}"
    for module in [*sorted({mutant.module for mutant in mutants}), "all"]:
        count = Counter(m.outcome for m in mutants if module in (m.module, "all"))
        columns = f"{count.total():>9}{count[KILLED]:>9}{count[SURVIVED]:>10}{count[TIMEOUT]:>9}"
        yield f"{module:36}{columns}{1 - count[SURVIVED] / count.total():>8.1%}"


def shortcomings(mutants: list[Mutant], reasons: dict, complete: bool) -> list[str]:
    """Return why this is no proof, or nothing."""
    controls = [mutant for mutant in mutants if mutant.control]
    mutants = [mutant for mutant in mutants if not mutant.control]
    survived = {mutant.key for mutant in mutants if mutant.outcome == SURVIVED}
    share = 1 - sum(mutant.outcome == SURVIVED for mutant in mutants) / len(mutants)
    wrong = []
    if complete and share < LOWEST_SHARE:  # the share of a small sample is chance
        wrong.append(f"{share:.1%} were killed, under {LOWEST_SHARE:.0%}")
    if complete and len(mutants) < FEWEST:
        wrong.append(f"{len(mutants)} damages were tried, and {FEWEST} are wanted")
    wrong += [
        f"{mutant.outcome} without a damage: {mutant.module}, {mutant.function}"
        for mutant in controls
        if mutant.outcome != SURVIVED
    ]
    wrong += [f"no reason in {SURVIVORS.name}: {key}" for key in sorted(survived - set(reasons))]
    judged = set(reasons) if complete else {mutant.key for mutant in mutants} & set(reasons)
    return wrong + [f"a reason, but no survivor: {key}" for key in sorted(judged - survived)]


def main(arguments: list[str] | None = None) -> int:
    """Make the proof and print it; return 1 if there is none."""
    parser = argparse.ArgumentParser(description="Damage the helpers; their tests must notice.")
    parser.add_argument("--quick", action="store_true", help=f"only {QUICK} damages")
    parser.add_argument("--seed", type=int, default=0, help="of --quick: another seed, others")
    wanted = parser.parse_args(arguments)
    begin = time.perf_counter()
    mutants, reasons = [], read_reasons()
    try:
        for part in PARTS:
            run(part, COPY / part, [str(QUICK // len(PARTS)), str(wanted.seed)] * wanted.quick)
            mutants += results(COPY / part, wanted.quick)
    except RuntimeError as error:
        print(error)
        return 1
    damaged = [mutant for mutant in mutants if not mutant.control]
    print(*table(damaged), "", sep="\n")
    for mutant in sorted(damaged, key=lambda m: (m.module, m.line)):
        if mutant.outcome == SURVIVED:
            print(f"{mutant}\n    {reasons.get(mutant.key, 'NO REASON')}")
    wrong = shortcomings(mutants, reasons, complete=not wanted.quick)
    print("", *wrong, f"{len(mutants) - len(damaged)} times without a damage", sep="\n")
    print(f"{(time.perf_counter() - begin) / 60:.1f} minutes")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
