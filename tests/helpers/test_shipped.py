"""The shipped network answers as the chapter's does, gives true reasons, and shows them safely."""

import dataclasses
import io
from itertools import product

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given
from hypothesis import strategies as st

from imdb_helpers import get_word_index, multi_hot_sparse, shipped
from imdb_helpers.errors import DataError
from imdb_helpers.judgement import DOWN, OPACITY, UP, Judgement
from imdb_helpers.network import Network
from imdb_helpers.shipped import judge
from imdb_helpers.text import words_of
from tests.helpers.corpora import Trap, object_array
from tools import ship

REVIEW = "A wonderful film, superbly acted. A dull zzgrr script; WONDERFUL, nonetheless!"
SOME_WORDS = ["wonderful", "dull", "the", "worst", "zzgrr", "zorro's", "7", "Film"]


@pytest.fixture(scope="module")
def arrays():
    with np.load(shipped.FILE, allow_pickle=False) as archive:
        return dict(archive)


@pytest.fixture(scope="module")
def vocabulary(arrays):
    return arrays["vocabulary"].tobytes().decode().split("\n")


@pytest.fixture(scope="module")
def answers(real_data):
    """Return labels, and the test reviews' probabilities by the float and the shipped weights."""
    _, (reviews, labels) = real_data
    x = multi_hot_sparse(reviews)
    return labels, ship.answers(ship.read_float_weights(), x), ship.answers(shipped.weights(), x)


def without(text, word):
    """Return the words of a text but one."""
    return " ".join(other for other in words_of(text) if other != word)


# What it answers


def test_eight_bits_change_no_test_reviews_probability_by_half_a_percent(answers):
    labels, exact, rounded = answers
    assert len(exact) == 25_000
    assert np.abs(exact - rounded).max() < 0.005
    accuracies = [((p > 0.5) == labels).mean() for p in (exact, rounded)]
    assert accuracies[0] == pytest.approx(0.884, abs=0.005)
    assert accuracies[1] == pytest.approx(accuracies[0], abs=0.001)


def test_the_float_weights_are_those_it_was_made_from(answers, arrays):
    """Otherwise the comparison above compares with something else."""
    assert np.array_equal(ship.digest_of_answers(answers[1]), arrays["reference"])


def test_the_real_word_index_gives_the_shipped_words(real_dataset, arrays):
    again = ship.packed(ship.read_float_weights(), get_word_index())
    assert sorted(again) == sorted(set(arrays) - {"reference"})
    assert all(np.array_equal(again[name], arrays[name]) for name in again)


def test_original_reviews_get_the_answer_of_the_whole_pipeline(raw_reviews, real_dataset):
    p = ship.answers(
        shipped.weights(), multi_hot_sparse([review["sequence"] for review in raw_reviews])
    )
    judged = [judge(review["text"]).probability for review in raw_reviews]
    assert np.abs(p - judged).max() < 1e-6


def test_rare_words_are_told_from_those_the_index_lacks(real_dataset, vocabulary):
    words = get_word_index()
    rare = sorted(words.keys() - set(vocabulary))
    assert len(rare) == 88_584 - 9_996
    filter_ = shipped._network(shipped.FILE).rare
    assert all(shipped.might_be_in(filter_, word) for word in rare)
    judgement = judge(f"{rare[0]} the {rare[-1]}")
    assert judgement.rare == (rare[0], rare[-1])
    assert judgement.unknown == ()


def test_two_in_a_hundred_other_strings_pass_for_rare_words():
    filter_ = shipped._network(shipped.FILE).rare
    passed = [shipped.might_be_in(filter_, f"no word {i}") for i in range(20_000)]
    assert 0.015 < np.mean(passed) < 0.025


def test_without_data_it_still_answers_as_its_weights_do(vocabulary):
    """The same sum as `multi_hot` and `Network`, over the words that stand in the file."""
    network = Network()
    network.set_weights(shipped.weights())
    for text in ("", "the", "a wonderful film", "the worst, dull, awful"):
        row = np.zeros((1, 10_000))
        row[0, [1, *(vocabulary.index(word) + 4 for word in words_of(text))]] = 1
        assert judge(text).probability == pytest.approx(network.predict(row)[0, 0], abs=1e-6)


def test_what_everybody_would_say_of_them_it_says():
    assert (
        judge("A wonderful film, superbly acted and beautifully photographed.").label == "positive"
    )
    assert (
        judge("A dull script, wooden acting, and the worst ending of the year.").label == "negative"
    )


