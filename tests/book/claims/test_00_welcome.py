"""What the welcome page says of a word's number, of one picture and of the chapters."""

import re

import pytest

from imdb_helpers import encode_review, judge
from tests.book.pages import BOOK

SENTENCE = "A dull plot, but great acting."


def test_a_words_number_says_what_leaving_it_out_does_and_they_do_not_add_up(book):
    whole, without = judge(SENTENCE), judge("A plot, but great acting.").probability
    assert whole.words["dull"] == pytest.approx(whole.probability - without)
    assert f"would have got {without:.2f}" in book.cell(0, "three-sentences-after").source
    total = sum(whole.words.values())
    assert abs(total - whole.probability) > 0.1
    assert abs(0.5 + total - whole.probability) > 0.05


def test_the_picture_shows_what_is_computed(real_dataset):
    picture = (BOOK / "assets" / "way.svg").read_text(encoding="utf-8")
    shown = re.findall(r">([^<>\n]+)</text>", picture)
    assert SENTENCE in shown
    at = shown.index("a") - 1  # integers and words alternate
    assert shown[at - 2 : at + 12 : 2] == list(map(str, encode_review(SENTENCE)))
    assert f"{judge(SENTENCE).probability:.2f}" in shown


def test_the_table_has_every_chapter(book):
    plan = book.cell(0, "the-plan").source
    numbered = re.findall(r"(?m)^\| \[Chapter (\d+)\]\((\d\d)_\w+\.ipynb\) \|", plan)
    assert numbered == [(f"{n}", f"{n:02}") for n in range(1, 12)]
