"""An answer is not attempted, right, or met by a hint that fits it; nothing is given away.

`answers.toml` has, for each exercise, answers as a reader may give them, and what is said of each.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import imdb_helpers
from imdb_helpers import data, load_data, multi_hot_sparse
from imdb_helpers.comparison import Comparison
from imdb_helpers.exercises import base, capstone, chapter_01, chapter_04, engine, kinds
from imdb_helpers.network import Network
from imdb_helpers.shipped import weights
from imdb_helpers.text import words_of
from tests.book import rules, session

ANSWERS = tomllib.loads(Path(__file__).with_name("answers.toml").read_text("utf-8"))
PINNED, ON_THE_SAMPLE = ANSWERS.pop("on any reviews"), ANSWERS.pop("on the sample")
BOOK = {name: one.exercise for name, one in imdb_helpers.check._by_name.items()}
COMPUTED = {name: e for name, e in BOOK.items() if isinstance(e, kinds.Number | kinds.Sequence)}

# Exercises that show what each kind does.

SOLUTION = [1, 2, 8, 9, 20]
COMMON = {"remark": "It shows a thing.", "hints": ("Look here.", "Look there.")}
MADE_UP = (
    kinds.Number(
        name="share",
        expected=lambda: 0.125,
        share=True,
        mistakes=(base.Mistake(lambda: 0.3, base.TEST_SET),),
        **COMMON,
    ),
    kinds.Number(name="index", expected=lambda: 87, tolerance=0, offset=True, **COMMON),
    kinds.Sequence(
        name="row",
        expected=lambda: SOLUTION,
        mistakes=(base.Mistake(lambda: SOLUTION[1:], "The first is missing."),),
        **COMMON,
    ),
    kinds.Sequence(
        name="parts",
        expected=lambda: [0.9, 0.5],
        shares=True,
        tolerance=0.01,
        mistakes=(base.Mistake(lambda: [0.9, 0.505], "Which is the second?", within=0.001),),
        **COMMON,
    ),
    kinds.Sequence(name="matrix", expected=lambda: np.eye(2, 3), tolerance=0.01, **COMMON),
    kinds.Choice(
        name="side",
        options=("Up", "down", "both"),
        digest=kinds.digest_of("side", "down"),
        misses={"Up": "Which sign has the step?"},
        **COMMON,
    ),
    kinds.Function(
        name="square",
        find=lambda call: "" if [call(n) for n in range(3)] == [0, 1, 4] else "Try it with 2.",
        **COMMON,
    ),
    kinds.Object(
        name="result",
        kind=lambda: Comparison,
        wanted="The result of compare",
        find=lambda _: "",
        **COMMON,
    ),
    kinds.Number(name="broken", expected=lambda: 1 / 0, **COMMON),
)
EXERCISES = BOOK | {exercise.name: exercise for exercise in MADE_UP}


# What the answers in the table are made of.

SLOPES = np.array([[0.25, 0], [0.25, 0.25], [0, -0.25]])
X, LABELS = chapter_04.TWO
DEPTHS = {"two": {}, "one": {"hidden": (16,)}, "three": {"hidden": [16, 16, 16]}}
WIDTHS = {str(n): {"hidden": (n,)} for n in (16, 4, 8, 32, 64)}
OTHERS = {"book": {"epochs": 4}, "mse": {"loss": "mse"}, "tanh": {"activation": "tanh"}}
WORDS = ("great", "wonderful", "excellent", "beautiful", "superb")
WORDS += ("boring", "awful", "terrible", "waste", "worst")
TEXTS = [f"This is {word}, {more}" for word in WORDS for more in ("twice.", "I say!")]
SIDES = [1] * 10 + [0] * 10


def expected(name):
    return BOOK[name].expected()


def at_once(review, places):
    vector = np.zeros(places)
    vector[review] += 1
    return vector


def slope(v):
    return X.T @ (chapter_04._sigmoid(X @ v) - LABELS) / 2


def in_place(v):
    v -= slope(v)
    return v


@cache
def trained(part, epochs):
    """Return the weights of chapter 4 after some epochs on a part of the reviews, or on all."""
    x, y, test, test_labels = chapter_04._reviews()
    parts = {"learned": (x[10_000:], y[10_000:]), "held out": (x[:10_000], y[:10_000])}
    parts["all"] = x, y
    of, labels = parts.get(part, (test, test_labels))
    w = np.zeros(of.shape[1])
    for _ in range(epochs):
        for begin in range(0, len(labels), 512):
            rows, error = of[begin : begin + 512], labels[begin : begin + 512]
            error = chapter_04._sigmoid(rows @ w) - error
            w = w - 0.2 * (rows.T @ error) / len(error)
    return w


def binary(**settings):
    import keras

    return keras.metrics.BinaryAccuracy(**settings)


def compared(variants, runs=10, trained_on=99, held_out=40):
    scores = {name: np.linspace(0.8, 0.9, runs) for name in variants}
    return Comparison(variants, scores, next(iter(variants)), 0.05, trained_on, held_out)


@cache
def shipped_network():
    """Return a network that knows words; what it says of the sample's words is of no account."""
    network = Network()
    network.set_weights(weights())
    return network