@pytest.mark.parametrize(("probability", "label"), [(0.5, "negative"), (0.5001, "positive")])
def test_half_is_negative_as_in_keras(probability, label):
    assert Judgement("", probability, {}, (), ()).label == label


# Why


@given(st.lists(st.sampled_from(SOME_WORDS), max_size=9).map(" ".join))
@example(REVIEW)
def test_a_words_change_is_what_striking_it_out_does(text):
    judgement = judge(text)
    for word, change in judgement.words.items():
        rest = judge(without(text, word)).probability
        assert judgement.probability - rest == pytest.approx(change, abs=1e-9)


def test_words_come_in_order_each_once_and_apart_from_those_not_known():
    judgement = judge(REVIEW)
    words = "a wonderful film superbly acted dull script nonetheless"
    assert " ".join(judgement.words) == words
    assert judgement.words["wonderful"] > 0.05
    assert judgement.words["dull"] < -0.05
    assert judgement.unknown == ("zzgrr",)
    assert judgement.rare == ()


def test_rare_words_count_as_one_and_unknown_ones_not_at_all(monkeypatch):
    plain, network = judge("the film"), shipped._network(shipped.FILE)
    assert judge("zzgrr the zzgrr film").probability == plain.probability
    rare = dataclasses.replace(network, rare=shipped.filter_of(["zzgrr", "zzgrra"], 100))
    monkeypatch.setattr(shipped, "_network", lambda _: rare)
    once, twice = judge("zzgrr the film"), judge("zzgrr zzgrra the film")
    assert (once.rare, once.unknown) == (("zzgrr",), ())
    kernel, bias, *others = shipped.weights()
    network = Network()
    network.set_weights([kernel, bias, *others])
    row = np.zeros((1, 10_000))
    row[0, [1, 2, *(rare.rows[word] for word in ("the", "film"))]] = 1
    assert once.probability == twice.probability
    assert once.probability == pytest.approx(network.predict(row)[0, 0], abs=1e-6)
    assert once.probability != plain.probability


@pytest.mark.parametrize("text", ["", " \n", "...", "zzgrr", "zzgrr, \ud800!"])
def test_a_text_without_a_known_word_gets_an_answer_that_says_so(text):
    judgement = judge(text)
    assert judgement.words == {}
    assert judgement.probability == judge("").probability
    assert str(judgement).startswith("The network knows none of the words; without any, it says")


@pytest.mark.parametrize("wrong", [None, 5, b"the", ["the"]])
def test_what_is_no_text_is_named(wrong):
    with pytest.raises(ValueError, match=f"string, got {type(wrong).__name__}.*one at a time"):
        judge(wrong)


def test_a_judgement_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        judge("the").probability = 1


# How it looks


def test_a_terminal_shows_a_sentence():
    judgement = Judgement(
        "...", 0.932, {"good": 0.2, "bad": -0.1, "the": 0.0049, "fine": 0.3}, ("odd",), ("zz", "z")
    )
    assert (
        repr(judgement)
        == str(judgement)
        == (
            "The network says positive (probability of positive: 0.93). "
            "Towards positive: fine (+0.30), good (+0.20). Towards negative: bad (-0.10). "
            "Too rare: odd. Not in the index: zz, z."
        )
    )


SPICE = st.sampled_from([*"<>&\"'\r\n\t ", "<b>", "</div>", "&lt;", "<!--", "Wonderful", "dull"])


@given(st.one_of(st.text(), st.lists(st.one_of(SPICE, st.text(max_size=3))).map("".join)))
@example("<script>alert(\"wonderful\")</script> & <b class='x'>dull</b> &amp; &#60;")
def test_any_text_is_shown_as_it_was_written(text):
    """A review from the web may hold HTML; a notebook would run it."""
    judgement = judge(text)
    # What `white-space: pre-wrap` is to a browser.
    spaces = {"preserve_whitespace_tags": {"div"}}
    page = BeautifulSoup(judgement._repr_html_(), "html.parser", **spaces)
    (shown,) = page.select("div.judged")
    assert shown.get_text() == text
    assert {tag.name for tag in page.find_all(True)} <= {"div", "p", "span", "small"}
    assert {name for tag in page.find_all(True) for name in tag.attrs} <= {
        "class",
        "style",
        "title",
    }
    assert page.p.get_text() == str(judgement)
    marked = [span.get_text() for span in shown.find_all("span")]
    assert [word for piece in marked for word in words_of(piece)] == words_of(text)


