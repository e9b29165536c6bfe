"""Run helpers and chapters under all that may not matter, and print how far the numbers move.

    python -m tests.book.stability        # under every setting
    python -m tests.book.stability jax    # under one of them

Each session leaves its notebooks and its log in `_build/stability/SETTING`. The exit code is 1 if a
session failed, or if the numbers of an output are apart by more than its tolerance.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat import NotebookNode

from tests.book.pages import ROOT, notebook_paths
from tests.book.session import REAL, TENSORFLOW
from tests.nbproof.compare import NUMERIC_FIELDS, parts_of
from tests.nbproof.notebook import code_cells, leaves, read_notebook
from tests.nbproof.numbers import NUMBER, to_float
from tests.nbproof.policies import Policy, read_policy

BUILD = ROOT / "_build" / "stability"
# What a session must not take from whoever starts it.
UNSET = ("DISPLAY", "MPLBACKEND", "KERAS_BACKEND", "PYTHONPATH", "LANG", "LANGUAGE", "TZ")
ENDING = re.compile(r"^.*\b(?:passed|failed|errors?)\b.* in [\d.]+s.*$", re.MULTILINE)


def threads(count: int) -> dict[str, str]:
    """Return the variables that give NumPy and TensorFlow so many threads."""
    numpy = {f"{name}_NUM_THREADS": str(count) for name in ("OMP", "OPENBLAS")}
    return numpy | {f"TF_NUM_{name}_THREADS": str(count) for name in ("INTRAOP", "INTEROP")}


@dataclass(frozen=True)
class Setting:
    """The surroundings of one session of the suite."""

    variables: dict[str, str]
    backend: str = "tensorflow"
    elsewhere: bool = False  # started from another directory, and with a display

    def obstacle(self) -> str:
        """Say why this machine cannot have the setting, or nothing."""
        install = [sys.executable, str(ROOT / "tools" / "backends.py"), self.backend]
        if self.backend != "tensorflow" and subprocess.run(install).returncode:
            return f"{self.backend} cannot be installed from the package index in use"
        if self.elsewhere and not shutil.which("xvfb-run"):
            return "there is no xvfb-run to make a display"
        if wanted := self.variables.get("LC_ALL"):
            ask = f"import locale; locale.setlocale(locale.LC_ALL, {wanted!r})"
            if subprocess.run([sys.executable, "-c", ask], stderr=subprocess.DEVNULL).returncode:
                return f"the locale {wanted} is not installed"
        return ""


USUAL = {**threads(2), "TF_ENABLE_ONEDNN_OPTS": "1", "PYTHONHASHSEED": "0", "TZ": "UTC"}
SETTINGS = {
    "usual": Setting(USUAL),
    # NumPy multiplies as it does on other processors: another order of sums, another rounding.
    "one-thread": Setting(
        {**USUAL, **threads(1), "OPENBLAS_CORETYPE": "Haswell", "TZ": "Asia/Kathmandu"}
    ),
    # A language whose capital of i is no I, and whose decimal point is a comma.
    "no-onednn": Setting(
        {**USUAL, "TF_ENABLE_ONEDNN_OPTS": "0", "OPENBLAS_CORETYPE": "Nehalem"}
        | {"PYTHONHASHSEED": "1", "LC_ALL": "tr_TR.UTF-8"}
    ),
    "elsewhere": Setting({**USUAL, "PYTHONHASHSEED": "2"}, elsewhere=True),
    "jax": Setting(USUAL, backend="jax"),
    "torch": Setting(USUAL, backend="torch"),
}


def run_session(name: str, setting: Setting) -> bool:
    """Run the suite under a setting; return whether it passed, or could not be run here."""
    place = BUILD / name
    shutil.rmtree(place, ignore_errors=True)  # an earlier execution is none of this one
    place.mkdir(parents=True)
    if reason := setting.obstacle():
        print(f"{name:12} not run: {reason}", flush=True)
        return True
    variables = {key: value for key, value in os.environ.items() if key not in UNSET}
    variables |= {"KERAS_BACKEND": setting.backend, "IMDB_SOURCE": "real"} | setting.variables
    if setting.backend != "tensorflow":
        variables["PYTHONPATH"] = str(Path(sys.prefix) / "backends" / setting.backend)
    what = [str(ROOT / folder) for folder in ("tests/helpers", "tests/book", "book")]
    command = [sys.executable, "-m", "pytest", "--nbval", "--executed", str(place), *what]
    if setting.elsewhere:
        command = ["xvfb-run", "--auto-servernum", *command]
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as other, open(place / "session.log", "w") as log:
        where = other if setting.elsewhere else ROOT
        done = subprocess.run(command, cwd=where, env=variables, stdout=log, stderr=log)
    ending = ENDING.findall((place / "session.log").read_text(errors="replace"))
    result = ending[-1].strip("= ") if ending else "ended without a result"
    log_file = place.relative_to(ROOT) / "session.log"
    print(f"{name:12} {time.monotonic() - begin:6.0f} s  {result}, see {log_file}", flush=True)
    return done.returncode == 0


class Spread(NamedTuple):
    """A number of a stored output, what it has been elsewhere, and the part that this takes."""

    cell: str
    where: str
    written: str
    smallest: float
    largest: float
    allowed: float
    share: float


ROW = "{:22} {:40.40} {:>11} {:>11.6g} {:>11.6g} {:>10.3g} {:>6.0%}"
HEADER = re.sub(r"\.\d+g?|%", "", ROW).format(*Spread._fields)


def spreads(stored: NotebookNode, runs: Mapping[str, NotebookNode]) -> Iterator[Spread]:
    """Yield the spread of every approximate number of a notebook over its executions.

    ``runs`` are executions by backend and setting, as in "jax: usual". A cell whose output needs
    TensorFlow is looked at on TensorFlow only.
    """
    for cell in code_cells(stored):
        policy = read_policy(cell.metadata, {REAL, TENSORFLOW})
        own = list(numbers(policy, cell))
        rows = [[to_float(written) for _, written, _ in own]]
        for name, run in runs.items():
            if TENSORFLOW in policy.needs and not name.startswith("tensorflow"):
                continue
            same = [each for each in code_cells(run) if each.id == cell.id]
            found = [number for each in same for number in numbers(policy, each)]
            # Other numbers, not only other values: that session has failed, and says why.
            if [where for where, _, _ in found] == [where for where, _, _ in own]:
                rows.append([to_float(written) for _, written, _ in found])
        for (where, written, allowed), values in zip(own, zip(*rows, strict=True), strict=True):
            share = max(abs(value - values[0]) for value in values) / allowed
            yield Spread(cell.id, where, written, min(values), max(values), allowed, share)


def numbers(policy: Policy, cell: NotebookNode) -> Iterator[tuple[str, str, float]]:
    """Yield the numbers of a cell that have a tolerance: the place, the number, what is allowed."""
    for kind, value in (part for output in cell.outputs for part in parts_of(output).items()):
        tolerance, texts = policy.tolerance, {}
        if kind == "figure":
            tolerance = replace(tolerance, drawn=True)
            drawn = (leaf for leaf in leaves(value) if leaf[0][-1] in NUMERIC_FIELDS)
            texts = {" ".join(map(str, path)): text for path, text in drawn}
        elif policy.name == "approx" and kind != "image":
            texts = {kind: policy.mask(value)}
        for where, text in texts.items():
            for count, match in enumerate(NUMBER.finditer(text), start=1):
                if allowed := tolerance.allows(match.group()):
                    yield f"{where} #{count}", match.group(), allowed


def judge() -> bool:
    """Print the spread of every approximate number; return whether all tolerances suffice."""
    enough = True
    for path in notebook_paths():
        runs = {
            f"{setting.backend}: {name}": nbformat.read(BUILD / name / path.name, as_version=4)
            for name, setting in SETTINGS.items()
            if (BUILD / name / path.name).is_file()
        }
        print(f"\n{path.stem}, over {len(runs)} executions ({', '.join(runs)})\n{HEADER}")
        for spread in spreads(read_notebook(path), runs):
            print(ROW.format(*spread))
            enough = enough and spread.share <= 1
    return enough


def main() -> int:
    """Run what the command line asks for."""
    names = sys.argv[1:] or list(SETTINGS)
    passed = all([run_session(name, SETTINGS[name]) for name in names])
    return 0 if judge() and passed else 1


if __name__ == "__main__":
    raise SystemExit(main())
