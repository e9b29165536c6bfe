"""The stored chapters keep the book's rules; nothing is run here (see ``tests/notebooks``)."""

import nbformat
import pytest

from tests.notebooks import rules
from tests.notebooks.chapters import BOOK, chapter_paths, code_cells, read_chapter
from tools.run_chapters import as_stored, normalise

TEACHING = [path for path in chapter_paths() if "01" <= path.stem[:2] <= "06"]
SHARE_OF_FREE_CELLS = 1 / 20


def fail_with(problems, path):
    """Fail if there are problems, and name the chapter in each of them."""
    assert not problems, "\n".join(f"{path.stem}, {problem}" for problem in problems)


@pytest.mark.parametrize("rule", rules.EVERY_CHAPTER, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", chapter_paths(), ids=lambda path: path.stem)
def test_chapter(path, rule):
    fail_with(rule(read_chapter(path)), path)


@pytest.mark.parametrize("rule", rules.TEACHING_CHAPTERS, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", TEACHING, ids=lambda path: path.stem)
def test_teaching_chapter(path, rule):
    fail_with(rule(read_chapter(path)), path)


@pytest.mark.parametrize("path", chapter_paths(), ids=lambda path: path.stem)
def test_the_file_is_as_make_run_writes_it(path):
    notebook = nbformat.read(path, as_version=4)
    normalise(notebook, path.stem)
    tidy = as_stored(notebook) == path.read_text(encoding="utf-8")
    assert tidy, f"{path.stem} was saved by an editor: make run ARGS='--tidy {path.stem[:2]}'"


def test_few_cells_are_not_compared():
    cells = [
        (f"{path.stem}, {cell.id}", cell.metadata.get("check", {}).get("policy"))
        for path in chapter_paths()
        for cell in code_cells(read_chapter(path))
    ]
    free = [name for name, policy in cells if policy == "free"]
    assert len(free) <= len(cells) * SHARE_OF_FREE_CELLS, "\n".join(free)


def test_the_contents_name_every_page():
    contents = (BOOK / "_toc.yml").read_text(encoding="utf-8")
    pages = {path.stem for path in [*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")]}
    assert {page for page in pages if page not in contents} == set()
    assert [path.stem[:2] for path in chapter_paths()] == [f"{n:02}" for n in range(8)]