def test_no_word_can_be_a_tag_whoever_made_the_judgement():
    tags = Judgement("", 0.5, {"<b>": 0.2}, ("<i>",), ("<script>",))
    page = BeautifulSoup(tags._repr_html_(), "html.parser")
    assert page.p.get_text() == str(tags)


def test_words_are_told_apart_by_colour_by_line_and_by_title():
    judgement = Judgement(
        "Good bad the odd zz", 0.5, {"good": 0.2, "bad": -0.1, "the": 0.001}, ("odd",), ("zz",)
    )
    page = BeautifulSoup(judgement._repr_html_(), "html.parser")
    looks = {span.get_text(): (span["title"], span.get("style")) for span in page.find_all("span")}
    assert looks == {
        "Good": ("+0.200", "background: rgba(0, 114, 178, 0.45); border-bottom: 2px solid"),
        "bad": ("-0.100", "background: rgba(213, 94, 0, 0.23); border-bottom: 2px dashed"),
        "the": ("+0.001", None),
        "odd": ("too rare", "border-bottom: 2px dotted"),
        "zz": ("not in the index", "border-bottom: 2px dotted"),
    }


def luminance(colour):
    """Return WCAG's relative luminance."""
    parts = [
        c / 255 / 12.92 if c / 255 <= 0.04045 else ((c / 255 + 0.055) / 1.055) ** 2.4
        for c in colour
    ]
    return np.dot(parts, (0.2126, 0.7152, 0.0722))


@pytest.mark.parametrize(
    ("colour", "page", "ink"),
    [
        (c, *look)
        for c, look in product((UP, DOWN), (((255,) * 3, (50,) * 3), ((18,) * 3, (206,) * 3)))
    ],
)
def test_the_strongest_word_can_be_read_on_a_light_page_and_on_a_dark_one(colour, page, ink):
    below = np.multiply(OPACITY, colour) + np.multiply(1 - OPACITY, page)
    low, high = sorted((luminance(below), luminance(ink)))
    assert (high + 0.05) / (low + 0.05) >= 4.5


# The file


def test_it_is_small(vocabulary):
    assert shipped.FILE.stat().st_size <= 300_000
    assert len(vocabulary) == len(set(vocabulary)) == 9_996


def saved(arrays, name="", change=lambda value: value):
    """Return the bytes of the file, one value of an array changed."""
    arrays = {name: array.copy() for name, array in arrays.items()}
    if name:
        arrays[name].flat[7] = change(arrays[name].flat[7])
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


DAMAGE = {
    "cut off": lambda _: shipped.FILE.read_bytes()[:200_000],
    "a byte": lambda _: bytes(b ^ (i == 99_999) for i, b in enumerate(shipped.FILE.read_bytes())),
    "no archive": lambda _: b"<html>not found</html>",
    "empty": lambda _: b"",
    "a weight": lambda arrays: saved(arrays, "kernel", lambda value: value ^ 1),
    "a bias": lambda arrays: saved(arrays, "weight_1", lambda value: value + 1),
    "a letter": lambda arrays: saved(arrays, "vocabulary", lambda value: value ^ 1),
    "a bit of the filter": lambda arrays: saved(arrays, "rare", lambda value: value ^ 1),
    "an array gone": lambda arrays: saved({n: a for n, a in arrays.items() if n != "rare"}),
    "a program": lambda arrays: saved(arrays | {"kernel": object_array([Trap(pytest.fail)])}),
    "not there": None,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_named_and_nothing_else_happens(damage, arrays, tmp_path, monkeypatch):
    file, before = tmp_path / "shipped.npz", judge(REVIEW)
    content = damage and damage(arrays)
    monkeypatch.setattr(shipped, "FILE", file)
    file.write_bytes(saved(arrays))
    assert judge(REVIEW) == before  # the damages are damages, not the writing
    file = tmp_path / "damaged" / "shipped.npz"
    monkeypatch.setattr(shipped, "FILE", file)
    if damage:
        file.parent.mkdir()
        file.write_bytes(content)
    with pytest.raises(DataError, match=r"shipped\.npz is .*install imdb_helpers again"):
        judge("the")