def texts(**changed):
    """Return an answer to the capstone, right but for what is changed."""
    p = capstone.probabilities_of(tuple(TEXTS))
    worst = int(np.where(np.array(SIDES) == 1, p, 1 - p).argmin())
    words = words_of(TEXTS[worst])
    struck = [" ".join(other for other in words if other != word) for word in words]
    gains = (2 * SIDES[worst] - 1) * capstone.probabilities_of(tuple(struck))
    right = {
        "texts": TEXTS,
        "labels": SIDES,
        "probabilities": p,
        "right": np.mean((p >= 0.5) == SIDES),
    }
    return {**right, "culprit": words[int(gains.argmax())], **changed}


UNTOUCHED = "not attempted yet. Put your answer in place of the dots."


@pytest.mark.parametrize("name", ANSWERS)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_an_answer_gets_the_sentence_that_fits(name, capsys, monkeypatch):
    monkeypatch.setattr(capstone, "book_network", shipped_network)
    check, said, wanted = engine.Check(EXERCISES[name], 3), {}, {}
    whole = {"": f"right. {check.exercise.remark}", "...": UNTOUCHED}
    for answer, sentence in ANSWERS[name].items():
        check(eval(answer, globals()))
        said[answer] = capsys.readouterr().out
        hint = f"not yet. {sentence}\ncheck.{name}.hint() says where to look."
        wanted[answer] = f"{name}: {whole.get(sentence, hint)}\n"
    assert said == wanted


@pytest.mark.parametrize("name", EXERCISES)
def test_dots_are_no_attempt_and_nonsense_no_error(name, capsys):
    check = engine.Check(EXERCISES[name], 3)
    for dots in (..., [1, ...], (..., ...), {"a": ...}, [[...]]):
        check(dots)
    check()
    assert capsys.readouterr().out.count(f"{name}: {UNTOUCHED}\n") == 6
    for nonsense in (None, "seven", [], {}, object(), len, float("inf"), b"x", [None], {"a": [1]}):
        check(nonsense)
        assert capsys.readouterr().out.startswith(f"{name}: not yet. ")


nonsense = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9) | st.integers() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=5,
)


@given(nonsense)
def test_no_answer_raises_an_error(answer):
    for exercise in MADE_UP:
        engine.Check(exercise, 3)(answer)


def test_hints_come_one_by_one_and_the_summary_counts_what_is_open(capsys):
    check = engine.Checks({3: MADE_UP[:2], 4: MADE_UP[2:3], 5: MADE_UP[3:]})
    check.summary()
    check.share.hint()
    check.summary()
    check.share(...)
    check.row(SOLUTION)
    check.summary()
    check.row([1])
    check.share(0.125)
    check.summary()
    check.share.hint()
    check.share.hint()
    check.share(0.5)
    last = "That was the last hint. What is left to read is the solution."
    assert capsys.readouterr().out.splitlines() == [
        "No exercise was checked yet in this session.",
        "Look here.",
        "Chapter 3: 0 of 2 exercises are right. Open: share, index.",
        "share: not attempted yet. Put your answer in place of the dots.",
        "row: right. It shows a thing.",
        "Chapter 3: 0 of 2 exercises are right. Open: share, index.",
        "Chapter 4: 1 of 1 exercises are right. Open: none.",
        "row: not yet. It has 1 entry; another number of them is asked for.",
        "check.row.hint() says where to look.",
        "share: right. It shows a thing.",
        "Chapter 3: 1 of 2 exercises are right. Open: index.",
        "Chapter 4: 0 of 1 exercises are right. Open: row.",
        "Look there.",
        last,
        "share: not yet. Another number is asked for.",
    ]


def test_names_are_completed_or_said_to_be_none():
    check = engine.Checks({3: MADE_UP})
    for name, says in (("shaer", " Did you mean check.share?"), ("zzz", ""), ("_share", "")):
        with pytest.raises(AttributeError) as error:
            getattr(check, name)
        assert str(error.value) == f"there is no exercise called {name!r}.{says}"
    assert dir(check) == sorted([*(one.name for one in MADE_UP), "summary"])
    assert repr(check.share) == "check.share(answer) checks an exercise of chapter 3."
    assert repr(check) == (
        "check.name(answer) checks the exercise called name; see check.summary()."
    )
    with pytest.raises(
        ValueError, match=r"^names are \['share', 'share'\]; expected each only once"
    ):
        engine.Checks({1: MADE_UP[:1], 2: MADE_UP[:1]}).share(1)


# The book's own exercises.

RUSHED = re.compile(rf"{rules.RUSHED.pattern}|\b(?:simple|straight\w*|easy)\b", re.IGNORECASE)


