"""A trained network in the package, and its reasons: `judge`.

It is the network of the book, trained on all 25,000 training reviews. Its file,
`shipped.npz`, is made by `python -m tools.ship` and needs no data and no Keras:

| array | what it holds |
| --- | --- |
| `kernel`, `scale` | the first layer's weights: int8 (10000, 16), times one float16 for each word |
| `weight_1`, ... | bias, kernel, bias, ... of the other layers, float32 |
| `vocabulary` | the 9,996 words of the rows from 4 on, UTF-8, a line each |
| `rare` | a Bloom filter of the other 78,588 words of the index, as bits |
| `digest` | SHA-256 of the arrays above |
| `reference` | SHA-256 of the float weights' probabilities for the test reviews |

Eight bits change no test review's probability by more than .0033, and the accuracy not at all.

The filter tells a rare word, which counts as `load_data`'s "unknown", from a word that the index
lacks, which `encode_review` skips. It knows every rare word, and takes 2 in 100 of all other
strings for rare ones, too. With no rare word known, a probability would be off by up to .015.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from imdb_helpers.errors import DataError
from imdb_helpers.judgement import Judgement
from imdb_helpers.text import words_of

FILE = Path(__file__).with_name("shipped.npz")
# The rows of the kernel: what `load_data` calls the start, the unknown, and the most frequent word.
START, UNKNOWN, FIRST_WORD = 1, 2, 4
HASHES = 6  # bits that a word sets in the filter; the best number for eight bits a word


def judge(text: str) -> Judgement:
    """Let the book's trained network judge a review, and say which words it goes by.

    Args:
        text: one review in English; tokenised as `encode_review` does it.

    Returns:
        The probability of "positive", and for each word that the network knows, by how much
        striking out all its occurrences would lower the probability. Without a known word, the
        probability is the network's answer to a review without words.

    Raises:
        ValueError: `text` is no string.
        DataError: the package's file `shipped.npz` is damaged.
    """
    if not isinstance(text, str):
        raise ValueError(
            f"expected the text of one review as a string, got {type(text).__name__}. "
            "Judge several reviews one at a time."
        )
    network = _network(FILE)
    words = list(dict.fromkeys(words_of(text)))
    known = [word for word in words if word in network.rows]
    others = [word for word in words if word not in network.rows]
    rare = tuple(word for word in others if might_be_in(network.rare, word))
    kernel, bias = network.layers[0]
    markers = [START, UNKNOWN] if rare else [START]
    rows = kernel[[network.rows[word] for word in known]]
    # Multi-hot times kernel is the sum of the words' rows, so a word is struck out by taking its
    # row off the sum. First comes the whole text: (1 + words, 16)
    whole = kernel[markers].sum(axis=0) + rows.sum(axis=0) + bias
    p = _from_first_layer(network, np.vstack([whole, whole - rows]))
    return Judgement(
        text=text,
        probability=float(p[0]),
        words=dict(zip(known, (p[0] - p[1:]).tolist(), strict=True)),
        rare=rare,
        unknown=tuple(word for word in others if word not in rare),
    )


def weights() -> list[np.ndarray]:
    """Return the network's weights, as `set_weights` of Keras's model or of `Network` takes them.

    Returns:
        kernel (10000, 16), bias (16,), (16, 16), (16,), (16, 1), (1,), each float32.

    Raises:
        DataError: as in `judge`.
    """
    layers = _network(FILE).layers
    return [weight.astype("float32") for layer in layers for weight in layer]


def digest_of(arrays: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return SHA-256 of the arrays that the network is made of, as 32 bytes, uint8."""
    digest = hashlib.sha256()
    for name in sorted(set(arrays) - {"digest", "reference"}):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape} ".encode())
        digest.update(array.tobytes())
    return np.frombuffer(digest.digest(), dtype=np.uint8)


def filter_of(words: Iterable[str], size: int) -> np.ndarray:
    """Return a Bloom filter of `size` bytes, uint8: each word sets `HASHES` of its bits."""
    bits = np.zeros(8 * size, dtype=bool)
    for word in words:
        bits[_places(word, len(bits))] = True
    return np.packbits(bits)


def might_be_in(filter_: np.ndarray, word: str) -> bool:
    """Whether all bits of a word are set: always if it was put in, rarely if not."""
    places = _places(word, 8 * len(filter_))
    return all(filter_[place // 8] >> (7 - place % 8) & 1 for place in places)


def _places(word: str, bits: int) -> list[int]:
    # Half a surrogate pair cannot be encoded, and may stand in any Python string.
    digest = hashlib.sha256(word.encode("utf-8", "surrogatepass")).digest()
    return [int.from_bytes(digest[i : i + 4], "big") % bits for i in range(0, 4 * HASHES, 4)]


@dataclass(frozen=True)
class _Network:
    rows: dict[str, int]  # word -> row of the first kernel
    layers: list[tuple[np.ndarray, np.ndarray]]
    rare: np.ndarray


@lru_cache(maxsize=1)
def _network(file: Path) -> _Network:
    try:
        with np.load(file, allow_pickle=False) as archive:
            arrays = dict(archive)
        if not np.array_equal(arrays["digest"], digest_of(arrays)):
            raise ValueError("its content is not what was written")
        kernel = arrays["kernel"] * arrays["scale"].astype("float64")[:, None]
        others = [arrays[f"weight_{i}"].astype("float64") for i in range(1, 6)]
        vocabulary = arrays["vocabulary"].tobytes().decode().split("\n")
    except Exception as error:
        # What a damaged file does to zipfile, zlib and NumPy takes a dozen forms.
        raise DataError(
            f"{file} is damaged ({error}). It is a part of the package: install imdb_helpers again."
        ) from error
    layers = [kernel, *others]
    return _Network(
        rows={word: row for row, word in enumerate(vocabulary, FIRST_WORD)},
        layers=list(zip(layers[::2], layers[1::2], strict=True)),
        rare=arrays["rare"],
    )


def _from_first_layer(network: _Network, sums: np.ndarray) -> np.ndarray:
    """Go on from the first layer's sums (texts, 16) to probabilities (texts,)."""
    for kernel, bias in network.layers[1:]:
        sums = np.maximum(sums, 0) @ kernel + bias
    return 1 / (1 + np.exp(-sums[:, 0]))
