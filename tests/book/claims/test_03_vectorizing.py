"""What chapter 3 concludes of bytes, places and vectors."""

import pytest


def test_three_reviews_in_ten_are_cut_and_three_places_in_ten_are_empty(book):
    shares = book.numbers(3, "pad-cost", "beginning:", "padding:")
    assert [round(10 * share) for share in shares] == [3, 3]


def test_the_first_review_begins_where_the_page_says(book):
    places = book.found(3, "pad", r"\b(\d+)(?=[ \d]*\])")
    assert places[:6].tolist() == [0, 0, 0, 0, 1, 14]


def test_most_of_the_drawn_reviews_begin_with_padding(real_dataset):
    assert sum(length < 256 for length in real_dataset.train.lengths[:40]) > 20


def test_the_sparse_matrix_has_a_tenth_of_the_bytes_and_a_hundredth_of_float64(book):
    whole, as_bytes = book.numbers(3, "bytes-table", "float64:", "uint8:")
    sparse = book.number(3, "sparse", "ones in")
    assert whole == 8 * as_bytes
    assert sparse / as_bytes == pytest.approx(0.1, abs=0.02)
    assert 10 * as_bytes > 2_000 > 1_000 > 10 * sparse


def test_film_and_great_have_the_indices_of_the_exercise(real_dataset):
    ranks = real_dataset.word_index
    assert (ranks["film"] + 3, ranks["great"] + 3) == (22, 87)


def test_two_sentences_with_the_same_words_get_the_same_negative_sum(book):
    praise, scorn = book.line(3, "order-lost", "sums of leanings:")
    assert praise == scorn < 0
