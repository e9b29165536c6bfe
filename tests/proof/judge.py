"""What the suite says of the notebooks and pages of a book, without running anything.

A test session runs a chapter and compares; here the outputs are those of one stored execution. All
else is what the tests do with the files: the same functions, on another folder.
"""

from collections.abc import Callable, Iterable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache, lru_cache, wraps
from pathlib import Path

from nbval.plugin import coalesce_streams

from tests.notebooks.chapters import ROOT, code_cells, notebook_paths, read_chapter
from tests.notebooks.compare import compare_outputs
from tests.notebooks.facts import Fact, Pattern, check_facts, read_facts
from tests.notebooks.prose import (
    Piece,
    check_bound,
    check_chapter_links,
    check_unbound,
    pages,
    read_pieces,
)
from tests.notebooks.register import REGISTER, check_register, read_register
from tests.notebooks.rules import rules_for, saved_by_an_editor, too_many_free_cells

PAGES_REMEMBERED, PIECES_REMEMBERED = 64, 1024


@dataclass(frozen=True)
class Case:
    """A book, one execution of its notebooks, and the files that the suite reads besides."""

    book: Path
    executed: Path
    facts: Path = ROOT / "tests" / "prose_facts.toml"
    register: Path = REGISTER


Check = Callable[[Case], list[str]]


def of_each_notebook(check: Callable[[Case, Path], list[str]]) -> Check:
    """Make a check of one notebook a check of the book; the same content is judged once."""

    @lru_cache(PAGES_REMEMBERED)
    def judged(case: Case, path: Path, *contents: bytes) -> list[str]:
        return [f"{path.stem}, {problem}" for problem in check(case, path)]

    @wraps(check)
    def of_the_book(case: Case) -> list[str]:
        problems = []
        for path in notebook_paths(case.book):
            contents = [file.read_bytes() for file in (path, case.executed / path.name)]
            problems += judged(case, path, *contents)
        return problems

    return of_the_book


@of_each_notebook
def keeps_the_rules(case: Case, path: Path) -> list[str]:
    """The rules for its kind of page, as in ``test_chapters``."""
    notebook = read_chapter(path)
    return [problem for rule in rules_for(path.stem) for problem in rule(notebook)]


@of_each_notebook
def is_tidy(case: Case, path: Path) -> list[str]:
    """The file is as ``make run`` writes it, as in ``test_chapters``."""
    return saved_by_an_editor(path)


@of_each_notebook
def policies_are_registered(case: Case, path: Path) -> list[str]:
    """No cell is compared less strictly than its register says."""
    return check_register(read_chapter(path), path.stem, _register(case.register))


_register = cache(read_register)


@of_each_notebook
def outputs_agree(case: Case, path: Path) -> list[str]:
    """The stored outputs are those of the execution, as the session's plugin compares them."""
    executed = {cell.id: cell for cell in code_cells(read_chapter(case.executed / path.name))}
    problems = []
    for cell in code_cells(read_chapter(path)):
        if cell.id not in executed or executed[cell.id].source != cell.source:
            problems.append(f"{cell.id}: not executed as it is")
        elif cell.execution_count is None:
            problems.append(f"{cell.id}: the stored cell was never run")
        else:
            both = (cell.outputs, executed[cell.id].outputs)
            sides = (coalesce_streams(deepcopy(outputs)) for outputs in both)  # it changes them
            found = compare_outputs(cell.metadata.get("check"), *sides)
            problems += [f"{cell.id}: {problem}" for problem in found]
    return problems


def few_cells_are_free(case: Case) -> list[str]:
    """Nearly every cell is compared, as in ``test_chapters``."""
    return too_many_free_cells(
        {path.stem: read_chapter(path) for path in notebook_paths(case.book)}
    )


def bound_numbers_agree(case: Case) -> list[str]:
    """Numbers in prose are those of the stored outputs, as in ``test_prose``."""
    return [problem for piece in _prose(case) for problem in check_bound(piece, case.book)]


def other_numbers_are_asserted(case: Case) -> list[str]:
    """Every other number in prose is a fact, and every fact is used, as in ``test_prose``."""
    facts, problems = _read_facts(case.facts), []
    for piece in _prose(case):
        said, used = _asserted(case.facts, _Said(piece))
        problems += said
        for number in used:  # as `check_unbound` notes it
            if isinstance(facts[number], Fact):
                facts[number].used_on.add(piece.page)
            else:
                facts[number].is_used = True
    return problems + check_facts(facts)


def _prose(case: Case) -> Iterable[Piece]:
    return (piece for page in pages(case.book) for piece in read_pieces(page))


class _Said:
    """A piece of prose that is the same as another one when it says the same."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.words = (piece.page, piece.place, piece.text, *piece.numbers.items())

    def __hash__(self) -> int:
        return hash(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Said) and self.words == other.words


@lru_cache(PIECES_REMEMBERED)
def _asserted(path: Path, said: _Said) -> tuple[list[str], list[int]]:
    """Return what is wrong with a piece of prose, and which entries stand for its numbers."""
    facts = _read_facts(path)
    problems = check_unbound(said.piece, facts) + check_chapter_links(said.piece)
    pairs = zip(facts, _read_facts(path), strict=True)
    return problems, [number for number, (noted, fresh) in enumerate(pairs) if noted != fresh]


def _read_facts(path: Path) -> list[Fact | Pattern]:
    """Return the entries of a file, not used yet. That their tests exist is for ``test_prose``."""
    return [
        replace(entry, test="", used_on=set()) if isinstance(entry, Fact) else replace(entry)
        for entry in _facts_of(path)
    ]


_facts_of = cache(read_facts)


CHECKS: tuple[Check, ...] = (
    keeps_the_rules,
    is_tidy,
    policies_are_registered,
    outputs_agree,
    few_cells_are_free,
    bound_numbers_agree,
    other_numbers_are_asserted,
)


def problems(case: Case, checks: Iterable[Check] = CHECKS) -> list[str]:
    """Return what is wrong with a book, as the suite would say it."""
    read_chapter.cache_clear()  # a file may have changed since
    return [problem for check in checks for problem in check(case)]
