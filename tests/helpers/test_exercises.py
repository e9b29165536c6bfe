"""An answer is not attempted, right, or met by a hint that fits it; nothing is given away."""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import imdb_helpers
from imdb_helpers.comparison import Comparison
from imdb_helpers.exercises import base, chapter_01, chapter_02, chapter_10, engine, kinds
from imdb_helpers.exercises.engine import Checks

FOLDER = Path(kinds.__file__).parent
SOLUTION = [1, 2, 8, 9, 20]
COMMON = {"remark": "It shows a thing.", "hints": ("Look here.", "Look there.")}


def problem_of_function(call):
    return "" if [call(n) for n in range(3)] == [0, 1, 4] else "Try it with 2."


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
    kinds.Sequence(name="shares", expected=lambda: [0.9, 0.5], shares=True, **COMMON),
    kinds.Sequence(name="matrix", expected=lambda: np.eye(2, 3), tolerance=0.01, **COMMON),
    kinds.Choice(
        name="side",
        options=("Up", "down", "both"),
        digest=kinds.digest_of("side", "down"),
        misses={"Up": "Which sign has the step?"},
        **COMMON,
    ),
    kinds.Function(name="square", find=problem_of_function, **COMMON),
    kinds.Object(
        name="result",
        kind=lambda: Comparison,
        wanted="The result of compare",
        find=lambda _: "",
        **COMMON,
    ),
)


@pytest.fixture
def check():
    return Checks({3: MADE_UP})


def forgets(n):
    n**2


def stops(n):
    return n / 0


@pytest.mark.parametrize("name", [exercise.name for exercise in MADE_UP])
@pytest.mark.parametrize("answer", [..., [1, ...], (..., ...), {"a": ...}, [[...]]])
def test_an_untouched_cell_is_no_attempt(check, name, answer, capsys):
    getattr(check, name)(answer)
    said = capsys.readouterr().out
    assert said == f"{name}: not attempted yet. Put your answer in place of the dots.\n"


def test_a_function_with_dots_and_a_call_without_an_answer_are_no_attempt(check, capsys):
    check.square(lambda n: ...)
    check.square()
    assert capsys.readouterr().out.count("not attempted yet") == 2


@pytest.mark.parametrize(
    ("name", "answers"),
    [
        ("share", [0.125, 1 / 8, np.float32(0.125), np.array([0.1254]), [0.125], 0.1246]),
        ("index", [87, 87.0, np.int64(87)]),
        ("row", [SOLUTION, tuple(SOLUTION), np.array(SOLUTION), np.array(SOLUTION, "uint8")]),
        ("shares", [[0.9, 0.5]]),
        ("matrix", [np.eye(2, 3), [[1, 0, 0], [0, 1, 0]], np.eye(2, 3, dtype=bool)]),
        ("side", ["down", " Down "]),
        ("square", [lambda n: n**2, lambda n: np.int64(n * n)]),
        ("result", [Comparison({}, {}, "", 0.05, 1, 1)]),
    ],
)
def test_a_right_answer_is_right_and_gets_the_remark(check, name, answers, capsys):
    for answer in answers:
        getattr(check, name)(answer)
        assert capsys.readouterr().out == f"{name}: right. It shows a thing.\n"


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        ("share", None, "The answer is None"),
        ("share", "0.125", "A number is asked for; yours is of type str"),
        ("share", True, "of type bool"),
        ("share", [0.1, 0.2], r"One number is asked for; yours has the shape \(2,\)"),
        ("share", np.ones((2, 2)), r"shape \(2, 2\)"),
        ("share", float("nan"), "no finite number"),
        ("share", 12.5, "per cent"),
        ("share", 12.52, "per cent"),
        ("share", -0.1, "between 0 and 1"),
        ("share", 0.875, "share of all the others"),
        ("share", 0.3, "test half"),
        ("share", 0.126, "Another number"),
        ("share", lambda: 0.125, "of type function"),
        ("index", 84, "off by three"),
        ("index", 90, "off by three"),
        ("index", 86, "Another number"),
        ("row", None, "The answer is None"),
        ("row", "abc", "A list or an array is asked for"),
        ("row", 5, "A list or an array"),
        ("row", ["a", "b"], "Numbers are asked for; the first entry is .*'a'"),
        ("row", [[1], [1, 2]], "differ in length"),
        ("row", [], r"shape is \(0,\)"),
        ("row", SOLUTION[1:], "The first is missing"),
        ("row", SOLUTION[::-1], "turned round"),
        ("row", [1, 2, 5, 6, 17], "off by three"),
        ("row", [1, 2, 8, 9, 19], "1 of 5 entries"),
        ("shares", [90, 50], "per cent"),
        ("shares", [90, 0.5], "1 of 2 entries"),
        ("matrix", np.eye(3, 2), "rows and columns are exchanged"),
        ("matrix", np.eye(3), r"Its shape is \(3, 3\); another one"),
        ("matrix", 1 - np.eye(2, 3), "6 of 6 entries"),
        ("side", None, "The answer is None"),
        ("side", 1, "One of 'Up', 'down', 'both' is asked for; yours is of type int"),
        ("side", "UP", "Which sign"),
        ("side", "both", "Another one fits better"),
        ("side", "sideways", "yours is 'sideways'"),
        ("square", 4, "A function, by its name and without brackets, is asked for"),
        ("square", lambda n: n, "Try it with 2"),
        ("square", forgets, "The answer is None"),
        ("square", stops, "With 0 it stops: ZeroDivisionError"),
        ("square", lambda: 1, "With 0 it stops: TypeError"),
        ("result", 5, "The result of compare is asked for; yours is of type int"),
    ],
)
def test_a_wrong_answer_gets_the_hint_that_fits(check, name, answer, says, capsys):
    getattr(check, name)(answer)
    said = capsys.readouterr().out
    assert said.startswith(f"{name}: not yet. ")
    assert re.search(says, said), said
    assert f"check.{name}.hint()" in said


