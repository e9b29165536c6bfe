"""The rules for chapters stop what they are meant to stop."""

import nbformat
import pytest
from nbformat.v4 import new_output
from nbformat.warnings import DuplicateCellId

from tests.book import rules
from tests.nbproof.making import chapter, code, displayed, drawn, printed, prose
from tests.nbproof.notebook import read_notebook

ALT = "Two falling lines; the validation line turns up after the fourth epoch."
DESCRIBED = {"image": {"alt": ALT}, "figure": {"caption": "Losses."}}
FIGURE = {"nbproof": {"policy": "figure"}, "mystnb": DESCRIBED}
HIDDEN = {
    "tags": ["hide-cell"],
    "jupyter": {"source_hidden": True, "outputs_hidden": True},
}
LINES = drawn({"Training": [3, 2, 1]})
ERROR = new_output("error", ename="ValueError", evalue="no", traceback=[])


def good_chapter():
    """Return a chapter that breaks no rule for every notebook."""
    return chapter(
        code("count", "print(4)", [printed("4\n")]),
        code("losses", "plot()", [LINES], 2, **FIGURE),
        prose("text", "Words."),
        code("refused", "fail()", [ERROR], 3, tags=["raises-exception"]),
        code("one-solution", "# Solution\nprint(5)", [printed("5\n")], 4, **HIDDEN),
    )


def changed(cell_id, **attributes):
    """Return the good chapter with one cell changed."""
    notebook = good_chapter()
    next(cell for cell in notebook.cells if cell.id == cell_id).update(attributes)
    return notebook


def with_metadata(cell_id, **metadata):
    """Return the good chapter with one cell's metadata replaced."""
    return changed(cell_id, metadata=metadata)


def with_imports(*sources):
    """Return a chapter with these cells of code."""
    return chapter(*[code(f"c-{n}", source) for n, source in enumerate(sources)])


@pytest.mark.parametrize("rule", rules.EVERY_NOTEBOOK, ids=lambda rule: rule.__name__)
def test_a_good_chapter_breaks_no_rule(rule):
    assert rule(good_chapter()) == []


LARGE_IMAGE = "x" * (rules.LARGEST_IMAGE + 1)


@pytest.mark.parametrize(
    ("rule", "notebook", "message"),
    [
        (
            rules.run_in_order,
            changed("losses", execution_count=None),
            "losses: execution count",
        ),
        (rules.run_in_order, changed("losses", execution_count=7), "7, expected 2"),
        (rules.no_accidents, changed("count", outputs=[ERROR]), "count: ['error']"),
        (rules.no_accidents, changed("refused", outputs=[]), "refused"),
        (
            rules.no_accidents,
            changed("count", outputs=[printed("W", "stderr")]),
            "stderr",
        ),
        (rules.figures_are_described, with_metadata("losses"), "alt text"),
        (rules.figures_are_described, with_metadata("losses"), "no caption"),
        (
            rules.figures_are_described,
            changed("losses", outputs=[displayed(**{"image_svg+xml": LARGE_IMAGE})]),
            "150,001 bytes",
        ),
        (rules.cells_are_short, changed("count", source="x\n" * 21), "21 lines of 20"),
        (
            rules.cells_are_short,
            chapter(*[code(f"c-{n}", "x") for n in range(3)]),
            "c-2",
        ),
        (rules.most_cells_are_very_short, chapter(code("long", "x\n" * 4)), "median"),
        (rules.ids_are_readable, chapter(code("deadbeef", "x")), "deadbeef"),
        (rules.ids_are_readable, chapter(code("Cell_1", "x")), "Cell_1"),
        (rules.has_opening, good_chapter(), "able to"),
        (rules.has_title, changed("title", source="A title"), "# Title"),
        (rules.code_is_for_readers, with_imports("import a", "from b import c"), "c-0, c-1"),
        (
            rules.code_is_for_readers,
            changed("count", source="inspect.getsource(x)"),
            "count: inspect",
        ),
        (rules.has_ending, good_chapter(), "closing"),
        (rules.has_usual_length, good_chapter(), "words"),
        (rules.solutions_are_hidden, chapter(code("x-solution", "x")), "x-solution"),
        (rules.solutions_are_hidden, chapter(code("other", "x", **HIDDEN)), "other"),
        (rules.solutions_are_hidden, chapter(code("y-solution", "x", **HIDDEN)), "first line"),
        (rules.runs_anywhere, changed("text", source=":::{note}\nx\n:::"), "MyST"),
        (rules.runs_anywhere, changed("text", source="```{note}\nx\n```"), "MyST"),
        (rules.runs_anywhere, changed("text", source="see {ref}`x`"), "MyST"),
        (
            rules.runs_anywhere,
            changed("count", outputs=[printed("/home/ann/x")]),
            "/home/ann",
        ),
        (rules.runs_anywhere, changed("count", source="open('C:\\\\data\\\\x')"), "C:"),
        (
            rules.runs_anywhere,
            changed("count", outputs=[printed("<F at 0x7f12>")]),
            "at 0x7f12",
        ),
        (rules.runs_anywhere, changed("count", source="from os import *"), "import *"),
        (
            rules.links_name_their_chapter,
            changed("text", source="[chapter 3](04_learning.ipynb)"),
            "'Chapter 3' links to 04",
        ),
        (
            rules.runs_anywhere,
            changed("count", source="sys.path.append('x')"),
            "sys.path",
        ),
    ],
)
def test_a_broken_rule_is_noticed(rule, notebook, message):
    assert message in "\n".join(rule(notebook))


