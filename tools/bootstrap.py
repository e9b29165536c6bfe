#!/usr/bin/env python3
# /// script
# requires-python = ">=3.11,<3.14"
# ///
"""Set up `.venv` from `requirements.lock` when needed, then run one of the book's tasks in it.

    python tools/bootstrap.py book

The Makefile is a thin front over this file; without make, call it directly. It needs nothing but
the standard library, and keeps to the syntax of Python 3.6, so that an older Python gets to say
in one sentence which versions the book runs on.
"""

import functools
import hashlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
VENV = ROOT / ".venv"
STAMP = VENV / "finished-set-up"
LAB_SETTINGS = ROOT / "tools" / "lab_settings.json"
WINDOWS = os.name == "nt"
SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
SUFFIX = ".exe" if WINDOWS else ""
PYTHON = SCRIPTS / ("python" + SUFFIX)

LOCK_COMMAND = (
    "uv pip compile --universal --python-version 3.11 --quiet --generate-hashes"
    " --custom-compile-command 'make lock' "
)
BACKENDS = ("jax", "torch")  # what Keras can compute with besides TensorFlow, see backends.py
# Task -> what it does, and the programs of `.venv` it runs one after the other.
BOOK_COMMAND = "jupyter-book build book/ -n -W --keep-going"
TASKS = {
    "book": ("build the book, warnings as errors", [BOOK_COMMAND]),
    "test": ("run every test, and every chapter; 05 for one", ["python tools/chapters.py test"]),
    "run": ("run chapters, and store their outputs; 05 for one", ["python tools/chapters.py run"]),
    "lab": ("open the chapters in JupyterLab", ["jupyter lab book/"]),
    "pdf": ("print the book as one PDF, and link to it", ["python tools/pdf.py", BOOK_COMMAND]),
    "stability": ("run the suite under other settings", ["python -m tests.book.stability"]),
    "screenshots": ("take a picture of every built page", ["python -m tools.screenshots"]),
    "bench": ("compare our ways with the classic: seconds and memory", ["python tools/bench.py"]),
    "handout": ("make the editions for a class, in dist/", ["python tools/handout.py"]),
    "lint": (
        "check style and spelling",
        ["ruff check", "ruff format --check", "codespell", "oxlint --deny-warnings book/assets"],
    ),
    "lock": (
        "compile the requirements*.lock from pyproject.toml",
        [
            LOCK_COMMAND + "pyproject.toml --all-extras --output-file requirements.lock",
            LOCK_COMMAND + "--group jax --no-deps --output-file requirements-jax.lock",
        ],
    ),
    "clean": ("remove what was built, and every cache in this folder", []),
}

LEFTOVERS = re.compile(
    r"_build|dist|mutants|__pycache__|.+\.egg-info|\.((pytest|ruff|jupyter)_cache|hypothesis|ipynb_checkpoints)"
)
# What pip prints, among much else, when it finds no way to an index.
NO_CONNECTION = re.compile("connection broken|ConnectionError|ResolutionError|SSLError|timed out")


# At once, so that the lines of child processes come in the right order.
say = functools.partial(print, flush=True)


