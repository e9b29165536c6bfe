"""The sample corpus has IMDB's form, is the same everywhere, and teaches what the real one does."""

import hashlib
import json
import subprocess
import sys
from collections import Counter
from functools import cache

import numpy as np
import pytest

from imdb_helpers import encode_review, multi_hot, sample, text
from imdb_helpers.data import prepare
from imdb_helpers.sample import films, reviews, sample_corpus, sample_reviews, sample_word_index
from tests.book.pages import ROOT
from tests.corpora import lists_of

# After a change of phrases or generator: `pytest -k same_reviews` prints the new ones. They are to
# be written here only when the test of what the sample teaches passes, too.
DIGESTS = {
    "train": (
        "d3a8677e7353dee2ec14c6ac8222eaa01a01ea1aa5bf09c81b5d458c2082fcac",
        "d395677fce980155f57a8d080f0da7820646a5ecc3858ad73a07affa2fee0367",
    ),
    "test": (
        "7045d4fee1f30dea8535933353e428985d683bb2935e257a31f0443db947bd22",
        "a93e3f4f224bf4831bbbe98afb5a8f8ffafd5a12332567a810aaea4d92cb043e",
    ),
}
SMALL_DIGESTS = {
    "texts": "7da0da19bc6d0d8ddf6124e9860fa9b34c5cbd470cc995f8c68be68761815e6b",
    "corpus": "069c4ed35e2ab11d8d1867b18de54a7554ec6de6973473156df75b6930c8f40c",
    "word index": "38e5a9dee4cb3b8ec0fb0b62044223f98480a822f40adfdcbc1ea3941bc2a122",
}
PRINT_DIGESTS = """
from imdb_helpers.sample import sample_corpus
corpus = sample_corpus()
print(*corpus.train.digests(), *corpus.test.digests())
"""


@pytest.fixture(scope="module")
def halves():
    """Return what `load_data(num_words=10000)` returns on the sample."""
    return prepare(sample_corpus(), num_words=10_000)


@pytest.fixture
def sample_ranks(monkeypatch):
    """Let `encode_review` use the sample's word index."""
    index = sample_word_index()
    monkeypatch.setattr(text, "_ranks", lambda: index)


@pytest.mark.parametrize("half", ["train", "test"])
def test_the_same_reviews_on_every_machine(half):
    assert getattr(sample_corpus(), half).digests()[:2] == DIGESTS[half]


