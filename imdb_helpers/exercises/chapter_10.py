"""The exercises of chapter 10, "Experiments"."""

from collections.abc import Iterable
from itertools import product
from typing import Any

from imdb_helpers.exercises.base import TEST_SET, Exercise, Mistake
from imdb_helpers.exercises.capstone import capstone_problem
from imdb_helpers.exercises.kinds import Function, Number, Object

# What the question gives, in thousandths.
DIFFERENCES = (4, 3, -1, 5, 2)
BOOK = {"hidden": (16, 16)}


def _share(reaches: Any) -> float:
    sums = [
        sum(sign * abs(d) for sign, d in zip(signs, DIFFERENCES, strict=True))
        for signs in product((1, -1), repeat=len(DIFFERENCES))
    ]
    return sum(map(reaches, sums)) / len(sums)


def _two_sided() -> float:
    return _share(lambda total: abs(total) >= sum(DIFFERENCES))


def _one_sided() -> float:
    return _share(lambda total: total >= sum(DIFFERENCES))


def _counted() -> float:
    return _two_sided() * 2 ** len(DIFFERENCES)


def _comparison() -> type:
    from imdb_helpers.comparison import Comparison

    return Comparison


def _unfair(comparison: Any) -> str:
    """Return what is wrong with a comparison, whatever it compares; "" for nothing."""
    from imdb_helpers.data import load_data

    (train, _), (test, _) = load_data(num_words=10000)
    if comparison.held_out == len(test):
        return TEST_SET
    if comparison.trained_on == len(train):
        return "It trained on all the training reviews. Are those that give the scores among them?"
    if comparison.note:
        return "So few runs cannot give a verdict. What does the last line under the table say?"
    return ""


