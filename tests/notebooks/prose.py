"""Numbers in prose: each is bound to an output, or asserted in ``prose_facts.toml``.

In Markdown, ``<span data-from="CELL: LABEL">0.885</span>`` binds a number to the first number
after LABEL in that cell's stored output. In alt texts and captions, which cannot hold a span, the
cell's metadata binds it: ``"check": {"numbers": {"0.885": "CELL: LABEL"}}``.
"""

import ast
import html
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.notebooks.chapters import (
    ROOT,
    code_cells,
    image_words,
    read_chapter,
    stored_text,
)
from tests.notebooks.numbers import NUMBER
from tests.notebooks.quoted import disagreement, split_reference

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
# Numbers that are names or places, not measurements.
ALLOWED = re.compile(
    r"(?<![\d.,])(?:19|20)\d\d(?![\d,.]\d|\d)"  # a year
    r"|\b(?:[Cc]hapter|[Ee]xercise|[Ss]olution)s? \d+(?:(?:, | and | to |–|-)\d+)*"
    r"|(?m:^[ >]*(?:#+ )?\d+[.)] )"  # a list's or heading's own number
)
CHAPTER_LINK = re.compile(r"\[[^\]]*\b[Cc]hapter (\d+)[^\]]*\]\((\d\d)_")
FACT_KEYS = {"text", "reason", "test", "source", "pages"}


@dataclass(frozen=True)
class Piece:
    """One stretch of prose: a Markdown cell, a Markdown page, or a figure's alt and caption."""

    page: str
    place: str
    text: str
    numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Fact:
    """A number that does not come from an output, and why it is right."""

    text: str
    reason: str
    test: str = ""
    source: str = ""
    pages: tuple[str, ...] = ()
    used_on: set[str] = field(default_factory=set)

    def applies_to(self, page: str) -> bool:
        """Tell whether the fact may be used on a page."""
        return not self.pages or page in self.pages


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


def check_unbound(piece: Piece, facts: list[Fact]) -> list[str]:
    """Return the numbers of a piece that nothing stands for, and note which facts were used."""
    text = SPAN.sub("…", prose_of(piece.text))
    for pattern, replacement in NOT_WORDS:
        text = re.sub(pattern, replacement, text, flags=re.DOTALL)
    text = html.unescape(text).translate({0xA0: " ", 0x202F: " ", ord("*"): None, ord("\\"): None})
    covered = [match.span() for match in ALLOWED.finditer(text)]
    problems = []
    for written in piece.numbers:
        found = _places(written, text)
        covered += found
        problems += [] if found else [f"{piece.page}, {piece.place}: {written!r} is not in it"]
    for fact in facts:
        if fact.applies_to(piece.page) and (found := _places(fact.text, text)):
            fact.used_on.add(piece.page)
            covered += found
    for number in NUMBER.finditer(text):
        written = number.group().rstrip(".")  # in prose, a dot at the end is a full stop
        begin, end = number.start(), number.start() + len(written)
        if not any(first <= begin and end <= last for first, last in covered):
            sentence = _sentence(text[:begin], written, text[end:])
            problems.append(f"{piece.page}, {piece.place}: {written!r} in {sentence!r}")
    return list(dict.fromkeys(problems))


def _places(words: str, text: str) -> list[tuple[int, int]]:
    """Return where words stand in a text, not as a part of a longer word or number."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    matches = re.finditer(rf"(?<!\w)(?<!\d[.,]){pattern}(?!\w|[.,]\d)", text)
    return [match.span() for match in matches]


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


def read_facts(path: Path) -> list[Fact]:
    """Return the facts of a file; refuse one without a reason or with a key nobody reads."""
    facts = []
    for entry in tomllib.loads(path.read_text(encoding="utf-8")).get("fact", []):
        if set(entry) - FACT_KEYS or not entry.get("text") or not entry.get("reason"):
            raise ValueError(f"a fact has text, reason, and perhaps test, source, pages: {entry}")
        facts.append(Fact(**{**entry, "pages": tuple(entry.get("pages", ()))}))
    return facts


def check_facts(facts: list[Fact], root: Path = ROOT) -> list[str]:
    """Return the facts that no page used, or whose test does not exist."""
    problems = []
    for fact in facts:
        unused = set(fact.pages) - fact.used_on if fact.pages else not fact.used_on
        if unused:
            problems.append(
                f"{fact.text!r} is not used {f'on {sorted(unused)}' if fact.pages else ''}"
            )
        if fact.test and not _test_exists(root, fact.test):
            problems.append(f"{fact.text!r}: there is no test {fact.test}")
    return problems


def _test_exists(root: Path, test: str) -> bool:
    """Tell whether ``tests/file.py::name`` names a function of that file."""
    file, _, name = test.partition("::")
    if not (root / file).is_file():
        return False
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    name = name.split("[")[0].split("::")[-1]
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree))
