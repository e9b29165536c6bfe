"""The maker of the sample makes the same reviews everywhere, by the rules it states."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from imdb_helpers.text import words_of
from tools.sample.archive import digests, make_arrays, save
from tools.sample.reviews import write_reviews

ROOT = Path(__file__).parents[2]
PER_LABEL = 200
# After a change of phrases or maker: make the file again, and write the new digests here and into
# imdb_helpers/dataset/sample.py when test_sample.py finds that it teaches what it should.
DIGESTS = {
    "train_ranks": "8ce3e7ace7d7a05afc9f77d422073631c748b01f3fa1713ea4b4a0dc093ba023",
    "train_lengths": "47af75fb50fcbe057621cef3b9e43d984e384ee5942c2319e1d858b8c350ef35",
    "train_labels": "c5a9471d1a63fd716a7922b1918eefbce87e5041c17eae0b8eb07bd2e0e49299",
    "test_ranks": "81f53e477bde0a2384b36a0dd1f462b4ad0b7d8930a2b652ae357b173d0ebc02",
    "test_lengths": "dde854ca902676aa0bb0695f8435e7b817e9d7f9d8611dbac2859fa89bff58ea",
    "test_labels": "c5a9471d1a63fd716a7922b1918eefbce87e5041c17eae0b8eb07bd2e0e49299",
    "words": "a639954f9201584c56417998190c9c55d03d613ac5c3d71325f7533f15b73b72",
}
PRINT_DIGESTS = f"""
from tools.sample.archive import digests, make_arrays
print(*digests(make_arrays({PER_LABEL}, {PER_LABEL})).values())
"""


@pytest.fixture(scope="module")
def halves():
    """Return the texts, labels and titles of a small sample."""
    return write_reviews(PER_LABEL, PER_LABEL)


@pytest.fixture(scope="module")
def arrays():
    """Return what the file of a small sample would hold: the same on every machine."""
    arrays = make_arrays(PER_LABEL, PER_LABEL)
    assert digests(arrays) == DIGESTS
    return arrays


def test_the_order_of_sets_and_hashes_plays_no_part():
    """The fixture above has another seed in each session, this one always the same."""
    command = [sys.executable, "-c", PRINT_DIGESTS]
    environment = {"PYTHONHASHSEED": "1", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.split() == list(DIGESTS.values())


def test_each_text_becomes_its_ranks_by_the_recipe(halves, arrays):
    words = arrays["words"].tobytes().decode().split("\n")
    index = {word: rank for rank, word in enumerate(words, 1)}
    skipped = Counter()
    for name, half in zip(("train", "test"), halves, strict=True):
        reviews = np.split(arrays[f"{name}_ranks"], np.cumsum(arrays[f"{name}_lengths"])[:-1])
        for text, ranks in zip(half.texts, reviews, strict=True):
            words = words_of(text)
            assert ranks.tolist() == [index[word] for word in words if word in index]
            skipped[name] += sum(word not in index for word in words)
    assert skipped["train"] == 0 < 1_000 < skipped["test"]


def test_no_film_has_many_reviews_and_none_is_in_both_halves(halves):
    train, test = (Counter(half.titles) for half in halves)
    assert not train.keys() & test.keys()
    assert max((train | test).values()) <= 30
    assert len(train) > 20


def test_the_file_has_the_same_bytes_whenever_it_is_written(arrays, tmp_path, monkeypatch):
    save(tmp_path / "one.npz", arrays)
    monkeypatch.setattr("time.time", lambda: 1_700_000_000.0)  # what dates a member by default
    save(tmp_path / "two.npz", arrays)
    assert (tmp_path / "one.npz").read_bytes() == (tmp_path / "two.npz").read_bytes()
    with np.load(tmp_path / "one.npz", allow_pickle=False) as stored:
        assert digests(stored) == DIGESTS
