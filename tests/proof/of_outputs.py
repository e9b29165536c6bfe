"""Damage to stored outputs: their numbers, words and rows, and whole outputs."""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random

from nbformat import NotebookNode
from nbformat.v4 import new_output

from tests.notebooks.chapters import stored_text
from tests.notebooks.figure_data import METADATA_KEY
from tests.notebooks.numbers import NUMBER, is_integer
from tests.proof.places import BEYOND, RICHER, Edit, Place, changed, code, moved, other_digit, shown

DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
WORD = re.compile(r"(?<![\w<&/])[A-Za-z]{3,}(?!\w)")
ROW = re.compile(r"<tr\b.*?</tr>\s*|[^\n<]*\w[^\n<]*\n?", re.DOTALL)
WORDS_OF_A_TEXT = 4  # tried in one output: a page of source code has hundreds


def beyond_tolerance(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A number is a little further off than its policy allows."""
    for cell, policy, text, put in shown(notebook):
        for match in NUMBER.finditer(text) if policy.name == "approx" else ():
            exact = policy.allowance.exact_integers and is_integer(match.group())
            if not exact and re.fullmatch(r"[^eE]*\d", match.group()):
                new = moved(match.group(), policy.allowance, random, BEYOND)
                damaged = changed(text, *match.span(), new)
                if policy.sanitise(damaged) != policy.sanitise(text):
                    yield cell.id, f"{match.group()} became {new}", put(damaged)


def digit_of_an_integer(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """The last digit of a whole number is another one."""
    yield from _digits(notebook, random, wanted=is_integer)


def digit_of_a_decimal(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """The last digit of a decimal is another one, where outputs are compared exactly."""
    yield from _digits(notebook, random, wanted=lambda written: not is_integer(written))


def _digits(notebook: NotebookNode, random: Random, wanted: Callable) -> Iterator[Place]:
    for cell, policy, text, put in shown(notebook):
        exact = policy.name != "approx"
        if not exact and not policy.allowance.exact_integers:
            continue
        for match in (DIGITS if exact else NUMBER).finditer(text):
            written = match.group()
            if wanted(written) and (exact or is_integer(written)) and written[-1].isdigit():
                new = other_digit(written, random)
                damaged = changed(text, *match.span(), new)
                if policy.sanitise(damaged) != policy.sanitise(text):
                    yield cell.id, f"{written} became {new}", put(damaged)


def another_word(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A word of an output, such as a row's label, is replaced by another one of it."""
    for cell, policy, text, put in shown(notebook):
        matches = list(WORD.finditer(text))
        for match in random.sample(matches, min(len(matches), WORDS_OF_A_TEXT)):
            others = sorted({other.group() for other in matches} - {match.group()}) or ["other"]
            new = random.choice(others)
            damaged = changed(text, *match.span(), new)
            if policy.sanitise(damaged) != policy.sanitise(text):
                yield cell.id, f"{match.group()!r} became {new!r}", put(damaged)


def lost_row(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """One row of several is missing."""
    for cell, _, text, put in shown(notebook):
        rows = [match for match in ROW.finditer(text) if match.group().strip()]
        for row in rows if len(rows) > 1 else ():
            damaged = changed(text, *row.span(), "")
            yield cell.id, f"without the row {row.group().strip()[:40]!r}", put(damaged)


def dropped(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """An output is missing, or the part of it that a reader sees, or the data of a figure."""
    for index, cell, _ in code(notebook):
        for place, output in enumerate(cell.outputs):
            yield cell.id, f"without output {place + 1}", _on(index, lambda o, p=place: o.pop(p))
            for kind in RICHER:
                if kind in output.get("data", {}):
                    edit = _on(index, lambda o, p=place, k=kind: o[p].data.pop(k))
                    yield cell.id, f"without {kind}", edit
            if METADATA_KEY in output.get("metadata", {}):
                edit = _on(index, lambda o, p=place: o[p].metadata.pop(METADATA_KEY))
                yield cell.id, "without the data of the figure", edit


def duplicated(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """An output stands there twice."""
    for index, cell, _ in code(notebook):
        for place, output in enumerate(cell.outputs):
            edit = _on(index, lambda o, p=place, again=output: o.insert(p, deepcopy(again)))
            yield cell.id, f"output {place + 1} twice", edit


def of_another_cell(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A cell has the outputs of another cell that displays the same kinds and other words."""
    for index, cell, _ in code(notebook):
        for _, other, _ in code(notebook):
            alike = cell.outputs and _kinds(cell) == _kinds(other)
            if alike and _words(cell) != _words(other):
                edit = _replacing(index, other.outputs)
                yield cell.id, f"the outputs of {other.id}", edit


def error_stored(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A cell that runs well has an error, or a warning, among its outputs or instead of them."""
    error = new_output("error", ename="ValueError", evalue="no reviews", traceback=["no reviews"])
    warning = new_output("stream", name="stderr", text="UserWarning: no reviews\n")
    for index, cell, _ in code(notebook):
        for extra in (error, warning):
            name = extra.get("ename", "warning")
            yield cell.id, f"and a {name}", _replacing(index, [*cell.outputs, extra])
            if cell.outputs:
                yield cell.id, f"a {name} instead", _replacing(index, [extra])


def _on(index: int, act: Callable) -> Edit:
    def edit(notebook: NotebookNode) -> None:
        act(notebook.cells[index].outputs)

    return edit


def _replacing(index: int, outputs: list) -> Edit:
    def edit(notebook: NotebookNode) -> None:
        notebook.cells[index].outputs = deepcopy(outputs)

    return edit


def _kinds(cell: NotebookNode) -> list:
    return [(output.output_type, *output.get("data", {})) for output in cell.outputs]


def _words(cell: NotebookNode) -> tuple[str, str]:
    """Return what tells outputs apart besides their numbers."""
    drawn = [output.get("metadata", {}).get(METADATA_KEY) for output in cell.outputs]
    return re.sub(r"[\d.,\s-]+", "", stored_text(cell)), str(drawn)
