"""What chapter 1 concludes from looking at the data."""

import re

import numpy as np
import pytest

pytestmark = pytest.mark.after_notebooks


def test_the_review_sounds_bad_and_is_good(book):
    assert "stupidest" in book.text(1, "load")
    assert book.number(1, "the-rest", "label:") == 1


def test_as_many_are_tested_on_as_learned_from_and_both_halves_are_balanced(book):
    assert len(set(re.findall(r"[\d,]{5,}", book.text(1, "shapes")))) == 1
    counts = re.findall(r"\d+", book.text(1, "balance"))
    assert len(counts) == 4
    assert len(set(counts)) == 1


def test_the_mean_is_above_the_median_and_the_longest_is_far_above(book):
    median = book.number(1, "lengths", "at most")
    assert median < book.number(1, "lengths", "the mean is")
    assert book.number(1, "lengths", "the longest has") > 10 * median


def test_the_longest_tenth_pulls_the_mean_up(real_dataset):
    lengths = np.sort(real_dataset.train.lengths + 1)
    median, without = np.median(lengths), lengths[: len(lengths) * 9 // 10].mean()
    assert without - median < 0.25 * (lengths.mean() - median)


def test_thirteen_reviews_are_longer_than_the_figure(book, real_dataset):
    longer = (real_dataset.train.lengths + 1 > 1300).sum()
    (cell,) = (cell for cell in book.notebook(1).cells if cell.id == "lengths-after")
    assert f"({longer} reviews are longer)" in cell.source


def test_reviews_pile_up_at_a_thousand_words_before_a_cliff(book):
    before, pile, after = (
        book.number(1, "exercise-2-solution", f"{low:4} to {low + 49:4}:")
        for low in (925, 975, 1025)
    )
    assert 1.8 < pile / before < 2
    assert after < before / 3


def test_the_pile_stands_twice_as_high_as_the_trend_in_bars_of_25_words(real_dataset):
    lengths = real_dataset.train.lengths + 1  # the file's ranks lack the start marker
    bars, edges = np.histogram(lengths, bins=np.arange(700, 1301, 25))
    top = int(np.argmax(bars[8:])) + 8
    assert edges[top] == 1000
    assert bars[top] > 2 * np.median(bars[top - 4 : top - 1])
    assert bars[top + 2] < 5


def test_the_six_endings_are_of_reviews_in_the_pile(book):
    lengths = re.findall(r"(?m)^(\d+) words, ending: .{20,}", book.text(1, "spike-ends"))
    assert len(lengths) == 6
    assert all(975 <= int(length) < 1025 for length in lengths)
    assert "br br " in book.text(1, "spike-ends")
    assert "? wells" in book.text(1, "spike-ends")


def test_words_are_numbered_by_frequency(real_dataset):
    counts = np.bincount(real_dataset.train.ranks)[1:]
    assert (np.diff(counts) <= 0).all()


def test_a_few_words_make_up_most_of_the_text(book):
    assert book.number(1, "coverage", "half of the text:") < 100
    different = book.number(1, "counts")
    assert 0.1 < 10_000 / different < 0.12  # a ninth; nearly nine tenths are gone
    # num_words=10000 keeps four words fewer than ten thousand; the share is the same as printed.
    assert book.number(1, "coverage", "first 10,000 words:") == pytest.approx(94.25, abs=0.1)


def test_words_that_carry_the_opinion_are_lost_with_a_thousand(book):
    whole = " ".join([book.text(1, "load"), book.text(1, "the-rest")])
    small = book.text(1, "thousand")
    for word in ("stupidest", "fabulous", "impressive"):
        assert word in whole
        assert word not in small
    assert "excellent" in small


def test_the_length_does_not_give_the_label_away(book):
    medians = [
        book.number(1, "exercise-1-solution", f"{name}:") for name in ("negative", "positive")
    ]
    assert abs(medians[0] - medians[1]) <= 1


def test_swapped_names_have_the_right_sizes_and_the_wrong_content(book):
    sizes = book.line(1, "exercise-3-solution", "how many:")
    assert len(set(sizes)) == 1
    assert book.number(1, "exercise-3-solution", "more_reviews:") in (0, 1)


def test_the_copies_agree_and_are_under_half_a_per_cent(book):
    copies = book.number(1, "exercise-5-solution", "training half:")
    assert book.number(1, "exercise-5-solution", "same label:") == copies
    share = book.number(1, "exercise-5-solution", "share of the test half:")
    assert share == round(copies / 25_000, 4) < 0.005


def test_the_copies_are_there_in_the_file(real_dataset):
    train, test = (
        list(map(tuple, reviews_of(half))) for half in (real_dataset.train, real_dataset.test)
    )
    both = set(train) & set(test)
    assert sum(text in both for text in test) == 123


def reviews_of(half):
    """Return the ranks of each review."""
    return np.split(half.ranks, np.cumsum(half.lengths)[:-1])
