"""The exercises of chapters 3 to 5 meet right answers, and mistakes with the hints that fit."""

import re

import numpy as np
import pytest

from imdb_helpers.exercises import base, chapter_03, chapter_04, chapter_05

EXERCISES = {
    exercise.name: exercise
    for chapter in (chapter_03, chapter_04, chapter_05)
    for exercise in chapter.EXERCISES
}


def says(name, answer):
    return EXERCISES[name].problem(answer)


def at_once(review, places):
    vector = np.zeros(places)
    vector[review] += 1
    return vector


def one_by_one(review, places):
    vector = [0] * places
    for place in review:
        vector[place] += 1
    return vector


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (one_by_one, ""),
        (lambda review, places: np.bincount(review, minlength=places), ""),
        (at_once, "which places occur"),
        (lambda review, places: np.bincount(review), "shape is \\(6,\\)"),
        (lambda review, places: 2 * np.array(one_by_one(review, places)), "with a finger"),
        (lambda review, places: None, "The answer is None"),
        (lambda review: 0, "it stops: TypeError"),
    ],
)
def test_counting_is_judged_by_its_counts(function, hint):
    said = says("counted", function)
    assert re.search(hint, said) if hint else said == "", said


def test_sizes_and_pairs_know_their_mistakes():
    right = chapter_03._gigabytes()
    assert says("gigabytes", [round(size) for size in right]) == ""
    assert "turned round" in says("gigabytes", right[::-1])
    assert "zeros" in says("gigabytes", [*right[:3], right[0]])
    assert "start marker" in says("pairs", chapter_03._pairs(skip=1))
    assert "which sign" in says("pairs", chapter_03._all_and_some()).lower()


X, LABELS = chapter_04.TWO


def slope(v):
    return X.T @ (chapter_04._sigmoid(X @ v) - LABELS) / 2


def in_place(v):
    v -= slope(v)
    return v


@pytest.mark.parametrize(
    ("step", "hint"),
    [
        (lambda v: v - slope(v), ""),
        (lambda v: list(v - slope(v)), ""),
        (lambda v: v + slope(v), "uphill"),
        (lambda v: v - 2 * slope(v), "mean over the reviews, or their sum"),
        (lambda v: -slope(v), "the step alone"),
        (lambda v: (v - slope(v))[:2], "shape \\(2,\\)"),
        (lambda v: v - 0.1, "on paper"),
        (in_place, "Make new ones"),
        (lambda v: v / 0 + unknown, "it stops: NameError"),  # noqa: F821 - a reader's mistake
    ],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_step_goes_downhill_or_it_is_said_where_it_goes(step, hint):
    for _ in range(2):  # a step in place spoils nothing for the next one
        said = says("downhill", step)
        assert re.search(hint, said) if hint else said == "", said


@pytest.fixture(scope="module")
def train():
    x, y, test, test_labels = chapter_04._reviews()
    parts = {
        "learned": (x[10_000:], y[10_000:]),
        "held out": (x[:10_000], y[:10_000]),
        "test": (test, test_labels),
    }

    def trained(part, epochs):
        of, labels = parts[part]
        w = np.zeros(of.shape[1])
        for _ in range(epochs):
            for begin in range(0, len(labels), 512):
                rows, error = of[begin : begin + 512], labels[begin : begin + 512]
                error = chapter_04._sigmoid(rows @ w) - error
                w = w - 0.2 * (rows.T @ error) / len(error)
        return w

    return trained


def test_longer_training_is_told_by_the_loss(train):
    assert says("longer", train("learned", 40)) == ""
    assert "as far as" in says("longer", train("learned", 20))
    assert "less well" in says("longer", train("learned", 3))
    assert "held-out" in says("longer", train("held out", 15))
    assert says("longer", train("test", 15)) == base.TEST_SET
    assert "one weight for each word" in says("longer", np.zeros(3))
    assert "no finite" in says("longer", np.full(10_000, np.nan))
    assert "zero" in says("longer", np.zeros(10_000))
    assert "of type tuple" in says("longer", (np.zeros(10_000), 0.0))


def test_slopes_and_pull_know_their_mistakes():
    right = chapter_04._slopes()
    assert says("slopes", np.round(right, 2)) == ""
    for answer, hint in ((-right, "steps"), (3 * right, "sums"), (right[:3], "bias")):
        assert hint in says("slopes", answer)
    times = chapter_04._times()
    assert says("pull", round(times)) == ""
    for answer in (1 / times, chapter_04._steepness()[0]):
        assert "the first by the second" in says("pull", answer)
    assert "losses" in says("pull", chapter_04._losses())


@pytest.mark.parametrize(
    ("function", "hint"),
    [
        (lambda a, b, c: a @ b @ c, ""),
        (lambda a, b, c: 2 * (a @ b @ c), "shape is right"),
        (lambda a, b, c: a @ b, "Which inputs and outputs"),
        (lambda a, b, c: c @ b @ a, "it stops: ValueError"),
        (lambda a, b, c: None, "The answer is None"),
    ],
)
def test_three_matrices_become_one(function, hint):
    said = says("collapse", function)
    assert re.search(hint, said) if hint else said == "", said


def test_parameters_know_what_was_left_out():
    right = chapter_05._parameters()
    assert says("parameters", right) == ""
    for answer, hint in (
        (right - 65, "One of the two"),
        (right - 1, "bias"),
        (right - 65 + 1, "hidden units"),
        (chapter_05._book(), "the book's network"),
    ):
        assert hint in says("parameters", answer), answer


def test_a_metric_is_judged_by_its_key_and_its_border():
    metrics = pytest.importorskip("keras").metrics
    assert says("metric", metrics.BinaryAccuracy(name="accuracy", threshold=0.6)) == ""
    for answer, hint in (
        (metrics.BinaryAccuracy(threshold=0.6), "'binary_accuracy'"),
        (metrics.BinaryAccuracy(name="accuracy"), "asked for"),
        (metrics.Accuracy(), "takes a threshold"),
        (metrics.BinaryAccuracy, "made by calling its class"),
        ("accuracy", "of type str"),
    ):
        assert hint in says("metric", answer)
