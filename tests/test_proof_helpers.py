"""`tests.proof.helpers` damages what it says it does, and accepts no proof with a hole in it."""

import subprocess

import pytest
from mutmut import configuration
from mutmut.mutation import file_mutation
from mutmut.mutation.data import MutantLineSpans, SourceFileMutationData

from tests.notebooks.chapters import ROOT
from tests.proof import helpers, operators
from tests.proof.code_results import KILLED, SURVIVED, TIMEOUT, Mutant, read_reasons, results

SOURCE = '''"""A module of which every function is damaged."""

LIMIT = 3


def near(number, limit=LIMIT):
    """Say whether a number is near 5."""
    # The comment counts as a line, too.
    if number < limit and "word" not in {"word": None}:
        return "a message", not number
    return [part for part in (number,) if part]


class Shelf:
    """A class."""

    def add(self, count):
        """Add, or do not."""
        self.size += count if count else 5
        return (
            self.size
            * 2
        )
'''
CONDITION = 'if number < limit and "word" not in {"word": None}:'
SIZE = "self.size += count if count else 5"
DAMAGES = [
    ("near", 12, "", ""),  # the controls, at the end of what is compared
    ("Shelf.add", 24, "", ""),
    ("near", 9, CONDITION, 'if not (number < limit and "word" not in {"word": None}):'),
    ("near", 9, CONDITION, 'if number < limit or "word" not in {"word": None}:'),
    ("near", 9, CONDITION, 'if number <= limit and "word" not in {"word": None}:'),
    ("near", 9, CONDITION, 'if number < limit and "word" in {"word": None}:'),
    ("near", 10, 'return "a message", not number', 'return "a message", number'),
    ("Shelf.add", 19, SIZE, "self.size = count if count else 5"),
    ("Shelf.add", 19, SIZE, "self.size -= count if count else 5"),
    ("Shelf.add", 19, SIZE, "self.size += count if (count) and False else 5"),
    ("Shelf.add", 19, SIZE, "self.size += count if (count) or True else 5"),
    ("Shelf.add", 19, SIZE, "self.size += count if count else 6"),
    ("Shelf.add", 19, SIZE, "self.size += count if count else (4)"),
    ("Shelf.add", 21, "self.size * 2", "self.size / 2"),
    ("Shelf.add", 22, "* 2", "* 3"),
    ("Shelf.add", 22, "* 2", "* (1)"),
]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """Return a folder with one module, and tell mutmut of it what it is told of the helpers."""
    (tmp_path / "imdb_helpers").mkdir()
    (tmp_path / "imdb_helpers" / "room.py").write_text(SOURCE, "utf-8")
    (tmp_path / "pyproject.toml").write_text(helpers.settings("rooms"), "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(file_mutation, "mutation_operators", operators.OPERATORS)
    configuration.reset_config()
    yield tmp_path
    configuration.reset_config()


def tried(copy, codes, sampled=False):
    """Damage the module as mutmut does, and let it end in these ways, one after the other."""
    path = "imdb_helpers/room.py"
    mutated = file_mutation.mutate_file_contents(path, SOURCE)
    (copy / "mutants" / "imdb_helpers").mkdir(parents=True)
    (copy / "mutants" / path).write_text(mutated.code, "utf-8")
    MutantLineSpans(path=path, span_by_function_name=mutated.line_span_by_function_name).save()
    data = SourceFileMutationData(path=path)
    names = [f"imdb_helpers.room.{name}" for name in mutated.mutant_names]
    data.exit_code_by_key = dict(zip(names, codes * len(names), strict=False))
    data.save()
    return list(results(copy, sampled))


def test_what_is_computed_is_damaged_and_no_text(copy):
    found = [(m.function, m.line, m.before, m.after) for m in tried(copy, [0])]
    assert sorted(found) == sorted(DAMAGES)


def test_each_end_of_a_run_has_a_meaning(copy):
    found = [mutant.outcome for mutant in tried(copy, [0, 33, 1, 3, -11, -24, None], sampled=True)]
    assert found[:6] == [SURVIVED, SURVIVED, KILLED, KILLED, KILLED, TIMEOUT]
    assert len(found) == len(DAMAGES) - 2, "what was not drawn is no result"


@pytest.mark.parametrize("code", [255, 2, None])
def test_an_end_without_a_meaning_stops_the_proof(copy, code):
    with pytest.raises(RuntimeError, match=f"ended with {code}, which says nothing"):
        tried(copy, [0, code])


def test_a_seed_draws_the_same_damages_each_time(copy):
    first, again, other = (operators.drawn("5", seed) for seed in "112")
    assert first == again != other
    assert len(set(first)) == 5


@pytest.fixture
def few_are_enough(monkeypatch):
    monkeypatch.setattr(helpers, "FEWEST", 0)


def made(killed, survived):
    """Return some mutants, each on a line of its own."""
    outcomes = [KILLED] * killed + [SURVIVED] * survived
    return [
        Mutant("imdb_helpers/room.py", "near", line, f"{line} < 5", f"{line} <= 5", outcome)
        for line, outcome in enumerate(outcomes)
    ]


def reasons_for(mutants):
    return {mutant.key: "it is the same" for mutant in mutants if mutant.outcome == SURVIVED}


@pytest.mark.usefixtures("few_are_enough")
def test_nine_of_ten_are_enough_and_fewer_are_not():
    enough, few = made(9, 1), made(8, 1)
    assert helpers.shortcomings(enough, reasons_for(enough), complete=True) == []
    (wrong,) = helpers.shortcomings(few, reasons_for(few), complete=True)
    assert wrong == "88.9% were killed, under 90%"
    assert helpers.shortcomings(few, reasons_for(few), complete=False) == []


@pytest.mark.usefixtures("few_are_enough")
def test_a_test_that_fails_without_a_damage_is_no_proof():
    control = Mutant("imdb_helpers/room.py", "near", 9, "", "", KILLED)
    (wrong,) = helpers.shortcomings([*made(9, 0), control], {}, complete=True)
    assert wrong == "killed without a damage: imdb_helpers/room.py, near"
    control = Mutant("imdb_helpers/room.py", "near", 9, "", "", SURVIVED)
    assert helpers.shortcomings([*made(9, 0), control], {}, complete=True) == []


def test_few_damages_are_no_proof_but_of_a_sample():
    assert helpers.shortcomings(made(9, 0), {}, complete=False) == []
    (wrong,) = helpers.shortcomings(made(9, 0), {}, complete=True)
    assert wrong.startswith("9 damages were tried, and ")


@pytest.mark.usefixtures("few_are_enough")
def test_a_survivor_without_a_reason_is_named():
    mutants = made(99, 1)
    (wrong,) = helpers.shortcomings(mutants, {}, complete=True)
    assert "no reason in survivors.toml" in wrong
    assert "99 < 5" in wrong


@pytest.mark.parametrize(("complete", "outdated"), [(True, 2), (False, 1)])
def test_a_reason_for_what_is_no_survivor_is_out_of_date(complete, outdated):
    mutants = made(2, 0)
    gone = ("imdb_helpers/room.py", "gone", "a < b", "a <= b")
    reasons = {mutants[0].key: "once it was", gone: "not drawn, or no longer in the code"}
    wrong = helpers.shortcomings(mutants, reasons, complete)
    assert len([line for line in wrong if "a reason, but no survivor" in line]) == outdated


def test_the_report_has_a_row_for_each_module_and_fails(monkeypatch, capsys):
    mutants = made(3, 1)
    monkeypatch.setattr(helpers, "run", lambda *_: None)
    monkeypatch.setattr(helpers, "results", lambda folder, _: mutants * (folder.name == "rooms"))
    assert helpers.main([]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[1].split() == ["imdb_helpers/room.py", "4", "3", "1", "0", "75.0%"]
    assert printed[2].split() == ["all", "4", "3", "1", "0", "75.0%"]
    place = printed.index("imdb_helpers/room.py:3  3 < 5  ->  3 <= 5")
    assert printed[place + 1].strip() == "NO REASON"


def test_a_tool_that_fails_is_no_proof(monkeypatch, capsys):
    def fails(*_):
        raise RuntimeError("mutmut did not come to an end; see its log")

    monkeypatch.setattr(helpers, "run", fails)
    assert helpers.main(["--quick"]) == 1
    assert "see its log" in capsys.readouterr().out


def test_the_copy_holds_what_git_knows_or_would_and_no_more(tmp_path, monkeypatch):
    for name in ("tracked", "new", "ignored", "deleted"):
        (tmp_path / name).write_text(name, "utf-8")
    (tmp_path / ".gitignore").write_text("ignored\ncopy\n", "utf-8")
    for command in (["init", "-q"], ["add", ".gitignore", "tracked", "deleted"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    (tmp_path / "deleted").unlink()
    monkeypatch.setattr(helpers, "ROOT", tmp_path)
    for _ in range(2):
        helpers.fresh_copy(tmp_path / "copy")
        names = sorted(path.name for path in (tmp_path / "copy").iterdir())
        assert names == [".gitignore", "new", "tracked"]
        (tmp_path / "copy" / "left over").touch()


def test_each_reason_is_one_and_its_code_is_there():
    for (module, function, before, _), reason in read_reasons().items():
        source = (ROOT / module).read_text("utf-8")
        assert before in " ".join(source.split()), f"{module}, {function}: {before}"
        assert f"def {function.rpartition('.')[2]}(" in source
        assert len(reason.split()) > 5


@pytest.mark.parametrize("test", helpers.NOT_HERE)
def test_what_is_left_out_is_a_test(test):
    file, _, name = test.partition("::")
    assert f"def {name}(" in (ROOT / "tests" / f"test_{file}").read_text("utf-8")


@pytest.mark.parametrize("part", helpers.PARTS)
def test_what_is_selected_is_there(part):
    for argument in helpers.PARTS[part]["pytest_add_cli_args_test_selection"]:
        if not argument.startswith("-"):
            file, _, name = argument.partition("::")
            assert f"def {name}" in (ROOT / file).read_text("utf-8")
