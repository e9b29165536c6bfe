"""The capstone of chapter 10: a reader's own twenty texts."""

import re

import numpy as np
import pytest

from imdb_helpers import encode_review, multi_hot_sparse
from imdb_helpers.exercises import capstone, chapter_10
from imdb_helpers.exercises.engine import Checks
from imdb_helpers.text import words_of

GOOD = ("great", "wonderful", "excellent", "beautiful", "superb")
BAD = ("boring", "awful", "terrible", "waste", "worst")
TEXTS = [f"This is {word}, {more}" for word in (*GOOD, *BAD) for more in ("twice.", "I say!")]
LABELS = [1] * 10 + [0] * 10


@pytest.fixture(scope="module")
def right():
    p = capstone.probabilities_of(tuple(TEXTS))
    truth = np.where(np.array(LABELS) == 1, p, 1 - p)
    return {
        "texts": TEXTS,
        "labels": LABELS,
        "probabilities": p,
        "right": np.mean((p >= 0.5) == LABELS),
        "culprit": words_of(TEXTS[int(truth.argmin())])[2],
    }


@pytest.fixture
def said(capsys):
    def ask(answer):
        Checks({10: chapter_10.EXERCISES}).capstone(answer)
        return capsys.readouterr().out

    return ask


def test_twenty_texts_with_their_answers_are_right(right, said):
    column = {**right, "probabilities": right["probabilities"][:, None].tolist()}
    for answer in (right, column, {**right, "labels": np.array(LABELS)}):
        assert said(answer).startswith("capstone: right.")


def test_untouched_entries_are_no_attempt(right, said):
    dots = dict.fromkeys(capstone.ENTRIES, ...)
    for answer in (..., dots, {**right, "culprit": ...}, {**right, "texts": [*TEXTS[:3], ...]}):
        assert "not attempted yet" in said(answer)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"texts": "one text"}, "texts is a list of strings"),
        ({"texts": [1, 2]}, "texts is a list of strings"),
        ({"texts": TEXTS[:8]}, "yours are 8"),
        ({"texts": [TEXTS[1].upper(), *TEXTS[1:]]}, "Two of the texts are the same"),
        ({"labels": LABELS[:3]}, "a 0 or a 1 for each text"),
        ({"labels": ["pos"] * 20}, "lists of numbers"),
        ({"labels": [2] * 20}, "a 0 or a 1 for each text"),
        ({"labels": [1] * 20}, "guessing"),
        ({"probabilities": [0.1, 0.9]}, "one number for each text"),
        ({"probabilities": np.linspace(0, 100, 20)}, "per cent"),
        ({"probabilities": [float("nan")] * 20}, "between 0 and 1"),
        ({"probabilities": LABELS}, "decisions"),
        ({"right": None}, "right is one number"),
        ({"right": 0.123}, "another share"),
        ({"culprit": "This is"}, "one word"),
        ({"culprit": 7}, "one word"),
        ({"culprit": "elephant"}, "does not stand in the text"),
    ],
)
def test_each_entry_has_hints_of_its_own(right, said, changed, says):
    assert re.search(says, said({**right, **changed}))


def test_shares_are_told_from_counts_per_cent_and_mixed_up_shapes(right, said):
    share = right["right"]
    assert "how many" in said({**right, "right": 20 * share})
    assert "per cent" in said({**right, "right": 100 * share})
    p = right["probabilities"][:, None]
    mixed = np.mean((p >= 0.5) == LABELS)
    if abs(mixed - share) > 0.01:
        assert "every other" in said({**right, "probabilities": p, "right": mixed})


@pytest.mark.parametrize("answer", [{}, {"texts": TEXTS}, None, 3, "text", [TEXTS]])
def test_something_else_is_named(said, answer):
    assert re.search("no entry called|is asked for|answer is None", said(answer))


def test_a_forgotten_offset_and_a_turned_answer_are_seen(right, said):
    if right["probabilities"].std() < 0.05:
        pytest.skip("these reviews know few of the words")
    assert "run against" in said({**right, "probabilities": 1 - right["probabilities"]})
    ranks = [[max(i - 3, 0) for i in encode_review(text)] for text in TEXTS]
    p = capstone.book_network().predict(multi_hot_sparse(ranks))[:, 0]
    assert re.search("integers begin|run against", said({**right, "probabilities": p}))
