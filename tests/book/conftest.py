"""What the tests of the book share: the notebooks, as this session ran them."""

import pytest

from tests.book.outputs import Outputs


@pytest.fixture(scope="session")
def book(executed):
    """Return what the book's notebooks show."""
    return Outputs(executed)
