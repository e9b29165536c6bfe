"""What every stored chapter must be. Each rule takes a notebook and returns what breaks it."""

import re
from statistics import median

from nbformat import NotebookNode

from tests.book.code import (
    code_is_for_readers,
    solutions_are_hidden,
    solutions_have_their_own_names,
)
from tests.book.pages import ROOT
from tests.nbproof.notebook import code_cells, image_of, image_words, stored_text, tags
from tests.nbproof.prose import prose_of
from tests.nbproof.stored import machine_paths, output_text

READABLE_ID = re.compile(r"(?![0-9a-f]{8}$)[a-z][a-z0-9-]+")
SHORTEST_ALT = 40  # characters
LARGEST_IMAGE = 150_000  # bytes; points by the thousand are drawn with rasterized=True
LONGEST_CELL, USUAL_CELL = 20, 3  # lines that are not blank
ASKED = "*What do you expect"
PROMISE = "you will be able to"  # an opening says what for
FEWEST_FIGURES, FEWER_FIGURES = 2, {"02_decoding": 1}
WORDS_PER_CHAPTER = (1000, 2500)
# Shown as it is written by plain JupyterLab, which reads CommonMark.
MYST = re.compile(r"^[ >]*(?::::|```+\{|~~~+\{)|\{[a-zA-Z][\w:+-]*\}`", re.MULTILINE)
MEMORY_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")
# What a reader who does not see it yet is hurt by; in quotation marks others may say it.
RUSHED = re.compile(r"\b(?:just|simply|obvious\w*|trivial\w*)\b", re.IGNORECASE)
QUOTED = re.compile(r'"[^"\n]*"')
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
CHAPTER_LINK = re.compile(r"\[[^\]]*\b[Cc]hapter (\d+)[^\]]*\]\((\d\d)_")


def run_in_order(notebook: NotebookNode) -> list[str]:
    """Every code cell was run, from top to bottom, in one kernel."""
    counts = [(cell.id, cell.execution_count) for cell in code_cells(notebook)]
    return [
        f"{cell_id}: execution count {count}, expected {place}"
        for place, (cell_id, count) in enumerate(counts, start=1)
        if count != place
    ]


def no_accidents(notebook: NotebookNode) -> list[str]:
    """No error that was not announced by a tag, and nothing on standard error."""
    problems = []
    for cell in code_cells(notebook):
        kinds = [output.get("name", output.output_type) for output in cell.outputs]
        announced = "raises-exception" in tags(cell)
        if ("error" in kinds) != announced:
            problems.append(f"{cell.id}: {kinds}, tagged raises-exception: {announced}")
        if "stderr" in kinds:
            problems.append(f"{cell.id}: output on stderr")
    return problems


def figures_are_described(notebook: NotebookNode) -> list[str]:
    """A figure has an alt text that says what it shows, a caption, and a modest size."""
    problems = []
    for cell in code_cells(notebook):
        images = [image for o in cell.outputs if (image := image_of(o)) is not None]
        alt, caption = image_words(cell)
        if images and len(alt) < SHORTEST_ALT:
            problems.append(f"{cell.id}: the alt text has {len(alt)} of {SHORTEST_ALT} characters")
        if images and not caption.strip():
            problems.append(f"{cell.id}: the figure has no caption")
        for image in images:
            if (size := len(image)) > LARGEST_IMAGE:
                problems.append(f"{cell.id}: the image has {size:,} bytes of {LARGEST_IMAGE:,}")
    return problems


def cells_are_short(notebook: NotebookNode) -> list[str]:
    """No cell is long, and prose stands between them."""
    problems, in_a_row = [], 0
    for cell in notebook.cells:
        in_a_row = in_a_row + 1 if cell.cell_type == "code" else 0
        if in_a_row > 2:
            problems.append(f"{cell.id}: the third code cell in a row without Markdown")
        if in_a_row and _lines(cell) > LONGEST_CELL:
            problems.append(f"{cell.id}: {_lines(cell)} lines of {LONGEST_CELL}")
    return problems


def most_cells_are_very_short(notebook: NotebookNode) -> list[str]:
    """A cell shows a thought at a time; solutions may take more room."""
    shown = [_lines(cell) for cell in code_cells(notebook) if "hide-cell" not in tags(cell)]
    if not shown or median(shown) <= USUAL_CELL:
        return []
    return [f"the median cell has {median(shown)} lines of {USUAL_CELL}"]


def _lines(cell: NotebookNode) -> int:
    return sum(bool(line.strip()) for line in cell.source.splitlines())


def ids_are_readable(notebook: NotebookNode) -> list[str]:
    """Cell ids are unique words, since prose and failures name cells by them."""
    ids = [cell.get("id", "") for cell in notebook.cells]
    return [
        f"{cell_id}: not a readable id (a repeated one is read as eight random digits)"
        for cell_id in ids
        if not READABLE_ID.fullmatch(cell_id) or ids.count(cell_id) > 1
    ]


