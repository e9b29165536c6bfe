"""The stored chapters keep the book's rules, and the rules stop what they are meant to stop."""

import pytest

from tests.book import rules
from tests.book.pages import BOOK, notebook_paths
from tests.nbproof.making import chapter, code, displayed, drawn, printed, prose
from tests.nbproof.notebook import read_notebook

ALT = "Two falling lines; the validation line turns up after the fourth epoch."
FIGURE = {"mystnb": {"image": {"alt": ALT}, "figure": {"caption": "Losses."}}}
HIDDEN = {"tags": ["hide-cell"], "jupyter": {"source_hidden": True, "outputs_hidden": True}}
LINES = drawn({"Training": [3, 2, 1]})
LARGE = displayed(**{"image_svg+xml": "x" * (rules.LARGEST_IMAGE + 1)})


def good_chapter():
    """Return a chapter that breaks no rule for every notebook."""
    return chapter(
        code("count", "print(4)", [printed("4\n")]),
        code("losses", "plot()", [LINES], 2, **FIGURE),
        prose("text", "Words."),
        code("one-solution", "# Solution\nprint(5)", [printed("5\n")], 3, **HIDDEN),
    )


def changed(cell_id, **attributes):
    """Return the good chapter with one cell changed."""
    notebook = good_chapter()
    next(cell for cell in notebook.cells if cell.id == cell_id).update(attributes)
    return notebook


def coded(*sources):
    """Return a chapter with these cells of code."""
    return chapter(*[code(f"c-{n}", source) for n, source in enumerate(sources)])


def printing(text, stream="stdout"):
    """Return the good chapter with a cell that prints something else."""
    return changed("count", outputs=[printed(text, stream)])


def ending(*headings):
    """Return a chapter with these sections."""
    return chapter(prose("sections", "\n\n".join(f"## {heading}" for heading in headings)))


LOOP = chapter(code("b", "def loop(): pass"), code("a-solution", "def loop(): pass"))
TOLD_LATE = chapter(*(prose(f"p-{n}", text) for n, text in enumerate(["", "", rules.PROMISE])))
FIGURE_AND_FOLDED = chapter(code("plot", "x", [LINES]), code("a-solution", "x", [LINES], **HIDDEN))


@pytest.mark.parametrize(
    ("rule", "notebook", "message"),
    [
        (rules.run_in_order, changed("losses", execution_count=7), "7, expected 2"),
        (rules.no_warnings, printing("W", "stderr"), "stderr"),
        (rules.figures_are_described, changed("losses", metadata={}), "alt text"),
        (rules.figures_are_described, changed("losses", metadata={}), "no caption"),
        (rules.figures_are_described, changed("losses", outputs=[LARGE]), "150,001 bytes"),
        (rules.cells_are_short, changed("count", source="x\n" * 21), "21 lines of 20"),
        (rules.cells_are_short, coded("x", "x", "x"), "c-2"),
        (rules.cells_are_short, coded("x\n" * 4), "median"),
        (rules.ids_are_readable, chapter(code("deadbeef", "x")), "deadbeef"),
        (rules.ids_are_readable, chapter(code("b5f6d740-3aca", "x")), "b5f6d740"),
        (rules.has_title, changed("title", source="A title"), "# Title"),
        (rules.has_opening, TOLD_LATE, "able to"),
        (rules.has_ending, ending("One", "Exercises"), "closing"),
        (rules.has_ending, ending("One", "Exercises", "Summary"), "closing"),
        (rules.has_figures, FIGURE_AND_FOLDED, "1 figures, expected 2"),
        (rules.code_is_for_readers, coded("import a", "from b import c"), "c-0, c-1"),
        (rules.code_is_for_readers, coded("inspect.getsource(x)"), "c-0: getsource"),
        (rules.solutions_are_hidden, chapter(code("x-solution", "x")), "x-solution"),
        (rules.solutions_are_hidden, chapter(code("y-solution", "x", **HIDDEN)), "first line"),
        (rules.solutions_have_their_own_names, LOOP, "has a 'loop'"),
        (rules.exercises_ask_first, chapter(prose("exercise-1", "Count.")), "exercise-1: does"),
        (rules.nobody_is_rushed, changed("text", source="Obviously."), "'Obviously'"),
        (rules.runs_anywhere, changed("text", source="```{note}\nx\n```"), "MyST"),
        (rules.runs_anywhere, changed("text", source="see {ref}`x`"), "MyST"),
        (rules.runs_anywhere, printing("/home/ann/x"), "/home/ann"),
        (rules.runs_anywhere, printing("<F at 0x7f12>"), "at 0x7f12"),
        (rules.code_is_for_readers, coded("sys.path.append('x')"), "sys.path"),
        (rules.links_name_their_chapter, changed("text", source="[chapter 3](04_)"), "to 04"),
    ],
)
def test_a_broken_rule_is_noticed(rule, notebook, message):
    assert message in "\n".join(rule(notebook))


@pytest.mark.parametrize(("name", "problems"), [("00_x", 0), ("04_x", 4), ("11_x", 4), ("a5_x", 0)])
def test_chapters_1_to_11_teach(name, problems):
    assert len(list(rules.broken_rules(name, good_chapter()))) == problems


@pytest.mark.parametrize("path", notebook_paths(), ids=lambda path: path.stem)
def test_a_notebook_keeps_the_rules(path):
    problems = list(rules.broken_rules(path.stem, read_notebook(path)))
    assert not problems, "\n".join(problems)


def test_the_contents_name_every_page():
    contents = (BOOK / "_toc.yml").read_text(encoding="utf-8")
    pages = {path.stem for path in [*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")]}
    assert {page for page in pages if page not in contents} == set()
    numbers = sorted(page[:2] for page in pages if page[0].isdigit())
    assert numbers == [f"{n:02}" for n in range(len(numbers))]
