"""The shipped network answers as the chapter's does, gives true reasons, and shows them safely."""

import dataclasses
import io
from functools import partial

import numpy as np
import pytest
from bs4 import BeautifulSoup
from hypothesis import example, given, settings
from hypothesis import strategies as st

from imdb_helpers import get_word_index, multi_hot_sparse, shipped
from imdb_helpers.errors import DataError
from imdb_helpers.judgement import Judgement
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


# What it answers


def test_eight_bits_change_no_test_reviews_probability_by_half_a_percent(real_data, arrays):
    _, (reviews, labels) = real_data
    x = multi_hot_sparse(reviews)
    exact, rounded = (ship.answers(w, x) for w in (ship.read_float_weights(), shipped.weights()))
    assert np.array_equal(ship.digest_of_answers(exact), arrays["reference"])
    assert len(exact) == 25_000
    assert np.abs(exact - rounded).max() < 0.005
    accuracies = [((p > 0.5) == labels).mean() for p in (exact, rounded)]
    assert accuracies[0] == pytest.approx(0.884, abs=0.005)
    assert accuracies[1] == pytest.approx(accuracies[0], abs=0.001)


def test_the_real_word_index_gives_the_shipped_words(real_dataset, arrays):
    again = ship.packed(ship.read_float_weights(), get_word_index())
    assert sorted(again) == sorted(set(arrays) - {"reference"})
    assert all(np.array_equal(again[name], arrays[name]) for name in again)


def test_original_reviews_get_the_answer_of_the_whole_pipeline(raw_reviews, real_dataset):
    x = multi_hot_sparse([review["sequence"] for review in raw_reviews])
    p = ship.answers(shipped.weights(), x)
    judged = [judge(review["text"]).probability for review in raw_reviews]
    assert np.abs(p - judged).max() < 1e-6


def test_two_in_a_hundred_others_pass_for_rare_words():
    filter_ = shipped._network(shipped.FILE).rare
    passed = [shipped.might_be_in(filter_, f"no word {i}") for i in range(5_000)]
    assert 0.015 < np.mean(passed) < 0.025
    judgement = judge("soporific, photogenic the lugubrious")
    assert judgement.rare == ("soporific", "photogenic", "lugubrious")
    assert judgement.unknown == ()


def test_all_rare_words_pass_for_rare_words(real_dataset, vocabulary):
    rare = get_word_index().keys() - set(vocabulary)
    assert len(rare) == 88_584 - 9_996
    filter_ = shipped._network(shipped.FILE).rare
    assert all(shipped.might_be_in(filter_, word) for word in rare)


def by_hand(network, *columns):
    """Return the answer of a `Network` with the shipped weights to some words or columns."""
    ours, row = Network(), np.zeros((1, 10_000))
    ours.set_weights(shipped.weights())
    row[0, [network.rows.get(column, column) for column in columns]] = 1
    return ours.predict(row)[0, 0]


# Why


@given(st.lists(st.sampled_from(SOME_WORDS), max_size=9).map(" ".join))
@example(REVIEW)
def test_a_words_change_is_what_striking_it_out_does(text):
    judgement = judge(text)
    for word, change in judgement.words.items():
        rest = " ".join(other for other in words_of(text) if other != word)
        lost = judgement.probability - judge(rest).probability
        assert lost == pytest.approx(change, abs=1e-9)


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
    assert plain.probability == pytest.approx(by_hand(network, 1, "the", "film"), abs=1e-6)
    rare = dataclasses.replace(network, rare=shipped.filter_of(["zzgrr", "zzgrra"], 100))
    monkeypatch.setattr(shipped, "_network", lambda _: rare)
    once, twice = judge("zzgrr the film zz"), judge("zzgrr zzgrra the film")
    assert (once.rare, once.unknown, twice.rare) == (("zzgrr",), ("zz",), ("zzgrr", "zzgrra"))
    assert once.probability == twice.probability != plain.probability
    assert once.probability == pytest.approx(by_hand(network, 1, 2, "the", "film"), abs=1e-6)


@pytest.mark.parametrize("text", ["", " \n", "...", "zzgrr, \ud800!"])
def test_without_a_known_word_it_answers_as_to_no_words(text):
    judgement = judge(text)
    assert (judgement.words, judgement.probability) == ({}, judge("").probability)


@pytest.mark.parametrize("wrong", [None, b"the", ["the"]])
def test_what_is_no_text_is_named(wrong):
    with pytest.raises(ValueError, match=r"^expected the text of one review") as error:
        judge(wrong)
    assert str(error.value) == (
        f"expected the text of one review as a string, got {type(wrong).__name__}. "
        "Judge several reviews one at a time."
    )


# How it looks

SHOWN = Judgement(
    text="Good <i>bad</i>,\n the odd zz so",
    probability=0.5,
    words={"good": 0.2, "bad": -0.1, "the": 0.0049, "so": 0.005},
    rare=("odd", "i"),
    unknown=("zz", "z<"),
)


