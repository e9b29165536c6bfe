"""Each kind of damage does what it says, and what the comparison must notice it does notice."""

import pytest
from nbformat.v4 import new_output

from tests.nbproof.changing import Subject, sample
from tests.nbproof.compare import compare_cell
from tests.nbproof.damages import DAMAGES
from tests.nbproof.harmless import HARMLESS
from tests.nbproof.making import chapter, code, drawn, printed, prose
from tests.nbproof.notebook import code_cells
from tests.nbproof.prose import Style, check_numbers
from tests.nbproof.settings import Settings

STYLE = Style(("epoch",))
APPROX = {"policy": "approx", "vary": ["seconds"]}
ERROR = new_output("error", ename="ValueError", evalue="no", traceback=["line"])


def book():
    """Return a notebook with a place for each kind of damage."""
    cells = [
        code(
            "table", "x", [printed("epoch  loss\n    4  0.281\n    5  0.301\n")], 1, nbproof=APPROX
        ),
        code("count", "x", [printed("25,000 reviews\nof films\n")], 2),
        prose("text", "After four epochs the loss is 0.281."),
        code("clock", "x", [printed("took 2.5 s\n")], 3, nbproof=APPROX),
        code("plot", "x", [drawn({"A": [1, 2], "B": [2, 1]})], 4, nbproof={"policy": "figure"}),
        code("fail", "x", [ERROR], 5),
    ]
    return {"book": Subject(chapter(*cells), Settings(), STYLE, lambda _: None)}


def judge(stored, outputs):
    """Return what is wrong with a notebook that gave some outputs."""
    cells = code_cells(stored)
    found = [
        p for c in cells if c.id in outputs for p in compare_cell(c, outputs[c.id], Settings())
    ]
    counts = [cell.execution_count for cell in cells]
    found += [] if counts == list(range(1, len(counts) + 1)) else ["out of order"]
    return found + check_numbers("book", stored, STYLE, lambda _: None)


@pytest.mark.parametrize("kind", DAMAGES.values(), ids=DAMAGES)
def test_a_damage_is_noticed(kind):
    subjects = book()
    outputs = {cell.id: cell.outputs for cell in code_cells(subjects["book"].notebook)}
    assert judge(subjects["book"].notebook, outputs) == []
    damaged = list(sample(subjects, kind, each=200))
    assert damaged
    assert [what for _, what, notebook in damaged if not judge(notebook, outputs)] == []


@pytest.mark.parametrize("kind", HARMLESS.values(), ids=HARMLESS)
def test_a_harmless_change_passes(kind):
    subjects = book()
    stored = subjects["book"].notebook
    changed = list(sample(subjects, kind, each=200))
    assert changed
    for _, what, notebook in changed:
        outputs = {cell.id: cell.outputs for cell in code_cells(notebook)}
        assert judge(stored, outputs) == [], what


def test_the_same_seed_gives_the_same_damage():
    kind = DAMAGES["number of figure"]
    first, second = ([w for _, w, _ in sample(book(), kind, 5, seed)] for seed in (0, 0))
    assert first == second
    assert first != [what for _, what, _ in sample(book(), kind, 5, seed=1)]