def has_title(notebook: NotebookNode) -> list[str]:
    """The first cell begins with the chapter's title."""
    title = notebook.cells[0].source.startswith("# ")
    return [] if title else ["the first cell does not begin with # Title"]


def has_opening(notebook: NotebookNode) -> list[str]:
    """A teaching chapter says near its beginning what its reader will be able to do."""
    kinds = [cell.cell_type for cell in notebook.cells]
    before_code = kinds.index("code") if "code" in kinds else len(kinds)
    markdown = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    opening = "\n\n".join(markdown[: max(3, before_code)])
    return [] if PROMISE in opening.lower() else [f"the opening does not say '{PROMISE}'"]


def has_ending(notebook: NotebookNode) -> list[str]:
    """A teaching chapter ends with exercises, after a closing that has a heading of its own."""
    headings = [heading.strip() for heading in HEADING.findall(_markdown(notebook))]
    if headings[-1:] == ["Exercises"] and len(headings) > 2:
        return []
    return [f"the last sections are {headings[-2:]}, expected a closing, then Exercises"]


def exercises_ask_first(notebook: NotebookNode) -> list[str]:
    """Each exercise asks for a guess before it is tried."""
    asked = [cell for cell in notebook.cells if re.fullmatch(r"exercise-\d+", cell.id)]
    return [f"{cell.id}: does not ask {ASKED!r}" for cell in asked if ASKED not in cell.source]


def has_figures(name: str, notebook: NotebookNode) -> list[str]:
    """A teaching chapter shows what it found; pictures in a solution do not count."""
    drawn = sum(
        image_of(output) is not None
        for cell in code_cells(notebook)
        if "hide-cell" not in tags(cell)
        for output in cell.outputs
    )
    shown = drawn + _markdown(notebook).count("![")
    fewest = FEWER_FIGURES.get(name, FEWEST_FIGURES)
    return [] if shown >= fewest else [f"{shown} figures, expected {fewest} or more"]


def runs_anywhere(notebook: NotebookNode) -> list[str]:
    """Nothing only MyST can show, nothing of one machine, no name of unknown origin."""
    problems = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := MYST.search(cell.source)):
            problems.append(f"{cell.id}: MyST syntax {found.group()!r}")
        said = f"{cell.source}\n{output_text(cell.get('outputs', ()))}"
        if found := machine_paths(said, ROOT):
            problems.append(f"{cell.id}: a folder of one machine: {found}")
        if found := MEMORY_ADDRESS.search(stored_text(cell)):
            problems.append(f"{cell.id}: a memory address: {found.group()}")
        if cell.cell_type == "code" and re.search(r"import \*|sys\.path", cell.source):
            problems.append(f"{cell.id}: 'import *' or 'sys.path'")
    return problems


def links_name_their_chapter(notebook: NotebookNode) -> list[str]:
    """The words of a link name the chapter that it leads to."""
    return [
        f"{cell.id}: 'Chapter {named}' links to {target}_..."
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for named, target in CHAPTER_LINK.findall(prose_of(cell.source))
        if int(named) != int(target)
    ]


def nobody_is_rushed(notebook: NotebookNode) -> list[str]:
    """The prose calls nothing obvious."""
    return [
        f"{cell.id}: leave out {found!r}"
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for found in RUSHED.findall(QUOTED.sub("", prose_of(cell.source)))
    ]


def has_usual_length(notebook: NotebookNode) -> list[str]:
    """A teaching chapter's prose takes one sitting."""
    words, (fewest, most) = count_words(notebook), WORDS_PER_CHAPTER
    return [] if fewest <= words <= most else [f"{words} words, expected {fewest} to {most}"]


def count_words(notebook: NotebookNode) -> int:
    """Return the number of words of prose, without code, formulas, tags and link targets."""
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", " ", prose_of(_markdown(notebook)))
    return len(re.findall(r"\w+(?:['’-]\w+)*", text))


def _markdown(notebook: NotebookNode) -> str:
    """Return the chapter's Markdown."""
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


EVERY_NOTEBOOK = (
    run_in_order,
    no_accidents,
    figures_are_described,
    cells_are_short,
    most_cells_are_very_short,
    ids_are_readable,
    has_title,
    code_is_for_readers,
    solutions_are_hidden,
    solutions_have_their_own_names,
    nobody_is_rushed,
    exercises_ask_first,
    runs_anywhere,
    links_name_their_chapter,
)
TEACHING_CHAPTERS = (has_opening, has_ending, has_usual_length)


def broken_rules(name: str, notebook: NotebookNode) -> list[str]:
    """Return what breaks a rule for a notebook of the book; chapters 1 to 11 teach."""
    teaches = "01" <= name[:2] <= "11"
    rules = EVERY_NOTEBOOK + (TEACHING_CHAPTERS if teaches else ())
    problems = [problem for rule in rules for problem in rule(notebook)]
    return problems + (has_figures(name, notebook) if teaches else [])
