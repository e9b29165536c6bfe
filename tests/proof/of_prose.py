"""Damage to numbers in prose, in digits and in words, and to what binds them to outputs."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from nbformat import NotebookNode

from tests.notebooks.chapters import image_words
from tests.proof.places import Edit, Place, changed, other_digit

# Code, formulas, tags, comments and addresses: what a reader does not read as prose.
NOT_READ = re.compile(
    r"^ *(```+|~~~+).*?^ *\1|(`+)(?!`).*?(?<!`)\2(?!`)|\$\$.*?\$\$|\$(?=\S)[^$\n]+\$|<!--.*?-->"
    r"|<[^>]*>|\]\([^)]*\)|https?://\S+",
    re.DOTALL | re.MULTILINE,
)
# Years, and the numbers of chapters, exercises, headings and lists are names: nothing measured.
NAMES = re.compile(
    r"\b(?:19|20)\d\d\b|\b(?:chapter|exercise|solution)s? \d+(?:(?:, | and | to |–|-)\d+)*"
    r"|^[ >]*(?:#+ )?\d+[.)] |(?<=\[)\d+[.:] ",
    re.IGNORECASE | re.MULTILINE,
)
NUMBER = re.compile(r"(?<![\w.,])(?<!\w-)\d+(?:[.,]\d+)*")
COUNTED = "one two three four five six seven eight nine ten eleven twelve"
RANKED = "second third fourth fifth sixth seventh eighth ninth tenth"
NEXT = {word: later for row in (COUNTED, RANKED) for word, later in pairwise(row.split())}
del NEXT["one"], NEXT["second"]  # mostly "this one", and a unit of time
WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(NEXT)})(?![\w-])", re.IGNORECASE)
SPAN = re.compile(r'<span data-from="[^"]*">(.*?)</span>', re.DOTALL)
LINK = re.compile(r"\[[^\]]*\bchapter (\d)[^\]]*\]\(\d\d_", re.IGNORECASE)


def number(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """The last digit of a number is another one."""
    for cell_id, text, put in _prose(notebook):
        yield from _damaged(cell_id, text, put, random, NUMBER)


def number_word(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A number in words is one more."""
    for cell_id, text, put in _prose(notebook):
        yield from _damaged(cell_id, text, put, random, WORD)


def number_of_a_figure(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A number in the words that describe a figure is another one."""
    for cell_id, text, put in _words_of_figures(notebook):
        for pattern in (NUMBER, WORD):
            yield from _damaged(cell_id, text, put, random, pattern)


def binding_dropped(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A number is no longer bound to an output, and is another one."""
    for cell_id, text, put in _prose(notebook):
        for span in SPAN.finditer(text):
            new = _other(span[1], random)
            if new != span[1]:
                damaged = changed(text, *span.span(), new)
                yield cell_id, f"{span[1]!r} became {new!r}, without data-from", put(damaged)


def chapter_of_a_link(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A link leads to another chapter than its words say."""
    for cell_id, text, put in _prose(notebook):
        for match in LINK.finditer(text):
            new = other_digit(match[1], random)
            yield (
                cell_id,
                f"chapter {match[1]} became {new}",
                put(changed(text, *match.span(1), new)),
            )


def _damaged(
    cell_id: str, text: str, put: Callable, random: Random, pattern: re.Pattern
) -> Iterator[Place]:
    """Yield the text with each of its numbers changed, one at a time."""
    for match in pattern.finditer(_read(text)):
        new = _other(match.group(), random)
        yield cell_id, f"{match.group()!r} became {new!r}", put(changed(text, *match.span(), new))


def _other(written: str, random: Random) -> str:
    """Return a piece of prose with the first number in it changed."""
    if found := NUMBER.search(written):
        return changed(written, *found.span(), other_digit(found.group(), random))
    if found := WORD.search(written):
        new = NEXT.get(found.group().lower(), "three")
        new = new.capitalize() if found.group()[0].isupper() else new
        return changed(written, *found.span(), new)
    return written


def _read(text: str) -> str:
    """Return a text with spaces in place of what is not read, and of names."""
    for pattern in (NOT_READ, NAMES):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text


def _prose(notebook: NotebookNode) -> Iterator[tuple[str, str, Callable[[str], Edit]]]:
    """Yield the Markdown of each cell, and what makes an edit of a new one."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            yield cell.id, cell.source, lambda new, i=index: _put(new, i, ("source",))


def _words_of_figures(notebook: NotebookNode) -> Iterator[tuple[str, str, Callable[[str], Edit]]]:
    """Yield each alt text and caption, and what makes an edit of a new one."""
    paths = (("image", "alt"), ("figure", "caption"))
    for index, cell in enumerate(notebook.cells):
        texts = image_words(cell) if cell.cell_type == "code" else ()
        for path, text in zip(paths, texts, strict=False):
            whole = ("metadata", "mystnb", *path)
            yield cell.id, text, lambda new, i=index, p=whole: _put(new, i, p)


def _put(new: str, index: int, path: tuple[str, ...]) -> Edit:
    def edit(notebook: NotebookNode) -> None:
        found = notebook.cells[index]
        for step in path[:-1]:
            found = found[step]
        found[path[-1]] = new

    return edit
