"""The students' edition gives nothing away, and is whole."""

import json
import re
import subprocess
import sys
from itertools import pairwise

import pytest

from tests.book.pages import BOOK, ROOT
from tests.handout.leaks import leaks, secrets_of
from tools import handout

NAMES = sorted(path.name for path in BOOK.glob("*.ipynb"))
PLACE = re.compile(r"exercise-\d+-(?:try|yours)")


@pytest.fixture(scope="module")
def files():
    return handout.edition("student")


def book_of(name):
    return json.loads((BOOK / name).read_text("utf-8"))


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_holds_nothing_of_a_solution(files, name):
    assert leaks(files[f"book/{name}"].decode(), book_of(name)) == []


def test_no_page_holds_a_solution_s_line(files):
    pages = "\n".join(text.decode() for name, text in files.items() if name.endswith(".md"))
    secrets = set().union(*(secrets_of(book_of(name)) for name in NAMES))
    assert len(secrets) > 200
    assert [line for line in secrets if line in pages] == []


@pytest.mark.parametrize("name", NAMES)
def test_everything_else_is_there_and_each_exercise_has_a_place_for_the_answer(files, name):
    cells = student(files, name)["cells"]
    ours = {cell["id"]: cell["source"] for cell in cells}
    assert len(ours) == len(cells)
    for cell in book_of(name)["cells"]:
        if not cell["id"].endswith(("-solution", "-answer")):
            assert ours[cell["id"]] == cell["source"]
    for cell_id, following in pairwise(ours):
        if re.fullmatch(r"exercise-\d+", cell_id):
            assert PLACE.fullmatch(following)


def student(files, name):
    return json.loads(files[f"book/{name}"])


# The test is proved by breaking what it looks at: a solution is put back, in many places.


def first_code(notebook):
    return next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")


def joined(cell):
    return "".join(cell["source"])


BARE = {"id": "more", "metadata": {}, "outputs": [], "execution_count": None}
FILLED = BARE | {"cell_type": "code", "id": "exercise-9-try", "source": ["check.pencil(0)"]}
SPOIL = {
    "as it was": lambda ours, code, _: ours["cells"].append(code),
    "under another name": lambda ours, code, _: ours["cells"].append(
        code | BARE | {"source": code["source"][1:]}
    ),
    "its last line": lambda ours, code, _: ours["cells"][-1]["source"].append(code["source"][-1]),
    "its outputs": lambda ours, code, _: first_code(ours).update(outputs=code["outputs"]),
    "a printed number": lambda ours, code, _: ours["cells"][0]["source"].append(
        "".join(code["outputs"][0]["text"]).splitlines()[0]
    ),
    "a count": lambda ours, *_: first_code(ours).update(execution_count=3),
    "a cell's metadata": lambda ours, code, _: ours["cells"][3]["metadata"].update(
        solution=code["source"]
    ),
    "the notebook's metadata": lambda ours, code, _: ours["metadata"].update(
        authors=[{"name": joined(code)}]
    ),
    "the kernel's name": lambda ours, code, _: ours["metadata"]["kernelspec"].update(
        display_name=joined(code)
    ),
    "an attachment": lambda ours, *_: ours["cells"][0].update(
        attachments={"a.txt": {"text/plain": "c29sdXRpb24="}}
    ),
    "a conclusion": lambda ours, _, words: ours["cells"].append(words),
    "a sentence of it": lambda ours, _, words: ours["cells"][2]["source"].append(
        re.split(r"(?<=\.) ", joined(words).split("\n\n")[1])[0]
    ),
    "a filled place": lambda ours, *_: ours["cells"].append(FILLED),
}


@pytest.mark.parametrize("spoil", SPOIL.values(), ids=SPOIL)
@pytest.mark.parametrize("name", ["01_loading.ipynb", "10_experiments.ipynb"])
def test_a_solution_that_is_left_is_found(files, name, spoil):
    ours, book = student(files, name), book_of(name)
    cells = {cell["id"]: cell for cell in book_of(name)["cells"]}
    spoil(ours, cells["exercise-1-solution"], cells["exercise-1-answer"])
    assert leaks(json.dumps(ours), book) != []


@pytest.mark.parametrize("forgotten", ["-solution", "-answer", ""])
def test_a_tool_that_forgets_a_kind_of_cell_is_found_or_stops(monkeypatch, forgotten):
    remembers = handout.is_solution
    monkeypatch.setattr(
        handout, "is_solution", lambda cell: remembers(cell) and forgotten not in cell["id"]
    )
    book = book_of("10_experiments.ipynb")
    try:
        text = handout.stored(handout.for_students(book))
    except handout.Unclear:
        return
    assert len(leaks(text, book)) > 20


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ({"cell_type": "markdown", "source": ["<details>", "so"]}, "-answer"),
        ({"cell_type": "markdown", "source": ["![x](attachment:x.png)"]}, "attachment"),
        ({"cell_type": "code", "source": ["check.pencil(1)"]}, "no dots"),
    ],
)
def test_the_tool_stops_at_what_is_unclear(cell, says):
    heading = {"id": "exercises", "metadata": {}, "cell_type": "markdown"}
    cells = [heading | {"source": ["## Exercises"]}, {**heading, "id": "exercise-1-try", **cell}]
    book = {"metadata": dict.fromkeys(handout.STORED_METADATA), "cells": cells}
    with pytest.raises(handout.Unclear, match=says):
        handout.for_students(book)


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
