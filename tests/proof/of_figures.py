"""Damage to figures: to the data that stands beside the image and says what it shows."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random

from nbformat import NotebookNode

from tests.notebooks.figure_data import METADATA_KEY
from tests.notebooks.numbers import Allowance
from tests.notebooks.policies import Policy
from tests.proof.places import BEYOND, Edit, Place, changed, code, moved, other_digit

VALUES = ("x", "y", "width", "height", "places", "values", "outlines", "outline")
NUMBER = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])")
INTEGER = re.compile(r"(?<![\w.])\d+(?![\w.])")
NUMBERS_OF_A_SERIES = 3  # tried in one series: some have hundreds


def series_swapped(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """Two series of a pair of axes have each other's data, label or look."""
    for cell, policy, drawn, at in _figures(notebook):
        for place, axes in enumerate(drawn["axes"]):
            for one, two in combinations(range(len(axes["series"])), 2):
                first, second = axes["series"][one], axes["series"][two]
                for name in sorted(first.keys() & second.keys() - {"kind"}):
                    here = f"{name} of series {one + 1} and {two + 1} of axes {place + 1}"
                    if _tells_apart(name, first[name], second[name], policy.allowance):
                        path = ("axes", place, "series")
                        yield cell.id, f"swapped: {here}", at(path, _swapping(one, two, name))


def series_lost(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A series, an entry of a legend or a label of a tick is missing."""
    for cell, _, drawn, at in _figures(notebook):
        for place, axes in enumerate(drawn["axes"]):
            lists = {("series",): axes["series"], ("legend",): axes["legend"]}
            lists |= {(axis, "ticks"): axes[axis].get("ticks", []) for axis in ("x", "y")}
            for path, entries in lists.items():
                for number in (n for n, entry in enumerate(entries) if entry):
                    edit = at(("axes", place, *path), lambda found, n=number: found.pop(n))
                    yield cell.id, f"axes {place + 1}: without {' '.join(path)} {number + 1}", edit


def number_moved(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A value of a series, or a limit of an axis, is a little further off than is allowed."""
    for cell, policy, path, text, put in strings(notebook):
        if path[-1] in (*VALUES, "limits", "extent", "range") and not re.match("N", text):
            matches = list(NUMBER.finditer(text))
            for match in random.sample(matches, min(len(matches), NUMBERS_OF_A_SERIES)):
                new = moved(match.group(), policy.allowance, random, BEYOND)
                what = f"{' '.join(map(str, path))}: {match.group()} became {new}"
                yield cell.id, what, put(changed(text, *match.span(), new))


def label_changed(notebook: NotebookNode, random: Random) -> Iterator[Place]:
    """A title, an axis's label or scale, an entry of the legend, a tick or a note is another."""
    labels = [
        found
        for found in strings(notebook)
        if found[2][-1] not in (*VALUES, "limits", "extent", "range", "shape") and found[3]
    ]
    for cell, _, path, text, put in labels:
        others = {other for _, _, place, other, _ in labels if place[-1] == path[-1]} - {text}
        new = random.choice(sorted(others) or [f"{text} again"])
        what = f"{' '.join(map(str, path))}: {text!r} became"
        yield cell.id, f"{what} {new!r}", put(new)
        for match in INTEGER.finditer(text) if path[-1] != "look" else ():
            new = changed(text, *match.span(), other_digit(match.group(), random))
            yield cell.id, f"{what} {new!r}", put(new)


def _figures(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, Policy, dict, Callable]]:
    """Yield the description of each figure, and what makes an edit of an act on a part of it."""
    for index, cell, policy in code(notebook):
        for place, output in enumerate(cell.outputs):
            if METADATA_KEY in output.get("metadata", {}):
                yield cell, policy, output.metadata[METADATA_KEY], _acting(index, place)


def _acting(index: int, place: int) -> Callable[[tuple, Callable], Edit]:
    def at(path: tuple, act: Callable) -> Edit:
        def edit(notebook: NotebookNode) -> None:
            found = notebook.cells[index].outputs[place].metadata[METADATA_KEY]
            for step in path:
                found = found[step]
            act(found)

        return edit

    return at


def strings(notebook: NotebookNode) -> Iterator[tuple]:
    """Yield each string of a description with its path, and what makes an edit of a new one."""
    for cell, policy, drawn, at in _figures(notebook):
        for path, text in _leaves(drawn, ()):
            named = path if isinstance(path[-1], str) else path[:-1]

            def put(new: str, path: tuple = path, at: Callable = at) -> Edit:
                return at(path[:-1], lambda parent: parent.__setitem__(path[-1], new))

            yield cell, policy, named, text, put


def _leaves(found: object, path: tuple) -> Iterator[tuple[tuple, str]]:
    if isinstance(found, str):
        yield path, found
        return
    for step, entry in found.items() if isinstance(found, dict) else enumerate(found):
        yield from _leaves(entry, (*path, step))


def _swapping(one: int, two: int, name: str) -> Callable[[list], None]:
    def swap(series: list) -> None:
        series[one][name], series[two][name] = series[two][name], series[one][name]

    return swap


def _tells_apart(name: str, first: str, second: str, allowance: Allowance) -> bool:
    """Tell whether a reader sees another figure when two series swap this."""
    if name not in VALUES:
        return bool(first and second and first != second)
    ours, theirs = ([float(n) for n in NUMBER.findall(text)] for text in (first, second))
    if len(ours) != len(theirs):
        return True
    return any(
        abs(one - two) > 2 * max(allowance.of(one), allowance.of(two))
        for one, two in zip(ours, theirs, strict=True)
    )