nonsense = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=9) | st.integers() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=5,
)


@given(nonsense)
def test_no_answer_raises_an_error(answer):
    check = Checks({3: MADE_UP})
    for exercise in MADE_UP:
        getattr(check, exercise.name)(answer)


def test_an_error_of_ours_is_a_sentence(capsys):
    broken = kinds.Number(name="broken", expected=lambda: 1 / 0, **COMMON)
    Checks({1: [broken]}).broken(3)
    said = capsys.readouterr().out
    assert "It could not be checked: ZeroDivisionError" in said
    assert "Traceback" not in said


def test_hints_come_one_by_one_and_end(check, capsys):
    for said in ("Look here.", "Look there.", "That was the last hint.", "That was the last hint."):
        check.share.hint()
        assert capsys.readouterr().out.startswith(said)
    check.share(0.5)
    assert ".hint()" not in capsys.readouterr().out


def test_the_summary_counts_what_is_open_where_something_was_tried(capsys):
    check = Checks({3: MADE_UP[:2], 4: MADE_UP[2:3], 5: MADE_UP[3:]})
    check.summary()
    assert capsys.readouterr().out == "No exercise was checked yet in this session.\n"
    check.share(...)
    check.row(SOLUTION)
    capsys.readouterr()
    check.summary()
    assert capsys.readouterr().out.splitlines() == [
        "Chapter 3: 0 of 2 exercises are right. Open: share, index.",
        "Chapter 4: 1 of 1 exercises are right. Open: none.",
    ]
    check.row([1])
    check.share(0.125)
    capsys.readouterr()
    check.summary()
    assert capsys.readouterr().out.splitlines() == [
        "Chapter 3: 1 of 2 exercises are right. Open: index.",
        "Chapter 4: 0 of 1 exercises are right. Open: row.",
    ]


def test_another_name_is_an_attribute_error_that_says_which_was_meant(check):
    with pytest.raises(
        AttributeError, match=r"no exercise called 'shaer'. Did you mean check.share"
    ):
        check.shaer(1)
    with pytest.raises(AttributeError, match=r"no exercise called 'zzz'\.$"):
        check.zzz  # noqa: B018 - the point is the look-up
    assert not hasattr(check, "_repr_html_")
    assert set(dir(check)) == {*(e.name for e in MADE_UP), "summary"}
    assert repr(check.share) == "check.share(answer) checks an exercise of chapter 3."
    assert "check.name(answer)" in repr(check)


def test_a_name_stands_for_one_exercise():
    with pytest.raises(ValueError, match="expected each only once"):
        Checks({1: MADE_UP[:1], 2: MADE_UP[:1]}).share(1)


# The book's own exercises.

CHAPTERS = sorted(path.stem for path in FOLDER.glob("chapter_*.py"))
EXERCISES = {
    exercise.name: exercise
    for chapter in CHAPTERS
    for exercise in importlib.import_module(f"imdb_helpers.exercises.{chapter}").EXERCISES
}
RUSHED = re.compile(
    r"\b(?:just|simply|simple|obvious\w*|straightforward\w*|trivial\w*|easy)\b", re.I
)


def test_check_finds_the_exercises_of_every_chapter():
    assert set(dir(imdb_helpers.check)) == {*EXERCISES, "summary"}
    assert all(isinstance(exercise, base.Exercise) for exercise in EXERCISES.values())
    assert engine.PACKAGE == "imdb_helpers.exercises"


@pytest.mark.parametrize("name", EXERCISES)
def test_an_exercise_of_the_book_has_a_remark_and_hints_in_good_words(name):
    exercise = EXERCISES[name]
    mistakes = [mistake.hint for mistake in getattr(exercise, "mistakes", ())]
    said = [exercise.remark, *exercise.hints, *mistakes, *getattr(exercise, "misses", {}).values()]
    assert len(exercise.hints) >= 2
    assert all(text.endswith((".", "?")) and not RUSHED.search(text) for text in said)
    assert name.isidentifier()


