"""`multi_hot` and its sparse twin mark the right entries, or name the review that stops them."""

import sys

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from imdb_helpers import backend, multi_hot, multi_hot_sparse, vectorize
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


@given(reviews=REVIEWS, dimension=st.integers(12, 15))
def test_any_reviews_give_what_a_loop_gives(reviews, dimension):
    expected = by_loop(reviews, dimension)
    for matrix in (multi_hot_bytes(reviews, dimension), multi_hot_sparse(reviews, dimension)):
        assert matrix.shape == expected.shape
        assert np.array_equal(dense(matrix), expected)
    assert matrix.nnz == expected.sum(), "each one is stored once"
    assert matrix.has_sorted_indices


@BOTH
@pytest.mark.parametrize("dtype", ["uint8", "float32", "float64", "bool"])
def test_the_result_has_the_type_asked_for(vectorize, dtype):
    matrix = vectorize([[3, 5, *[3] * 300]], 8, dtype)  # a word repeated often is still a one
    assert matrix.dtype == dtype
    assert dense(matrix).tolist() == [[0, 0, 0, 1, 0, 1, 0, 0]]


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_kind_of_matrix_is_the_one_that_the_backend_trains_best(monkeypatch, backend):
    monkeypatch.setattr(vectorize, "current_backend", lambda: backend)
    matrix = multi_hot([[1]])
    assert matrix.shape == multi_hot_sparse([[1]]).shape == (1, 10_000)
    assert sparse.issparse(matrix) == (backend == "tensorflow")
    assert matrix.dtype == ("float32" if backend == "tensorflow" else "uint8")
    assert multi_hot([[1]], 7).shape == (1, 7)
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
@pytest.mark.parametrize(
    "reviews",
    [
        ([0, 2], (1,)),
        [np.array([0, 2], dtype="int32"), np.array([1], dtype="uint8")],
        [np.array([0, 2]), range(1, 2)],
        np.array([[0, 2], [1, 1]]),
        np.array([[0, 2], [1]], dtype=object),
    ],
    ids=["tuples", "arrays", "a range", "a matrix", "an object array"],
)
def test_any_sequences_of_integers_will_do(vectorize, reviews):
    assert dense(vectorize(reviews, 3)).tolist() == [[1, 0, 1], [0, 1, 0]]


NO_LIST = (
    r"review 1 is no list of integers \(.+\)\. Pass a list of reviews, each a list of indices as "
    r"load_data gives them; for one review, multi_hot\(\[review\]\)\."
)
WRONG = {
    "nothing": ([], r"review 1 is empty; expected at least one index\. Leave it out\."),
    "negative": ([2, -1], r"review 1 holds the negative index -1; indices start at 0\."),
    "too large": (
        [2, 9],
        r"review 1 holds the index 9, but dimension=9 has columns 0 to 8 only\. Load the data with "
        r"num_words=9, or use a larger dimension: these reviews need 13\.",
    ),
    **{
        str(wrong): (wrong, NO_LIST)
        for wrong in ([2, 1.0], "film", [[1, 2]], 5, None, [2**70], np.array([1.0]))
    },
}


@BOTH
@pytest.mark.parametrize(("wrong", "said"), WRONG.values(), ids=WRONG)
def test_an_error_names_the_first_such_review_and_the_reason(vectorize, wrong, said):
    with pytest.raises(ValueError, match=f"^{said}$"):
        vectorize([[1, 2], wrong, [12] if "larger" in said else [3]], 9)


def test_without_reviews_there_are_no_rows_and_without_columns_no_index():
    assert [multi_hot([], 7, "uint8").shape, multi_hot_sparse((), 7).shape] == [(0, 7)] * 2
    with pytest.raises(ValueError, match="review 0 holds the index 0, but dimension=0"):
        multi_hot([[0]], 0)
