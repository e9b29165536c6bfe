"""`ngrams`: the right n-grams are marked, weighted by known reviews only, and learned from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from imdb_helpers import ngrams
from imdb_helpers.ngrams import KINDS, Features, LinearModel, hash_ngrams

REVIEWS = st.lists(st.lists(st.integers(1, 90_000), max_size=60), max_size=6)


def column(*words):
    number = 0
    for word in words:
        number = number * 2**17 + word
    return number * 11400714819323198485 % 2**64 // 2**42


def by_loop(review, kind):
    steps, first, last = KINDS[kind]
    found = set()
    for place in range(len(review) - steps[-1]):
        if first and place >= first:
            continue
        if last and place < len(review) - last:
            continue
        found.add(column(*(review[place + step] for step in steps)))
    return found


@pytest.mark.parametrize("kind", KINDS)
@given(reviews=REVIEWS)
def test_each_kind_marks_what_a_loop_finds(kind, reviews):
    matrix = hash_ngrams(reviews, kind)
    assert matrix.shape == (len(reviews), 2**22)
    assert set(matrix.data) <= {1}
    for row, review in enumerate(reviews):
        assert set(matrix[row].indices) == by_loop(review, kind)


def test_the_words_of_neighbouring_reviews_make_no_pair():
    matrix = hash_ngrams([[1, 2], [3], [4, 5]], "pairs")
    assert matrix.getnnz(axis=1).tolist() == [1, 0, 1]


def test_an_unknown_kind_names_those_that_there_are():
    with pytest.raises(ValueError, match=r"no kind 'bigrams'. Choose from words, pairs"):
        hash_ngrams([[1]], "bigrams")
    with pytest.raises(ValueError, match=r"no kind 'bigrams'"):
        Features(["words", "bigrams"])
    with pytest.raises(ValueError, match=r"the text 'pairs', expected a list: \['pairs'\]"):
        Features("pairs")


@pytest.fixture
def small():
    """Four reviews: 5 is in two positive ones, 6 in one of each, 7 in one."""
    reviews = [[5, 6], [5, 7], [6, 8], [8]]
    hashed = {kind: hash_ngrams(reviews, kind) for kind in ("words", "pairs")}
    return hashed, np.array([1, 1, 0, 0])


def test_a_column_is_weighted_by_how_it_leans(small):
    hashed, labels = small
    features = Features(["words"], seen=2, smoothing=1.0).learn(hashed, labels)
    columns = sorted((column(word), word) for word in (5, 6, 8))
    leanings = {5: np.log(3 / 1), 6: 0, 8: np.log(1 / 3)}
    assert features.weights == pytest.approx([leanings[word] for _, word in columns])


def test_rows_have_length_one_and_rare_ones_are_left_out(small):
    hashed, labels = small
    x = Features(["words", "pairs"], seen=2).learn(hashed, labels).matrix(hashed)
    assert x.shape == (4, 3)
    assert np.sqrt(x.multiply(x).sum(axis=1)) == pytest.approx(1)
    x = Features(["words", "pairs"], seen=1).learn(hashed, labels).matrix(hashed)
    assert x.shape == (4, 7)


def test_a_review_of_unknown_words_is_an_empty_row(small):
    hashed, labels = small
    features = Features(["words"], seen=2).learn(hashed, labels)
    assert features.matrix({"words": hash_ngrams([[77]], "words")}).nnz == 0


def made_up(seed, count=400):
    """Reviews whose label is the order of two words, which words alone do not tell."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 2, count)
    pair = np.where(labels[:, None] == 1, [11, 12], [12, 11])
    noise = rng.integers(20, 60, (count, 6))
    return np.concatenate([noise[:, :3], pair, noise[:, 3:]], axis=1).tolist(), labels


@pytest.mark.parametrize("drop", [0.0, 0.5])
@pytest.mark.parametrize(("kinds", "low", "high"), [(["words"], 0.3, 0.7), (["pairs"], 0.97, 1)])
def test_pairs_see_the_order_that_words_cannot(kinds, low, high, drop):
    (train, y), (test, y_test) = made_up(1), made_up(2)
    features = Features(kinds, seen=2).learn({k: hash_ngrams(train, k) for k in kinds}, y)
    x = features.matrix({k: hash_ngrams(train, k) for k in kinds})
    model = LinearModel(drop=drop, batch_size=50).fit(x, y)
    scores = model.scores(features.matrix({k: hash_ngrams(test, k) for k in kinds}))
    assert low <= np.mean((scores > 0) == y_test) <= high


def test_the_seed_makes_it_repeat_itself(small):
    hashed, labels = small
    x = Features(["words"], seen=1).learn(hashed, labels).matrix(hashed)
    one, same, other = (LinearModel(seed=s, batch_size=2).fit(x, labels).weights for s in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_without_dropping_a_step_is_adagrads():
    x = ngrams.sparse.csr_matrix(np.array([[2.0, 0], [0, 1]], dtype=np.float32))
    model = LinearModel(drop=0, epochs=1, batch_size=2, learning_rate=0.3).fit(x, np.array([1, 0]))
    # The first step divides each slope by its own size: all that is left is its sign.
    assert model.weights == pytest.approx([0.3, -0.3], rel=1e-3)
    assert model.bias == pytest.approx(0)
