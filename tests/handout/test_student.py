"""The students' edition gives nothing away, and is whole."""

import json
import re
import subprocess
import sys
from itertools import pairwise

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

from tests.book.pages import BOOK, ROOT
from tests.handout.leaks import leaks, secrets_of
from tests.nbproof.notebook import read_notebook
from tools import handout

NAMES = sorted(path.name for path in BOOK.glob("*.ipynb"))
PLACE = re.compile(r"exercise-\d+-(?:try|yours)")


@pytest.fixture(scope="module")
def files():
    return handout.edition("student")


def book_of(name):
    return read_notebook(BOOK / name)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_holds_nothing_of_a_solution(files, name):
    assert leaks(files[f"book/{name}"].decode(), book_of(name)) == []


def test_no_page_holds_a_solution_s_line(files):
    pages = "\n".join(text.decode() for name, text in files.items() if name.endswith(".md"))
    secrets = set().union(*(secrets_of(book_of(name)) for name in NAMES))
    assert len(secrets) > 200
    assert [line for line in secrets if line in pages] == []


def student(files, name):
    return nbformat.reads(files[f"book/{name}"].decode(), as_version=4)


@pytest.mark.parametrize("name", NAMES)
def test_everything_else_is_there_and_each_exercise_has_a_place_for_the_answer(files, name):
    cells = student(files, name).cells
    ours = {cell.id: cell.source for cell in cells}
    assert len(ours) == len(cells)
    for cell in book_of(name).cells:
        if not cell.id.endswith(("-solution", "-answer")):
            assert ours[cell.id] == cell.source
    for cell_id, following in pairwise(ours):
        if re.fullmatch(r"exercise-\d+", cell_id):
            assert PLACE.fullmatch(following)


# The test is proved by breaking what it looks at: a bit of a solution is put back.
PLACES = (
    ("cells", 0, "source"),
    ("cells", -1, "source"),
    ("cells", 3, "metadata", "solution"),
    ("cells", 0, "note"),
    ("metadata", "authors"),
    ("metadata", "kernelspec", "display_name"),
)


@pytest.mark.parametrize("place", PLACES, ids=str)
@pytest.mark.parametrize("name", ["01_loading.ipynb", "10_experiments.ipynb"])
def test_a_line_of_a_solution_is_found_wherever_it_is(files, name, place):
    book = book_of(name)
    cells = {cell["id"]: cell for cell in book["cells"]}
    code, words = cells["exercise-1-solution"], cells["exercise-1-answer"].source
    printed = code.outputs[0].text.splitlines()[0]
    sentence = re.split(r"(?<=\.) ", words.split("\n\n")[1])[0]
    for line in (code.source.splitlines()[-1], printed, sentence):
        ours = inner = student(files, name)
        for step in place[:-1]:
            inner = inner[step]
        inner[place[-1]] = line
        assert leaks(json.dumps(ours), book) != [], line


CHANGES = (
    {"execution_count": 3},
    {"outputs": [{}]},
    {"source": "check.pencil(0)"},
    {"metadata": {"collapsed": True}},
    {"attachments": {}},
)


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_whatever_else_a_place_for_an_answer_holds_is_found(files, change):
    ours, book = student(files, "10_experiments.ipynb"), book_of("10_experiments.ipynb")
    next(cell for cell in ours.cells if cell.id.endswith("-try")).update(change)
    assert len(leaks(json.dumps(ours), book)) == 1
    ours.metadata["authors"] = []
    assert len(leaks(json.dumps(ours), book)) == 2


@pytest.mark.parametrize("forgotten", ["-solution", "-answer", ""])
def test_a_tool_that_forgets_a_kind_of_cell_is_found_or_stops(monkeypatch, forgotten):
    remembers = handout.is_solution
    monkeypatch.setattr(
        handout, "is_solution", lambda cell: remembers(cell) and forgotten not in cell.id
    )
    name = "10_experiments.ipynb"
    try:
        ours = handout.for_students(book_of(name))
    except handout.Unclear:
        return
    assert len(leaks(json.dumps(ours), book_of(name))) > 20


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("<details>so", "-answer"),
        ("![x](attachment:x.png)", "attachment"),
        ("check.pencil(1)", "no dots"),
    ],
)
def test_the_tool_stops_at_what_is_unclear(source, says):
    cell = new_markdown_cell(source, id="exercise-1-try")
    with pytest.raises(handout.Unclear, match=says):
        handout.for_students(new_notebook(cells=[new_markdown_cell("## Exercises"), cell]))


def test_the_package_of_the_edition_is_whole(files, tmp_path):
    handout.write_folder(files, tmp_path)
    ours, theirs = (
        {path.name for path in (root / "imdb_helpers").rglob("*.py*") if path.suffix != ".pyc"}
        for root in (ROOT, tmp_path)
    )
    assert ours == theirs
    asked = [sys.executable, "tools/bootstrap.py", "help"]
    assert "lab" in subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True).stdout
    readme = files["README.md"].decode()
    for name in re.findall(r"`(book/[\w.]+|tools/[\w.]+|LICENSE[\w-]*)`", readme):
        assert (tmp_path / name).exists()


def test_the_reviews_are_not_handed_out(files):
    archives = {name for name in files if name.endswith(".npz")}
    assert archives == {"imdb_helpers/sample.npz", "imdb_helpers/shipped.npz"}
