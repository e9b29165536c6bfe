"""How far the numbers of an output were apart in several executions, beside their allowance."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nbformat import NotebookNode

from tests.notebooks.chapters import code_cells
from tests.notebooks.compare import IMAGES, NUMERIC_FIELDS, parts_of
from tests.notebooks.figure_data import METADATA_KEY as FIGURE
from tests.notebooks.numbers import NUMBER, is_integer, to_float
from tests.notebooks.policies import Policy, read_policy


@dataclass(frozen=True)
class Spread:
    """A number of a stored output, what it has been elsewhere, and what is allowed."""

    cell: str
    where: str
    stored: str
    values: tuple[float, ...]
    allowed: float

    @property
    def width(self) -> float:
        """Return the distance of the largest from the smallest value, the stored one included."""
        return max(self.values) - min(self.values)

    @property
    def share(self) -> float:
        """Return the part of the allowance that the spread takes."""
        return self.width / self.allowed if self.allowed else float(self.width > 0)

    def __str__(self) -> str:
        return (
            f"{self.cell:22} {self.where[:46]:46} {self.stored:>12} {min(self.values):>12.6g} "
            f"{max(self.values):>12.6g} {self.width:>10.3g} {self.allowed:>10.3g} "
            f"{self.share:>6.0%}"
        )


HEADER = (
    f"{'cell':22} {'number':46} {'stored':>12} {'smallest':>12} {'largest':>12} "
    f"{'spread':>10} {'allowed':>10} {'share':>6}"
)


def spreads(stored: NotebookNode, runs: Mapping[str, NotebookNode]) -> list[Spread]:
    """Return the spread of every approximate number of a chapter over its executions.

    ``runs`` are executions by the name of the backend and the setting, as in "jax: usual". A cell
    whose output is TensorFlow's is looked at on TensorFlow only.

    Raises:
        ValueError: an execution has other numbers, not only other values: it did not pass.
    """
    found = []
    cells = {name: {cell.id: cell for cell in code_cells(run)} for name, run in runs.items()}
    for cell in code_cells(stored):
        policy = read_policy(cell.metadata.get("check"))
        own = list(_numbers(policy, cell.outputs))
        columns = [[to_float(written) for _, written in own]]
        for name, run in cells.items():
            if "backend" in policy.marks and not name.startswith("tensorflow"):
                continue
            numbers = list(_numbers(policy, run[cell.id].outputs))
            if [where for where, _ in numbers] != [where for where, _ in own]:
                raise ValueError(f"{cell.id}: other numbers in the execution {name!r}")
            columns.append([to_float(written) for _, written in numbers])
        for (where, written), values in zip(own, zip(*columns, strict=True), strict=True):
            allowed = policy.allowance.of(to_float(written))
            found.append(Spread(cell.id, where, written, values, allowed))
    return found


def largest(found: Sequence[Spread]) -> dict[str, Spread]:
    """Return, by cell, the spread that takes the largest share of its allowance."""
    by_cell: dict[str, Spread] = {}
    for spread in found:
        if spread.cell not in by_cell or spread.share > by_cell[spread.cell].share:
            by_cell[spread.cell] = spread
    return by_cell


def _numbers(policy: Policy, outputs: Sequence[Mapping]) -> Iterator[tuple[str, str]]:
    """Yield the numbers of a cell's outputs that have an allowance, each with its place."""
    for place, output in enumerate(outputs, start=1):
        for kind, value in parts_of(output).items():
            if kind == FIGURE and policy.name in ("figure", "approx"):
                yield from _drawn(value, "")
            elif policy.name == "approx" and isinstance(value, str) and kind not in IMAGES:
                yield from _written(policy, policy.sanitise(value), place)


def _written(policy: Policy, text: str, place: int) -> Iterator[tuple[str, str]]:
    """Yield the numbers of a text, each with its place: its number and the words before it."""
    for count, match in enumerate(NUMBER.finditer(text), start=1):
        if policy.allowance.exact_integers and is_integer(match.group()):
            continue
        line = text[: match.start()].rpartition("\n")[2]
        words = NUMBER.sub("#", line).strip()[-24:]
        yield f"output {place}, number {count}: {words}", match.group()


def _drawn(value: Any, where: str, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield the numbers of a figure's description, each with its place in it."""
    if isinstance(value, Mapping):
        label = value.get("label", "")
        for key in sorted(value):
            name = f"{key} ({label})" if label and key != "label" else key
            yield from _drawn(value[key], f"{where} {name}".strip(), key)
    elif isinstance(value, list):
        for count, entry in enumerate(value, start=1):
            yield from _drawn(entry, f"{where} {count}".strip(), field)
    elif field in NUMERIC_FIELDS:
        for count, match in enumerate(NUMBER.finditer(str(value)), start=1):
            yield f"{where} #{count}", match.group()
