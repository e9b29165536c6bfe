"""What chapter 1 concludes from the data, and no cell of it prints."""

import numpy as np
import pytest


@pytest.fixture
def lengths(real_dataset):
    return real_dataset.train.lengths + 1  # the file's ranks lack the start marker


def test_the_longest_tenth_pulls_the_mean_up(lengths):
    median, shorter = np.median(lengths), np.sort(lengths)[: len(lengths) * 9 // 10].mean()
    assert shorter - median < 0.25 * (lengths.mean() - median)


def test_thirteen_reviews_are_longer_than_the_figure(book, lengths):
    assert f"({(lengths > 1300).sum()} reviews are longer)" in book.cell(1, "lengths-after").source


def test_the_pile_stands_twice_as_high_as_the_trend_in_bars_of_25_words(lengths):
    bars, edges = np.histogram(lengths, bins=np.arange(700, 1301, 25))
    top = int(np.argmax(bars[8:])) + 8
    assert edges[top] == 1000
    assert bars[top] > 2 * np.median(bars[top - 4 : top - 1])
    assert bars[top + 2] < 5


def test_words_are_numbered_by_frequency(real_dataset):
    counts = np.bincount(real_dataset.train.ranks)[1:]
    assert (np.diff(counts) <= 0).all()


def test_the_copies_have_the_same_labels(book):
    assert book.number(1, "exercise-5-solution", "same label:") == 123


def test_ten_thousand_words_are_a_ninth_of_the_vocabulary_and_nearly_all_of_the_text(book):
    assert 10_000 / book.number(1, "counts") == pytest.approx(1 / 9, abs=0.01)
    assert 90 < book.number(1, "coverage", "the first 10,000 words:") < 100


def test_anger_hardly_shows_and_the_pile_is_nearly_twice_as_high_as_before_it(book):
    negative, positive = book.found(1, "exercise-1-solution", r"length (\S+)")
    assert abs(negative - positive) < 0.02 * positive
    before, pile, _ = book.found(1, "exercise-2-solution", r": +(\d+) reviews")
    assert 1.8 * before < pile < 2 * before