@pytest.mark.parametrize(
    "name", [name for name, e in EXERCISES.items() if isinstance(e, kinds.Number | kinds.Sequence)]
)
def test_a_computed_answer_is_right_and_its_typical_mistakes_get_their_hints(name):
    exercise = EXERCISES[name]
    expected = exercise.expected()
    assert exercise.problem(expected) == ""
    said = [exercise.remark, *exercise.hints, *(mistake.hint for mistake in exercise.mistakes)]
    if isinstance(exercise, kinds.Number):
        assert not any(re.search(rf"(?<![\d.]){expected:g}(?![\d.])", text) for text in said)
        assert exercise.problem(str(expected))
        assert exercise.problem([expected, expected])
    for mistake in exercise.mistakes:
        # On the made-up reviews a mistake may come to what is right.
        given_ = mistake.gives()
        assert exercise.problem(given_) in ("", mistake.hint)
        assert exercise.problem(given_) or np.allclose(given_, expected, atol=exercise.tolerance)


def test_the_pencil_exercise_of_chapter_10_knows_its_mistakes(capsys):
    expected = 4 / 32
    check = Checks({10: chapter_10.EXERCISES})
    check.pencil(expected)
    assert "right" in capsys.readouterr().out
    for answer, says in (
        (2 / 32, "the other way"),
        (4, "share of all"),
        (12.5, "per cent"),
        (0.875, "others"),
    ):
        check.pencil(answer)
        assert says in capsys.readouterr().out


def test_a_forgotten_offset_is_named():
    sentence, right = EXERCISES["sentence"], chapter_02._encoded()
    assert "ranks" in sentence.problem([1, *(index - 3 for index in right[1:])])
    assert sentence.problem([index + 3 for index in right]) == base.SHIFTED
    assert "begin with" in sentence.problem(right[1:])


def test_medians_and_twins_are_computed_from_what_is_loaded():
    negative, positive = chapter_01._medians()
    assert "turned round" in EXERCISES["medians"].problem([positive, negative]) or (
        negative == positive
    )
    found, all_of_them = chapter_01._repeated()
    assert chapter_01._share() == found / all_of_them


def compared(variants, runs=10, trained_on=99, held_out=40, reference=None):
    scores = {name: np.linspace(0.8, 0.9, runs) for name in variants}
    reference = reference or next(iter(variants))
    return Comparison(variants, scores, reference, 0.05, trained_on, held_out)


DEPTHS = {"two": {}, "one": {"hidden": (16,)}, "three": {"hidden": [16, 16, 16]}}
WIDTHS = {str(n): {"hidden": (n,)} for n in (16, 4, 8, 32, 64)}
OTHERS = {"book": {"epochs": 4}, "mse": {"loss": "mse"}, "tanh": {"activation": "tanh"}}


@pytest.mark.parametrize(
    ("name", "variants", "says"),
    [
        ("depth", DEPTHS, ""),
        ("depth", {"two": {}, "one": {"hidden": (16,)}}, "No variant has as many .*: 3"),
        ("depth", DEPTHS | {"one": {"hidden": (4,)}}, "another width than 16"),
        (
            "depth",
            DEPTHS | {"one": {"hidden": (16,), "epochs": 9}},
            "two things at once|changes epochs",
        ),
        ("width", WIDTHS, ""),
        ("width", {k: v for k, v in WIDTHS.items() if k != "32"}, "No variant has the width 32"),
        ("width", WIDTHS | {"two": {}}, "no single hidden layer"),
        ("width", dict(sorted(WIDTHS.items(), key=lambda kv: int(kv[0]))), "another width than 16"),
        ("width", WIDTHS | {"4": {"hidden": (4,), "l2": 0.1}}, "changes l2"),
        ("others", OTHERS, ""),
        ("others", {"tanh": OTHERS["tanh"], **OTHERS}, "not the book's network"),
        ("others", {"book": {}, "mse": {"loss": "mse"}}, "No variant changes the activation"),
        ("others", {**OTHERS, "mse": {"loss": "mse", "hidden": (4,)}}, "Look at the loss"),
        ("others", {**OTHERS, "x": {"loss": "mse", "activation": "tanh"}}, "two things at once"),
    ],
)
def test_a_comparison_is_judged_by_its_properties(name, variants, says):
    said = EXERCISES[name].problem(compared(variants))
    assert re.search(says, said) if says else said == "", said


def test_a_comparison_on_the_wrong_reviews_or_with_few_runs_is_named():
    from imdb_helpers import load_data

    (train, _), (test, _) = load_data(num_words=10000)
    for changed, says in (
        ({"held_out": len(test)}, "test half"),
        ({"trained_on": len(train)}, "among them"),
        ({"runs": 5}, "last line"),
    ):
        assert says in EXERCISES["depth"].problem(compared(DEPTHS, **changed))


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda variant, run: run, ""),
        (lambda variant, run: 7 * run + 3, ""),
        (lambda variant, run: 10 * variant + run, "another seed than run 0 of the next"),
        (lambda variant, run: 42, "same seed"),
        (lambda variant, run: run / 2, "A seed is an integer"),
        (lambda variant, run: -run, "A seed is an integer"),
        (lambda run: run, "it stops: TypeError"),
    ],
)
def test_seeds_make_pairs_or_it_is_said_what_they_make(function, says):
    said = EXERCISES["seeds"].problem(function)
    assert re.search(says, said) if says else said == "", said
