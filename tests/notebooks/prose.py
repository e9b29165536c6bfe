"""Numbers in prose: each is bound to an output, or asserted in ``prose_facts.toml``.

In Markdown, ``<span data-from="CELL: LABEL">0.885</span>`` binds a number to the first number
after LABEL in that cell's stored output. In alt texts and captions, which cannot hold a span, the
cell's metadata binds it: ``"check": {"numbers": {"0.885": "CELL: LABEL"}}``.
"""

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.notebooks.chapters import code_cells, image_words, read_chapter, stored_text
from tests.notebooks.facts import Fact, Pattern, places, within
from tests.notebooks.numbers import NUMBER
from tests.notebooks.quoted import disagreement, split_reference
from tests.notebooks.words import number_words

SPAN = re.compile(r'<span data-from="(?P<reference>[^"]*)">(?P<text>.*?)</span>', re.DOTALL)
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
    (
        r"(?<=\[)\d+[.:] (?=[^\]]*\]\()",
        "",
    ),  # a chapter's number at the beginning of a link
    (r"!?\[((?:[^\[\]]|\[[^\]]*\])*)\]\([^)]*\)", r"\1"),  # a link keeps its words
    (r"(?m)^\[[^\]]+\]:.*$", ""),
    (r"<?https?://\S+", ""),
    (r"<[^>]*>", " "),
)
CHAPTER_LINK = re.compile(r"\[[^\]]*\b[Cc]hapter (\d+)[^\]]*\]\((\d\d)_")


@dataclass(frozen=True)
class Piece:
    """One stretch of prose: a Markdown cell, a Markdown page, or a figure's alt and caption."""

    page: str
    place: str
    text: str
    numbers: Mapping[str, str] = field(default_factory=dict)


def pages(book: Path) -> list[Path]:
    """Return the pages of the book, chapters and Markdown."""
    return sorted([*book.glob("*.ipynb"), *book.glob("*.md")])


def read_pieces(path: Path) -> list[Piece]:
    """Return the prose of a page."""
    if path.suffix == ".md":
        return [Piece(path.stem, "page", path.read_text(encoding="utf-8"))]
    pieces = []
    for cell in read_chapter(path).cells:
        if cell.cell_type == "markdown":
            pieces.append(Piece(path.stem, cell.id, cell.source))
        elif words := "\n\n".join(filter(None, image_words(cell))):
            numbers = cell.metadata.get("check", {}).get("numbers", {})
            pieces.append(Piece(path.stem, f"{cell.id} (alt text, caption)", words, numbers))
    return pieces


def prose_of(text: str) -> str:
    """Return a text without code, formulas and front matter; spans and links stay."""
    for pattern, replacement in NOT_PROSE:
        text = re.sub(pattern, replacement, text, flags=re.DOTALL)
    return text


def bound_numbers(piece: Piece) -> Iterator[tuple[str, str]]:
    """Yield each bound number as it is written, and what it is bound to."""
    for span in SPAN.finditer(prose_of(piece.text)):
        yield html.unescape(span["text"]), html.unescape(span["reference"])
    yield from piece.numbers.items()


def check_bound(piece: Piece, book: Path) -> list[str]:
    """Return what is wrong with the numbers of a piece that are bound to outputs."""
    problems = []
    for text, reference in bound_numbers(piece):
        try:
            chapter, cell_id, label = split_reference(reference, piece.page)
            problem = disagreement(text, _output(book, chapter, cell_id), label)
        except LookupError as error:
            problem = str(error.args[0])
        if problem:
            problems.append(f"{piece.page}, {piece.place}: {text!r} from {reference!r}: {problem}")
    if "data-from" in SPAN.sub("", prose_of(piece.text)):
        problems.append(f"{piece.page}, {piece.place}: a data-from that is not a plain span")
    return problems


def _output(book: Path, chapter: str, cell_id: str) -> str:
    """Return the stored text of a cell; say what is missing if there is none."""
    path = book / f"{chapter}.ipynb"
    if not path.exists():
        raise LookupError(f"there is no chapter {chapter!r} (write CHAPTER#CELL: LABEL)")
    cells = {cell.id: cell for cell in code_cells(read_chapter(path))}
    if cell_id not in cells:
        raise LookupError(f"chapter {chapter} has no code cell {cell_id!r}")
    return stored_text(cells[cell_id])


def plain_words(piece: Piece) -> str:
    """Return the words of a piece, with an ellipsis for each number that is bound by a span."""
    text = SPAN.sub("…", prose_of(piece.text))
    for pattern, replacement in NOT_WORDS:
        text = re.sub(pattern, replacement, text, flags=re.DOTALL)
    return html.unescape(text).translate({0xA0: " ", 0x202F: " ", ord("*"): None, ord("\\"): None})


def find_numbers(text: str) -> list[tuple[int, int]]:
    """Return where the numbers of a text begin and end, those in digits and those in words."""
    # In prose, a dot at the end is a full stop.
    digits = [
        (at.start(), at.start() + len(at.group().rstrip("."))) for at in NUMBER.finditer(text)
    ]
    return sorted([*digits, *number_words(text)])


def check_unbound(piece: Piece, entries: Iterable[Fact | Pattern]) -> list[str]:
    """Return the numbers of a piece that nothing stands for, and note which entries were used."""
    text = plain_words(piece)
    numbers = find_numbers(text)
    problems = []
    for written in piece.numbers:
        covered = places(written, text)
        numbers = [number for number in numbers if not within(number, covered)]
        problems += [] if covered else [f"{piece.page}, {piece.place}: {written!r} is not in it"]
    for entry in entries:
        numbers = entry.pass_over(numbers, text, piece.page)
    for begin, end in numbers:
        sentence = _sentence(text[:begin], text[begin:end], text[end:])
        problems.append(f"{piece.page}, {piece.place}: {text[begin:end]!r} in {sentence!r}")
    return list(dict.fromkeys(problems))


def _sentence(before: str, written: str, after: str) -> str:
    """Return the sentence that a number stands in, on one line, or its near part."""
    before = re.split(r"[.!?]\s|\n\s*\n", before)[-1]
    after = re.split(r"[.!?](?:\s|$)|\n\s*\n", after)[0]
    return " ".join(f"{before[-80:]}{written}{after[:80]}".split())


def check_chapter_links(piece: Piece) -> list[str]:
    """Return the links whose words name another chapter than their target."""
    return [
        f"{piece.page}, {piece.place}: 'Chapter {named}' links to {target}_..."
        for named, target in CHAPTER_LINK.findall(prose_of(piece.text))
        if int(named) != int(target)
    ]
