"""What chapter 11 says of pairs, of choosing, of the climb, and of a leak."""

import json

import numpy as np
import pytest

from tests.book.pages import BOOK

RUNGS = json.loads((BOOK / "assets" / "rungs.json").read_text("utf-8"))["rungs"]
CHOICE = json.loads((BOOK / "assets" / "rungs_choice.json").read_text("utf-8"))
MEANS = {name: float(np.mean(found)) for name, found in CHOICE["rungs"].items()}
ACCURACY = {name: rung["accuracy"] for name, rung in RUNGS.items()}


def test_more_than_half_of_keras_columns_are_pairs_and_it_tells_the_sentences_apart(book):
    assert book.number(11, "vocabulary") > 5000
    assert "'not good' has a column: True" in book.text(11, "vocabulary")
    praise, blame = book.found(11, "keras-ask", r"^(\S+)  ")
    assert blame + 0.03 < praise < 0.5


def test_pairs_bring_more_than_triples(book):
    words, pairs, triples = book.numbers(11, "ladder", "words:", "and pairs:", "and triples:")
    assert pairs - words > 0.01 > triples - pairs > 0
    assert words > 0.89  # the networks of earlier chapters


def test_words_cannot_tell_the_two_sentences_apart_and_triples_can(book):
    praise, blame = book.found(11, "again", r"words (\S+), and pairs (\S+), and triples (\S+) -")
    assert praise[0] == blame[0]
    assert praise[1] - blame[1] > 0.15
    assert blame[2] + 0.3 < praise[2] < 0.5


def test_dropping_moves_both_by_next_to_nothing(book):
    kept, dropped = (book.line(11, "dropping", f"{name}:") for name in ("and triples", "dropped"))
    assert dropped[0] < kept[0]
    assert abs(dropped[1] - kept[1]) < 0.003


def test_the_choice_is_the_highest_mean_and_the_last_ones_cannot_be_told_apart(book):
    assert f"chosen: {max(MEANS, key=MEANS.get)}" in book.text(11, "choice")
    assert MEANS["average of two"] - MEANS["average of four"] == pytest.approx(1 / 15_000)
    error = np.sqrt(0.925 * 0.075 / 15_000)
    assert 25 < error * 15_000 < 40
    assert MEANS["average of two"] - min(list(MEANS.values())[-4:]) < error
    chosen = CHOICE["settings"]
    assert (chosen["seen"], chosen["smoothing"], chosen["drop"]) == (3, 8, 0.3)


def test_one_wrong_word_is_worth_three_points(book):
    leak = book.number(11, "leak", "with the leak:")
    assert leak - book.number(11, "leak", "without:") > 0.02


def test_the_chosen_rung_is_within_the_interval_of_the_highest_and_twins_are_worth_little():
    highest = max(ACCURACY.values())
    assert ACCURACY["average of two"] == pytest.approx(0.926, abs=0.00005)
    assert 0 < highest - ACCURACY["average of two"] < RUNGS["average of two"]["half interval"] / 2
    for rung in RUNGS.values():
        assert rung["accuracy"] - rung["without twins"] < 0.002
    learned = [rung for name, rung in RUNGS.items() if name != "guessing"]
    assert all(abs(rung["accuracy"] - rung["without twins"]) < 0.001 for rung in learned)


def test_the_steep_part_is_on_the_left():
    assert 0.025 < ACCURACY["and pairs"] - ACCURACY["weighted words"] < 0.03
    assert ACCURACY["average of eight"] - ACCURACY["and pairs"] < 0.01
    assert ACCURACY["n-gram network"] < ACCURACY["and pairs"]
    for before, after in (("and triples", "inputs dropped"), ("inputs dropped", "and skips")):
        assert abs(ACCURACY[after] - ACCURACY[before]) < 0.0005


def test_shuffling_leaves_words_alone_and_costs_the_other_model(book):
    words, triples = book.numbers(11, "exercise-2-solution", "words:", "and triples:")
    assert words == book.number(11, "ladder", "words:")
    assert triples < words
    labels = ("words:", "pairs alone:", "and pairs:", "and triples:", "with the bug:")
    single, alone, both, triples, leaky = book.numbers(11, "exercise-1-solution", *labels)
    assert single < alone < both
    assert leaky > triples


def test_the_labels_of_the_examples_are_as_the_text_says(book, real_data):
    _, (_, labels) = real_data
    shown = (book.found(11, cell, r"^review (\d+):") for cell in ("only", "nobody"))
    only, nobody = (numbers.astype(int) for numbers in shown)
    assert len(only) == len(nobody) == 6
    assert only[labels[only] == 0].tolist() == [11619]
    assert not labels[nobody].any()


def test_the_better_of_two_equal_models_looks_a_thousandth_too_good(book):
    first, better = book.numbers(11, "exercise-3-solution", "equal models:", "better one:")
    assert 0.0005 < better - first < 0.0015


def test_not_bad_is_milder_than_bad_and_only_not_bad_at_is_praise(book):
    good, not_good, bad, not_bad, not_bad_at, funny, not_funny = book.line(11, "leanings", "good")
    assert not_funny < min(not_good, bad) < -1
    assert bad + 0.5 < not_bad < -0.2 < -0.1 < min(good, funny)
    assert max(good, funny) < 0.1 < 1 < not_bad_at


def test_most_triples_are_rare_and_two_pairs_in_a_hundred_lose_their_column(book):
    triples, frequent = book.line(11, "sizes", "triples:")[:2]
    assert frequent < triples / 2
    assert book.number(11, "collisions", "lost their own:") == pytest.approx(0.02, abs=0.005)


def test_one_review_in_fourteen_is_left_of_one_in_eight():
    wrong = [1 / (1 - ACCURACY[name]) for name in ("average of two", "the book's network")]
    assert wrong == pytest.approx([14, 8], abs=0.6)
