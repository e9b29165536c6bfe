"""What a learner may answer in chapters 8 and 9, and which hint fits."""

import re

import numpy as np
import pytest

from imdb_helpers.exercises import chapter_08, chapter_09, engine

CHECKS = engine.Checks({8: chapter_08.EXERCISES, 9: chapter_09.EXERCISES})
SLOPES = [[0.25, 0], [0.25, 0.25], [0, -0.25]]


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("gate", lambda H: H > 0, "right"),
        ("gate", lambda H: (H != 0).astype(int), "right"),
        ("gate", lambda H: np.sign(H), "right"),
        ("gate", lambda H: H >= 0, "open for every unit"),
        ("gate", lambda H: H <= 0, "the other way round"),
        ("gate", lambda H: H, "the outputs themselves"),
        ("gate", lambda H: H > 0.5, "Try it with"),
        ("gate", lambda H: (H > 0).any(), r"returns the shape \(\)"),
        ("gate", lambda H: bool(H > 0), "it stops: ValueError"),
        ("gate", np.array([[True, True], [False, True]]), "A function"),
        ("gate", lambda H: None, "return"),
        ("gate", lambda H: ..., "not attempted"),
        ("blame", SLOPES, "right"),
        ("blame", np.array(SLOPES), "right"),
        ("blame", (2 * np.array(SLOPES)).tolist(), "sum over its reviews or their mean"),
        ("blame", -np.array(SLOPES), "p - y, or y - p"),
        ("blame", [[0, 0], [0.25, 0.25], [-0.25, -0.25]], "a closed gate"),
        ("blame", [[0, 0], [-0.25, -0.25], [0.25, 0.25]], "Two things"),
        ("blame", np.array(SLOPES).T, "rows and columns"),
        ("blame", [[-0.25, 0], [0, 0], [0, 0.25]], "4 of 6 entries"),
        ("blame", [0.25, 0, 0.25, 0.25, 0, -0.25], "shape"),
        ("blame", [..., [0, 0], [0, 0]], "not attempted"),
        ("no_step", "The same", "right"),
        ("no_step", "lower", "Which line"),
        ("no_step", "higher", "have had to change"),
        ("no_step", 0.31, "is asked for"),
        ("no_step", ..., "not attempted"),
        ("sure", lambda p: (p < 0.1) | (p > 0.9), "right"),
        ("sure", lambda p: [bool(one < 0.1 or one > 0.9) for one in p], "right"),
        ("sure", lambda p: (p < 0.1) & (p > 0.9), "none at all"),
        ("sure", lambda p: (p > 0.1) | (p < 0.9), "answers all"),
        ("sure", lambda p: (p > 0.1) & (p < 0.9), "the other way round"),
        ("sure", lambda p: p > 0.9, "one end only"),
        ("sure", lambda p: np.abs(p - 0.5) > 0.3, "Try it with"),
        ("sure", lambda p: p < 0.1 or p > 0.9, "it stops: ValueError"),
        ("sure", lambda p: 0.66, r"returns the shape \(\)"),
        ("sure", 0.66, "A function"),
        ("sure", lambda p: ..., "not attempted"),
        ("precision", lambda yes, labels: labels[yes].mean(), "right"),
        ("precision", lambda yes, labels: (yes & labels).sum() / yes.sum(), "right"),
        ("precision", lambda yes, labels: labels[yes].sum() / labels.sum(), "colleague"),
        ("precision", lambda yes, labels: np.mean(yes == labels), "accuracy"),
        ("precision", lambda yes, labels: labels[yes].sum() / len(labels), "by all reviews"),
        ("precision", lambda yes, labels: labels[yes].sum(), "how many"),
        ("precision", lambda yes, labels: (1 - labels)[yes].mean(), "negative"),
        ("precision", lambda yes, labels: 100 * labels[yes].mean(), "per cent"),
        ("precision", lambda yes, labels: labels[~yes].mean() / 3, "Try it with ten"),
        ("precision", lambda yes, labels: labels[yes], "One number"),
        ("precision", lambda yes: 0.5, "it stops: TypeError"),
        ("precision", lambda yes, labels: "0.5", "One number"),
        ("precision", ..., "not attempted"),
        ("stewart", [..., ...], "not attempted"),
        ("stewart", 0.7, "A list"),
        ("stewart", ["a", "b"], "Numbers"),
    ],
)
def test_an_answer_is_right_or_gets_the_hint_that_fits(name, answer, says, capsys):
    getattr(CHECKS, name)(answer)
    said = capsys.readouterr().out
    assert re.search(says, said), said
    assert (": right." in said) == (says == "right")


def test_a_name_is_counted_in_the_reviews_that_are_loaded():
    (exercise,) = (one for one in chapter_09.EXERCISES if one.name == "stewart")
    shares = exercise.expected()
    assert exercise.problem(shares) == ""
    assert exercise.problem(np.round(shares, 2)) == ""
    for wrong, says in (
        (shares[::-1], "turned round"),
        ([1 - share for share in shares], "negative"),
        ([100 * share for share in shares], "per cent"),
        (chapter_09._shares(offset=0), "ranks"),
        (chapter_09._counts(), "How many of them"),
    ):
        assert says in exercise.problem(wrong) or np.allclose(wrong, shares, atol=0.005)
