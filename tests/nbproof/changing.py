"""Changing notebooks in small ways: where that can be done, and copies of them in which it was.

A kind of change is a function that yields every place where a notebook can be changed in its way:
what is done there, and a function that does it to a copy.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial, reduce
from itertools import chain, zip_longest
from operator import getitem
from random import Random

from nbformat import NotebookNode, from_dict

from tests.nbproof.compare import NUMERIC_FIELDS
from tests.nbproof.figures import METADATA_KEY as FIGURE
from tests.nbproof.notebook import TEXT_TYPES, image_of, leaves
from tests.nbproof.numbers import Tolerance, is_integer, to_float
from tests.nbproof.policies import Policy, read_policy
from tests.nbproof.prose import Linked, Style
from tests.nbproof.settings import Settings

Edit = Callable[[NotebookNode], object]
Put = Callable[[object], Edit]  # makes an edit of a new value
Places = Iterator[tuple[str, Edit]]
SIMPLE = re.compile(r"-?\d+(?:\.\d+)?")


@dataclass(frozen=True)
class Subject:
    """A notebook to be changed, and what the suite says of itself."""

    notebook: NotebookNode
    settings: Settings
    style: Style
    linked: Linked

    def cells(self) -> Iterator[tuple[int, NotebookNode, Policy]]:
        """Yield the code cells whose outputs this session compares, with their places."""
        for index, cell in enumerate(self.notebook.cells):
            if cell.cell_type == "code":
                policy = read_policy(cell.metadata, self.settings.marks)
                if not policy.needs & self.settings.lacking:
                    yield index, cell, policy

    def outputs(self) -> Iterator[tuple[NotebookNode, Policy, NotebookNode, tuple]]:
        """Yield their outputs: the cell, its policy, the output, and the path to it."""
        for index, cell, policy in self.cells():
            for place, output in enumerate(cell.outputs):
                yield cell, policy, output, ("cells", index, "outputs", place)

    def texts(self) -> Iterator[tuple[str, Policy, str, Put]]:
        """Yield each text of an output: its cell's id, policy, the text, and what replaces it."""
        for cell, policy, output, path in self.outputs():
            if output.output_type == "stream":
                yield cell.id, policy, output.text, setter(*path, "text")
            for kind in TEXT_TYPES:
                if kind in output.get("data", {}) and image_of(output) is None:
                    yield cell.id, policy, output.data[kind], setter(*path, "data", kind)

    def matches(self, pattern: re.Pattern, *names: str) -> Iterator[tuple[str, Policy, str, Put]]:
        """Yield what a pattern finds in the texts of cells whose policies have these names."""
        for cell_id, policy, text, put in self.texts():
            masked = policy.mask(text)
            for match in pattern.finditer(masked) if policy.name in names else ():
                yield cell_id, policy, match.group(), spliced(match, put)

    def drawn(self) -> Iterator[tuple[str, Policy, tuple, str, Put]]:
        """Yield each string of a figure's description with its path."""
        for cell, policy, output, path in self.outputs():
            for inner, text in leaves(output.get("metadata", {}).get(FIGURE, ())):
                named = inner if isinstance(inner[-1], str) else inner[:-1]
                yield cell.id, policy, named, text, setter(*path, "metadata", FIGURE, *inner)

    def moved_in_figures(self, random: Random, by: tuple[float, float]) -> Places:
        """Move some numbers of each drawn series by some tolerances."""
        for cell_id, policy, path, text, put in self.drawn():
            if path[-1] in NUMERIC_FIELDS and not text.startswith("N"):
                matches = list(SIMPLE.finditer(text))
                for match in random.sample(matches, min(3, len(matches))):
                    new = moved(match.group(), replace(policy.tolerance, drawn=True), random, by)
                    yield f"{cell_id}: {path}, {match.group()}, {new}", spliced(match, put)(new)


Kind = Callable[[Subject, Random], Places]


def sample(subjects: Mapping[str, Subject], kind: Kind) -> Iterator[tuple[str, str, NotebookNode]]:
    """Yield changed copies of notebooks: the name, what was done, and the notebook.

    Places are taken in turn from all notebooks, so that a long one does not get all of the change;
    they are always the same ones.
    """
    queues = []
    for name, subject in subjects.items():
        random = Random(f"{kind.__name__} {name}")
        queues.append([(name, *place) for place in kind(subject, random)])
        random.shuffle(queues[-1])
    for name, what, edit in filter(None, chain.from_iterable(zip_longest(*queues))):
        notebook = from_dict(json.loads(json.dumps(subjects[name].notebook)))
        edit(notebook)
        if notebook != subjects[name].notebook:
            yield name, what, notebook


def moved(written: str, tolerance: Tolerance, random: Random, by: tuple[float, float]) -> str:
    """Return a number moved by some tolerances, written as precisely as that needs."""
    allowed = tolerance.allows(written)
    change = random.choice((-1, 1)) * random.uniform(*by) * allowed
    if is_integer(written) and not tolerance.drawn:
        step = random.choice((-1, 1)) * (int(abs(change)) + 1)
        return f"{int(to_float(written)) + step}"
    decimals = max(len(written.partition(".")[2]), 7)
    return f"{to_float(written) + change:.{decimals}f}"


def setter(*path: str | int) -> Put:
    """Return what makes an edit of a new value at a path in a notebook."""

    def edit(new: object, notebook: NotebookNode) -> None:
        reduce(getitem, path[:-1], notebook)[path[-1]] = new

    return lambda new: partial(edit, new)


def spliced(match: re.Match, put: Put) -> Put:
    """Return what makes an edit of a new text in the place of a match."""
    text = match.string
    return lambda new: put(text[: match.start()] + new + text[match.end() :])