def ending(*headings):
    """Return a chapter with these sections."""
    return chapter(prose("sections", "\n\n".join(f"## {heading}" for heading in headings)))


def test_a_closing_has_any_heading_and_exercises_follow_it():
    assert rules.has_ending(ending("One", "What the pencil says", "Exercises")) == []
    for headings in (["One", "Exercises"], ["One", "Exercises", "Summary"]):
        assert rules.has_ending(ending(*headings)) != []


def test_the_promise_stands_in_the_first_three_texts_or_before_the_first_code():
    told = prose("told", "When you are done, You will be able to count.")
    first, later = (prose(name, "Words.") for name in ("first", "later"))
    cell = code("count", "print(4)")
    assert rules.has_opening(chapter(cell, first, told)) == []
    assert rules.has_opening(chapter(first, later, told)) == []
    assert rules.has_opening(chapter(cell, first, later, told)) != []


def test_one_cell_may_only_import_and_ipython_may_be_spoken_to():
    cells = ["import a", "import a\nprint(a)", "%matplotlib inline", "# nothing"]
    assert rules.code_is_for_readers(with_imports(*cells)) == []


def test_a_teaching_chapter_shows_figures_outside_its_solutions():
    figures = [code(f"plot-{n}", "plot()", [LINES]) for n in range(2)]
    folded = code("a-solution", "plot()", [LINES], **HIDDEN)
    picture = prose("picture", "![A network](assets/network.svg)")
    for name, fewest in (("05_building", 2), ("02_decoding", 1)):
        assert rules.has_figures(name, chapter(*figures[:fewest])) == []
        assert rules.has_figures(name, chapter(folded, *figures[: fewest - 1])) != []
    assert rules.has_figures("05_building", chapter(figures[0], picture)) == []


@pytest.mark.parametrize(("name", "problems"), [("00_welcome", 0), ("04_x", 4), ("a5_costs", 0)])
def test_chapters_1_to_11_teach(name, problems):
    notebook = good_chapter()
    notebook.cells[1].outputs = []  # so that it shows one figure
    notebook.cells[1].metadata = {}
    assert len(rules.broken_rules(name, notebook)) == problems
    assert len(rules.broken_rules(name.replace("04", "11"), notebook)) == problems


def test_a_repeated_id_is_noticed(tmp_path):
    path = tmp_path / "01_x.ipynb"
    text = nbformat.writes(chapter(prose("once", "a"), prose("other", "b")))
    path.write_text(text.replace("other", "once"))
    with pytest.warns(DuplicateCellId):
        notebook = read_notebook(path)
    assert "repeated" in rules.ids_are_readable(notebook)[0]
