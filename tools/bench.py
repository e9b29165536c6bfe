"""Compare the helpers with the classic way: seconds and memory, each in its own process.

    python tools/bench.py

Two steps are measured on the real reviews: loading them from a warm cache, and turning
both halves into multi-hot matrices. Imports are not timed. The memory is the largest that
the process ever held, so it includes the libraries and the reviews; the processes that
vectorize import neither Keras nor TensorFlow.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

from peak import peak_megabytes

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that it runs without an installation, too


def load_with_keras() -> Callable[[], object]:
    """Prepare Keras's `load_data`; its file comes from the named folder if there is one."""
    import keras

    file = Path(os.environ.get("IMDB_DATA_DIR") or "nowhere", "imdb.npz")
    if not file.is_file():
        keras.datasets.imdb.load_data()  # the first time, this downloads the file
        return lambda: keras.datasets.imdb.load_data(num_words=10_000)

    def load() -> object:
        with patch("keras.src.datasets.imdb.get_file", lambda **_: str(file)):
            return keras.datasets.imdb.load_data(num_words=10_000)

    return load


def load_with_helpers() -> Callable[[], object]:
    """Prepare our `load_data`."""
    from imdb_helpers import load_data

    return lambda: load_data(num_words=10_000)


def vectorize_by_loop() -> Callable[[], object]:
    """Prepare the loop of the classic chapter, float64."""
    import numpy as np

    (train, _), (test, _) = load_with_helpers()()

    def multi_hot(sequences: np.ndarray, dimension: int = 10_000) -> np.ndarray:
        matrix = np.zeros((len(sequences), dimension))
        for row, sequence in enumerate(sequences):
            for index in sequence:
                matrix[row, index] = 1.0
        return matrix

    return lambda: (multi_hot(train), multi_hot(test))


def vectorize_with_helpers() -> Callable[[], object]:
    """Prepare our `multi_hot`, uint8."""
    from imdb_helpers import multi_hot

    (train, _), (test, _) = load_with_helpers()()
    return lambda: (multi_hot(train), multi_hot(test))


STEPS = {
    "load": (load_with_keras, load_with_helpers),
    "vectorize": (vectorize_by_loop, vectorize_with_helpers),
}


def measure(step: str, way: int) -> dict[str, float]:
    """Run one way of one step in this process; return its seconds and megabytes."""
    run = STEPS[step][way]()
    start = time.perf_counter()
    run()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "megabytes": peak_megabytes()}


def in_own_process(step: str, way: int) -> dict[str, float]:
    """Run `measure` in a fresh process."""
    command = [sys.executable, __file__, "--only", step, str(way)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def main() -> None:
    """Measure everything and print a table; with --only, measure one way and print JSON."""
    parser = argparse.ArgumentParser(description="Compare with the classic way.")
    parser.add_argument("--only", nargs=2, metavar=("STEP", "WAY"), help=argparse.SUPPRESS)
    only = parser.parse_args().only
    if only:
        print(json.dumps(measure(only[0], int(only[1]))))
        return
    in_own_process("load", 1)  # fills our cache
    print(f"{'step':<11}{'way':<9}{'seconds':>9}{'peak MB':>9}{'ratio':>8}")
    for step in STEPS:
        classic, ours = (in_own_process(step, way) for way in (0, 1))
        for name, got in (("classic", classic), ("ours", ours)):
            ratio = f"{got['seconds'] / classic['seconds']:8.3f}"
            numbers = f"{got['seconds']:9.2f}{got['megabytes']:9,.0f}"
            print(f"{step:<11}{name:<9}{numbers}{ratio}", flush=True)


if __name__ == "__main__":
    main()
