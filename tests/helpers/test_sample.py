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
from tests.helpers.corpora import lists_of


@pytest.fixture(scope="module")
def stored():
    """Return what is in the file."""
    return sample_dataset("a test asks")


@pytest.fixture(scope="module")
def halves():
    """Return what `load_data(num_words=10000)` makes of the file."""
    with patch.dict(os.environ, IMDB_SOURCE="sample"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return load_data(num_words=10_000)


def test_it_has_the_form_of_imdb(stored):
    assert cache.file_digest(FILE) == SHA256
    assert FILE.stat().st_size <= 3_000_000  # everybody who clones the repository fetches it
    for split, count in ((stored.train, 15_000), (stored.test, 6_000)):
        assert split.labels.tolist() == [1] * (count // 2) + [0] * (count // 2)
        assert len(split.lengths) == count
        assert split.lengths.sum() == len(split.ranks)
        assert split.lengths.min() > 0
        assert 1 <= split.ranks.min() < split.ranks.max() <= len(stored.words)
    seen, asked = (set(map(tuple, lists_of(split))) for split in (stored.train, stored.test))
    assert not seen & asked, "no test review stands in training"


def test_words_are_ranked_by_frequency_which_falls_as_in_a_language(stored):
    counts = np.bincount(stored.train.ranks)[1:]
    assert 10_500 < len(counts) == len(stored.words) < 65_536  # `num_words=10000` cuts some
    assert (np.diff(counts) <= 0).all()
    words = list(stored.word_index)
    assert words[0] == "the"
    assert {"and", "a", "of", "to", "is", "it", "in", "i", "this", "br"} <= set(words[:20])
    assert 0.1 < (counts == 1).mean() < 0.6
    slope, _ = np.polyfit(np.log(np.arange(10, 3_001)), np.log(counts[9:3_000]), 1)
    assert -1.6 < slope < -0.8  # Zipf's law says -1


def test_a_few_words_are_unknown_and_some_reviews_have_none(halves):
    for x, _ in halves:
        assert 0.001 < sum(review.count(2) for review in x) / sum(map(len, x)) < 0.06
    (x, _), _ = halves
    assert sum(2 not in review for review in x) > 100
    assert max(map(max, x[:3])) >= 5_000  # dimension=5000 fails at once


def test_reviews_are_long_and_short_alike_in_both_classes(stored):
    lengths, labels = stored.train.lengths, stored.train.labels
    low, median, high = np.percentile(lengths, [5, 50, 95])
    assert low < 60 < 120 < median < 200 < 400 < high  # IMDB's: 178 in the middle
    of_both = [lengths[labels == label] for label in (0, 1)]
    assert abs(np.median(of_both[0]) - np.median(of_both[1])) < 10
    assert max(of_one.min() for of_one in of_both) < 20


def test_words_lean_as_they_do_in_real_reviews(halves, stored):
    counts = np.zeros((2, 10_000), dtype=int)  # in how many reviews of either label each index is
    for review, label in zip(*halves[0], strict=True):
        counts[label, list(set(review))] += 1
    lean, often = np.log2((counts[1] + 1) / (counts[0] + 1)), counts.sum(axis=0) >= 100
    index = {word: rank + 3 for word, rank in stored.word_index.items()}
    assert lean[index["awful"]] < -1 < 1 < lean[index["brilliant"]]
    assert abs(lean[index["film"]]) < 0.2
    numbers = [index[str(number)] for number in range(1, 11)]
    assert often[numbers].all()  # a chapter asks for them
    assert lean[numbers[:4]].max() < 0
    assert lean[numbers[6:9]].min() > 0.5
    assert abs(lean[numbers[9]]) < 0.5
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
def test_the_network_knows_the_words_of_the_chapters(stored, sentence):
    index = stored.word_index
    assert [word for word in words_of(sentence) if index.get(word, 10_000) + 3 >= 10_000] == []


@pytest.fixture(scope="module")
def matrices(halves):
    """Return both halves as matrices and labels."""
    return [(multi_hot_sparse(x), y) for x, y in halves]


def test_a_network_overfits_on_it_as_on_the_real_reviews(matrices):
    (x, y), _ = matrices
    network, held_out = Network(), (x[:10_000], y[:10_000])
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
