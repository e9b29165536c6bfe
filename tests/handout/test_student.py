"""The students' edition gives nothing away, and is whole."""

import json
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tests.book.pages import BOOK, ROOT
from tests.nbproof.notebook import read_notebook
from tools import handout

NAMES = sorted(path.name for path in BOOK.glob("*.ipynb"))
SIGNS = re.compile(r'(?:\\n|")# Solution|\bhide-cell\b|source_hidden')  # of a solution, in JSON
FEWEST = 8  # characters of a line that could be recognised


@pytest.fixture(scope="module")
def files():
    return handout.edition("student")


def for_students(name):
    """Yield a notebook's cells as students get them. What is a solution, its id does not say."""
    cells = read_notebook(BOOK / name).cells
    ids = {cell.id for cell in cells}
    among_exercises = False  # before them, what is folded is an aside
    for cell in cells:
        among_exercises = among_exercises or cell.source.startswith("## Exercises")
        if SIGNS.search(json.dumps([cell.source, cell.metadata])):
            continue
        if among_exercises and "<details" in cell.source:
            continue
        make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        yield make(cell.source, id=cell.id)
        if re.fullmatch(r"exercise-\d+", cell.id) and f"{cell.id}-try" not in ids:
            yield new_markdown_cell("*Your answer:*", id=f"{cell.id}-yours")


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_is_the_book_s_but_for_solutions_and_places_for_the_answers(files, name):
    ours = nbformat.reads(files[f"book/{name}"].decode(), as_version=4)
    assert ours.cells == list(for_students(name))
    assert ours.keys() == {"cells", "metadata", "nbformat", "nbformat_minor"}
    assert ours.metadata == read_notebook(BOOK / name).metadata


def test_no_page_holds_a_solution_s_line(files):
    pages = "\n".join(text.decode() for name, text in files.items() if name.endswith(".md"))
    secrets = set()
    for name in NAMES:
        shown = "\n".join(cell.source for cell in for_students(name))
        everything = "\n".join(cell.source for cell in read_notebook(BOOK / name).cells)
        lines = map(str.strip, re.split(r"\n|(?<=[.!?]) ", everything))
        secrets |= {line for line in lines if len(line) >= FEWEST and line not in shown}
    assert len(secrets) > 200
    assert [line for line in secrets if line in pages] == []


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
    with pytest.raises(SystemExit, match=says):
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
