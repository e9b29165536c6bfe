"""Make the sample again: `python -m tools.sample`."""

import hashlib
from collections import Counter
from pathlib import Path

import numpy as np

from tools.sample.archive import digests, make_arrays, save

PATH = Path(__file__).resolve().parents[2] / "imdb_helpers" / "sample.npz"


def main() -> None:
    """Write the file into the package, and print what one wants to know of it."""
    arrays = make_arrays()
    save(PATH, arrays)
    content = PATH.read_bytes()
    print(f"{PATH.name}: {len(content):,} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
    for name, digest in digests(arrays).items():
        print(f"{name:<14}{arrays[name].dtype!s:<8}{len(arrays[name]):>10,}  {digest}")
    counts = np.bincount(arrays["train_ranks"])[1:]
    print(f"words: {len(counts):,}, of which {(counts == 1).mean():.0%} occur once in training")
    for half in ("train", "test"):
        lengths = arrays[f"{half}_lengths"]
        labels = dict(Counter(arrays[f"{half}_labels"].tolist()))
        unknown = np.mean(arrays[f"{half}_ranks"] + 3 >= 10_000)
        print(
            f"{half}: labels {labels}, words per review {lengths.min()} to {lengths.max()}, "
            f"median {np.median(lengths):.0f}, cut by num_words=10000 {unknown:.1%}"
        )


if __name__ == "__main__":
    main()
