"""Numbers in prose check themselves: each must be found among the numbers computed near by.

A number is found if a computed one, rounded as the prose writes it, is the same. Near by are some
cells before and after the paragraph; for numbers that are found anywhere by accident (whole ones
under a hundred, and those of one or two digits), only the nearest. A paragraph that links to a
section elsewhere may draw on that section. What is computed nowhere is a fact, with a reason.
"""

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from nbformat import NotebookNode

from tests.nbproof.notebook import image_of, image_words, stored_text
from tests.nbproof.quantities import Lines, Written, computed_numbers, within, written_numbers

WINDOW, NEAREST = (6, 3), (2, 2)  # cells before and after; code counts in the nearest and the next
# What is not prose, in the order in which it is taken out. A directive's content stays: a note
# is prose; only its fence and options go.
NOT_PROSE = (
    (r"\A---\n.*?\n---\n", ""),  # front matter
    (r"<!--.*?-->", ""),
    (r"(?ms)^([ >]*)(```+|~~~+)(?!\{)[^\n]*\n.*?^\1\2[ ]*$", ""),
    (r"(?ms)^(```+)\{(?:code|math|toctree)[^\n]*\n.*?^\1[ ]*$", ""),
    (r"(?m)^[ ]*(?:```+|:::+)(?:\{[^}]*\})?", ""),
    (r"(?m)^[ ]*:[\w-]+:.*$", ""),
    (r"(`+)(?!`).*?(?<!`)\1(?!`)", " "),
    (r"\$\$.*?\$\$", " "),
    (r"(?<![\\$])\$(?=\S)[^$\n]+\$", " "),
)
NOT_WORDS = (
    (r"(?<=\[)\d+[.:] (?=[^\]]*\]\()", ""),  # a chapter's number at the beginning of a link
    (r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)", r"\1"),  # a link keeps its words
    (r"(?m)^\[[^\]]+\]:.*$", ""),
    (r"<?https?://\S+", ""),
    (r"<[^>]*>", " "),
    (r"(?m)^[ >]*(?:#+ )?\d+[.)] ", ""),  # an item of a list
)
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n(?=#)")
LINK = re.compile(r"\]\(([\w-]+)\.ipynb(?:#([\w-]+))?\)")


@dataclass(frozen=True)
class Fact:
    """A number that is computed nowhere, in the words around it, and why it is right."""

    text: str
    reason: str
    pages: tuple[str, ...]

    def places(self, text: str) -> list[tuple[int, int]]:
        """Return where the words stand, not as a part of a longer word or number."""
        return [match.span() for match in _finder(self.text).finditer(text)]


@dataclass(frozen=True)
class Style:
    """What a book's prose counts, which names end in a number, and its facts."""

    counted: tuple[str, ...]
    names: tuple[str, ...] = ()  # patterns: "Keras", "[Cc]hapters?"
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    """A stretch of prose with the numbers that it may draw on."""

    where: str
    text: str
    wide: Lines
    near: Lines
    numbers: tuple[Written, ...] = field(default=())

    def lines_for(self, number: Written) -> Lines:
        """Return the computed numbers that may stand for a number."""
        return self.near if number.is_small or number.digits < 3 else self.wide

    def finds(self, number: Written, then: Written | None = None) -> bool:
        """Tell whether a number was computed; with another one, as the ends of a range."""
        for line in self.lines_for(number):
            if then is None and any(number.is_found_in(computed) for computed in line):
                return True
            if then and any(
                number.is_found_in(low) and then.is_found_in(high) for low, high in pairwise(line)
            ):
                return True
        return False


@cache
def _finder(words: str) -> re.Pattern:
    """Return what finds words, whatever space is between them."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?i)(?<!\w)(?<!\d[.,]){pattern}(?!\w|[.,]\d)")


def paragraphs(
    notebook: NotebookNode, style: Style, other: Callable[[str], NotebookNode | None]
) -> Iterator[Paragraph]:
    """Yield the prose of a notebook; ``other`` returns the notebook that a link names."""
    cells = notebook.cells
    for place, cell in enumerate(cells):
        source = cell.source if cell.cell_type == "markdown" else "\n\n".join(image_words(cell))
        for raw in PARAGRAPH.split(prose_of(source)):
            text = _without(raw, NOT_WORDS)
            text = html.unescape(text).translate(
                {0xA0: " ", 0x202F: " ", ord("*"): None, ord("\\"): None}
            )
            if not (numbers := written_numbers(text, style.counted, style.names)):
                continue
            near = _outputs(_window(cells, place, NEAREST)) + _codes(_window(cells, place, NEAREST))
            wide = _outputs(_window(cells, place, WINDOW)) + _codes(_window(cells, place, (4, 2)))
            if re.search(r"(?m)^## Summary$", cell.source):
                near = wide = _outputs(cells)
            for name, anchor in LINK.findall(raw):
                if linked := other(name):
                    near += _outputs(_section(linked.cells, anchor))
                    wide += _outputs(_section(linked.cells, anchor) if anchor else linked.cells)
            yield Paragraph(cell.id, text, wide, near, tuple(numbers))


def check_numbers(
    page: str, notebook: NotebookNode, style: Style, other: Callable[[str], NotebookNode | None]
) -> list[str]:
    """Return the numbers of a page that nothing stands for, and the facts that it lacks."""
    facts = [fact for fact in style.facts if page in fact.pages]
    problems, used = [], set()
    for paragraph in paragraphs(notebook, style, other):
        covered = []
        for fact in facts:
            if places := fact.places(paragraph.text):
                used.add(fact)
                covered += places
        for number, then in _ranges(paragraph):
            if within((number.start, number.end), covered):
                continue
            if not paragraph.finds(number, then):
                last = then or number
                sentence = _sentence(paragraph.text, number.start, last.end)
                written = paragraph.text[number.start : last.end]
                problems.append(f"{paragraph.where}: nothing near by gives {written!r}, {sentence}")
    lacked = [fact for fact in facts if fact not in used]
    return problems + [f"the fact {fact.text!r} does not stand on the page" for fact in lacked]


def digit_changes(
    page: str, notebook: NotebookNode, style: Style, other: Callable[[str], NotebookNode | None]
) -> dict[bool, tuple[int, int]]:
    """Return how many changes of a digit were noticed, of how many, by whether they are small."""
    counts = {True: [0, 0], False: [0, 0]}
    found = list(paragraphs(notebook, style, other))
    # Without its only place, a fact does not stand on the page any more, which is noticed.
    once = [
        fact
        for fact in style.facts
        if page in fact.pages and sum(len(fact.places(p.text)) for p in found) == 1
    ]
    for paragraph in found:
        covered = [place for fact in once for place in fact.places(paragraph.text)]
        for number, then in _ranges(paragraph):
            bound = within((number.start, number.end), covered)
            for changed in _changed(paragraph.text, number, then, style):
                count = counts[number.is_small]
                count[0] += bound or not paragraph.finds(*changed)
                count[1] += 1
    return {small: (noticed, tried) for small, (noticed, tried) in counts.items()}


def _changed(
    text: str, number: Written, then: Written | None, style: Style
) -> Iterator[tuple[Written, Written | None]]:
    """Yield the number, or the range, with one digit changed."""
    for changing in filter(None, (number, then)):
        for place in range(changing.start, changing.end):
            if not text[place].isdigit():
                continue
            for digit in "0123456789":
                leads = place == changing.start and changing.end - place > 1
                if digit == text[place] or (digit == "0" and leads and text[place + 1] != "."):
                    continue
                other = text[:place] + digit + text[place + 1 :]
                found = {n.start: n for n in written_numbers(other, style.counted, style.names)}
                yield found[number.start], then and found[then.start]


def _ranges(paragraph: Paragraph) -> Iterator[tuple[Written, Written | None]]:
    """Yield each number, those of a range ("from 0.874 to 0.887") as a pair."""
    numbers, place = paragraph.numbers, 0
    while place < len(numbers):
        number, *rest = numbers[place:]
        is_range = rest and paragraph.text[number.end : rest[0].start] == " to "
        is_range = is_range and not number.is_small
        yield number, rest[0] if is_range else None
        place += 2 if is_range else 1


def _window(cells: Sequence, place: int, window: tuple[int, int]) -> Sequence:
    return cells[max(0, place - window[0]) : place + window[1] + 1]


def _outputs(cells: Sequence) -> Lines:
    """Return the numbers of the cells' text outputs; what only stands for a figure has none."""
    texts = [
        stored_text({"outputs": [o for o in cell.outputs if image_of(o) is None]})
        for cell in cells
        if cell.cell_type == "code"
    ]
    return tuple(line for text in texts for line in computed_numbers(text))


def _codes(cells: Sequence) -> Lines:
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    return tuple(line for source in sources for line in computed_numbers(source))


def _section(cells: Sequence, anchor: str) -> Sequence:
    """Return the cells of the section that a link's anchor names."""
    found, inside = [], False
    for cell in cells:
        heading = re.match(r"#+ (.+)", cell.source) if cell.cell_type == "markdown" else None
        if heading:
            slug = re.sub(r"[^\w\s-]", "", heading[1].lower()).strip().replace(" ", "-")
            inside = slug == anchor
        if inside:
            found.append(cell)
    return found


@cache
def prose_of(text: str) -> str:
    """Return a text without code, formulas and front matter; links stay."""
    return _without(text, NOT_PROSE)


def _without(text: str, patterns: Sequence[tuple[str, str]]) -> str:
    for pattern, replacement in patterns:
        text = re.sub(pattern, replacement, text, flags=re.DOTALL)
    return text


def _sentence(text: str, start: int, end: int) -> str:
    """Return the near part of the sentence that a number stands in, on one line."""
    before = re.split(r"[.!?]\s", text[:start])[-1][-60:]
    after = re.split(r"[.!?](?:\s|$)", text[end:])[0][:60]
    return f"in {' '.join((before + text[start:end] + after).split())!r}"
