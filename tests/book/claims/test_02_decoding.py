"""What chapter 2 concludes of words, counts and sums."""

import re

import numpy as np
import pytest

from imdb_helpers import get_word_index
from tests.nbproof.notebook import image_words


@pytest.fixture
def sums(book):
    """Return the held-out reviews in each bin of the figure, negative ones first."""
    (panel,) = book.panels(2, "sums-figure")
    shapes = [series for series in panel["series"] if series["kind"] == "shape"]
    assert [shape["label"] for shape in shapes] == ["negative", "positive"]
    corners = (np.array(shape["outline"].split(), float).reshape(-1, 2) for shape in shapes)
    return [{int(left): height for left, height in corner[1::2]} for corner in corners]


def test_the_integers_made_by_hand_begin_the_page(book):
    encoded = book.text(2, "encode-by-hand").strip("[]\n ")
    assert f"`{encoded}," in book.notebook(2).cells[0].source


def test_awful_is_nine_times_as_frequent_in_negative_reviews_and_film_leans_nowhere(book):
    assert [count + 1 for count in book.line(2, "four-words", "awful:")] == [88, 792]
    assert book.number(2, "four-leanings", "awful:") == -round(np.log(792 / 88), 2)
    brilliant, great, film = book.numbers(2, "four-leanings", "brilliant:", "great:", "film:")
    assert abs(film) < 0.05 < 0.5 < great < brilliant < 2.2 / 1.5  # "less steeply"


def test_marks_from_7_to_9_lean_to_praise_those_to_4_to_scorn_and_10_to_neither(book):
    leanings = book.found(2, "exercise-1-solution", r": (\S+)$")
    assert max(leanings[:4]) < -0.5 < max(leanings[4:6]) < 0 < 0.5 < min(leanings[6:9])
    assert abs(leanings[9]) < 0.1


def test_the_strongest_words_of_scorn_lean_farther_than_those_of_praise(book):
    lengths = np.concatenate(book.curves(2, "telling-figure", "width"))
    negative, positive = lengths.reshape(2, 10)
    assert max(negative) < -2 < 0 < min(positive) <= max(positive) < 2.1
    assert (min(negative), max(positive)) == pytest.approx((-3, 2), abs=0.15)


def test_the_words_that_the_figures_description_names_lead_the_lists(book):
    alt, _ = image_words(book.cell(2, "telling-figure"))
    lines = [line.split(": ")[1].split(", ") for line in book.text(2, "telling").splitlines()]
    named = re.findall(r"led by (\w+) and (\w+)", alt)
    assert named == [tuple(lines[0][:2]), tuple(lines[1][:-3:-1])]


def test_counting_judges_more_than_eight_in_ten_and_better_what_it_counted(book):
    held_out, counted = book.numbers(2, "score", "held out: #3", "counted: #3")
    assert 0.8 < held_out < counted < 0.9
    assert 0.02 < counted - held_out < 0.05


def test_it_misses_more_than_a_fifth_of_the_positive_reviews_and_a_tenth_of_the_negative(book):
    positive, negative = book.numbers(2, "by-class", "the positive:", "the negative:")
    assert positive < 0.8
    assert negative == pytest.approx(0.9, abs=0.011)


def test_most_mistakes_gather_around_zero(sums):
    negative, positive = sums
    mistakes = {left: n for left, n in negative.items() if left >= 0}
    mistakes |= {left: n for left, n in positive.items() if left < 0}
    near = sum(n for left, n in mistakes.items() if -10 <= left < 10)
    assert near > 0.8 * sum(mistakes.values())


def test_a_sum_farther_from_zero_is_a_safer_answer_and_its_odds_are_exaggerated(sums):
    negative, positive = sums
    shares = []
    for low, high in ((0, 2), (2, 6), (6, 10), (10, 20), (20, 60)):
        sides = {left: left >= 0 for left in positive if low <= max(left, -left - 2) < high}
        right = sum((positive if up else negative)[left] for left, up in sides.items())
        shares.append(right / sum(positive[left] + negative[left] for left in sides))
    assert shares == sorted(shares)
    assert shares[-1] < 0.99  # a sum of 20 means odds of hundreds of millions to one


def test_the_picture_has_its_humps_where_it_says_and_lacks_21_sums(book, sums):
    humps = [max(side, key=side.get) + 1 for side in sums]
    assert humps == pytest.approx([-9, 4], abs=2)
    drawn = sum(sum(side.values()) for side in sums)
    _, caption = image_words(book.cell(2, "sums-figure"))
    assert f"({10_000 - drawn:.0f} lie outside the picture)" in caption


def test_shares_in_place_of_counts_gain_a_hundred_reviews_and_take_most_of_the_tilt(book):
    alone, mended = book.number(2, "score", "held out:"), book.number(2, "exercise-3-solution")
    assert 80 < mended - alone < 130
    tilt, left = (
        book.number(2, cell, "the negative:") - book.number(2, cell, "the positive:")
        for cell in ("by-class", "exercise-3-solution")
    )
    assert 0 < left < tilt / 2


def test_redeeming_leans_to_scorn_in_the_held_out_reviews_too(real_data):
    (reviews, labels), _ = real_data
    index = get_word_index()["redeeming"] + 3
    with_it = [y for x, y in zip(reviews[:10_000], labels[:10_000], strict=True) if index in x]
    assert sum(with_it) < len(with_it) / 4