def _changed(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what differs from the book's network."""
    usual = {
        **BOOK,
        "activation": "relu",
        "loss": "binary_crossentropy",
        "epochs": 4,
        "batch_size": 512,
    }
    widths = tuple(settings.get("hidden", (16, 16)))
    settings = {**settings, "hidden": widths}
    return {key: value for key, value in settings.items() if usual.get(key) != value}


def _differs(comparison: Any, things: Iterable[str]) -> str:
    """Return a hint if a variant changes anything but one of some things."""
    for name, settings in comparison.variants.items():
        changed = set(_changed(settings))
        if changed - set(things):
            others = ", ".join(sorted(changed - set(things)))
            return f"{name!r} changes {others}, too. Would you know which change did it?"
        if len(changed) > 1:
            return f"{name!r} changes two things at once. Which of them did it?"
    return ""


def _depths(comparison: Any) -> str:
    widths = [tuple(s.get("hidden", (16, 16))) for s in comparison.variants.values()]
    missing = {1, 2, 3} - set(map(len, widths))
    if missing:
        return f"No variant has as many hidden layers as this: {min(missing)}."
    if any(set(layers) != {16} for layers in widths if len(layers) in (1, 2, 3)):
        return "A layer has another width than 16: that is a second change."
    if len(tuple(comparison.variants[comparison.reference].get("hidden", (16, 16)))) != 2:
        return "The reference is another one than two layers. What comes first is the reference."
    return _differs(comparison, ["hidden"]) or _unfair(comparison)


def _widths(comparison: Any) -> str:
    layers = [tuple(s.get("hidden", (16, 16))) for s in comparison.variants.values()]
    if any(len(each) != 1 for each in layers):
        return "A variant has no single hidden layer; here only the width is to change."
    missing = {4, 8, 16, 32, 64} - {each[0] for each in layers}
    if missing:
        return f"No variant has the width {min(missing)}."
    if tuple(comparison.variants[comparison.reference].get("hidden", ())) != (16,):
        return "The reference has another width than 16. What comes first is the reference."
    return _differs(comparison, ["hidden"]) or _unfair(comparison)


def _others(comparison: Any) -> str:
    changed = [_changed(settings) for settings in comparison.variants.values()]
    if _changed(comparison.variants[comparison.reference]):
        return "The reference is not the book's network: it has settings of its own."
    for wanted in ({"loss": "mse"}, {"activation": "tanh"}):
        (setting,) = wanted
        if not any(setting in each for each in changed):
            return f"No variant changes the {setting}."
        if wanted not in changed:
            return f"Look at the {setting}: the value is another one, or not alone."
    return _differs(comparison, ["loss", "activation"]) or _unfair(comparison)


def _seeds(call: Any) -> str:
    runs, variants = range(10), range(4)
    seeds = [[call(variant, run) for run in runs] for variant in variants]
    if not all(isinstance(seed, int) and seed >= 0 for row in seeds for seed in row):
        return "A seed is an integer, 0 or more."
    if any(len(set(row)) < len(row) for row in seeds):
        return "Two runs of one variant get the same seed: what would ten equal runs show?"
    if any(row != seeds[0] for row in seeds):
        return (
            "Run 0 of one variant has another seed than run 0 of the next. What do "
            "they differ in, then?"
        )
    return ""


EXERCISES: tuple[Exercise, ...] = (
    Number(
        name="pencil",
        expected=_two_sided,
        share=True,
        mistakes=(
            Mistake(
                _one_sided,
                "That is half of what counts. Could luck have gone the other way, too, "
                "and does a sum that is as large count?",
            ),
            Mistake(_counted, "That is how many patterns; asked for is their share of all."),
        ),
        hints=(
            "Add up the five differences first. How far from zero is that?",
            "Each sign may be plus or minus. How many patterns do five signs have?",
            "Begin with all plus, then turn the smallest number, then the next one: from "
            "when on is the sum too small? Then the same from the other side.",
        ),
        remark="One difference that points the other way, and five pairs are far from the "
        "level 0.05. Five pairs never reach it: the best they can do is 2 of 32.",
    ),
    Object(
        name="depth",
        kind=_comparison,
        wanted="The result of compare",
        find=_depths,
        hints=(
            "A variant is a name and what it changes: {} changes nothing.",
            "hidden has one width for each layer, in brackets, also if it is only one.",
        ),
        remark="One thing changed, the same runs for all: now read the column of verdicts, "
        "and then the intervals, which say what the runs leave open.",
    ),
    Object(
        name="width",
        kind=_comparison,
        wanted="The result of compare",
        find=_widths,
        hints=(
            "Five variants, each with one hidden layer; (16,) comes first.",
            "A dictionary in a loop would do, or five lines.",
        ),
        remark="Look at the deviations before you look at the means, and at the dots before "
        "you believe a mean.",
    ),
    Object(
        name="others",
        kind=_comparison,
        wanted="The result of compare",
        find=_others,
        hints=(
            "Three variants: one changes nothing, each of the others one thing.",
            "The settings are called loss and activation, as in Network.",
        ),
        remark='A "worse" holds for four epochs at this learning rate. What else would you '
        "have to try before you say it of the loss itself?",
    ),
    Function(
        name="seeds",
        find=_seeds,
        hints=(
            "Write down the seeds of run 0 for two variants. Are they a pair?",
            "What should a run's luck depend on, and what should it not depend on?",
        ),
        remark="A pair shares its luck, and ten pairs have ten kinds of it.",
    ),
    Object(
        name="capstone",
        kind=lambda: dict,
        wanted="A dictionary with the five entries",
        find=capstone_problem,
        hints=(
            "encode_review takes one text at a time, multi_hot a list of encoded ones.",
            "predict returns a column, one row for each text; [:, 0] makes a plain vector of it.",
            "For a label of 1 the truth got p, for a 0 it got the rest. Which text got least? "
            "Strike out its words one by one, as in chapter 9.",
        ),
        remark="Twenty texts by one writer who knows the network are no test set: they show "
        "what it cannot know, and not how often that matters.",
    ),
)
