"""Damage to stored notebooks: each must be noticed by what the suite checks."""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from itertools import pairwise
from random import Random

from nbformat import NotebookNode, from_dict
from nbformat.v4 import new_output

from tests.nbproof.changing import Edit, Kind, Places, Subject, moved, setter, spliced
from tests.nbproof.compare import NUMERIC_FIELDS
from tests.nbproof.figures import METADATA_KEY as FIGURE
from tests.nbproof.numbers import NUMBER
from tests.nbproof.policies import KEY
from tests.nbproof.prose import paragraphs
from tests.nbproof.words import SCALES

BEYOND = (2.2, 20)  # tolerances that a number is moved by
SIMPLE = re.compile(r"-?\d+(?:\.\d+)?")
WORDS = ("twenty-six", "thirty-four", "forty-seven", "fifty-nine", "sixty-eight", "eighty-three")


def number_beyond_tolerance(subject: Subject, random: Random) -> Places:
    """A number of an approximate output is further off than is allowed."""
    for cell_id, policy, text, put in subject.texts():
        for match in NUMBER.finditer(policy.mask(text)) if policy.name == "approx" else ():
            masked = policy.mask(text)
            new = moved(match.group(), policy.tolerance, random, BEYOND)
            yield f"{cell_id}: {match.group()} became {new}", put(spliced(masked, match, new))


def digit_of_exact(subject: Subject, random: Random) -> Places:
    """A digit of an exact output is another one."""
    for cell_id, policy, text, put in subject.texts():
        masked = policy.mask(text)
        for match in re.finditer(r"\d", masked) if policy.name == "exact" else ():
            new = random.choice([digit for digit in "0123456789" if digit != match.group()])
            yield f"{cell_id}: a digit became {new}", put(spliced(masked, match, new))


def word_of_output(subject: Subject, random: Random) -> Places:
    """A word of an output is another one."""
    for cell_id, policy, text, put in subject.texts():
        for match in re.finditer(r"(?<![\w<])[A-Za-z]{3,}(?![\w>])", policy.mask(text)):
            new = match.group()[::-1].swapcase()
            yield f"{cell_id}: {match.group()}", put(spliced(policy.mask(text), match, new))


def line_lost(subject: Subject, random: Random) -> Places:
    """A line of an output is missing."""
    for cell_id, _, text, put in subject.texts():
        lines = text.splitlines(keepends=True)
        for number, line in enumerate(lines if len(lines) > 1 else ()):
            if line.strip():
                yield (
                    f"{cell_id}: line {number}",
                    put("".join(lines[:number] + lines[number + 1 :])),
                )


def output_lost_or_repeated(subject: Subject, random: Random) -> Places:
    """An output is missing, there twice, or in another cell."""
    indices = [index for index, _, _ in subject.cells()]
    for index, cell, _ in subject.cells() if len(indices) > 1 else ():
        for place, output in enumerate(cell.outputs):
            other = random.choice([i for i in indices if i != index])
            path = ("cells", index, "outputs")
            fewer = cell.outputs[:place] + cell.outputs[place + 1 :]
            put, more = setter(*path), [*cell.outputs, deepcopy(output)]
            yield f"{cell.id}: output {place} lost", put(fewer)
            yield f"{cell.id}: output {place} twice", put(more)

            def move(notebook: NotebookNode, at: tuple = (index, place, other)) -> None:
                index, place, other = at
                output = notebook.cells[index].outputs.pop(place)
                notebook.cells[other].outputs.append(output)

            yield f"{cell.id}: output {place} in cell {other}", move


def error_or_warning(subject: Subject, random: Random) -> Places:
    """An error or a warning is stored that the code does not give."""
    error = new_output("error", ename="ValueError", evalue="no", traceback=["no"])
    warning = new_output("stream", name="stderr", text="UserWarning: old\n")
    for index, cell, _ in subject.cells():
        for new in (error, warning):
            put = setter("cells", index, "outputs")
            yield f"{cell.id}: {new.output_type}", put([*cell.outputs, deepcopy(new)])


def number_of_figure(subject: Subject, random: Random) -> Places:
    """A number of a figure is further off than is allowed."""
    for cell_id, policy, path, text, put in subject.drawn():
        if path[-1] in NUMERIC_FIELDS and not text.startswith("N"):
            matches = list(SIMPLE.finditer(text))
            for match in random.sample(matches, min(3, len(matches))):
                drawn = replace(policy.tolerance, drawn=True)
                new = moved(match.group(), drawn, random, BEYOND)
                yield f"{cell_id}: {path}, {match.group()}, {new}", put(spliced(text, match, new))


def words_of_figure(subject: Subject, random: Random) -> Places:
    """A label, a colour, a legend's entry, a tick or a note of a figure is another one."""
    for cell_id, _, path, text, put in subject.drawn():
        if path[-1] not in NUMERIC_FIELDS:
            yield f"{cell_id}: {path}, {text!r} is longer", put(f"{text} x")
            if text:
                yield f"{cell_id}: {path}, {text!r} is shorter", put(text[:-1])


