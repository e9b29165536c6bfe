"""The command `python -m tools.rungs`, and the two files that it keeps."""

import argparse
import json
from typing import Any

from imdb_helpers.dataset.find import find_dataset
from tools.bench import ROOT
from tools.rungs.choice import choose
from tools.rungs.scoring import measure

CHOICE, RESULTS = (ROOT / "book" / "assets" / f"rungs{end}.json" for end in ("_choice", ""))
TOLERANCE = 0.002  # of an accuracy, between processors


def differences(new: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    """Say which accuracies moved by more than rounding on another processor explains."""
    return [
        f"{rung}: {found['accuracy']:.4f}, stored {kept['rungs'][rung]['accuracy']:.4f}"
        for rung, found in new["rungs"].items()
        if abs(found["accuracy"] - kept["rungs"][rung]["accuracy"]) > TOLERANCE
    ]


def main(words: list[str] | None = None) -> int:
    """Choose, or measure and score."""
    parser = argparse.ArgumentParser(description="Accuracy, seconds and memory of each rung.")
    parser.add_argument("task", nargs="?", choices=["choose"], help="cross-validate and keep it")
    parser.add_argument("--store", action="store_true", help="keep the results for the chapter")
    parser.add_argument("--check", action="store_true", help="compare with what is kept")
    wanted = parser.parse_args(words)
    if find_dataset().is_sample and (wanted.task or wanted.store):
        print("nothing is stored: these are not the real reviews")
        return 1
    if wanted.task:
        keep(CHOICE, choose())
        return 0
    choice = json.loads(CHOICE.read_text("utf-8"))
    results = measure(choice["chosen"], choice["settings"])
    print(json.dumps(results["rungs"], indent=1))
    if wanted.check and (moved := differences(results, json.loads(RESULTS.read_text("utf-8")))):
        print("not as stored:", *moved, sep="\n")
        return 1
    if wanted.store:
        keep(RESULTS, results)
    return 0


def keep(path: Any, found: dict[str, Any]) -> None:
    """Write a file for the chapter."""
    path.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
