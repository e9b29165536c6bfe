"""Run each chapter in a fresh kernel, write nothing, and report the memory it needed.

    python -m tools.measure_memory                    # every chapter
    python -m tools.measure_memory 01 05_overfitting  # some of them

The exit code is 1 if a chapter failed or needed more than the limit below.
"""

import argparse
import sys

from tools.run_chapters import ChapterError, find_chapters, run_chapter

# A free public notebook host gives about 2 GB and stops a kernel that needs more. The rest is
# left for the notebook server and for a reader's experiments.
LIMIT_MEGABYTES = 1700


def main() -> int:
    """Print a table of chapters; return 1 if any is over the limit or did not run."""
    parser = argparse.ArgumentParser(description="Measure the peak memory of chapters.")
    parser.add_argument("names", nargs="*", help="the beginning of a chapter's name, such as 05")
    failures = 0
    print("| chapter | seconds | peak MB |\n| --- | ---: | ---: |", flush=True)
    for path in find_chapters(parser.parse_args().names):
        try:
            run = run_chapter(path)
        except ChapterError as error:
            failures += 1
            print(error, file=sys.stderr)
            continue
        # Written so that a peak that could not be measured fails, too.
        within = run.peak_megabytes <= LIMIT_MEGABYTES
        failures += not within
        note = "" if within else f" **over {LIMIT_MEGABYTES:,}**"
        peak = f"{run.peak_megabytes:,.0f}{note}"
        print(f"| {path.stem} | {run.seconds:.1f} | {peak} |", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
