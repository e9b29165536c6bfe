"""`make run ARGS=05` and `make test ARGS=05` mean chapter 5."""

import importlib.util

import pytest

from tests.book.pages import ROOT

spec = importlib.util.spec_from_file_location("chapters", ROOT / "tools" / "chapters.py")
chapters = importlib.util.module_from_spec(spec)
spec.loader.exec_module(chapters)


@pytest.mark.parametrize("word", ["5", "05", "05_building"])
def test_a_chapter_is_known_by_its_beginning(word):
    path = str(ROOT / "book" / "05_building.ipynb")
    assert chapters.arguments("run", [word, "--fresh"]) == ["--store", path, "--fresh"]
    assert chapters.arguments("test", [word]) == [path, str(ROOT / "tests" / "book")]


def test_other_words_are_for_pytest():
    for words in (["-k", "labels"], ["book/05_building.ipynb"], ["tests/test_data.py"]):
        assert chapters.arguments("test", words) == words
    assert chapters.arguments("run", []) == ["--store", str(ROOT / "book")]
    with pytest.raises(SystemExit, match="no chapter begins with 99"):
        chapters.arguments("run", ["99"])
