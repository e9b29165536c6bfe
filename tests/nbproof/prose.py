"""Numbers in prose check themselves: each must be found among the numbers computed near by.

A number is found if a computed one, rounded as the prose writes it, is the same. Near by are some
cells before and after the paragraph; for numbers that are found anywhere by accident (whole ones
under a hundred, and those of one or two digits), only the nearest. A paragraph that links to a
section elsewhere may draw on that section. What is computed nowhere is a fact, with a reason.
"""

import html
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from nbformat import NotebookNode

from tests.nbproof.notebook import image_words, stored_text
from tests.nbproof.quantities import Lines, Written, computed_numbers, written_numbers

Range = tuple[Written, ...]  # a number, or the two of a range
Linked = Callable[[str], NotebookNode | None]  # the notebook that a link names
WINDOW, NEAREST = (6, 3), (2, 2)  # cells before and after; code counts in the nearest and the next
# What is not prose, in the order in which it is taken out. Of a directive only the fence goes: a
# note is prose.
NOT_PROSE = (
    (r"(?ms)^([ >]*)(```+|~~~+)(?!\{)[^\n]*\n.*?^\1\2[ ]*$", ""),
    (r"(?m)^[ ]*(?:```+|:::+)(?:\{[^}]*\})?", ""),
    (r"(`+)(?!`).*?(?<!`)\1(?!`)", " "),
    (r"\$\$.*?\$\$", " "),
    (r"(?<![\\$])\$(?=\S)[^$\n]+\$", " "),
)
NOT_WORDS = (
    (r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)", r"\1"),  # a link keeps its words
    (r"<?https?://\S+", ""),
    (r"<[^>]*>", " "),
    (r"(?m)^[ >]*(?:#+ )?\d+[.)] ", ""),  # an item of a list
)
PLAIN = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ", "*\\")
PARAGRAPH = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )|\n(?=#)")
LINK = re.compile(r"\]\(([\w-]+)\.ipynb(?:#([\w-]+))?\)")


@dataclass(frozen=True)
class Fact:
    """A number that is not computed near by, in the words around it, and why it is right.

    If the reason names cells of the page, as in "`result` prints it", they must have the number.
    """

    text: str
    reason: str
    pages: tuple[str, ...]

    @property
    def cells(self) -> list[str]:
        """Return the cells that the reason names."""
        return re.findall(r"`([\w-]+)`", self.reason)

    def places(self, text: str) -> list[tuple[int, int]]:
        """Return where the words stand, not as a part of a longer word or number."""
        words = r"\s+".join(map(re.escape, self.text.split()))
        pattern = rf"(?i)(?<!\w)(?<!\d[.,]){words}(?!\w|[.,]\d)"
        return [match.span() for match in re.finditer(pattern, text)]


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
    numbers: tuple[Written, ...]

    def ranges(self) -> Iterator[Range]:
        """Yield each number, those of a range ("from 0.874 to 0.887") as a pair."""
        waiting = self.numbers
        while waiting:
            first, *rest = waiting
            is_range = rest and self.text[first.end : rest[0].start] == " to "
            size = 2 if is_range and not first.is_small else 1
            yield waiting[:size]
            waiting = waiting[size:]

    def finds(self, numbers: Range) -> bool:
        """Tell whether a number was computed, or the two of a range, one after the other."""
        first = numbers[0]
        lines = self.near if first.is_small or first.digits < 3 else self.wide
        in_turn = zip if len(numbers) == 1 else pairwise
        candidates = (computed for line in lines for computed in in_turn(line))
        return any(all(map(Written.is_found_in, numbers, found)) for found in candidates)


def paragraphs(notebook: NotebookNode, style: Style, other: Linked) -> Iterator[Paragraph]:
    """Yield the prose of a notebook."""
    cells = notebook.cells
    for place, cell in enumerate(cells):
        source = cell.source if cell.cell_type == "markdown" else "\n\n".join(image_words(cell))
        for raw in PARAGRAPH.split(prose_of(source)):
            text = html.unescape(_without(raw, NOT_WORDS)).translate(PLAIN)
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


def check_numbers(page: str, notebook: NotebookNode, style: Style, other: Linked) -> list[str]:
    """Return the numbers of a page that nothing stands for, and the facts that it lacks."""
    problems, lacked = [], [fact for fact in style.facts if page in fact.pages]
    facts = tuple(lacked)
    for paragraph in paragraphs(notebook, style, other):
        places = {fact: fact.places(paragraph.text) for fact in facts}
        lacked = [fact for fact in lacked if not places[fact]]
        covered = [place for several in places.values() for place in several]
        for fact in facts:
            named = _outputs([cell for cell in notebook.cells if cell.id in fact.cells])
            for number in paragraph.numbers if fact.cells else ():
                shown = any(number.is_found_in(computed) for line in named for computed in line)
                if number.lies_in(places[fact]) and not shown:
                    problems.append(f"the fact {fact.text!r}: {' and '.join(fact.cells)} lacks it")
        for numbers in paragraph.ranges():
            start, end = numbers[0].start, numbers[-1].end
            if not numbers[0].lies_in(covered) and not paragraph.finds(numbers):
                found = f"{paragraph.text[start:end]!r}, {_sentence(paragraph.text, start, end)}"
                problems.append(f"{paragraph.where}: nothing near by gives {found}")
    return problems + [f"the fact {fact.text!r} does not stand on the page" for fact in lacked]


def digit_changes(notebook: NotebookNode, style: Style, other: Linked) -> Counter:
    """Count the changes of a digit, by whether the number is small, and whether it was noticed.

    That a fact would not stand on its page any more is not counted as noticed.
    """
    counts = Counter()
    for paragraph in paragraphs(notebook, style, other):
        for numbers in paragraph.ranges():
            for changed in _changed(paragraph.text, numbers, style):
                counts[numbers[0].is_small, not paragraph.finds(changed)] += 1
    return counts


def _changed(text: str, numbers: Range, style: Style) -> Iterator[Range]:
    """Yield the number, or the range, with one digit changed."""
    for number in numbers:
        for place in range(number.start, number.end):
            leads = place == number.start and re.match(r"\d[^.]", text[place : number.end])
            for digit in "123456789" if leads else "0123456789":
                if text[place].isdigit() and text[place] != digit:
                    other = text[:place] + digit + text[place + 1 :]
                    found = {n.start: n for n in written_numbers(other, style.counted, style.names)}
                    yield tuple(found[n.start] for n in numbers)


def _window(cells: Sequence, place: int, window: tuple[int, int]) -> Sequence:
    return cells[max(0, place - window[0]) : place + window[1] + 1]


def _outputs(cells: Sequence) -> Lines:
    texts = [stored_text(cell) for cell in cells if cell.cell_type == "code"]
    return tuple(line for text in texts for line in computed_numbers(text))


def _codes(cells: Sequence) -> Lines:
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    return tuple(line for source in sources for line in computed_numbers(source))


def _section(cells: Sequence, anchor: str) -> Sequence:
    """Return the cells of the section that a link's anchor names."""
    found, inside = [], False
    for cell in cells:
        if cell.cell_type == "markdown" and (heading := re.match(r"#+ (.+)", cell.source)):
            slug = re.sub(r"[^\w\s-]", "", heading[1].lower()).strip().replace(" ", "-")
            inside = slug == anchor
        if inside:
            found.append(cell)
    return found


@cache
def prose_of(text: str) -> str:
    """Return a text without code and formulas; links stay."""
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
