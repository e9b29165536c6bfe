"""The teachers' edition is open, its plan speaks of cells that exist, and archives are the same."""

import json
import os
import re
import zipfile

import nbformat
import pytest

from tests.book.pages import BOOK, ROOT
from tests.nbproof.notebook import read_notebook
from tools import handout

PAGES = ("lesson_plan", "exam")
CHAPTERS = {int(path.name[:2]): path for path in sorted(BOOK.glob("[0-9]*.ipynb"))}
HALVES = re.compile(r"^## (\d+)\. ", re.MULTILINE)
CELL = re.compile(r"`#([\w-]+)`")
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+|,\d{3})(?![\w.])")


@pytest.fixture(scope="module")
def files():
    return handout.edition("teacher")


def sections(page):
    text = (ROOT / "teaching" / f"{page}.md").read_text("utf-8")
    _, *parts = HALVES.split(text)
    return {int(number): part for number, part in zip(parts[::2], parts[1::2], strict=True)}


def cells_of(number):
    return read_notebook(CHAPTERS[number]).cells


def test_plan_and_exam_have_a_section_for_each_chapter_and_are_short():
    for page in PAGES:
        assert list(sections(page)) == list(CHAPTERS)
    lines = [(ROOT / f"teaching/{page}.md").read_text("utf-8").count("\n") for page in PAGES]
    assert sum(lines) <= 250


@pytest.mark.parametrize("number", CHAPTERS)
def test_the_plan_s_cells_exist_and_its_minutes_add_up(number):
    plan, ids = sections("lesson_plan")[number], [cell["id"] for cell in cells_of(number)]
    # "chapter 8, `#unit-words`" is a cell of another chapter
    for there in re.finditer(r"chapter (\d+), `#([\w-]+)`", plan):
        assert there[2] in [cell["id"] for cell in cells_of(int(there[1]))]
    here = re.sub(r"chapter \d+, `#[\w-]+`", "", plan)
    assert [name for name in CELL.findall(here) if name not in ids] == []
    assert len(CELL.findall(here)) >= 2
    minutes = [int(found) for found in re.findall(r"^\| (\d+) \|", plan, re.MULTILINE)]
    assert sum(minutes) == int(re.search(r"(\d+) minutes", plan)[1])


@pytest.mark.parametrize("number", CHAPTERS)
def test_the_plan_s_numbers_stand_in_the_chapter_and_each_question_has_an_answer(number):
    stored = json.dumps(cells_of(number), ensure_ascii=False)
    found = NUMBER.findall(sections("lesson_plan")[number])
    assert [text for text in found if text not in stored] == []
    questions = re.findall(r"^\d\. .+", sections("exam")[number], re.MULTILINE)
    assert questions
    assert all(question.count("**Answer:**") == 1 for question in questions)


def test_solutions_are_open_and_cells_named(files):
    for path in BOOK.glob("*.ipynb"):
        theirs = nbformat.reads(files[f"book/{path.name}"].decode(), as_version=4)
        for cell, stored in zip(theirs.cells, read_notebook(path).cells, strict=True):
            assert cell.id == stored.id
            assert cell.metadata == {}
            assert cell.source.count("<details") == cell.source.count("<details open>")
            if cell.cell_type == "code":
                assert cell.source == f"# cell: {cell.id}\n{stored.source}"
                assert cell.outputs == stored.outputs


def test_notebooks_are_valid_and_students_get_no_teaching_material(files):
    students = handout.edition("student")
    for path, content in [*files.items(), *students.items()]:
        if path.endswith(".ipynb"):
            nbformat.validate(nbformat.reads(content.decode(), as_version=4))
    assert files.keys() - students.keys() == {f"teaching/{page}.md" for page in PAGES}


def test_both_editions_are_made_twice_with_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        handout.make(tmp_path / folder)
    for name in ("student", "teacher"):
        one, two = (tmp_path / f / f"imdb-book-{name}.zip" for f in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
        with zipfile.ZipFile(one) as archive:
            for entry in archive.infolist():
                path = tmp_path / "one" / name / entry.filename.partition("/")[2]
                assert archive.read(entry) == path.read_bytes()
                assert entry.date_time == handout.DATE
                if os.name != "nt":
                    assert entry.external_attr >> 16 == path.stat().st_mode & 0o777
