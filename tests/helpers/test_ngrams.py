"""`ngrams`: the right n-grams are marked, weighted by known reviews only, and learned from."""

import numpy as np
import pytest
from hypothesis import given, settings
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
@settings(max_examples=40)
@given(reviews=REVIEWS)
def test_each_kind_marks_what_a_loop_finds_in_one_review(kind, reviews):
    matrix = hash_ngrams(reviews, kind)
    assert (matrix.shape, matrix.dtype) == ((len(reviews), 2**22), "uint8")
    assert set(matrix.data) <= {1}
    assert [set(row.indices) for row in matrix] == [by_loop(review, kind) for review in reviews]


def test_pairs_are_meant_where_no_kind_is_named_and_an_unknown_kind_names_all():
    assert hash_ngrams([[1, 2], [3], [4, 5]]).getnnz(axis=1).tolist() == [1, 0, 1]
    says = f"^there is no kind 'bigrams'. Choose from {', '.join(KINDS)}.$"
    with pytest.raises(ValueError, match=says):
        hash_ngrams([[1]], "bigrams")
    with pytest.raises(ValueError, match=r"no kind 'bigrams'"):
        Features(["words", "bigrams"])
    with pytest.raises(ValueError, match=r"the text 'pairs', expected a list: \['pairs'\]"):
        Features("pairs")


REVIEW_PAIRS, LABELS = [[5, 6], [5, 7], [6, 8], [8]], np.array([1, 1, 0, 0])
HASHED = {kind: hash_ngrams(REVIEW_PAIRS, kind) for kind in ("words", "pairs")}


def test_a_column_is_weighted_by_how_it_leans_and_rows_have_length_one():
    """5 is in two positive reviews, 8 in two negative ones, 6 in one of each, 7 in one."""
    features = Features(["words"], seen=2, smoothing=1.0).learn(HASHED, LABELS)
    words = sorted((5, 6, 8), key=column)
    weights = np.array([{5: np.log(3), 6: 0, 8: -np.log(3)}[word] for word in words])
    assert features.weights == pytest.approx(weights)
    wanted = np.array([[word in review for word in words] for review in REVIEW_PAIRS]) * weights
    wanted /= np.linalg.norm(wanted, axis=1, keepdims=True)
    x = features.matrix(HASHED)
    assert (x.format, x.dtype) == ("csr", "float32")
    assert x.toarray() == pytest.approx(wanted, abs=1e-6)
    assert features.matrix({"words": hash_ngrams([[77]], "words")}).nnz == 0


def test_kinds_stand_side_by_side_without_what_is_rare():
    two = Features(["words", "pairs"], seen=1).learn(HASHED, LABELS).matrix(HASHED)
    assert two.shape == (4, 7)
    assert two.getnnz(axis=1).tolist() == [3, 3, 3, 1]
    assert np.sqrt(two.power(2).sum(axis=1)) == pytest.approx(1)
    assert Features(["words"]).learn(HASHED, LABELS).matrix(HASHED).shape == (4, 0)
    thrice = {"words": hash_ngrams([[5], [5], [5]], "words")}
    features = Features(["words"]).learn(thrice, np.array([1, 1, 1]))
    assert features.weights == pytest.approx([np.log(11 / 8)])


def adagrad(x, y, drop, epochs, batch_size, learning_rate, seed):
    """Return weights and bias by AdaGrad on a dense matrix; a step leaves what it did not see."""
    rng = np.random.default_rng(seed)
    w, b, squares = np.zeros(x.shape[1]), 0.0, np.full(x.shape[1], 1e-8)
    for _ in range(epochs):
        order = rng.permutation(len(y))
        for rows in np.split(order, range(batch_size, len(y), batch_size)):
            part = x[rows].copy()
            if drop:
                part[part != 0] *= rng.random((part != 0).sum(), dtype="float32") >= drop
                part /= 1 - drop
            error = 1 / (1 + np.exp(-(part @ w + b))) - y[rows]
            gradient = part.T @ error
            squares += gradient**2
            w, b = w - learning_rate * gradient / np.sqrt(squares), b - 0.1 * error.mean()
    return w, b


@pytest.mark.parametrize("drop", [0, 0.4])
def test_it_learns_by_adagrad(drop):
    rng = np.random.default_rng(3)
    x, y = np.where(rng.random((11, 5)) < 0.6, rng.random((11, 5)) + 0.5, 0), rng.integers(0, 2, 11)
    settings = {"drop": drop, "epochs": 3, "batch_size": 4, "learning_rate": 0.3, "seed": 1}
    model = LinearModel(**settings).fit(ngrams.sparse.csr_matrix(x.astype("float32")), y)
    w, b = adagrad(x, y, **settings)
    assert model.weights == pytest.approx(w, rel=1e-3)
    assert model.bias == pytest.approx(b, rel=1e-3)
    assert model.scores(ngrams.sparse.csr_matrix(x)) == pytest.approx(x @ w + b, rel=1e-2)
    plain = LinearModel()
    named = (plain.drop, plain.epochs, plain.batch_size, plain.learning_rate, plain.seed)
    assert named == (0.3, 4, 500, 0.3, 0)