def series_of_figure(subject: Subject, random: Random) -> Places:
    """A series, or an entry of a legend or of the notes, is missing or there twice."""
    for index, cell, _ in subject.cells():
        for place, output in enumerate(cell.outputs):
            figure = output.get("metadata", {}).get(FIGURE, {"axes": []})
            for number, axes in enumerate(figure["axes"]):
                for name in ("series", "legend", "notes"):
                    path = ("cells", index, "outputs", place, "metadata", FIGURE, "axes", number)
                    for entry in range(len(axes[name])):
                        less = axes[name][:entry] + axes[name][entry + 1 :]
                        more = [*axes[name], axes[name][entry]]
                        what = f"{cell.id}: {name} {entry}"
                        yield f"{what} lost", setter(*path, name)(less)
                        yield f"{what} twice", setter(*path, name)(more)


def policy_not_understood(subject: Subject, random: Random) -> Places:
    """The metadata name what nobody knows, or a tolerance that is loose without a reason."""
    wrong = [
        {"policy": "approximate"},
        {"policy": "exact", "rtol": 0.01},
        {"policy": "approx", "rtol": random.uniform(0.051, 0.9)},
        {"policy": "approx", "atol": random.uniform(0.051, 0.9)},
        {"policy": "approx", "integers": random.uniform(0.051, 0.9)},
        {"policy": "figure", "rtol": -0.01},
        {"policy": "approx", "atol": "0.01"},
        {"vary": ["numbers"]},
        {"needs": ["luck"]},
    ]
    for index, cell, _ in subject.cells():
        new = random.choice(wrong)
        yield f"{cell.id}: {new}", setter("cells", index, "metadata", KEY)(from_dict(new))


def cell_unrun_or_moved(subject: Subject, random: Random) -> Places:
    """A code cell was not run, comes before another one, is missing, or there twice."""
    cells = subject.notebook.cells
    places = [index for index, cell in enumerate(cells) if cell.cell_type == "code"]
    put = setter("cells")
    for here, then in pairwise(places):
        swapped = [*cells]
        swapped[here], swapped[then] = cells[then], cells[here]
        name = cells[here].id
        yield f"{name} is not run", setter("cells", here, "execution_count")(None)
        yield f"{name} and the next one change places", put(swapped)
        yield f"{name} is missing", put(cells[:here] + cells[here + 1 :])
        yield f"{name} is there twice", put(cells[:here] + cells[here : here + 1] + cells[here:])


def number_in_prose(subject: Subject, random: Random) -> Places:
    """A number in prose, an alt text or a caption is quite another one.

    How often a change of one digit is noticed is measured apart: not always, as the other number
    may have been computed near by, too.
    """
    for written, put in _numbers_in_prose(subject, digits=True):
        new = f"{random.randint(1001, 9999) / 10 ** random.choice((1, 3, 4)):.6g}"
        yield f"{written} became {new}", put(new)


def number_word_in_prose(subject: Subject, random: Random) -> Places:
    """A number word in prose is another one."""
    for written, put in _numbers_in_prose(subject, digits=False):
        _, space, scale = written.rpartition(" ")
        for word in random.sample(WORDS, 4):
            new = word + (space + scale if scale in SCALES else "")
            if new not in written.lower():
                yield f"{written} became {new}", put(new)


DAMAGES: dict[str, Kind] = {
    kind.__name__.replace("_", " "): kind
    for kind in (
        *(number_beyond_tolerance, digit_of_exact, word_of_output, line_lost),
        *(output_lost_or_repeated, error_or_warning),
        *(number_of_figure, words_of_figure, series_of_figure),
        *(policy_not_understood, cell_unrun_or_moved, number_in_prose, number_word_in_prose),
    )
}


def _numbers_in_prose(subject: Subject, digits: bool) -> Iterator[tuple[str, Callable]]:
    """Yield each number that stands once in its cell, and what makes an edit of a new one."""
    places = {cell.id: index for index, cell in enumerate(subject.notebook.cells)}
    for paragraph in paragraphs(subject.notebook, subject.style, subject.linked):
        index = places[paragraph.where]
        for number in paragraph.numbers:
            written = paragraph.text[number.start : number.end]
            if written[0].isalpha() == digits:
                continue
            finder = re.compile(rf"(?<![\w.,`]){re.escape(written)}(?![\w`]|[.,]\d)")
            raw = json.dumps(_prose_of_cell(subject.notebook.cells[index]), ensure_ascii=False)
            if len(finder.findall(raw)) != 1:
                continue

            def put(new: str, index: int = index, finder: re.Pattern = finder) -> Edit:
                def edit(notebook: NotebookNode) -> None:
                    cell = notebook.cells[index]
                    text = json.dumps(_prose_of_cell(cell), ensure_ascii=False)
                    cell.update(from_dict(json.loads(finder.sub(new, text))))

                return edit

            yield f"{paragraph.where}: {written}", put


def _prose_of_cell(cell: NotebookNode) -> dict:
    """Return the part of a cell that holds prose: a Markdown cell's text, a figure's metadata."""
    if cell.cell_type == "markdown":
        return {"source": cell.source}
    return {"metadata": cell.metadata}
