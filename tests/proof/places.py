"""Where a notebook can be changed: what the kinds of damage and of harmless change share."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from random import Random

from nbformat import NotebookNode

from tests.notebooks.chapters import TEXT_TYPES
from tests.notebooks.numbers import Allowance
from tests.notebooks.policies import Policy, read_policy

Edit = Callable[[NotebookNode], None]
Place = tuple[str, str, Edit]  # the cell's id, what is changed, and how
# A kind of change is a function that yields every place of a notebook where it can be made.
Kinds = Mapping[str, Callable[[NotebookNode, Random], Iterator[Place]]]

# How many allowances a number is moved to be wrong. An execution on another machine may be half of
# one away from what is stored (see the register of policies), to the same side.
BEYOND = (1.6, 3.0)
RICHER = ("text/html", "text/markdown", "image/png")  # shown instead of the plain text


def code(notebook: NotebookNode) -> Iterator[tuple[int, NotebookNode, Policy]]:
    """Yield the code cells that are compared, each with its index and policy."""
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            policy = read_policy(cell.metadata.get("check"))
            if policy.name != "free":
                yield index, cell, policy


def shown(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, Policy, str, Callable]]:
    """Yield each text that a reader is shown as output, and what makes an edit of a new text."""
    for index, cell, policy in code(notebook):
        for place, output in enumerate(cell.outputs):
            data = output.get("data", {})
            kinds = [kind for kind in TEXT_TYPES if kind in data]
            if any(kind in data for kind in RICHER):
                kinds = [kind for kind in kinds if kind in RICHER]
            if output.output_type == "stream":
                yield cell, policy, output.text, _putting(index, place, None)
            for kind in kinds:
                yield cell, policy, data[kind], _putting(index, place, kind)


def _putting(index: int, place: int, kind: str | None) -> Callable[[str], Edit]:
    def putting(text: str) -> Edit:
        def edit(notebook: NotebookNode) -> None:
            output = notebook.cells[index].outputs[place]
            if kind:
                output.data[kind] = text
            else:
                output.text = text

        return edit

    return putting


def moved(written: str, allowance: Allowance, random: Random, factor: tuple[float, float]) -> str:
    """Return a number moved by a share of its allowance, as precisely written as before.

    A factor over 1 takes it beyond the allowance in any case, one under 1 in no case; where the
    last digit is too coarse for that, the number stays.
    """
    plain = Decimal(written.replace(",", "").replace("\N{MINUS SIGN}", "-"))
    step = Decimal(1).scaleb(plain.as_tuple().exponent)
    sign = random.choice((1, -1)) if plain else 1
    wanted = Decimal(allowance.of(float(plain)) * random.uniform(*factor)) * sign
    new = plain + (wanted / step).to_integral_value() * step
    while factor[0] > 1 and abs(new - plain) <= Decimal(allowance.of(float(new)) * 1.000001):
        new += sign * step
    if factor[1] < 1 and abs(new - plain) > Decimal(allowance.of(float(plain))):
        return written
    if new < 0 < plain:
        return moved(written, allowance, random, factor) if factor[0] > 1 else written
    return f"{new:,f}" if "," in written else f"{new:f}"


def other_digit(digits: str, random: Random) -> str:
    """Return a number with its last digit changed."""
    return digits[:-1] + random.choice([digit for digit in "0123456789" if digit != digits[-1]])


def changed(text: str, begin: int, end: int, new: str) -> str:
    """Return a text with a part of it replaced."""
    return text[:begin] + new + text[end:]