def test_check_finds_the_exercises_of_every_chapter_and_they_are_in_good_words():
    checks = engine.Checks()
    assert {name: checks._by_name[name].exercise for name in BOOK} == BOOK
    assert checks.swapped.chapter == 1
    files = Path(engine.__file__).parent.glob("chapter_*.py")
    assert {one.chapter for one in checks._by_name.values()} == {int(f.stem[-2:]) for f in files}
    for exercise in BOOK.values():
        hints = [mistake.hint for mistake in getattr(exercise, "mistakes", ())]
        said = [exercise.remark, *exercise.hints, *hints, *getattr(exercise, "misses", {}).values()]
        assert len(exercise.hints) >= 2
        assert all(text.endswith((".", "?")) and not RUSHED.search(text) for text in said)
        assert exercise.name.isidentifier()


@pytest.mark.parametrize("name", BOOK)
def test_a_check_has_a_hint_for_each_wrong_option_or_for_three_mistakes(name):
    exercise, rows = BOOK[name], ANSWERS.get(name, {}).values()
    if isinstance(exercise, kinds.Choice):
        assert len(exercise.misses) == len(exercise.options) - 1
    else:
        hints = {mistake.hint for mistake in getattr(exercise, "mistakes", ())}
        assert len(hints | {said for said in rows if said not in ("", "...")}) >= 3


@pytest.mark.parametrize("name", COMPUTED)
def test_a_computed_answer_is_right_and_its_typical_mistakes_get_their_hints(name):
    exercise, right = COMPUTED[name], expected(name)
    mistakes = [mistake.gives() for mistake in exercise.mistakes]
    assert exercise.problem(right) == ""
    if isinstance(exercise, kinds.Number):  # no text gives it away
        said = [exercise.remark, *exercise.hints, *(one.hint for one in exercise.mistakes)]
        assert not any(re.search(rf"(?<![\d.]){right:g}(?![\d.])", text) for text in said)
    for mistake, value in zip(exercise.mistakes, mistakes, strict=True):
        same = np.shape(value) == np.shape(right) and not mistake.within
        # On the made-up reviews a mistake may come to what is right.
        same = same and np.allclose(value, right, rtol=0, atol=exercise.tolerance)
        assert exercise.problem(value) == ("" if same else mistake.hint)
    pinned = PINNED | ON_THE_SAMPLE if session.decide_on_reviews() else PINNED
    for value, known in zip([right, *mistakes], pinned.get(name, ()), strict=False):
        np.testing.assert_allclose(value, known, rtol=1e-3, atol=2e-3)


def test_reviews_of_some_lengths_and_those_that_stand_in_both_halves_are_counted(monkeypatch):
    halves = ([[1], [1, 2], [1, 2]], [0, 1, 1]), ([[1, 2], [3] * 9], [0, 1])
    monkeypatch.setattr(data, "load_data", lambda num_words: halves)
    monkeypatch.setattr(chapter_01, "_lengths", chapter_01._lengths.__wrapped__)
    monkeypatch.setattr(chapter_01, "_repeated", chapter_01._repeated.__wrapped__)
    monkeypatch.setattr(chapter_01, "STRETCHES", (1, 2, -47, -40))
    assert chapter_01._pile() == [3, 2, 3, 3]
    assert chapter_01._pile(first=1, last=48) == [2, 0, 1, 3]
    assert chapter_01._pile(chapter_01.TEST) == [2, 2, 1, 2]
    assert chapter_01._shares_of_the_pile() == pytest.approx([1, 2 / 3, 1, 1])
    assert chapter_01._repeated() == (1, 2)
    assert chapter_01._share() == 0.5


def test_a_comparison_on_the_wrong_reviews_is_named():
    (train, _), (test, _) = load_data(num_words=10_000)
    assert BOOK["depth"].problem(compared(DEPTHS, held_out=len(test))) == base.TEST_SET
    assert BOOK["depth"].problem(compared(DEPTHS, trained_on=len(train))) == (
        "It trained on all the training reviews. Are those that give the scores among them?"
    )


@pytest.mark.parametrize("label", [0, 1])
def test_a_word_that_speaks_for_the_label_is_no_culprit(label, monkeypatch):
    def says(texts):
        speaks = [("pro" in text) - 2 * ("contra" in text) for text in texts]
        return 0.5 + (2 * label - 1) * 0.1 * np.array(speaks)

    monkeypatch.setattr(capstone, "probabilities_of", says)
    worst = ["pro, contra, a and so on"]
    for culprit, hint in (("contra", ""), ("So", ""), ("pro", "Without that word, the label")):
        found = capstone._culprit_problem(culprit, worst, np.array([0.5]), np.array([label]))
        assert found.startswith(hint)
        assert bool(found) == bool(hint)


def test_the_books_network_of_the_capstone_has_learned_the_training_reviews():
    train, labels = load_data(num_words=10_000)[0]
    assert capstone.book_network().evaluate(multi_hot_sparse(train), labels)[1] > 0.85
