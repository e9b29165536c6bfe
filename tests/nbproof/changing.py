"""What a stored notebook can be changed in, and a sample of the places where it is.

A kind of change is a function that yields every place where a notebook can be changed in its way:
what is done there, the path to it, and what comes there. `damages` has the kinds.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import chain, zip_longest
from operator import getitem
from random import Random

from nbformat import NotebookNode, from_dict

from tests.nbproof.figures import METADATA_KEY as FIGURE
from tests.nbproof.notebook import TEXT_TYPES, image_of, leaves
from tests.nbproof.numbers import Tolerance, is_integer, to_float
from tests.nbproof.policies import Policy, read_policy
from tests.nbproof.prose import Linked, Style
from tests.nbproof.settings import Settings

Places = Iterator[tuple[str, tuple, object]]
BEYOND, WITHIN = (2.2, 20), (0.05, 0.9)  # tolerances that a number is moved by


@dataclass(frozen=True)
class Subject:
    """A notebook to be changed, and what the suite says of itself."""

    notebook: NotebookNode
    settings: Settings
    style: Style
    linked: Linked
    random: Random = field(default_factory=Random)
    by: tuple[float, float] = BEYOND

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

    def texts(self) -> Iterator[tuple[str, Policy, str, tuple]]:
        """Yield each text of an output: its cell's id, policy, the text, and the path to it."""
        for cell, policy, output, path in self.outputs():
            if output.output_type == "stream":
                yield cell.id, policy, output.text, (*path, "text")
            for kind in TEXT_TYPES:
                if kind in output.get("data", {}) and image_of(output) is None:
                    yield cell.id, policy, output.data[kind], (*path, "data", kind)

    def matches(self, pattern: str, *names: str) -> Iterator[tuple[str, Policy, re.Match, tuple]]:
        """Yield what a pattern finds in the texts of cells whose policies have these names."""
        for cell_id, policy, text, path in self.texts():
            for match in re.finditer(pattern, policy.mask(text)) if policy.name in names else ():
                yield cell_id, policy, match, path

    def drawn(self) -> Iterator[tuple[str, Policy, str, str, tuple]]:
        """Yield each string of a figure's description with the name of its field."""
        for cell, policy, output, path in self.outputs():
            for inner, text in leaves(output.get("metadata", {}).get(FIGURE, [])):
                name = inner[-1] if isinstance(inner[-1], str) else inner[-2]
                yield cell.id, policy, name, text, (*path, "metadata", FIGURE, *inner)

    def moved(self, written: str, tolerance: Tolerance) -> str:
        """Return a number moved by some tolerances, written as precisely as that needs."""
        change = self.random.uniform(*self.by) * tolerance.allows(written)
        sign = self.random.choice((-1, 1))
        if is_integer(written) and not tolerance.drawn:
            return f"{int(to_float(written)) + sign * (int(change) + (self.by == BEYOND))}"
        decimals = max(len(written.partition(".")[2]), 7)
        return f"{to_float(written) + sign * change:.{decimals}f}"


Kind = Callable[[Subject], Places]


def sample(
    subjects: Mapping[str, Subject], kind: Kind, by: tuple[float, float]
) -> Iterator[tuple[str, str, NotebookNode]]:
    """Yield changed copies of notebooks: the name, what was done, and the notebook.

    Places are taken in turn from all notebooks, so that a long one does not get all of the change;
    they are always the same ones.
    """
    queues = []
    for name, subject in subjects.items():
        random = Random(f"{kind.__name__} {name}")
        queues.append([(name, *place) for place in kind(replace(subject, random=random, by=by))])
        random.shuffle(queues[-1])
    for name, what, path, new in filter(None, chain.from_iterable(zip_longest(*queues))):
        notebook = deepcopy(subjects[name].notebook)
        reduce(getitem, path[:-1], notebook)[path[-1]] = from_dict(new)
        if notebook != subjects[name].notebook:
            yield name, what, notebook
