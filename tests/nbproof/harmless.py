"""Changes to what a cell gives that must pass: another machine, another day, another folder."""

import re
from copy import deepcopy
from dataclasses import replace
from random import Random

from nbformat import from_dict

from tests.nbproof.changing import Kind, Places, Subject, moved, setter, spliced
from tests.nbproof.compare import NUMERIC_FIELDS
from tests.nbproof.damages import SIMPLE
from tests.nbproof.notebook import SVG
from tests.nbproof.numbers import NUMBER, is_integer, to_float

WITHIN = (0.05, 0.9)  # tolerances that a number is moved by


def number_within_tolerance(subject: Subject, random: Random) -> Places:
    """A number of an approximate output is as far off as is allowed, or less."""
    for cell_id, policy, text, put in subject.texts():
        for match in NUMBER.finditer(policy.mask(text)) if policy.name == "approx" else ():
            if not is_integer(match.group()):
                new = moved(match.group(), policy.tolerance, random, WITHIN)
                masked = policy.mask(text)
                yield f"{cell_id}: {match.group()}, {new}", put(spliced(masked, match, new))


def figure_within_tolerance(subject: Subject, random: Random) -> Places:
    """A number of a figure is as far off as is allowed, or less, or is written another way."""
    for cell_id, policy, path, text, put in subject.drawn():
        if path[-1] in NUMERIC_FIELDS and not text.startswith("N"):
            match = random.choice(list(SIMPLE.finditer(text)) or [None])
            if match:
                drawn = replace(policy.tolerance, drawn=True)
                new = moved(f"{to_float(match.group()):.6f}", drawn, random, WITHIN)
                yield f"{cell_id}: {match.group()}, {new}", put(spliced(text, match, new))


def seconds_vary(subject: Subject, random: Random) -> Places:
    """Other seconds, where the cell says that they vary."""
    for cell_id, policy, text, put in subject.texts():
        for match in re.finditer(r"\d+(?:\.\d+)?(?= ?m?s\b)", text) if policy.vary else ():
            new = f"{random.uniform(0.1, 99):.1f}"
            yield f"{cell_id}: {match.group()}, {new}", put(spliced(text, match, new))


def columns_padded(subject: Subject, random: Random) -> Places:
    """A column is wider, as it is when another number in it is longer."""
    for cell_id, policy, text, put in subject.texts():
        for match in re.finditer(r"(?<=\S) {2,}(?=\d)", text) if policy.name == "approx" else ():
            yield f"{cell_id}: wider", put(spliced(text, match, match.group() + "  "))


def stream_cut(subject: Subject, random: Random) -> Places:
    """What a cell printed arrived in two pieces."""
    for index, cell, _ in subject.cells():
        for place, output in enumerate(cell.outputs):
            if output.output_type == "stream" and len(output.text) > 1:
                cut = random.randrange(1, len(output.text))
                pieces = [deepcopy(output), deepcopy(output)]
                pieces[0].text, pieces[1].text = output.text[:cut], output.text[cut:]
                outputs = cell.outputs[:place] + pieces + cell.outputs[place + 1 :]
                put = setter("cells", index, "outputs")
                yield f"{cell.id}: cut after {cut} characters", put(outputs)


def output_as_another_kernel_says_it(subject: Subject, random: Random) -> Places:
    """An image has other bytes, an output other metadata, its kinds another order."""
    for index, cell, _ in subject.cells():
        for place, output in enumerate(cell.outputs):
            path = ("cells", index, "outputs", place)
            if "data" in output:
                other = from_dict(dict(reversed(output.data.items())))
                yield f"{cell.id}: another order of kinds", setter(*path, "data")(other)
                more = from_dict(output.metadata | {"needs_background": "light"})
                yield f"{cell.id}: more metadata", setter(*path, "metadata")(more)
            if SVG in output.get("data", {}):
                put = setter(*path, "data", SVG)
                yield (
                    f"{cell.id}: another image",
                    put(f"{output.data[SVG]}<!-- {random.random()} -->"),
                )
            if output.output_type == "error":
                frames = ["File /opt/elsewhere/x.py:7, in load()"]
                yield f"{cell.id}: other folders", setter(*path, "traceback")(frames)
        yield f"{cell.id}: another count", setter("cells", index, "execution_count")(99)


HARMLESS: dict[str, Kind] = {
    kind.__name__.replace("_", " "): kind
    for kind in (
        *(number_within_tolerance, figure_within_tolerance, seconds_vary, columns_padded),
        *(stream_cut, output_as_another_kernel_says_it),
    )
}
