"""What every stored chapter must be. Each rule takes a notebook and yields what breaks it."""

import ast
import re
import symtable
from collections.abc import Iterator
from statistics import median

from nbformat import NotebookNode

from tests.book.pages import ROOT
from tests.nbproof.notebook import code_cells, image_of, image_words, stored_text, tags
from tests.nbproof.prose import prose_of
from tests.nbproof.stored import machine_paths, output_text

Problems = Iterator[str]
FOLDED = {"source_hidden": True, "outputs_hidden": True}  # in JupyterLab
MOST_IMPORT_CELLS = 1  # cells that only import
READABLE_ID = re.compile(r"(?![0-9a-f]{8}(?:-|$))[a-z][a-z0-9-]+")
SHORTEST_ALT = 40  # characters
LARGEST_IMAGE = 150_000  # bytes; points by the thousand are drawn with rasterized=True
LONGEST_CELL, USUAL_CELL = 20, 3  # lines that are not blank
ASKED = "*What do you expect"
PROMISE = "you will be able to"  # an opening says what for
FEWEST_FIGURES = 2
WORDS_PER_CHAPTER = (1000, 2500)
# Shown as it is written by plain JupyterLab, which reads CommonMark.
MYST = re.compile(r"^[ >]*(?::::|```+\{|~~~+\{)|\{[a-zA-Z][\w:+-]*\}`", re.MULTILINE)
# Of unknown origin, or of one machine, or what the package says of itself.
NOT_FOR_READERS = re.compile(r"import \*|sys\.path|getsource")
MEMORY_ADDRESS = re.compile(r"\bat 0x[0-9a-f]+")
# What a reader who does not see it yet is hurt by; in quotation marks others may say it.
RUSHED = re.compile(r"\b(?:just|simply|obvious\w*|trivial\w*)\b", re.IGNORECASE)
QUOTED = re.compile(r'"[^"\n]*"')
HEADING = re.compile(r"^## (.+)$", re.MULTILINE)
CHAPTER_LINK = re.compile(r"\[[^\]]*\b[Cc]hapter (\d+)[^\]]*\]\((\d\d)_")


def run_in_order(notebook: NotebookNode) -> Problems:
    """Every code cell was run, from top to bottom, in one kernel."""
    for place, cell in enumerate(code_cells(notebook), start=1):
        if cell.execution_count != place:
            yield f"{cell.id}: execution count {cell.execution_count}, expected {place}"


def no_warnings(notebook: NotebookNode) -> Problems:
    """Nothing is written on standard error; an error would have stopped the run."""
    for cell in code_cells(notebook):
        if "stderr" in [output.get("name") for output in cell.outputs]:
            yield f"{cell.id}: output on stderr"


def figures_are_described(notebook: NotebookNode) -> Problems:
    """A figure has an alt text that says what it shows, a caption, and a modest size."""
    for cell in code_cells(notebook):
        images = [image for o in cell.outputs if (image := image_of(o)) is not None]
        alt, caption = image_words(cell)
        if images and len(alt) < SHORTEST_ALT:
            yield f"{cell.id}: the alt text has {len(alt)} of {SHORTEST_ALT} characters"
        if images and not caption.strip():
            yield f"{cell.id}: the figure has no caption"
        for size in map(len, images):
            if size > LARGEST_IMAGE:
                yield f"{cell.id}: the image has {size:,} bytes of {LARGEST_IMAGE:,}"


def cells_are_short(notebook: NotebookNode) -> Problems:
    """No cell is long, most are very short, but for solutions, and prose stands between them."""
    in_a_row, shown = 0, []
    for cell in notebook.cells:
        in_a_row = in_a_row + 1 if cell.cell_type == "code" else 0
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        if in_a_row > 2:
            yield f"{cell.id}: the third code cell in a row without Markdown"
        if in_a_row and lines > LONGEST_CELL:
            yield f"{cell.id}: {lines} lines of {LONGEST_CELL}"
        if in_a_row and "hide-cell" not in tags(cell):
            shown.append(lines)
    if shown and median(shown) > USUAL_CELL:
        yield f"the median cell has {median(shown)} lines of {USUAL_CELL}"


def ids_are_readable(notebook: NotebookNode) -> Problems:
    """Cell ids are unique words, since prose and failures name cells by them."""
    for cell_id in (cell.get("id", "") for cell in notebook.cells):
        if not READABLE_ID.fullmatch(cell_id):
            yield f"{cell_id}: not a readable id, which a text editor can give it"


def has_title(notebook: NotebookNode) -> Problems:
    """The first cell begins with the chapter's title."""
    if not notebook.cells[0].source.startswith("# "):
        yield "the first cell does not begin with # Title"


def has_opening(notebook: NotebookNode) -> Problems:
    """A teaching chapter says near its beginning what its reader will be able to do."""
    opening = "\n\n".join(source for _, source in list(_markdown(notebook))[:3])
    if PROMISE not in opening.lower():
        yield f"the opening does not say '{PROMISE}'"


def has_ending(notebook: NotebookNode) -> Problems:
    """A teaching chapter ends with exercises, after a closing that has a heading of its own."""
    headings = [heading.strip() for heading in HEADING.findall(_text(notebook))]
    if headings[-1:] != ["Exercises"] or len(headings) < 3:
        yield f"the last sections are {headings[-2:]}, expected a closing, then Exercises"


