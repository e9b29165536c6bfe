"""`make run ARGS=05` and `make test ARGS=05` mean chapter 5."""

from types import SimpleNamespace

import pytest

from tests.book.pages import ROOT
from tools import chapters


def test_a_chapter_is_known_by_its_beginning_and_other_words_are_for_pytest():
    path = str(ROOT / "book" / "05_building.ipynb")
    for word in ("5", "05", "05_building"):
        assert chapters.arguments("run", [word, "--fresh"]) == ["--store", path, "--fresh"]
        assert chapters.arguments("test", [word]) == [path, "tests/book"]
    for words in (["-k", "labels"], ["book/05_building.ipynb"], ["tests/test_data.py"]):
        assert chapters.arguments("test", words) == words
    assert chapters.arguments("run", []) == ["--store", "book"]
    with pytest.raises(SystemExit, match="no chapter begins with 99"):
        chapters.arguments("run", ["99"])


@pytest.mark.parametrize("failing", ["tests/site", "book", "tests"])
def test_three_sessions_share_the_work(monkeypatch, failing):
    pages, of_chapters = ["tests/site"], ["tests/book", "tests/handout", "book"]
    # Only what is named is run: without a path, pytest would take the whole project.
    rest = ["tests", *(f"--ignore={path}" for path in pages + of_chapters)]
    sessions = []

    def run(command, **options):
        sessions.append(command[command.index("--nbval") + 1 :])
        return SimpleNamespace(returncode=3 * (failing in sessions[-1]), stdout=b"")

    monkeypatch.setattr(chapters.subprocess, "run", run)
    assert chapters.run_beside() == 3  # a failure in one is one of the whole
    assert sorted(sessions) == sorted([pages, of_chapters, rest])
