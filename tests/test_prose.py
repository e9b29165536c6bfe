"""Every number in the book's prose, in digits or in words, has an output or a reason."""

from pathlib import Path

import pytest

from tests.notebooks.chapters import BOOK
from tests.notebooks.facts import check_facts, read_facts
from tests.notebooks.prose import (
    check_bound,
    check_chapter_links,
    check_unbound,
    pages,
    read_pieces,
)

FACTS = Path(__file__).with_name("prose_facts.toml")

each_page = pytest.mark.parametrize("page", pages(BOOK), ids=lambda path: path.stem)


@each_page
def test_bound_numbers_agree_with_the_stored_outputs(page):
    problems = [problem for piece in read_pieces(page) for problem in check_bound(piece, BOOK)]
    assert not problems, "\n".join(problems)


@each_page
def test_every_other_number_is_asserted(page):
    facts = read_facts(FACTS)
    problems = [problem for piece in read_pieces(page) for problem in check_unbound(piece, facts)]
    advice = "bind it with <span data-from=...>, or assert it in tests/prose_facts.toml"
    assert not problems, "\n".join([*problems, advice])


@each_page
def test_links_to_chapters_name_the_right_chapter(page):
    problems = [problem for piece in read_pieces(page) for problem in check_chapter_links(piece)]
    assert not problems, "\n".join(problems)


def test_every_fact_is_used_and_its_test_exists():
    facts = read_facts(FACTS)
    for page in pages(BOOK):
        for piece in read_pieces(page):
            check_unbound(piece, facts)
    problems = check_facts(facts)
    assert not problems, "\n".join(problems)