def test_a_small_sample_is_the_same_everywhere(monkeypatch):
    monkeypatch.setattr(reviews, "REVIEWS_PER_LABEL", 200)
    for name in ("sample_reviews", "_made"):  # as if nobody had asked for the sample yet
        monkeypatch.setattr(sample, name, cache(getattr(sample, name).__wrapped__))
    made = sample.sample_corpus()
    contents = {
        "texts": sample.sample_reviews(),
        "corpus": [*made.train.digests(), *made.test.digests(), made.origin],
        "word index": list(sample.sample_word_index().items()),
    }
    digests = {
        name: hashlib.sha256(json.dumps(content).encode()).hexdigest()
        for name, content in contents.items()
    }
    assert digests == SMALL_DIGESTS


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_order_of_sets_and_hashes_plays_no_part(seed):
    command = [sys.executable, "-c", PRINT_DIGESTS]
    environment = {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    train, test = sample_corpus().train, sample_corpus().test
    assert run.stdout.split() == [*train.digests(), *test.digests()]


@pytest.mark.parametrize("half", ["train", "test"])
def test_it_has_the_form_in_which_imdb_is_stored(half):
    split = getattr(sample_corpus(), half)
    assert (split.ranks.dtype, split.lengths.dtype, split.labels.dtype) == (
        np.int32,
        np.int32,
        np.int64,
    )
    count = len(split.labels)
    assert count >= 2000
    assert split.labels.tolist() == [1] * (count // 2) + [0] * (count // 2)
    assert split.lengths.sum() == len(split.ranks)
    assert split.lengths.min() > 0
    assert split.ranks.min() == 1
    assert split.ranks.max() <= len(sample_word_index())


def test_load_data_makes_of_it_what_it_makes_of_imdb(halves):
    assert max(map(max, halves[0][0])) == 9_999
    for x, y in halves:
        assert x.dtype == object
        assert all(type(review) is list and review[0] == 1 for review in x)
        assert all(type(index) is int for index in x[0])
        assert y.dtype == np.int64
        assert x.shape == y.shape
        assert 0.4 < y[:500].mean() < 0.6  # shuffled
        unknown = sum(review.count(2) for review in x) / sum(map(len, x))
        assert 0.001 < unknown < 0.05


def test_the_word_index_ranks_the_training_words_by_frequency():
    index = sample_word_index()
    counts = np.bincount(sample_corpus().train.ranks)[1:]
    assert list(index.values()) == list(range(1, len(counts) + 1))
    assert (np.diff(counts) <= 0).all()
    assert next(iter(index)) == "the"
    assert {"and", "a", "of", "to", "is", "it", "in", "i", "this", "br"} <= set(list(index)[:20])


def test_frequencies_fall_as_those_of_a_language_do():
    counts = np.bincount(sample_corpus().train.ranks)[1:]
    assert len(counts) > 10_500
    assert 0.3 < (counts == 1).mean() < 0.6
    ranks = np.arange(10, 3_001)
    slope, _ = np.polyfit(np.log(ranks), np.log(counts[9:3_000]), 1)
    assert -1.6 < slope < -0.8  # Zipf's law says -1


def test_each_text_becomes_its_sequence_by_the_recipe(sample_ranks):
    texts_train, _, texts_test, _ = sample_reviews()
    size = len(sample_word_index()) + 4
    for texts, split in ((texts_train, sample_corpus().train), (texts_test, sample_corpus().test)):
        for written, ranks in zip(texts, lists_of(split), strict=True):
            assert encode_review(written, num_words=size) == [1, *(rank + 3 for rank in ranks)]


def test_some_words_of_the_test_texts_are_not_in_the_index():
    _, _, texts, _ = sample_reviews()
    index = sample_word_index()
    words = [w for written in texts for w in written.translate(text._TO_WORDS).split()]
    missing = Counter(word for word in words if word not in index)
    assert 0.01 < missing.total() / len(words) < 0.1
    assert len(missing) > 1000


def test_no_film_has_many_reviews_and_none_is_in_both_halves(monkeypatch):
    made, make_films = [], films.make_films

    def watched(*arguments):
        made.append([])
        for film in make_films(*arguments):
            made[-1].append(film)
            yield film

    monkeypatch.setattr(reviews, "make_films", watched)
    reviews.write_reviews()
    train, test = ({film.facts["title"] for film in half} for half in made)
    assert train & test == set()
    assert len(train) > 100
    assert max(film.reviews for half in made for film in half) <= 30


def test_reviews_are_long_and_short_alike_in_both_classes(halves):
    (x, y), _ = halves
    lengths = np.array([len(review) for review in x])
    low, median, high = np.percentile(lengths, [5, 50, 95])
    assert low < 40 < 80 < median < 140 < 300 < high
    medians = [np.median(lengths[y == label]) for label in (0, 1)]
    assert abs(medians[0] - medians[1]) < 10


def found_in(halves):
    """Return, for each index, in how many reviews of either kind it is."""
    (x, y), _ = halves
    counts = {0: Counter(), 1: Counter()}
    for review, label in zip(x, y, strict=True):
        counts[int(label)].update(set(review))
    return counts


def leaning(counts, word):
    index = sample_word_index()[word] + 3
    return np.log2((counts[1][index] + 1) / (counts[0][index] + 1))


def test_words_lean_as_they_do_in_real_reviews(halves):
    counts = found_in(halves)
    assert leaning(counts, "awful") < -1 < 1 < leaning(counts, "brilliant")
    assert abs(leaning(counts, "film")) < 0.2
    assert all(leaning(counts, str(number)) < 0 for number in (1, 2, 3, 4))
    assert all(leaning(counts, str(number)) > 0.5 for number in (7, 8, 9))
    assert abs(leaning(counts, "10")) < 0.5
    index = sample_word_index()
    often = [w for w in index if counts[0][index[w] + 3] + counts[1][index[w] + 3] >= 100]
    assert {str(number) for number in range(1, 11)} <= set(often)  # chapter 2 asks for them
    assert sum(abs(leaning(counts, word)) > 1 for word in often) >= 60


def test_the_chapters_find_what_they_show(halves, sample_ranks):
    (x, _), _ = halves
    for sentence in (
        "This film was just brilliant!",
        "A wonderful film, superbly acted and beautifully photographed.",
        "A dull script, wooden acting, and the worst ending of the year.",
        "Not bad at all, it was really good.",
        "I expected to hate it, and I was wrong.",
    ):
        words = sentence.translate(text._TO_WORDS).split()
        assert len(encode_review(sentence)) == len(words) + 1, sentence
    assert sum(2 not in review for review in x) > 100
    with pytest.raises(ValueError, match="dimension=5000 has columns 0 to 4999 only"):
        multi_hot(x, dimension=5000)


def test_it_teaches_what_the_real_reviews_teach(halves):
    from imdb_helpers import build_model, set_seed

    (x_train, y_train), (x_test, y_test) = halves
    matrix, test = multi_hot(x_train), (multi_hot(x_test), y_test)
    held_out = len(y_train) * 2 // 5
    learn, held = (matrix[held_out:], y_train[held_out:]), (matrix[:held_out], y_train[:held_out])
    options = {"batch_size": 512, "verbose": 0}

    set_seed(42)
    losses = build_model().fit(*learn, epochs=20, validation_data=held, **options).history
    best = int(np.argmin(losses["val_loss"])) + 1
    assert 3 <= best < 15
    assert losses["val_loss"][-1] > 1.05 * min(losses["val_loss"])
    assert losses["accuracy"][-1] > 0.95

    accuracies = []
    for hidden, epochs in (((16, 16), best), ((), 20)):
        set_seed(42)
        network = build_model(hidden)
        network.fit(matrix, y_train, epochs=epochs, **options)
        accuracies.append(network.evaluate(*test, batch_size=512, verbose=0)[1])
    assert 0.80 <= accuracies[0] <= 0.95
    assert accuracies[1] == pytest.approx(accuracies[0], abs=0.03)
