"""The proof is one: it makes every kind of damage, sees a missing check, and fails if it must."""

from random import Random

import pytest

from tests.notebooks.numbers import Allowance, to_float
from tests.proof import __main__ as proof
from tests.proof import damage, harmless, mutants, small
from tests.proof.judge import (
    CHECKS,
    bound_numbers_agree,
    few_cells_are_free,
    is_tidy,
    keeps_the_rules,
    other_numbers_are_asserted,
    outputs_agree,
    policies_are_registered,
    problems,
)
from tests.proof.places import BEYOND, moved

ANOTHER = damage.Mutant("label changed", "00_small.ipynb", "losses", "an axis", "")


@pytest.fixture
def original(tmp_path):
    """Return the small book, which is its own execution."""
    return small.write_book(tmp_path / "original")


@pytest.fixture
def case(original, tmp_path):
    """Return a copy of the small book, to be damaged."""
    return mutants.copied(original, tmp_path / "copy")


def test_every_kind_of_damage_is_made_and_noticed(case):
    results = list(mutants.damaged(case, seed=0, each=2))
    assert {result.change.kind for result in results} == set(damage.KINDS)
    assert [str(result.change) for result in results if not result.right] == []
    assert problems(case) == []  # every page was put back


def test_every_kind_of_harmless_change_is_made_and_passes(case):
    results = list(mutants.unharmed(case, seed=0, each=4))
    assert {result.change.kind for result in results} == set(harmless.KINDS)
    assert [(str(result.change), result.said) for result in results if not result.right] == []


@pytest.mark.parametrize(
    ("check", "missed"),
    [
        (keeps_the_rules, "cells out of order"),
        (policies_are_registered, "tolerance widened"),
        (outputs_agree, "number of a figure"),
        (bound_numbers_agree, "number in prose"),
        (other_numbers_are_asserted, "binding dropped, number changed"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_damage_passes_where_a_check_is_missing(case, monkeypatch, check, missed):
    monkeypatch.setattr(damage, "KINDS", {missed: damage.KINDS[missed]})
    others = [one for one in CHECKS if one is not check]
    assert not all(result.right for result in mutants.damaged(case, 0, 8, others))
    assert all(result.right for result in mutants.damaged(case, 0, 8))


@pytest.mark.parametrize(
    ("check", "old", "new", "said"),
    [
        (is_tidy, '"nbformat": 4,', '"nbformat" : 4,', "saved by an editor"),
        (few_cells_are_free, '"exact"', '"free", "reason": "x"', "is free"),
        (outputs_agree, '"load()"', '"load(8)"', "read: not executed as it is"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_no_kind_of_damage_does_is_noticed_too(case, check, old, new, said):
    path = case.book / "00_small.ipynb"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert said in "\n".join(problems(case, [check]))


def test_the_same_seed_makes_the_same_damage(case):
    first, again, other = (
        [mutant.text for mutant in damage.generate(case.book, damage.KINDS, seed, 2)]
        for seed in (0, 0, 1)
    )
    assert first == again != other
    assert len(set(first)) == len(first)


@pytest.mark.parametrize("written", ["0.885", "12,500", "-2.5", "0", "0.000", "9.995", "3972"])
@pytest.mark.parametrize("allowance", [Allowance(0.02, 1e-6), Allowance(1e-3, 0.01)])
def test_a_moved_number_is_beyond_its_allowance_or_within(written, allowance):
    for seed in range(20):
        beyond = to_float(moved(written, allowance, Random(seed), BEYOND))
        apart = abs(beyond - to_float(written))
        assert apart > max(allowance.of(beyond), allowance.of(to_float(written)))
        within = to_float(moved(written, allowance, Random(seed), harmless.WITHIN))
        assert abs(within - to_float(written)) <= allowance.of(to_float(written))


def test_what_is_no_proof():
    right, wrong = (mutants.Result(ANOTHER, answer, "") for answer in (True, False))
    assert mutants.shortcomings([right] * 3, [right] * 2, (3, 2)) == []
    assert mutants.shortcomings([right, wrong], [right]) == [f"not noticed: {ANOTHER}"]
    assert "refused" in mutants.shortcomings([right], [right, wrong])[0]
    few = mutants.shortcomings([right] * 2, [], (3, 1))
    assert few[0] == "2 mutants were made, and 3 are wanted"
    assert few[1] == "0 harmless changes were made, and 1 are wanted"
    rows = mutants.table([right, wrong], damage.KINDS, ("kind", "mutants", "caught"))
    assert "label changed                             2       1" in rows


def test_the_command(original, monkeypatch, capsys):
    monkeypatch.setattr(mutants, "BOOK", original.book)
    monkeypatch.setattr(mutants, "originals", lambda executed, folder: {"real": original})
    arguments = ["--executed", str(original.executed), "--each", "1"]
    assert mutants.main(arguments) == 1
    assert f"{len(damage.KINDS)} mutants were made, and 300 are wanted" in capsys.readouterr().out
    monkeypatch.setattr(mutants, "FEWEST", (1, 1))
    assert mutants.main([*arguments, "--list"]) == 0
    assert "label changed: 00_small.ipynb, losses: " in capsys.readouterr().out


def test_the_command_wants_an_execution_of_this_book_and_a_clean_one(
    original, tmp_path, monkeypatch, capsys
):
    copy = mutants.copied(original, tmp_path / "elsewhere")
    executed = []
    monkeypatch.setattr(mutants, "BOOK", copy.book)
    monkeypatch.setattr(mutants, "execute", executed.append)
    assert mutants.main(["--executed", str(tmp_path / "nowhere")]) == 1
    assert "there is no execution of 00_small" in capsys.readouterr().out
    assert executed == [tmp_path / "nowhere"]
    assert mutants.main(["--executed", str(copy.executed)]) == 1  # with the real book's facts
    assert "the real book, undamaged:\n" in capsys.readouterr().out
    path = copy.book / "07_other.ipynb"
    path.write_text(path.read_text("utf-8").replace("x = 1", "x = 2"), encoding="utf-8")
    assert mutants.main(["--executed", str(copy.executed)]) == 1
    assert "07_other was changed after it was executed" in capsys.readouterr().out
    assert executed == [tmp_path / "nowhere", copy.executed]


@pytest.mark.parametrize(
    ("words", "status", "ran"),
    [
        ([], 1, [("notebooks", []), ("helpers", [])]),
        (["notebooks", "--seed", "1"], 0, [("notebooks", ["--seed", "1"])]),
        (["helpers", "--quick"], 1, [("helpers", ["--quick"])]),
        (["--quick"], 2, []),
    ],
)
def test_a_half_can_be_had_alone(monkeypatch, words, status, ran):
    called = []
    for name, found in (("notebooks", 0), ("helpers", 1)):
        half = lambda given, name=name, found=found: called.append((name, given)) or found  # noqa: E731
        monkeypatch.setitem(proof.HALVES, name, half)
    assert proof.main(words) == status
    assert called == ran
