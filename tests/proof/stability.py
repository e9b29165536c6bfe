"""Run the suite under every setting that may not matter, and print how far the numbers move.

    python -m tests.proof.stability                  # the whole suite, under every setting
    python -m tests.proof.stability --only jax       # under one of them
    python -m tests.proof.stability --store 05       # one chapter; store its policies as measured
    python -m tests.proof.stability --judge          # only look at the executions there are

Each session leaves its chapters and its log in `_build/stability/SETTING`. The exit code is 1 if a
session failed, or if a number used half of its allowance or more.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from tests.notebooks.chapters import ROOT
from tests.notebooks.executed import current_execution
from tests.notebooks.register import (
    LARGEST_SHARE,
    policies_of,
    read_register,
    write_register,
)
from tests.proof import backends
from tests.proof.spread import HEADER, Spread, largest, spreads
from tools.backends import folder, install
from tools.run_chapters import find_chapters

BUILD = ROOT / "_build" / "stability"
# What a session must not take from whoever starts it.
UNSET = ("DISPLAY", "MPLBACKEND", "KERAS_BACKEND", "PYTHONPATH", "LANG", "LANGUAGE", "TZ")
ENDING = re.compile(r"^.*\b(?:passed|failed|errors?)\b.* in [\d.]+s.*$", re.MULTILINE)


def threads(count: int) -> dict[str, str]:
    """Return the variables that give NumPy and TensorFlow so many threads."""
    names = ("OMP", "OPENBLAS", "TF_NUM_INTRAOP", "TF_NUM_INTEROP")
    return {f"{n}_{'NUM_' if 'TF' not in n else ''}THREADS": str(count) for n in names}


@dataclass(frozen=True)
class Setting:
    """The surroundings of one session of the suite."""

    variables: dict[str, str] = field(default_factory=dict)
    backend: str = "tensorflow"
    elsewhere: bool = False  # started from another directory
    display: bool = False

    def obstacle(self) -> str:
        """Say why this machine cannot have the setting, or nothing."""
        if self.backend != "tensorflow" and not install(self.backend):
            return f"{self.backend} cannot be installed from the package index in use"
        if self.display and not shutil.which("xvfb-run"):
            return "there is no xvfb-run to make a display"
        wanted = self.variables.get("LC_ALL")
        if wanted and wanted.lower().replace("-", "") not in installed_locales():
            return f"the locale {wanted} is not installed"
        return ""


USUAL = {**threads(2), "TF_ENABLE_ONEDNN_OPTS": "1", "PYTHONHASHSEED": "0", "TZ": "UTC"}
SETTINGS = {
    "usual": Setting(USUAL),
    "again": Setting(USUAL),  # without cleaning in between
    "one-thread": Setting({**USUAL, **threads(1), "PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu"}),
    # A language whose capital of i is no I, and whose decimal point is a comma.
    "no-onednn": Setting({**USUAL, "TF_ENABLE_ONEDNN_OPTS": "0", "LC_ALL": "tr_TR.UTF-8"}),
    "elsewhere": Setting({**USUAL, "PYTHONHASHSEED": "2"}, elsewhere=True, display=True),
    "jax": Setting(USUAL, backend="jax"),
    "torch": Setting(USUAL, backend="torch"),
}


def installed_locales() -> set[str]:
    """Return the names of the locales of this machine, in small letters and without hyphens."""
    if not shutil.which("locale"):
        return set()
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout
    return {name.lower().replace("-", "") for name in listed.split()}


def run_session(name: str, setting: Setting, chapters: list[Path]) -> bool:
    """Run the suite, or some chapters, under a setting; return whether it passed."""
    place = BUILD / name
    place.mkdir(parents=True, exist_ok=True)
    for path in chapters or find_chapters([]):
        (place / path.name).unlink(missing_ok=True)  # an earlier execution is none of this one
    if reason := setting.obstacle():
        print(f"{name:12} not run: {reason}", flush=True)
        return True
    variables = {key: value for key, value in os.environ.items() if key not in UNSET}
    variables |= {"KERAS_BACKEND": setting.backend, "IMDB_SOURCE": "real"} | setting.variables
    if setting.backend != "tensorflow":
        variables["PYTHONPATH"] = str(folder(setting.backend))
    what = [str(path) for path in chapters] or [str(ROOT / "tests"), str(ROOT / "book")]
    command = [sys.executable, "-m", "pytest", "--nbval", "--executed", str(place), *what]
    if setting.display:
        command = ["xvfb-run", "--auto-servernum", *command]
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as other, open(place / "session.log", "w") as log:
        where = other if setting.elsewhere else ROOT
        done = subprocess.run(command, cwd=where, env=variables, stdout=log, stderr=log)
    ending = ENDING.findall((place / "session.log").read_text(errors="replace"))
    result = ending[-1].strip("= ") if ending else "ended without a result"
    print(f"{name:12} {time.monotonic() - begin:6.0f} s  {result}", flush=True)
    if done.returncode:
        print(f"{'':12} see {place.relative_to(ROOT) / 'session.log'}", flush=True)
    return done.returncode == 0


def executions(path: Path) -> Iterator[tuple[str, nbformat.NotebookNode]]:
    """Yield the executions of a chapter as it is now, by backend and setting."""
    for name, setting in SETTINGS.items():
        if notebook := current_execution(path, BUILD / name):
            yield f"{setting.backend}: {name}", notebook


def entry(policy: dict, worst: Spread | None) -> dict:
    """Return what the register keeps of a cell: its policy, and how far its numbers moved."""
    if policy["policy"] not in ("approx", "figure"):
        return {"check": policy}
    share, where = (worst.share, worst.where) if worst else (0.0, "it has no such number")
    return {"check": policy, "share": round(share, 3), "by": where}


def judge(paths: list[Path], store: bool) -> bool:
    """Print the spread of every approximate number; return whether all allowances suffice."""
    register, enough = read_register(), True
    for path in paths:
        stored = nbformat.read(path, as_version=4)
        runs = dict(executions(path))
        print(f"\n{path.stem}, over {len(runs)} executions ({', '.join(runs)})\n{HEADER}")
        found = spreads(stored, runs)
        print("\n".join(str(spread) for spread in found))
        worst = largest(found)
        small = [spread for spread in worst.values() if spread.share >= LARGEST_SHARE]
        for spread in small:
            print(f"{path.stem}, {spread.cell}: {spread.share:.0%} of the allowance is too much")
        enough = enough and bool(runs) and not small
        if runs:
            register[path.stem] = {
                cell: entry(policy, worst.get(cell)) for cell, policy in policies_of(stored).items()
            }
    if store:
        write_register(register)
    return enough


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(
        description="Run the suite under settings that may not matter."
    )
    parser.add_argument("chapters", nargs="*", help="only these chapters, such as 05")
    parser.add_argument("--only", action="append", choices=SETTINGS, help="only this setting")
    parser.add_argument("--judge", action="store_true", help="run nothing, look at what there is")
    parser.add_argument("--store", action="store_true", help="store the policies as measured")
    wanted = parser.parse_args()
    chapters = find_chapters(wanted.chapters)
    some = chapters if wanted.chapters else []
    passed = wanted.judge or all(
        [run_session(name, SETTINGS[name], some) for name in wanted.only or SETTINGS]
    )
    if wanted.store and not passed:
        print("\nnot stored: what a session that failed has measured is not to be relied on")
    enough = judge(chapters, wanted.store and passed)
    backends.report(store=wanted.store and passed)
    return 0 if passed and enough else 1


if __name__ == "__main__":
    raise SystemExit(main())
