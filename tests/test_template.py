"""A chapter made from the template keeps every rule, but for its length, which is the author's."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests import test_prose
from tests.notebooks import rules
from tests.notebooks.chapters import BOOK, ROOT, code_cells, read_chapter
from tests.notebooks.prose import check_bound, check_chapter_links, check_unbound, read_pieces
from tests.test_running import session
from tools import new_chapter
from tools.new_chapter import TEMPLATE, make_chapter
from tools.run_chapters import run_chapter, store

TITLE = "Which words it looks at"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the path of a chapter as it is made; no test changes it."""
    return make_chapter("00_made", TITLE, tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="module")
def run(made, tmp_path_factory):
    """Return the path of the same chapter, run anew and stored."""
    path = tmp_path_factory.mktemp("run") / made.name
    shutil.copy(made, path)
    store(path, run_chapter(path, fresh=True).notebook)
    return path


def test_the_chapter_is_the_template_with_another_title(made):
    template, chapter = read_chapter(TEMPLATE), read_chapter(made)
    expected = template.cells[0].source.replace("# Title of the chapter", f"# {TITLE}")
    assert chapter.cells[0].source == expected != template.cells[0].source
    assert chapter.cells[1:] == template.cells[1:]


def test_the_template_needs_no_reviews():
    imported = [cell.source for cell in code_cells(read_chapter(TEMPLATE)) if "imdb" in cell.source]
    assert imported == []


# `has_usual_length` is left out: a template that long would be no template.
@pytest.mark.parametrize(
    "rule", [*rules.EVERY_CHAPTER, rules.has_ending], ids=lambda rule: rule.__name__
)
@pytest.mark.parametrize("when", ["made", "run"])
def test_it_keeps_the_rules(rule, when, request):
    path = request.getfixturevalue(when)
    assert rule(read_chapter(path)) == []


@pytest.mark.parametrize("when", ["made", "run"])
def test_it_is_saved_as_make_run_saves(when, request):
    assert rules.saved_by_an_editor(request.getfixturevalue(when)) == []


@pytest.mark.parametrize("when", ["made", "run"])
def test_each_number_in_its_prose_is_accounted_for(when, request):
    path = request.getfixturevalue(when)
    facts = test_prose.read_facts(test_prose.FACTS)
    for piece in read_pieces(path):
        assert check_bound(piece, path.parent) == []
        assert check_unbound(piece, facts) == []
        assert check_chapter_links(piece) == []


def test_its_prose_quotes_an_exact_and_an_approximate_output():
    policies = {cell.id: cell.metadata.check.policy for cell in code_cells(read_chapter(TEMPLATE))}
    text = "".join(piece.text for piece in read_pieces(TEMPLATE))
    quoted = [cell_id for cell_id in policies if f'data-from="{cell_id}: ' in text]
    assert [policies[cell_id] for cell_id in quoted] == ["exact", "approx"]
    assert "figure" in policies.values()


@pytest.mark.parametrize("command", ["ruff check", "ruff format --check"])
def test_its_code_is_as_the_book_writes_code(made, command):
    program = [sys.executable, "-m", *command.split(), "--config", str(BOOK / "ruff.toml")]
    done = subprocess.run([*program, "--no-cache", str(made)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_run_again_it_stays_the_same(run):
    assert not store(run, run_chapter(run, fresh=True).notebook)


@pytest.mark.usefixtures("full_session")
def test_a_session_passes_it_and_notices_a_changed_output(made, tmp_path):
    _, failed = session(made)
    assert failed == []
    notebook = nbformat.read(made, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["counting"].outputs[0].text = cells["counting"].outputs[0].text.replace("6", "7")
    cells["mean"].outputs[0].text = cells["mean"].outputs[0].text.replace("3.2500", "3.2600")
    figure = cells["lengths-figure"].outputs[0].metadata["imdb-book/figure"]
    figure["axes"][0]["x"]["label"] = "Length (letters)"
    nbformat.write(notebook, tmp_path / made.name)
    _, failed = session(tmp_path / made.name)
    assert failed == ["counting", "mean", "lengths-figure"]


@pytest.mark.parametrize(
    ("name", "title", "told"),
    [
        ("attention", TITLE, r"'attention' cannot be a chapter's name: .*, as in 09_attention"),
        ("09_Attention", TITLE, "lower-case"),
        ("../09_attention", TITLE, "cannot be a chapter's name"),
        ("09_attention.ipynb", TITLE, "cannot be a chapter's name"),
        ("07_there", TITLE, "07_there.ipynb is there already"),
        ("07_other", TITLE, "the next number is 09: name it 09_other"),
        ("08_other", TITLE, "the next number is 09: name it 09_other"),
        ("12_other", TITLE, "the next number is 09: name it 09_other"),
        ("09_attention", " ", "a title is words on one line"),
        ("09_attention", "Two\nlines", "a title is words on one line"),
    ],
)
def test_what_cannot_be_made_is_refused_with_advice(tmp_path, name, title, told):
    there = [tmp_path / "07_there.ipynb", tmp_path / "08_page.md", tmp_path / "a1_appendix.md"]
    for path in there:
        path.write_text("there before", "utf-8")
    with pytest.raises(SystemExit, match=told):
        make_chapter(name, title, tmp_path)
    assert sorted(tmp_path.rglob("*")) == there
    assert {path.read_text("utf-8") for path in there} == {"there before"}


def test_the_command_makes_it_and_says_what_is_next(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(new_chapter, "BOOK", tmp_path)
    monkeypatch.setattr(sys, "argv", ["new_chapter", "00_made", TITLE])
    new_chapter.main()
    told = capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["00_made.ipynb"]
    for words in ("book/00_made.ipynb", "_toc.yml", "make run ARGS=00", "CONTRIBUTING.md"):
        assert words in told
    for named in ("book/_toc.yml", "README.md", "CONTRIBUTING.md", "tests/test_prose.py"):
        assert named in told
        assert Path(ROOT, named).is_file()


def test_without_a_title_the_command_shows_an_example(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["new_chapter", "09_attention"])
    with pytest.raises(SystemExit):
        new_chapter.main()
    assert "09_attention 'Which words it looks at'" in capsys.readouterr().err
