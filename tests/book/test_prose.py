"""Every number in the book's prose is one that was computed, or a fact with a reason."""

import pytest

from tests.book.pages import linked, pages_with_numbers, read_page, style
from tests.nbproof.prose import check_numbers, digit_changes

NOTICED = 0.95  # of the changes of one digit, in decimals, shares and numbers of 100 and more


@pytest.mark.parametrize("path", pages_with_numbers(), ids=lambda path: path.stem)
def test_the_numbers_of_a_page_are_computed(path):
    problems = check_numbers(path.stem, read_page(path), style(), linked)
    advice = "correct it, or give it a reason in tests/book/facts.toml"
    assert not problems, "\n".join([*problems, advice])


@pytest.mark.parametrize("path", pages_with_numbers(), ids=lambda path: path.stem)
def test_a_changed_digit_is_noticed(path, record_property):
    """The share of small whole numbers is printed, too: these are found by accident more often."""
    counts = digit_changes(read_page(path), style(), linked)
    noticed, tried = counts[False, True], counts[False, True] + counts[False, False]
    small, of_small = counts[True, True], counts[True, True] + counts[True, False]
    share = noticed / tried if tried else 1
    line = f"digits changed in {path.stem}: {noticed} of {tried} noticed ({share:.1%})"
    line += f"; in whole numbers under 100, {small} of {of_small}"
    record_property("nbproof-note", line)
    assert noticed >= NOTICED * tried, line


def test_every_fact_is_for_a_page_that_is_read():
    pages = {path.stem for path in pages_with_numbers()}
    assert {page for fact in style().facts for page in fact.pages} <= pages