def exercises_ask_first(notebook: NotebookNode) -> Problems:
    """Each exercise asks for a guess before it is tried."""
    for cell in notebook.cells:
        if re.fullmatch(r"exercise-\d+", cell.id) and ASKED not in cell.source:
            yield f"{cell.id}: does not ask {ASKED!r}"


def has_figures(notebook: NotebookNode) -> Problems:
    """A teaching chapter shows what it found; pictures in a solution do not count."""
    cells = [cell for cell in code_cells(notebook) if "hide-cell" not in tags(cell)]
    shown = sum(image_of(output) is not None for cell in cells for output in cell.outputs)
    if shown < FEWEST_FIGURES:
        yield f"{shown} figures, expected {FEWEST_FIGURES} or more"


def runs_anywhere(notebook: NotebookNode) -> Problems:
    """Nothing only MyST can show, nothing of one machine, no name of unknown origin."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := MYST.search(cell.source)):
            yield f"{cell.id}: MyST syntax {found.group()!r}"
        said = f"{cell.source}\n{output_text(cell.get('outputs', ()))}"
        if found := machine_paths(said, ROOT):
            yield f"{cell.id}: a folder of one machine: {found}"
        if found := MEMORY_ADDRESS.search(stored_text(cell)):
            yield f"{cell.id}: a memory address: {found.group()}"


def links_name_their_chapter(notebook: NotebookNode) -> Problems:
    """The words of a link name the chapter that it leads to."""
    for cell_id, source in _markdown(notebook):
        for named, target in CHAPTER_LINK.findall(prose_of(source)):
            if int(named) != int(target):
                yield f"{cell_id}: 'Chapter {named}' links to {target}_..."


def nobody_is_rushed(notebook: NotebookNode) -> Problems:
    """The prose calls nothing obvious."""
    for cell_id, source in _markdown(notebook):
        for found in RUSHED.findall(QUOTED.sub("", prose_of(source))):
            yield f"{cell_id}: leave out {found!r}"


def code_is_for_readers(notebook: NotebookNode) -> Problems:
    """Imports stand with the code that needs them; every name has an origin, on any machine."""
    importing = []
    for cell in code_cells(notebook):
        if found := NOT_FOR_READERS.search(cell.source):
            yield f"{cell.id}: {found.group()}"
        statements = ast.parse(cell.source, cell.id).body  # no line for IPython alone
        if all(isinstance(s, ast.Import | ast.ImportFrom) for s in statements):
            importing.append(cell.id)
    if len(importing) > MOST_IMPORT_CELLS:
        yield f"cells that only import: {', '.join(importing)}"


def solutions_are_hidden(notebook: NotebookNode) -> Problems:
    """A solution is folded in the book and in JupyterLab, and a folded cell is a solution."""
    for cell in code_cells(notebook):
        hidden = cell.metadata.get("jupyter", {}) == FOLDED
        if len({hidden, "hide-cell" in tags(cell), cell.id.endswith("-solution")}) > 1:
            needs = f"an id ending in -solution, the tag hide-cell, and the metadata {FOLDED}"
            yield f"{cell.id}: a solution has {needs} for jupyter"
        elif hidden and not cell.source.startswith("# Solution\n"):
            # JupyterLab shows the first line of a folded cell: it must not give the answer away.
            yield f"{cell.id}: the first line of a solution is '# Solution'"


def solutions_have_their_own_names(notebook: NotebookNode) -> Problems:
    """A solution that is run changes nothing that the chapter or its reader has made."""
    cells = code_cells(notebook)
    solutions = [cell for cell in cells if cell.id.endswith("-solution")]
    taken = {name for cell in cells if cell not in solutions for name in _assigned(cell.source)}
    for cell in solutions:
        for name in sorted(taken.intersection(_assigned(cell.source)) - {"_"}):
            yield f"{cell.id}: the chapter has a {name!r}, too"


def _assigned(source: str) -> set[str]:
    """Return the names that a cell leaves behind; what it imports is not counted as assigned."""
    names = symtable.symtable(source, "cell", "exec").get_symbols()
    return {name.get_name() for name in names if name.is_assigned()}


def has_usual_length(notebook: NotebookNode) -> Problems:
    """A teaching chapter's prose takes one sitting, without code, formulas, tags and targets."""
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", " ", prose_of(_text(notebook)))
    words, (fewest, most) = len(re.findall(r"\w+(?:['’-]\w+)*", text)), WORDS_PER_CHAPTER
    if not fewest <= words <= most:
        yield f"{words} words, expected {fewest} to {most}"


def _markdown(notebook: NotebookNode) -> Iterator[tuple[str, str]]:
    """Yield the id and the source of each Markdown cell."""
    return ((cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "markdown")


def _text(notebook: NotebookNode) -> str:
    """Return the chapter's Markdown."""
    return "\n\n".join(source for _, source in _markdown(notebook))


EVERY_NOTEBOOK = (
    *(run_in_order, no_warnings, runs_anywhere, code_is_for_readers, has_title, ids_are_readable),
    *(figures_are_described, cells_are_short, nobody_is_rushed, solutions_are_hidden),
    *(solutions_have_their_own_names, exercises_ask_first, links_name_their_chapter),
)
TEACHING_CHAPTERS = (has_opening, has_ending, has_usual_length, has_figures)


def broken_rules(name: str, notebook: NotebookNode) -> Problems:
    """Yield what breaks a rule for a notebook of the book; chapters 1 to 11 teach."""
    for rule in EVERY_NOTEBOOK + (TEACHING_CHAPTERS if "01" <= name[:2] <= "11" else ()):
        yield from rule(notebook)
