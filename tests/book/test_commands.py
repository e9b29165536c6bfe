"""`make run ARGS=05` and `make test ARGS=05` mean chapter 5."""

from unittest.mock import Mock

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


def test_two_sessions_share_the_work(monkeypatch):
    popen, run = Mock(), Mock()
    popen.return_value.wait.return_value, run.return_value.returncode = 3, 0
    monkeypatch.setattr(chapters.subprocess, "Popen", popen)
    monkeypatch.setattr(chapters.subprocess, "run", run)
    assert chapters.run_beside() == 3  # a failure in either is one of the whole
    commands = [session.call_args.args[0] for session in (popen, run)]
    sessions = [command[command.index("--nbval") + 1 :] for command in commands]
    folders = ["tests/book", "tests/handout"]
    # Only what is named is run: without a path, pytest would take the whole project.
    assert sessions == [
        [*folders, "book"],
        ["tests", *(f"--ignore={folder}" for folder in folders)],
    ]