def test_it_is_shown_as_a_sentence_and_as_html():
    """Words are told apart by colour, by line and by title; one half is negative, as in Keras."""
    says = (
        "The network says negative (probability of positive: 0.50). Towards positive: good "
        "(+0.20), so (+0.01). Towards negative: bad (-0.10). Too rare: odd, i. Not in the "
        "index: zz, z<."
    )
    assert repr(SHOWN) == str(SHOWN) == says
    rare = '<span title="too rare" style="border-bottom: 2px dotted">{}</span>'.format
    assert SHOWN._repr_html_() == (
        f'<div><p>{says.replace("<", "&lt;")}</p><div class="judged" style="white-space: pre-wrap">'
        '<span title="+0.200" style="background: rgba(0, 114, 178, 0.45); '
        f'border-bottom: 2px solid">Good</span> &lt;{rare("i")}&gt;'
        '<span title="-0.100" style="background: rgba(213, 94, 0, 0.23); '
        f'border-bottom: 2px dashed">bad</span>&lt;/{rare("i")}&gt;,\n '
        f'<span title="+0.005">the</span> {rare("odd")} '
        '<span title="not in the index" style="border-bottom: 2px dotted">zz</span> '
        '<span title="+0.005" style="background: rgba(0, 114, 178, 0.01); '
        'border-bottom: 2px solid">so</span></div>'
        "<p><small>Solid underline: pushes towards positive. Dashed: towards negative. Dotted: "
        "not known one by one. Point at a word to see how much the probability would lose "
        "without it.</small></p></div>"
    )
    with pytest.raises(dataclasses.FrozenInstanceError):
        SHOWN.probability = 1


def test_the_four_strongest_words_of_each_side_are_named_and_tiny_ones_are_not():
    words = {"a": 0.005, "b": 0.0049, "c": -0.01, **{f"w{i}": i / 10 for i in range(1, 6)}}
    assert repr(Judgement("", 0.51, words, (), ())) == (
        "The network says positive (probability of positive: 0.51). Towards positive: "
        "w5 (+0.50), w4 (+0.40), w3 (+0.30), w2 (+0.20). Towards negative: c (-0.01)."
    )
    assert repr(Judgement("", 0.4, {}, (), ())) == (
        "The network knows none of the words; without any, it says negative (probability of "
        "positive: 0.40)."
    )


SPICE = st.sampled_from([*"<>&\"'\r\n\t ", "<b>", "</div>", "&lt;", "<!--", "Wonderful", "dull"])


@settings(max_examples=40)
@given(st.lists(st.one_of(SPICE, st.text(max_size=3))).map("".join))
@example("<script>alert(\"wonderful\")</script> & <b class='x'>dull</b> &amp; &#60;")
def test_any_text_is_shown_as_it_was_written(text):
    """A review from the web may hold HTML; a notebook would run it."""
    judgement = judge(text)
    # What `white-space: pre-wrap` is to a browser.
    spaces = {"preserve_whitespace_tags": {"div"}}
    page = BeautifulSoup(judgement._repr_html_(), "html.parser", **spaces)
    (shown,) = page.select("div.judged")
    assert shown.get_text() == text
    tags = page.find_all(True)
    assert {tag.name for tag in tags} <= {"div", "p", "span", "small"}
    assert {name for tag in tags for name in tag.attrs} <= {"class", "style", "title"}
    assert page.p.get_text() == str(judgement)
    marked = [span.get_text() for span in shown.find_all("span")]
    assert [word for piece in marked for word in words_of(piece)] == words_of(text)


# The file


def test_it_is_small(vocabulary):
    assert shipped.FILE.stat().st_size <= 300_000
    assert len(vocabulary) == len(set(vocabulary)) == 9_996


def saved(arrays):
    """Return the bytes of the file with these arrays."""
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)
    return file.getvalue()


def changed(arrays, name):
    """Return the bytes of the file, one value of an array changed."""
    value = arrays[name].copy()
    value.flat[7] += 1
    return saved(arrays | {name: value})


DAMAGE = {
    "cut off": lambda _: shipped.FILE.read_bytes()[:200_000],
    "a byte": lambda _: bytes(b ^ (i == 99_999) for i, b in enumerate(shipped.FILE.read_bytes())),
    "no archive": lambda _: b"<html>not found</html>",
    **{n: partial(changed, name=n) for n in ("kernel", "scale", "weight_1", "vocabulary", "rare")},
    "an array gone": lambda arrays: saved({n: a for n, a in arrays.items() if n != "rare"}),
    "a program": lambda arrays: saved(arrays | {"kernel": object_array([Trap(pytest.fail)])}),
    "not there": None,
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_named_and_nothing_else_happens(damage, arrays, tmp_path, monkeypatch):
    file, content = tmp_path / "damaged.npz", damage and damage(arrays)
    monkeypatch.setattr(shipped, "FILE", file)
    if damage:
        file.write_bytes(content)
    with pytest.raises(DataError, match=r"\.npz is damaged \(.+\)\. It is a part of") as error:
        judge("the")
    assert str(error.value).endswith("of the package: install imdb_helpers again.")
    if damage is DAMAGE["rare"]:
        assert "damaged (its content is not what was written)." in str(error.value)


def test_a_file_written_anew_answers_the_same(arrays, tmp_path, monkeypatch):
    """So the damages are damages, not the writing."""
    before = judge(REVIEW)
    monkeypatch.setattr(shipped, "FILE", tmp_path / "again.npz")
    shipped.FILE.write_bytes(saved(arrays))
    assert judge(REVIEW) == before
    assert [weight.dtype for weight in shipped.weights()] == [np.float32] * 6
