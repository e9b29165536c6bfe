"""What the welcome page says of three sentences, of one picture and of the chapters."""

import re

import pytest

from imdb_helpers import encode_review, judge
from tests.book.pages import BOOK

pytestmark = pytest.mark.after_notebooks


@pytest.fixture
def judged(book):
    answers = book.text(0, "three-sentences")
    found = re.findall(r"says (\w+) \(probability of positive: ([\d.]+)\)", answers)
    assert len(found) == 2 * 3  # as HTML and as text
    return [(label, float(probability)) for label, probability in found[::2]]


def pushes(answer):
    """Return each named word with its push."""
    return {word: float(push) for word, push in re.findall(r"([\w']+) \(([+-][\d.]+)\)", answer)}


def test_one_sentence_is_easy_one_is_mixed_and_one_fools_the_network(judged):
    (easy, p), (mixed, q), (fooled, r) = judged
    assert (easy, mixed, fooled) == ("negative", "negative", "positive")
    assert p < 0.2 < q < 0.5 < 0.7 < r


def test_dull_weighs_more_than_great_and_acting_pushes_down():
    words = judge("A dull plot, but great acting.").words
    assert words["great"] > 0 > words["acting"]
    assert -words["dull"] > words["great"]


def test_a_words_number_says_what_leaving_it_out_does(book):
    whole = judge("A dull plot, but great acting.")
    without = judge("A plot, but great acting.").probability
    assert whole.words["dull"] == pytest.approx(whole.probability - without)
    assert f"would have got {without:.2f}" in book.notebook(0).cells[2].source


def test_the_numbers_do_not_add_up_to_the_probability():
    judged = judge("A dull plot, but great acting.")
    assert abs(sum(judged.words.values()) - judged.probability) > 0.1
    assert abs(0.5 + sum(judged.words.values()) - judged.probability) > 0.05


def test_the_network_is_fooled_by_wonderful_and_brilliant(book):
    line = re.findall(r"wonderful \(.*", book.text(0, "three-sentences"))[0]
    strongest = sorted(pushes(line), key=pushes(line).get)[-2:]
    assert strongest == ["brilliant", "wonderful"]


def test_loved_outweighs_asleep(book):
    words = pushes(book.text(0, "your-sentence"))
    assert max(words, key=words.get) == "loved"
    assert min(words, key=words.get) == "asleep"
    assert words["loved"] > -words["asleep"]


def test_the_picture_shows_what_is_computed(real_dataset):
    picture = (BOOK / "assets" / "way.svg").read_text(encoding="utf-8")
    shown = re.findall(r">([^<>\n]+)</text>", picture)
    text = "A dull plot, but great acting."
    assert text in shown
    integers = list(map(str, encode_review(text)))
    at = shown.index("a") - 1  # integers and words alternate
    assert shown[at - 2 : at + 12 : 2] == integers
    assert f"{judge(text).probability:.2f}" in shown


def test_the_table_has_every_chapter(book):
    cells = {cell.id: cell.source for cell in book.notebook(0).cells}
    numbered = re.findall(r"(?m)^\| \[Chapter (\d+)\]\((\d\d)_\w+\.ipynb\) \|", cells["the-plan"])
    assert [int(shown) for shown, _ in numbered] == list(range(1, 12))
    assert all(int(shown) == int(file) for shown, file in numbered)