def find_python() -> "list[str]":
    """Return the command of a supported Python: the running one, else the newest to be found."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        # Inside a virtual environment, the Python below it: that environment may get replaced.
        return [getattr(sys, "_base_executable", None) or sys.executable]
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        command = ["py", f"-3.{minor}"] if WINDOWS else [f"python3.{minor}"]
        # A name on PATH may be an empty shell of a version manager, so it must prove itself.
        proof = f"import sys; sys.exit(sys.version_info[:2] != (3, {minor}))"
        if shutil.which(command[0]) and quietly([*command, "-c", proof]).returncode == 0:
            return command
    running = ".".join(str(part) for part in sys.version_info[:3])
    sys.exit(
        f"error: The book runs on Python 3.{OLDEST[1]} to 3.{NEWEST[1]}, this is Python {running}, "
        "and no other was found: install one of these versions and run the same command again."
    )


def fingerprint() -> str:
    """Digest of everything `.venv` is made from; its place too, as environments cannot be moved."""
    parts = [str(ROOT).encode(), *(file.read_bytes() for file in (LOCK, PROJECT, LAB_SETTINGS))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_set_up() -> bool:
    """Whether a set-up from the present files ran to its end, and its Python still exists."""
    return PYTHON.exists() and STAMP.is_file() and STAMP.read_text() == fingerprint()


def environment() -> "dict[str, str]":
    """Return the variables of every child process: those of an activated `.venv`."""
    # The first three would mix another Python's modules into ours; with the last, each import of
    # TensorFlow takes several times as long.
    unwanted = ("PYTHONHOME", "PYTHONPATH", "UV_SYSTEM_PYTHON", "PYTHONDONTWRITEBYTECODE")
    variables = {name: value for name, value in os.environ.items() if name not in unwanted}
    variables["VIRTUAL_ENV"] = str(VENV)
    variables["PIP_USER"] = "0"
    variables.setdefault("PYTHONUTF8", "1")
    if variables.get("KERAS_BACKEND") in BACKENDS:
        variables["PYTHONPATH"] = str(VENV / "backends" / variables["KERAS_BACKEND"])
    # Jupyter looks here first, so no kernel of the same name elsewhere gets to run the chapters.
    for name, ours in (("PATH", SCRIPTS), ("JUPYTER_PATH", VENV / "share" / "jupyter")):
        variables[name] = os.pathsep.join(filter(None, [str(ours), variables.get(name)]))
    return variables


def quietly(command: "list[str]") -> "subprocess.CompletedProcess[str]":
    """Run a command and keep what it prints."""
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    text = {"encoding": "utf-8", "errors": "replace"}
    return subprocess.run(command, cwd=str(ROOT), env=environment(), **kept, **text)


def must(command: "list[str]", failure: str) -> None:
    """Run a command quietly; if it fails, show what it printed and stop with that sentence."""
    done = quietly(command)
    if done.returncode != 0:
        if NO_CONNECTION.search(done.stdout):
            sys.exit(
                "error: The package index cannot be reached: check the network, or the index in "
                "your pip settings, and run the same command again."
            )
        say(done.stdout)
        sys.exit("error: " + failure)


def run(command: "list[str]", variables: "dict[str, str]") -> int:
    """Run a command in view of the reader and return its exit status."""
    return subprocess.run(command, cwd=str(ROOT), env=variables).returncode


def uv_environment() -> "dict[str, str]":
    """Return `environment()`, with the index the reader gave pip, unless uv was given its own."""
    variables = environment()
    if not any(name.startswith("UV_") and "INDEX" in name for name in variables):
        settings = quietly([str(PYTHON), "-m", "pip", "config", "list"]).stdout
        # pip lists its variables before its files, and the variables win.
        index = re.search(r"^\S+\.index-url='(.+)'$", settings, re.MULTILINE)
        if index:
            variables["UV_DEFAULT_INDEX"] = index.group(1)
    return variables


def install_packages() -> None:
    """Install the lock's packages, every one checked against its hash, then the helpers."""
    pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    say("[2/4] Fetching uv, which installs several times faster than pip")
    only_uv = VENV / "uv-requirement.txt"
    # The lock's entry for uv: the pinned version with its hashes.
    only_uv.write_text(re.findall(r"(?m)^uv==(?:.*\\\n)*.*", LOCK.read_text())[0] + "\n")
    must([*pip, "--no-deps", "--require-hashes", "-r", str(only_uv)], "pip could not install uv.")
    say("[3/4] Installing the packages of requirements.lock")
    packages = ["--require-hashes", "-r", str(LOCK)]
    uv = [str(SCRIPTS / ("uv" + SUFFIX)), "pip", "install", "--python", str(PYTHON)]
    if run([*uv, *packages], uv_environment()) != 0:
        say("uv could not do it; once more with pip, which takes some minutes.")
        if run([*pip, *packages], environment()) != 0:
            sys.exit("error: The packages could not be installed: the lines above say why.")
    say("[4/4] Installing imdb_helpers from this folder")
    helpers = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    must([*pip, *helpers], "imdb_helpers could not be installed: the lines above say why.")


def set_up() -> None:
    """Make `.venv`, unless a finished one from the present files is there."""
    if is_set_up():
        return
    python = find_python()
    if quietly([*python, "-c", "import ensurepip, venv"]).returncode != 0:
        sys.exit(
            "error: This Python lacks its venv module: install it (Debian and Ubuntu: "
            "`sudo apt install python3-venv`) and run the same command again."
        )
    say("[1/4] Making .venv, once; it takes a few minutes and 3 GB of disk")
    make = [*python, "-m", "venv", "--clear", str(VENV)]
    must(make, ".venv could not be made: the lines above say why.")
    install_packages()
    # The book's pages without code open in JupyterLab as pages, not as source.
    settings = VENV / "share" / "jupyter" / "lab" / "settings"
    settings.mkdir(parents=True, exist_ok=True)
    shutil.copy(LAB_SETTINGS, settings / "overrides.json")
    # Last of all: without it, whatever happened above counts as unfinished.
    STAMP.write_text(fingerprint())


def clean() -> None:
    """Remove everything that building, testing and editing leave behind."""
    for folder, names, _ in os.walk(str(ROOT)):
        for name in list(names):
            path = Path(folder, name)
            # An environment, ours or a contributor's own, stays as it is.
            if name in (".git", ".venv") or (path / "pyvenv.cfg").exists():
                names.remove(name)
            elif LEFTOVERS.fullmatch(name) and not path.is_symlink():
                names.remove(name)
                shutil.rmtree(str(path))


def main(words: "list[str]") -> int:
    """Do the task the first word names; the others go to the program it runs."""
    task = words[0] if words else "help"
    if task not in TASKS:
        for name, (purpose, _) in TASKS.items():
            say(f"  {name:<10} {purpose}")
        return 0 if task in ("help", "--help", "-h") else 2
    if task == "clean":
        clean()
        return 0
    set_up()
    # From here on Ctrl-C is for the child: JupyterLab asks before it stops.
    signal.signal(signal.SIGINT, lambda *_: None)
    commands = [shlex.split(line) + words[1:] for line in TASKS[task][1]]
    if os.environ.get("KERAS_BACKEND") in BACKENDS:
        commands.insert(0, ["python", "tools/backends.py", os.environ["KERAS_BACKEND"]])
    for program, *arguments in commands:
        status = run([str(SCRIPTS / (program + SUFFIX)), *arguments], environment())
        if status != 0:
            return status
    if task == "book":
        say("The book is ready: " + (ROOT / "_build" / "html" / "index.html").as_uri())
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as reason:
        sys.exit(f"error: {reason} (to start afresh, remove the folder .venv)")
    except KeyboardInterrupt:
        sys.exit("\nerror: interrupted; the same command starts the set-up again.")
