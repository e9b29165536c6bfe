"""What chapter 3 concludes of bytes, places and vectors."""

import re

import pytest

pytestmark = pytest.mark.after_notebooks


def test_one_product_gives_both_sums(book):
    great, awful = map(float, re.findall(r"-?\d+\.\d+", book.text(3, "multiply")))
    assert (great, awful) == pytest.approx((0.03 + 0.70, 0.03 - 2.20))


def test_three_reviews_in_ten_are_cut_and_three_places_in_ten_are_empty(book):
    assert round(10 * book.number(3, "pad-cost", "beginning:")) == 3
    assert round(10 * book.number(3, "pad-cost", "padding:")) == 3


def test_the_first_review_begins_where_the_page_says(book):
    places = book.text(3, "pad").partition("first review:")[2]
    assert re.findall(r"\d+", places)[:6] == ["0"] * 4 + ["1", "14"]
    assert 34 + 4 == 256 - 218


def test_most_of_the_drawn_reviews_begin_with_padding(real_dataset):
    assert sum(length < 256 for length in real_dataset.train.lengths[:40]) > 20


def test_the_sparse_matrix_has_a_tenth_of_the_bytes_and_a_hundredth_of_float64(book):
    whole, as_bytes = (book.number(3, "bytes-table", f"{n}:") for n in ("float64", "uint8"))
    sparse = book.number(3, "sparse", "ones in")
    assert whole == 8 * as_bytes
    assert sparse / as_bytes == pytest.approx(0.1, abs=0.02)
    assert sparse / whole == pytest.approx(0.01, abs=0.005)
    assert 10 * as_bytes > 2_000 > 1_000 > 10 * sparse


def test_the_loop_and_the_helper_store_the_same(book):
    loop, helper = (book.number(3, "compare", f"{label} #1") for label in ("", "loop,"))
    assert loop == helper == 5_000 * 10_000 / 1e6
    assert book.number(3, "compare", "differ:") == 0


def test_a_row_begins_as_the_page_says(book):
    row = book.text(3, "first-row")
    assert row.startswith("[0 1 1 ... 0 0 0] (10000,)")
    assert "[1 2 4 5 6 7]" in book.text(3, "first-places")


def test_the_corner_is_fuller_than_the_whole(book):
    corner, whole = (book.number(3, "share", f"{label}:") for label in ("corner", "matrix"))
    assert corner > 10 * whole


def test_products_give_the_counts_and_the_classifier_of_chapter_2(book):
    counts = [book.number(3, "counts-by-product", f"awful: in #{n}") for n in (1, 2)]
    assert counts == [book.number(2, "four-words", f"awful: in #{n}") for n in (1, 2)]
    again = book.number(3, "chapter-two-again")
    assert again == book.number(2, "score", "held out:")


def test_the_order_of_words_is_lost(book):
    assert "the same list: False" in book.text(3, "order-lost")
    assert book.number(3, "order-lost", "differ:") == 0
    one, other = re.findall(r"-?\d+\.\d+", book.text(3, "order-lost"))
    assert one == other
    assert float(one) < 0


def test_only_the_sparse_matrix_fits_into_16_gigabytes(book):
    sizes = {f: book.number(3, "exercise-1-solution", f"{f}:") for f in ("uint8", "sparse")}
    assert sizes["uint8"] > 16 > sizes["sparse"]


def test_a_count_can_pass_what_a_byte_holds(book):
    assert 255 < book.number(3, "exercise-2-solution", "largest count:") < 65_536


def test_pairs_tell_the_two_sentences_apart(book):
    assert book.number(3, "exercise-3-solution", "pairs in one only:") > 0


def test_film_and_great_have_the_indices_of_the_exercise(real_dataset):
    ranks = real_dataset.word_index
    assert (ranks["film"] + 3, ranks["great"] + 3) == (22, 87)
