"""`multi_hot` and its sparse twin mark the right entries, or name the review that stops them."""

import sys

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from imdb_helpers import backend, multi_hot, multi_hot_sparse, vectorize
from imdb_helpers.vectorize import coordinates
from tests.helpers.networks import dense_network


def multi_hot_bytes(sequences, dimension=10_000, dtype="uint8"):
    return multi_hot(sequences, dimension, dtype)


BOTH = pytest.mark.parametrize("vectorize", [multi_hot_bytes, multi_hot_sparse])
REVIEWS = st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=20), max_size=8)


def by_loop(sequences, dimension):
    matrix = np.zeros((len(sequences), dimension))
    for row, sequence in enumerate(sequences):
        for index in sequence:
            matrix[row, index] = 1
    return matrix


def dense(matrix):
    return matrix if isinstance(matrix, np.ndarray) else matrix.toarray()


@BOTH
@given(reviews=REVIEWS, dimension=st.integers(12, 15))
def test_any_reviews_give_what_a_loop_gives(vectorize, reviews, dimension):
    matrix = dense(vectorize(reviews, dimension))
    assert matrix.shape == (len(reviews), dimension)
    assert np.array_equal(matrix, by_loop(reviews, dimension))


@given(reviews=REVIEWS)
def test_the_sparse_matrix_stores_each_one_once_and_sorted(reviews):
    matrix = multi_hot_sparse(reviews, 12)
    assert matrix.nnz == sum(len(set(review)) for review in reviews)
    assert (matrix.data == 1).all()
    for row, review in enumerate(reviews):
        stored = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
        assert stored.tolist() == sorted(set(review))


@BOTH
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "bool"])
def test_the_result_has_the_type_asked_for(vectorize, dtype):
    matrix = vectorize([[3, 5, 3]], 8, dtype)
    assert matrix.dtype == dtype
    assert dense(matrix).tolist() == [[0, 0, 0, 1, 0, 1, 0, 0]]


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_kind_of_matrix_is_the_one_that_the_backend_trains_best(monkeypatch, backend):
    monkeypatch.setattr(vectorize, "current_backend", lambda: backend)
    matrix = multi_hot([[1]])
    assert matrix.shape == multi_hot_sparse([[1]]).shape == (1, 10_000)
    assert sparse.issparse(matrix) == (backend == "tensorflow")
    assert matrix.dtype == ("float32" if backend == "tensorflow" else "uint8")
    assert isinstance(multi_hot([[1]], dtype="uint8"), np.ndarray)


def test_keras_takes_what_it_gives_and_slices_of_it():
    matrix, labels = multi_hot([[1, 2], [3], [0, 3], [2]] * 8, 4), np.array([1, 0, 0, 1] * 8)
    model = dense_network((2,), dimension=4, run_eagerly=True)
    model.fit(matrix[8:], labels[8:], validation_data=(matrix[:8], labels[:8]), verbose=0)
    assert model.predict(matrix[:3], verbose=0).shape == (3, 1)
    assert len(model.evaluate(matrix, labels, verbose=0)) == 2


def test_the_backend_is_the_one_keras_has_or_the_one_it_will_have(monkeypatch):
    assert backend.current_backend() == keras.config.backend()
    monkeypatch.delitem(sys.modules, "keras")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert backend.current_backend() == "jax"


@BOTH
def test_a_word_repeated_often_is_still_a_one(vectorize):
    assert dense(vectorize([[2] * 1000], 4)).tolist() == [[0, 0, 1, 0]]


@BOTH
@pytest.mark.parametrize(
    "reviews",
    [
        ([0, 2], [1]),
        [(0, 2), (1,)],
        [np.array([0, 2]), np.array([1], dtype="uint8")],
        [np.array([0, 2], dtype="int32"), range(1, 2)],
        np.array([[0, 2], [1, 1]]),
        np.array([[0, 2], [1]], dtype=object),
    ],
    ids=["tuple", "tuples", "arrays", "a range", "a matrix", "an object array"],
)
def test_any_sequences_of_integers_will_do(vectorize, reviews):
    assert dense(vectorize(reviews, 3)).tolist() == [[1, 0, 1], [0, 1, 0]]


@BOTH
@pytest.mark.parametrize("reviews", [[], (), np.zeros((0,), dtype=object)])
def test_no_reviews_give_no_rows(vectorize, reviews):
    assert vectorize(reviews, 7).shape == (0, 7)


@BOTH
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([], "review 1 is empty"),
        ([2, -1], "review 1 holds the negative index -1"),
        (
            [2, 9],
            r"review 1 holds the index 9, but dimension=9 has columns 0 to 8 only.*need 10\.",
        ),
        ([2, 1.0], "review 1 is no list of integers"),
        ("film", "review 1 is no list of integers"),
        (["film"], "review 1 is no list of integers"),
        ([[1, 2]], "review 1 is no list of integers"),
        (
            5,
            r"review 1 is no list of integers .*for one review, multi_hot\(\[review\]\)",
        ),
        (None, "review 1 is no list of integers"),
        ([None], "review 1 is no list of integers"),
        ([2**70], "review 1 is no list of integers"),
        (np.array([1.0, 2.0]), "review 1 is no list of integers"),
    ],
)
def test_an_error_names_the_review_and_the_reason(vectorize, wrong, message):
    with pytest.raises(ValueError, match=message):
        vectorize([[1, 2], wrong, [3]], 9)


@BOTH
def test_of_several_indices_out_of_range_the_first_is_named(vectorize):
    with pytest.raises(ValueError, match=r"review 1 holds the index 9, but.*need 13\."):
        vectorize([[1], [2, 9], [3, 12]], 9)


def test_without_columns_an_index_of_0_is_too_large():
    with pytest.raises(ValueError, match="review 0 holds the index 0, but dimension=0"):
        multi_hot([[0]], 0)


@BOTH
def test_one_review_instead_of_several_is_an_error(vectorize):
    with pytest.raises(ValueError, match="review 0 is no list of integers"):
        vectorize([1, 2, 3], 9)


def test_coordinates_are_row_and_column_of_each_index():
    rows, columns = coordinates([[5, 3, 5], [0]], 6)
    assert (rows.tolist(), columns.tolist()) == ([0, 0, 0, 1], [5, 3, 5, 0])
    assert rows.dtype == columns.dtype == "int64"


@BOTH
def test_the_share_of_ones_on_the_real_reviews(vectorize, real_data):
    matrix = vectorize(real_data[0][0])
    assert matrix.shape == (25_000, 10_000)
    share = (matrix != 0).sum() / (25_000 * 10_000)
    assert round(float(share), 7) == 0.0131699
