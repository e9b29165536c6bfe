"""The exercises of chapter 11 know right answers, typical slips, and nonsense."""

import re

import numpy as np
import pytest

from imdb_helpers.exercises import chapter_11
from imdb_helpers.exercises.base import TEST_SET
from imdb_helpers.exercises.engine import Checks
from imdb_helpers.ngrams import hash_ngrams

EXERCISES = {one.name: one for one in chapter_11.EXERCISES}
WORDS, PAIRS, ALL = chapter_11.WORDS, chapter_11.PAIRS, chapter_11.ALL


@pytest.mark.parametrize("name", EXERCISES)
def test_the_untouched_cell_is_no_attempt_and_nonsense_no_error(name, capsys):
    check = Checks({11: EXERCISES.values()})
    for untouched in (..., [..., ...]):
        getattr(check, name)(untouched)
        assert "not attempted" in capsys.readouterr().out
    for nonsense in (None, "seven", [], {}, object(), len):
        getattr(check, name)(nonsense)
        said = capsys.readouterr().out
        assert "not yet" in said
        assert "could not be checked" not in said


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ("B", ""),
        (" b", ""),
        ("A", "How many choices"),
        ("C", "Whom would it flatter"),
        ("D", "is asked for"),
        (2, "is asked for"),
    ],
)
def test_the_flattered_report_is_told_from_the_others(answer, says):
    said = EXERCISES["luckiest"].problem(answer)
    assert re.search(says, said) if says else said == "", said


@pytest.fixture(scope="module")
def shares():
    return {kinds: chapter_11._held_out(kinds) for kinds in (WORDS, PAIRS, (*WORDS, *PAIRS), ALL)}


def test_pairs_alone_are_told_from_words_from_both_and_from_known_reviews(shares):
    right = shares[PAIRS]
    assert EXERCISES["pairs_alone"].problem(round(right, 3)) == ""
    for answer, says in (
        (shares[WORDS], "single words"),
        (shares[(*WORDS, *PAIRS)], "in it, too"),
        (chapter_11._learned(PAIRS), "has learned from"),
        (chapter_11._leaked(PAIRS), "with the bug"),
        (chapter_11._of_test_half(PAIRS), TEST_SET),
        (100 * right, "Is yours per cent"),
        (1 - right, "the others"),
    ):
        assert says in EXERCISES["pairs_alone"].problem(answer) or abs(answer - right) < 0.002


def test_shuffled_words_are_told_from_shuffled_reviews_and_from_none(shares):
    right = chapter_11._shuffled()
    assert right[0] == shares[WORDS]  # shuffling changes no set of words
    assert EXERCISES["shuffled"].problem(np.round(right, 2)) == ""
    for answer, says in (
        ([shares[WORDS], shares[ALL]], "before anything was shuffled"),
        (chapter_11._reviews_shuffled(), "a coin"),
        ([right[0]] * 2, "of the model of words"),
        (chapter_11._shuffled((*WORDS, *PAIRS)), "Which rung has the triples"),
        (np.round(chapter_11._shuffled((*WORDS, *PAIRS)), 3), "Which rung has the triples"),
        (chapter_11._shuffled(test=True), TEST_SET),
        (np.round(np.multiply(right, 100), 1), "per cent"),
        (right[::-1], "turned round"),
    ):
        said = EXERCISES["shuffled"].problem(answer)
        assert says in said or np.allclose(answer, right, atol=0.008)  # as on the made-up reviews


def test_another_order_of_the_words_is_right_too():
    labels = chapter_11._reviews()[1][: chapter_11.HELD_OUT]
    rng = np.random.default_rng(4)
    mixed = [rng.permutation(review) for review in chapter_11._reviews()[0][: len(labels)]]
    asked = {kind: hash_ngrams(mixed, kind) for kind in ALL}
    answer = [chapter_11._share(kinds, asked, labels) for kinds in (WORDS, ALL)]
    assert EXERCISES["shuffled"].problem(answer) == ""
