"""Changes to what a cell gives that must pass: another machine, another day, another folder."""

import re
from random import Random

from nbformat import from_dict

from tests.nbproof.changing import Places, Subject, moved, setter, spliced
from tests.nbproof.notebook import SVG
from tests.nbproof.numbers import NUMBER, is_integer

WITHIN = (0.05, 0.9)  # tolerances that a number is moved by


def number_within_tolerance(subject: Subject, random: Random) -> Places:
    """A number of an approximate output is as far off as is allowed, or less."""
    for cell_id, policy, written, put in subject.matches(NUMBER, "approx"):
        if not is_integer(written):
            new = moved(written, policy.tolerance, random, WITHIN)
            yield f"{cell_id}: {written}, {new}", put(new)


def figure_within_tolerance(subject: Subject, random: Random) -> Places:
    """A number of a figure is as far off as is allowed, or less."""
    yield from subject.moved_in_figures(random, WITHIN)


def seconds_vary(subject: Subject, random: Random) -> Places:
    """Other seconds, where the cell says that they vary."""
    for cell_id, policy, text, put in subject.texts():
        for match in re.finditer(r"\d+(?:\.\d+)?(?= ?m?s\b)", text) if policy.vary else ():
            new = f"{random.uniform(0.1, 99):.1f}"
            yield f"{cell_id}: {match.group()}, {new}", spliced(match, put)(new)


def columns_padded(subject: Subject, random: Random) -> Places:
    """A column is wider, as it is when another number in it is longer."""
    for cell_id, _, gap, put in subject.matches(re.compile(r"(?<=\S) {2,}(?=\d)"), "approx"):
        yield f"{cell_id}: wider", put(f"{gap}  ")


def stream_cut(subject: Subject, random: Random) -> Places:
    """What a cell printed arrived in two pieces."""
    for cell, _, output, path in subject.outputs():
        if output.output_type == "stream" and len(output.text) > 1:
            cut, place = random.randrange(1, len(output.text)), path[-1]
            texts = (output.text[:cut], output.text[cut:])
            pieces = [from_dict(output | {"text": text}) for text in texts]
            outputs = cell.outputs[:place] + pieces + cell.outputs[place + 1 :]
            yield f"{cell.id}: cut after {cut} characters", setter(*path[:-1])(outputs)


def output_as_another_kernel_says_it(subject: Subject, random: Random) -> Places:
    """An image has other bytes, an output other metadata, its kinds another order."""
    for cell, _, output, path in subject.outputs():
        if data := output.get("data"):
            other = from_dict(dict(reversed(data.items())))
            yield f"{cell.id}: another order of kinds", setter(*path, "data")(other)
            more = from_dict(output.metadata | {"needs_background": "light"})
            yield f"{cell.id}: more metadata", setter(*path, "metadata")(more)
            if SVG in data:
                image = f"{data[SVG]}<!-- {random.random()} -->"
                yield f"{cell.id}: another image", setter(*path, "data", SVG)(image)
        if output.output_type == "error":
            frames = ["File /opt/elsewhere/x.py:7, in load()"]
            yield f"{cell.id}: other folders", setter(*path, "traceback")(frames)


HARMLESS = (
    *(number_within_tolerance, figure_within_tolerance, seconds_vary, columns_padded),
    *(stream_cut, output_as_another_kernel_says_it),
)
