"""It bites: damage to what this session has run is noticed, and harmless changes are not.

Judged by the very functions that the suite uses: the comparison, the rules, the numbers in prose.
"""

import re
from itertools import islice

import pytest

from tests.book.pages import BOOK, linked, notebook_paths, style
from tests.book.rules import broken_rules
from tests.book.session import lacking, settings
from tests.nbproof.changing import BEYOND, WITHIN, Subject, sample
from tests.nbproof.compare import compare_cell
from tests.nbproof.damages import DAMAGES, HARMLESS
from tests.nbproof.notebook import code_cells, read_notebook
from tests.nbproof.prose import check_numbers

EACH, FEWEST = 40, 30  # damages of a kind: tried, and at least
ALL_DAMAGES, ALL_HARMLESS = 500, 100


def words_of_figures_and_links(subject):
    """A figure has no alt text, one that says nothing, or no caption; a link a wrong chapter."""
    named = re.compile(r"(?<=\[chapter )\d+(?=\]\(\d)")
    for index, cell in enumerate(subject.notebook.cells):
        if "image" in cell.metadata.get("mystnb", {}):
            path = ("cells", index, "metadata", "mystnb")
            for alt in ("", "A figure."):
                yield f"{cell.id}: alt text {alt!r}", (*path, "image", "alt"), alt
            yield f"{cell.id}: no caption", (*path, "figure", "caption"), ""
        if cell.cell_type == "markdown" and named.search(cell.source):
            source = named.sub(lambda match: str((int(match[0]) + 2) % 11), cell.source, count=1)
            yield f"{cell.id}: another chapter", ("cells", index, "source"), source


def differences(notebook, outputs):
    """Yield what the comparison says of a stored notebook that gave these outputs."""
    for cell in code_cells(notebook):
        if cell.id in outputs:
            yield from compare_cell(cell, outputs[cell.id], settings())


def problems(name, notebook, outputs):
    """Yield all that the suite says of a stored notebook that gave these outputs."""
    yield from differences(notebook, outputs)
    yield from broken_rules(name, notebook)
    yield from check_numbers(name, notebook, style(), linked)


@pytest.fixture
def run(executed, request):
    """Return what the cells of every notebook gave in this session, by notebook and cell."""
    if missing := sum(path not in executed for path in notebook_paths()):
        reason = f"damages are judged after a run of all notebooks; {missing} were not run"
        request.node.user_properties.append(("nbproof-note", f"skipped: {reason}"))
        pytest.skip(reason)
    return {
        path.stem: {cell.id: cell.outputs for cell in code_cells(notebook)}
        for path, notebook in executed.items()
        if path.parent == BOOK
    }


@pytest.fixture(scope="module")
def subjects():
    """Return the stored notebooks, to be changed."""
    return {
        path.stem: Subject(read_notebook(path), settings(), style(), linked)
        for path in notebook_paths()
    }


def test_nothing_is_wrong_before_the_damage(run, subjects):
    for name, subject in subjects.items():
        assert list(problems(name, subject.notebook, run[name])) == []


def test_every_damage_is_noticed(run, subjects, record_property):
    counts, unnoticed = {}, []
    for kind in (*DAMAGES, words_of_figures_and_links):
        changed = list(islice(sample(subjects, kind, BEYOND), EACH))
        counts[kind.__name__] = len(changed)
        for name, what, notebook in changed:
            if next(problems(name, notebook, run[name]), None) is None:
                unnoticed.append(f"{kind.__name__}: {name}, {what}")
    found = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    record_property("nbproof-note", f"damages noticed: {sum(counts.values())} ({found})")
    assert not unnoticed, "\n".join(unnoticed)
    if not lacking():  # where fewer outputs are compared, there are fewer places
        assert min(counts.values()) >= FEWEST, counts
        assert sum(counts.values()) >= ALL_DAMAGES


def test_harmless_changes_pass(run, subjects, record_property):
    total, disturbed = 0, []
    for kind in HARMLESS:
        for name, what, notebook in islice(sample(subjects, kind, WITHIN), EACH):
            total += 1
            stored = subjects[name].notebook
            changed = {cell.id: cell.outputs for cell in code_cells(notebook)}
            found = list(differences(stored, changed))
            disturbed += [f"{kind.__name__}: {name}, {what}: {problem}" for problem in found]
    record_property("nbproof-note", f"harmless changes passed: {total}")
    assert not disturbed, "\n".join(disturbed)
    assert total >= ALL_HARMLESS
