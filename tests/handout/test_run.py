"""The students' edition runs: untouched, and with the solutions pasted in.

It takes minutes, so only `.ci/run` asks for it: `TRY_HANDOUT=1`. Each notebook runs once, in a
kernel of its own that has the edition's package: first as it is handed out, to its end; then its
exercises again, each solution followed by the check.
"""

import os
import re
import tomllib
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from tests.book.pages import BOOK
from tools import handout

NAMES = sorted(path.name for path in BOOK.glob("*.ipynb"))
CHECK = re.compile(r"check\.(?!summary)(\w+)\(")
SOLVED = tomllib.loads(Path(__file__).with_name("solved.toml").read_text("utf-8"))
WHOSE = "import imdb_helpers\nprint(imdb_helpers.__file__)"


@pytest.fixture(scope="module")
def edition(tmp_path_factory):
    folder = tmp_path_factory.mktemp("student")
    handout.write_folder(handout.edition("student"), folder)
    return folder


def pasted(name):
    """Return the book's solutions, each with the checks of its exercise."""
    book = nbformat.read(BOOK / name, as_version=4)
    places = {cell.id: cell.source for cell in book.cells if cell.id.endswith("-try")}
    cells = []
    for cell in book.cells:
        if cell.id.endswith("-solution"):
            checks = CHECK.findall(places.get(cell.id.replace("-solution", "-try"), ""))
            known = SOLVED.get(name[:2], {})
            missing = [one for one in checks if one not in known]
            assert not missing, f"solved.toml lacks a line for {missing} of chapter {name[:2]}"
            lines = [f"check.{one}({known[one]})" for one in checks]
            cells.append(new_code_cell("\n".join([cell.source, *lines]), id=f"{cell.id}-pasted"))
    return cells, len(places)


@pytest.mark.parametrize("name", NAMES)
def test_each_check_of_the_chapters_has_an_answer_to_paste(name):
    cells, places = pasted(name)
    assert sum(bool(CHECK.search(cell.source)) for cell in cells) == places


def printed(cell, stream="stdout"):
    return "".join(out.text for out in cell.outputs if out.get("name") == stream)


@pytest.mark.skipif(not os.environ.get("TRY_HANDOUT"), reason="takes minutes: .ci/run does it")
@pytest.mark.parametrize("name", NAMES)
def test_it_runs_untouched_and_with_the_solutions_pasted_in(edition, name, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(edition))
    monkeypatch.setenv("IMDB_SOURCE", "sample")
    notebook = nbformat.read(edition / "book" / name, as_version=4)
    untouched = [cell for cell in notebook.cells if cell.cell_type == "code"]
    solutions, _ = pasted(name)
    summary, whose = new_code_cell("check.summary()"), new_code_cell(WHOSE)
    extra = [*solutions, whose]
    if any("check." in cell.source for cell in solutions):
        extra.append(summary)
    notebook.cells += extra
    where = {"metadata": {"path": str(edition / "book")}}
    NotebookClient(notebook, timeout=300, allow_errors=True, resources=where).execute()

    assert printed(whose).startswith(str(edition))
    for cell in [*untouched, *extra]:
        errors = [out for out in cell.outputs if out.output_type == "error"]
        assert not errors, (cell.id, [out.evalue for out in errors])
        assert "Traceback" not in printed(cell) + printed(cell, "stderr")
    for cell in untouched:
        for check in CHECK.findall(cell.source):
            assert f"{check}: not attempted yet." in printed(cell)
        if "check.summary()" in cell.source:
            assert ": 0 of " in printed(cell)
    for cell in solutions:
        for check in CHECK.findall(cell.source):
            assert f"{check}: right." in printed(cell), printed(cell)
    if summary in notebook.cells:
        assert printed(summary).endswith("Open: none.\n")
