"""Make `imdb_helpers/shipped.npz`, the trained network that `judge` uses.

    python -m tools.ship           # from the float weights kept beside the tests
    python -m tools.ship --train   # train them anew first, on TensorFlow, as the book does

It needs the real reviews. The same float weights give the same arrays. They are kept because a
second training gives other last digits, and without them nobody could see what eight bits cost.
"""

import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from imdb_helpers import Network, get_word_index, load_data, multi_hot_sparse
from imdb_helpers.shipped import FILE, FIRST_WORD, digest_of, filter_of
from tools.bench import SIZE, WORDS, new_network

FLOAT_WEIGHTS = Path(__file__).resolve().parent.parent / "tests/helpers/shipped_weights.npz"
FILTER_BYTES = 80_000  # 8.1 bits for each rare word: 2 in 100 other strings pass


def main() -> None:
    """Write the float weights, if they are to be trained, and the package's file."""
    os.environ |= {"KERAS_BACKEND": "tensorflow", "IMDB_SOURCE": "real"}
    (train, labels), (test, _) = load_data(num_words=WORDS)
    if "--train" in sys.argv:
        network = new_network("classic")
        network.fit(multi_hot_sparse(train), labels, epochs=4, batch_size=SIZE, verbose=0)
        np.savez_compressed(FLOAT_WEIGHTS, *network.get_weights())
    weights = read_float_weights()
    arrays = packed(weights, get_word_index())
    arrays["reference"] = digest_of_answers(answers(weights, multi_hot_sparse(test)))
    np.savez_compressed(FILE, **arrays)
    print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


def read_float_weights() -> list[np.ndarray]:
    """Return the kept weights, float32, in Keras's order."""
    with np.load(FLOAT_WEIGHTS, allow_pickle=False) as archive:
        return [archive[f"arr_{i}"] for i in range(len(archive.files))]


def packed(weights: Sequence[np.ndarray], ranks: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Return the arrays of the package's file, all but `reference`, from Keras's float weights."""
    words = sorted(ranks, key=ranks.__getitem__)
    known, rare = words[: WORDS - FIRST_WORD], words[WORDS - FIRST_WORD :]
    kernel, *others = weights
    arrays = dict(zip(("kernel", "scale"), rounded(kernel), strict=True))
    arrays |= {f"weight_{i}": weight for i, weight in enumerate(others, 1)}
    arrays["vocabulary"] = np.frombuffer("\n".join(known).encode(), dtype=np.uint8)
    arrays["rare"] = filter_of(rare, FILTER_BYTES)
    return arrays | {"digest": digest_of(arrays)}


def rounded(kernel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return `kernel`, (words, units), as int8 and a float16 scale for each word."""
    # The largest weight of a word becomes 127. The scale is rounded first, so that the weights
    # are rounded to what they will be multiplied with.
    scale = (np.abs(kernel).max(axis=1) / 127).astype("float16")
    steps = np.rint(kernel / scale.astype("float32")[:, None])
    return np.clip(steps, -127, 127).astype("int8"), scale


def answers(weights: Sequence[np.ndarray], x: object) -> np.ndarray:
    """Return a network's probabilities, (reviews,), computed in float64 and without Keras."""
    network = Network()
    network.set_weights([weight.astype("float64") for weight in weights])
    return network.predict(x)[:, 0]


def digest_of_answers(probabilities: np.ndarray) -> np.ndarray:
    """Return SHA-256 of probabilities, as 32 bytes, uint8."""
    # In millionths: beyond them, processors differ.
    millionths = np.rint(probabilities * 1e6).astype("<i4")
    return np.frombuffer(hashlib.sha256(millionths.tobytes()).digest(), dtype=np.uint8)


if __name__ == "__main__":
    main()
