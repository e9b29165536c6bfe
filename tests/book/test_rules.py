"""The stored chapters keep the book's rules, and the contents name them; nothing is run here."""

import pytest

from tests.book.pages import BOOK, notebook_paths
from tests.book.rules import broken_rules
from tests.nbproof.notebook import read_notebook


@pytest.mark.parametrize("path", notebook_paths(), ids=lambda path: path.stem)
def test_a_notebook_keeps_the_rules(path):
    assert broken_rules(path.stem, read_notebook(path)) == []


def test_the_contents_name_every_page():
    contents = (BOOK / "_toc.yml").read_text(encoding="utf-8")
    pages = {path.stem for path in [*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")]}
    assert {page for page in pages if page not in contents} == set()
    numbers = sorted(page[:2] for page in pages if page[0].isdigit())
    assert numbers == [f"{n:02}" for n in range(len(numbers))]
