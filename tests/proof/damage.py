"""A seeded generator of damage: pages of the book that tell a reader something that is not so.

A kind of damage is a function that goes through a page and yields every place where it can be done.
Places are taken in turn from all pages, so that a long chapter does not get all of the damage.
What a policy declares to vary, or leaves within its tolerance, is no damage and is not done.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from random import Random

import nbformat
from nbformat import NotebookNode

from tests.notebooks.prose import pages
from tests.proof import of_figures, of_outputs, of_policies, of_prose, of_running
from tests.proof.places import Kinds
from tools.stored import as_stored

EACH = 20  # mutants of a kind, where a book has so many places for it

KINDS: Kinds = {
    "number beyond its tolerance": of_outputs.beyond_tolerance,
    "digit of an integer": of_outputs.digit_of_an_integer,
    "digit of an exact decimal": of_outputs.digit_of_a_decimal,
    "word of an output": of_outputs.another_word,
    "lost row": of_outputs.lost_row,
    "dropped output": of_outputs.dropped,
    "duplicated output": of_outputs.duplicated,
    "output of another cell": of_outputs.of_another_cell,
    "error or warning stored": of_outputs.error_stored,
    "series swapped": of_figures.series_swapped,
    "series lost": of_figures.series_lost,
    "number of a figure": of_figures.number_moved,
    "label changed": of_figures.label_changed,
    "cell left unrun": of_running.unrun,
    "cells out of order": of_running.out_of_order,
    "number in prose": of_prose.number,
    "number word in prose": of_prose.number_word,
    "number in alt text or caption": of_prose.number_of_a_figure,
    "binding dropped, number changed": of_prose.binding_dropped,
    "chapter of a link": of_prose.chapter_of_a_link,
    "tolerance widened": of_policies.tolerance_widened,
    "approx for exact": of_policies.approximate,
    "vary added": of_policies.varying,
    "made free": of_policies.free,
    "mark added": of_policies.marked,
    "policy removed, cell skipped": of_policies.removed,
}


@dataclass(frozen=True)
class Mutant:
    """A changed page: what was done to it, and its text."""

    kind: str
    page: str  # the file's name
    cell: str
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.page}, {self.cell}: {self.what}"


def read_page(path: Path) -> NotebookNode:
    """Return a page as a notebook; one without code is a notebook of one Markdown cell."""
    if path.suffix == ".ipynb":
        return nbformat.read(path, as_version=4)
    text = path.read_text(encoding="utf-8")
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text, id="page")])


def text_of(name: str, notebook: NotebookNode) -> str:
    """Return what the file of a page would hold."""
    return as_stored(notebook) if name.endswith(".ipynb") else notebook.cells[0].source


def generate(book: Path, kinds: Kinds, seed: int = 0, each: int = EACH) -> Iterator[Mutant]:
    """Yield changed pages of a book, each another one, the same for the same seed."""
    originals = {path.name: read_page(path) for path in pages(book)}
    known = {text_of(name, notebook) for name, notebook in originals.items()}
    for kind, find_places in kinds.items():
        made = 0
        for name, (cell, what, edit) in _in_turn(originals, kind, find_places, seed):
            notebook = deepcopy(originals[name])
            edit(notebook)
            text = text_of(name, notebook)
            if text in known:
                continue
            known.add(text)
            yield Mutant(kind, name, cell, what, text)
            made += 1
            if made == each:
                break


def _in_turn(originals: dict, kind: str, find_places: Callable, seed: int) -> Iterator:
    """Yield the places of a kind, one of each page, then the next of each page, and so on."""
    queues = []
    for name, notebook in originals.items():
        random = Random(f"{seed} {kind} {name}")
        places = list(find_places(notebook, random))
        random.shuffle(places)
        queues.append([(name, place) for place in places])
    Random(f"{seed} {kind}").shuffle(queues)
    while queues := [queue for queue in queues if queue]:
        yield from [queue.pop() for queue in queues]
