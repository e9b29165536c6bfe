"""The stored chapters keep the book's rules; nothing is run here (see ``tests/notebooks``)."""

import pytest

from tests.notebooks import rules
from tests.notebooks.chapters import BOOK, notebook_paths, read_chapter

each_notebook = pytest.mark.parametrize("path", notebook_paths(BOOK), ids=lambda path: path.stem)


@pytest.mark.parametrize(
    ("path", "rule"),
    [(path, rule) for path in notebook_paths(BOOK) for rule in rules.rules_for(path.stem)],
    ids=lambda value: value.stem if hasattr(value, "stem") else value.__name__,
)
def test_chapter(path, rule):
    problems = rule(read_chapter(path))
    assert not problems, "\n".join(f"{path.stem}, {problem}" for problem in problems)


@each_notebook
def test_the_file_is_as_make_run_writes_it(path):
    assert rules.saved_by_an_editor(path) == []


def test_few_cells_are_not_compared():
    chapters = {path.stem: read_chapter(path) for path in notebook_paths(BOOK)}
    assert rules.too_many_free_cells(chapters) == []


def test_the_contents_name_every_page():
    contents = (BOOK / "_toc.yml").read_text(encoding="utf-8")
    pages = {path.stem for path in [*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")]}
    assert {page for page in pages if page not in contents} == set()
    numbers = sorted(page[:2] for page in pages if page[0].isdigit())
    assert numbers == [f"{n:02}" for n in range(len(numbers))]
