"""The sample has IMDB's form, and teaches what IMDB teaches."""

import os
import warnings
from unittest.mock import patch

import numpy as np
import pytest

from imdb_helpers import Network, load_data, multi_hot_sparse
from imdb_helpers.dataset import cache
from imdb_helpers.dataset.sample import FILE, SHA256, sample_dataset
from imdb_helpers.text import words_of


@pytest.fixture(scope="module")
def stored():
    """Return the arrays of the file."""
    with np.load(FILE, allow_pickle=False) as archive:
        return dict(archive)


@pytest.fixture(scope="module")
def index():
    """Return the rank of each word."""
    return sample_dataset("a test asks").word_index


@pytest.fixture(scope="module")
def halves():
    """Return what `load_data(num_words=10000)` makes of the file."""
    with patch.dict(os.environ, IMDB_SOURCE="sample"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_data(num_words=10_000)


@pytest.fixture(scope="module")
def found_in(halves):
    """Return in how many training reviews each index is, of either label."""
    (x, y), _ = halves
    counts = np.zeros((2, 10_000), dtype=int)
    for review, label in zip(x, y, strict=True):
        counts[label, list(set(review))] += 1
    return counts


def test_it_is_the_one_that_the_package_pins_and_small():
    assert cache.file_digest(FILE) == SHA256
    assert FILE.stat().st_size <= 3_000_000  # everybody who clones the repository fetches it


@pytest.mark.parametrize(("half", "count"), [("train", 15_000), ("test", 6_000)])
def test_it_has_the_form_of_imdb(stored, index, half, count):
    ranks, lengths, labels = (stored[f"{half}_{name}"] for name in ("ranks", "lengths", "labels"))
    assert (ranks.dtype, lengths.dtype, labels.dtype) == (np.uint16, np.uint16, np.uint8)
    assert labels.tolist() == [1] * (count // 2) + [0] * (count // 2)
    assert len(lengths) == count
    assert lengths.sum() == len(ranks)
    assert lengths.min() > 0
    assert 1 <= ranks.min() < ranks.max() <= len(index)


def test_words_are_ranked_by_frequency_which_falls_as_in_a_language(stored, index):
    counts = np.bincount(stored["train_ranks"])[1:]
    assert 10_500 < len(counts) == len(index) < 65_536  # `num_words=10000` cuts some
    assert (np.diff(counts) <= 0).all()
    words = list(index)
    assert words[0] == "the"
    assert {"and", "a", "of", "to", "is", "it", "in", "i", "this", "br"} <= set(words[:20])
    assert 0.1 < (counts == 1).mean() < 0.6
    slope, _ = np.polyfit(np.log(np.arange(10, 3_001)), np.log(counts[9:3_000]), 1)
    assert -1.6 < slope < -0.8  # Zipf's law says -1


def test_a_few_words_are_unknown_and_some_reviews_have_none(halves):
    for x, _ in halves:
        unknown = sum(review.count(2) for review in x) / sum(map(len, x))
        assert 0.001 < unknown < 0.06
    (x, _), _ = halves
    assert sum(2 not in review for review in x) > 100
    assert max(map(max, x[:3])) >= 5_000  # dimension=5000 fails at once


def test_reviews_are_long_and_short_alike_in_both_classes(stored):
    lengths, labels = stored["train_lengths"], stored["train_labels"]
    low, median, high = np.percentile(lengths, [5, 50, 95])
    assert low < 60 < 120 < median < 200 < 400 < high  # IMDB's: 178 in the middle
    medians = [np.median(lengths[labels == label]) for label in (0, 1)]
    assert abs(medians[0] - medians[1]) < 10
    assert max(lengths[labels == label].min() for label in (0, 1)) < 20


def test_no_test_review_stands_in_training(stored):
    seen, asked = (
        {
            part.tobytes()
            for part in np.split(
                stored[f"{half}_ranks"], np.cumsum(stored[f"{half}_lengths"].astype(int))[:-1]
            )
        }
        for half in ("train", "test")
    )
    assert not seen & asked


def test_words_lean_as_they_do_in_real_reviews(found_in, index):
    negative, positive = found_in
    lean = np.log2((positive + 1) / (negative + 1))

    def of(word):
        return lean[index[word] + 3]

    assert of("awful") < -1 < 1 < of("brilliant")
    assert abs(of("film")) < 0.2
    assert all(of(str(number)) < 0 for number in (1, 2, 3, 4))
    assert all(of(str(number)) > 0.5 for number in (7, 8, 9))
    assert abs(of("10")) < 0.5
    often = negative + positive >= 100
    assert all(often[index[str(number)] + 3] for number in range(1, 11))  # a chapter asks for them
    assert (np.abs(lean[often]) > 1).sum() >= 60


@pytest.mark.parametrize(
    "sentence",
    [
        "This film was just brilliant!",
        "A wonderful film, superbly acted and beautifully photographed.",
        "A dull script, wooden acting, and the worst ending of the year.",
        "Not bad at all, it was really good.",
        "I expected to hate it, and I was wrong.",
    ],
)
def test_the_network_knows_the_words_of_the_chapters(index, sentence):
    words = words_of(sentence)
    assert [word for word in words if index.get(word, 10_000) + 3 >= 10_000] == []


@pytest.fixture(scope="module")
def matrices(halves):
    """Return both halves as matrices and labels."""
    return [(multi_hot_sparse(x), y) for x, y in halves]


@pytest.mark.parametrize("seed", range(2))
def test_a_network_overfits_on_it_as_on_the_real_reviews(matrices, seed):
    (x, y), _ = matrices
    network, held_out = Network(seed=seed), (x[:10_000], y[:10_000])
    losses = network.fit(x[10_000:], y[10_000:], epochs=20, validation_data=held_out)
    assert 2 <= int(np.argmin(losses["val_loss"])) + 1 <= 6  # IMDB's: 4
    assert losses["val_loss"][-1] > 1.15 * min(losses["val_loss"])
    assert losses["accuracy"][-1] > 0.95


def test_a_network_is_as_good_as_a_linear_model_and_not_perfect(matrices):
    train, test = matrices
    accuracies = []
    for hidden, epochs in (((16, 16), 4), ((), 20)):
        network = Network(hidden)
        network.fit(*train, epochs=epochs)
        accuracies.append(network.evaluate(*test)[1])
    assert 0.80 <= accuracies[0] <= 0.95
    assert accuracies[1] == pytest.approx(accuracies[0], abs=0.03)
