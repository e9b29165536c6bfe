"""The students' edition gives nothing away, and is whole."""

import copy
import json
import re
import subprocess
import sys

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
def test_everything_else_of_the_book_is_there(files, name):
    ours = {cell["id"]: "".join(cell["source"]) for cell in student(files, name)["cells"]}
    for cell in book_of(name)["cells"]:
        if not re.search("-(?:solution|answer)$", cell["id"]):
            assert ours[cell["id"]] == "".join(cell["source"])


@pytest.mark.parametrize("name", NAMES)
def test_each_exercise_has_a_place_for_the_answer(files, name):
    ids = [cell["id"] for cell in student(files, name)["cells"]]
    for cell_id in ids:
        if re.fullmatch(r"exercise-\d+", cell_id):
            assert PLACE.fullmatch(ids[ids.index(cell_id) + 1])
    assert len(ids) == len(set(ids))


def student(files, name):
    return json.loads(files[f"book/{name}"])


# The test is proved by breaking what it looks at: a solution is put back, in many places.


def solved(book):
    cells = book["cells"]
    code = next(c for c in cells if c["id"] == "exercise-1-solution")
    words = next(c for c in cells if c["id"] == "exercise-1-answer")
    return copy.deepcopy(code), copy.deepcopy(words)


def as_it_was(ours, code, words):
    ours["cells"].append(code)


def under_another_name(ours, code, words):
    code["id"], code["metadata"], code["outputs"] = "more", {}, []
    code["execution_count"], code["source"] = None, code["source"][1:]
    ours["cells"].append(code)


def as_its_last_line(ours, code, words):
    ours["cells"][-1]["source"] += ["\n", code["source"][-1]]


def as_its_outputs(ours, code, words):
    place = next(c for c in ours["cells"] if c["cell_type"] == "code")
    place["outputs"] = code["outputs"]


def as_a_printed_number(ours, code, words):
    ours["cells"][0]["source"] += ["\n", "".join(code["outputs"][0]["text"]).splitlines()[0]]


def as_a_count(ours, code, words):
    next(c for c in ours["cells"] if c["cell_type"] == "code")["execution_count"] = 3


def in_a_cell_s_metadata(ours, code, words):
    ours["cells"][3]["metadata"]["solution"] = code["source"]


def in_the_notebook_s_metadata(ours, code, words):
    ours["metadata"]["authors"] = [{"name": "".join(code["source"])}]


def in_the_kernel_s_name(ours, code, words):
    ours["metadata"]["kernelspec"]["display_name"] = "".join(code["source"])


def as_an_attachment(ours, code, words):
    ours["cells"][0]["attachments"] = {"a.txt": {"text/plain": "c29sdXRpb24="}}


def as_a_conclusion(ours, code, words):
    ours["cells"].append(words)


def as_a_sentence_of_it(ours, code, words):
    text = "".join(words["source"]).split("\n\n")[1]
    ours["cells"][2]["source"] += ["\n", re.split(r"(?<=\.) ", text)[0]]


def as_a_filled_place(ours, code, words):
    ours["cells"].append(
        {
            "cell_type": "code",
            "id": "exercise-9-try",
            "metadata": {},
            "source": ["check.pencil(0)"],
            "execution_count": None,
            "outputs": [],
        }
    )


@pytest.mark.parametrize(
    "spoil",
    [
        as_it_was,
        under_another_name,
        as_its_last_line,
        as_its_outputs,
        as_a_printed_number,
        as_a_count,
        in_a_cell_s_metadata,
        in_the_notebook_s_metadata,
        in_the_kernel_s_name,
        as_an_attachment,
        as_a_conclusion,
        as_a_sentence_of_it,
        as_a_filled_place,
    ],
)
@pytest.mark.parametrize("name", ["01_loading.ipynb", "10_experiments.ipynb"])
def test_a_solution_that_is_left_is_found(files, name, spoil):
    ours, book = student(files, name), book_of(name)
    spoil(ours, *solved(book))
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
    package = {
        path.name for path in (ROOT / "imdb_helpers").rglob("*.py*") if path.suffix != ".pyc"
    }
    assert package == {path.name for path in (tmp_path / "imdb_helpers").rglob("*.py*")}
    assert (tmp_path / "imdb_helpers" / "sample.npz").is_file()
    asked = [sys.executable, "tools/bootstrap.py", "help"]
    assert "lab" in subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True).stdout
    for name in re.findall(
        r"`(book/[\w.]+|tools/[\w.]+|LICENSE[\w-]*)`", files["README.md"].decode()
    ):
        assert (tmp_path / name).exists()


def test_the_reviews_are_not_handed_out(files):
    archives = {name for name in files if name.endswith(".npz")}
    assert archives == {"imdb_helpers/sample.npz", "imdb_helpers/shipped.npz"}
