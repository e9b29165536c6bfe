"""When, where and with what each chapter's stored outputs were computed: the colophon says it."""

import json
import os
import platform
from datetime import date
from importlib.metadata import version
from pathlib import Path

from tests.book.pages import BOOK
from tests.nbproof.stored import replace_file

RUNS = BOOK / "assets" / "runs.json"
PACKAGES = ("Keras", "TensorFlow", "NumPy", "Matplotlib")


def keep(path: Path, before: str, file: Path = RUNS) -> None:
    """Write down this run of a notebook, if its text is another one now or had no run so far."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    if path.stem not in known or path.read_text(encoding="utf-8") != before:
        known[path.stem] = this_run()
        replace_file(file, json.dumps(dict(sorted(known.items())), indent=1) + "\n")


def this_run() -> dict[str, str]:
    """Return the day, the machine, and the versions of what computes on it."""
    machine = f"{platform.system()}, {platform.machine()}, {os.cpu_count()} processor cores"
    run = {"day": date.today().isoformat(), "machine": machine, "Python": platform.python_version()}
    return run | {name: version(name.lower()) for name in PACKAGES}
