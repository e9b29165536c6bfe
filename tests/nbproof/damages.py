"""The kinds of changes to stored notebooks that a suite must notice, and those it must let pass."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from nbformat.v4 import new_output

from tests.nbproof.changing import Places, Subject
from tests.nbproof.compare import NUMERIC_FIELDS
from tests.nbproof.figures import METADATA_KEY as FIGURE
from tests.nbproof.notebook import SVG, leaves
from tests.nbproof.numbers import NUMBER
from tests.nbproof.policies import KEY, KEYS
from tests.nbproof.prose import paragraphs
from tests.nbproof.quantities import SCALES

SIMPLE = re.compile(r"-?\d+(?:\.\d+)?")
WORD = re.compile(r"(?<![\w<])[A-Za-z]{3,}(?![\w>])")
WORDS = ("twenty-six", "thirty-four", "forty-seven", "fifty-nine", "sixty-eight", "eighty-three")
NOT_UNDERSTOOD = (
    *({"policy": "lax"}, {"policy": "exact", "rtol": 0.01}, {"policy": "figure", "rtol": -1}),
    *({"policy": "approx", key: 0.051} for key in ("rtol", "atol", "integers")),
    *({"policy": "approx", "reason": "luck", "atol": bad} for bad in ("0.01", math.inf, True)),
    *({"policy": "approx", "atol": 0.5, "reason": " "}, {"policy": "figure", "integers": 0.01}),
    *({"vary": ["numbers"]}, {"needs": ["luck"]}),
)


def number_moved(subject: Subject) -> Places:
    """A number of an approximate output is some tolerances off."""
    for cell_id, policy, match, path in subject.matches(NUMBER, "approx"):
        new = subject.moved(match.group(), policy.tolerance)
        # Moved by shares of more than a half, a stored number allows as much itself.
        if max(policy.tolerance.rtol, policy.tolerance.integers) < 0.5:
            yield f"{cell_id}: {match.group()} became {new}", path, _spliced(match, new)


def number_of_figure_moved(subject: Subject) -> Places:
    """Some numbers of each drawn series are some tolerances off."""
    for cell_id, policy, name, text, path in subject.drawn():
        if name in NUMERIC_FIELDS and not text.startswith("N"):
            matches = list(SIMPLE.finditer(text))
            for match in subject.random.sample(matches, min(3, len(matches))):
                new = subject.moved(match.group(), replace(policy.tolerance, drawn=True))
                yield f"{cell_id}: {path}, {match.group()}, {new}", path, _spliced(match, new)


def digit_of_exact(subject: Subject) -> Places:
    """A digit of an exact output is another one."""
    for cell_id, _, match, path in subject.matches(r"\d", "exact"):
        new = subject.random.choice("0123456789".replace(match.group(), ""))
        yield f"{cell_id}: {match.group()} became {new}", path, _spliced(match, new)


def word_of_output(subject: Subject) -> Places:
    """A word of an output is another one."""
    for cell_id, _, match, path in subject.matches(WORD, *KEYS):
        new = match.group()[::-1].swapcase()
        yield f"{cell_id}: {match.group()}", path, _spliced(match, new)


def line_lost_or_repeated(subject: Subject) -> Places:
    """A line of an output is missing, or there twice."""
    for cell_id, _, text, path in subject.texts():
        for what, lines in _lost_and_twice(text.splitlines(keepends=True)):
            yield f"{cell_id}: line {what}", path, "".join(lines)


def output_lost_or_repeated(subject: Subject) -> Places:
    """An output is missing, or there twice."""
    for index, cell, _ in subject.cells():
        for what, outputs in _lost_and_twice(cell.outputs):
            yield f"{cell.id}: output {what}", ("cells", index, "outputs"), outputs


def error_or_warning(subject: Subject) -> Places:
    """An error or a warning is stored that the code does not give."""
    error = new_output("error", ename="ValueError", evalue="no", traceback=["no"])
    warning = new_output("stream", name="stderr", text="UserWarning: old\n")
    for index, cell, _ in subject.cells():
        for new in (error, warning):
            outputs = [*cell.outputs, new]
            yield f"{cell.id}: {new.output_type}", ("cells", index, "outputs"), outputs


def words_of_figure(subject: Subject) -> Places:
    """A label, a colour, a legend's entry, a tick or a note of a figure is another one."""
    for cell_id, _, name, text, path in subject.drawn():
        if name not in NUMERIC_FIELDS:
            for new in (f"{text} x", text[:-1]):
                yield f"{cell_id}: {path}, {text!r} became {new!r}", path, new


def series_of_figure(subject: Subject) -> Places:
    """A series, or an entry of a legend or of the notes, is missing or there twice."""
    for cell, _, output, path in subject.outputs():
        for number, axes in enumerate(output.get("metadata", {}).get(FIGURE, {}).get("axes", ())):
            for name in ("series", "legend", "notes"):
                for what, entries in _lost_and_twice(axes[name]):
                    place = (*path, "metadata", FIGURE, "axes", number, name)
                    yield f"{cell.id}: {name} {what}", place, entries


def policy_not_understood(subject: Subject) -> Places:
    """The metadata name what nobody knows, or a tolerance that is loose without a reason."""
    for index, cell, _ in subject.cells():
        new = subject.random.choice(NOT_UNDERSTOOD)
        yield f"{cell.id}: {new}", ("cells", index, "metadata", KEY), new


def cell_unrun_or_moved(subject: Subject) -> Places:
    """A code cell was not run, comes before another one, is missing, or there twice."""
    cells = subject.notebook.cells
    places = [index for index, cell in enumerate(cells) if cell.cell_type == "code"]
    for here, then in pairwise(places):
        swapped, name = [*cells], cells[here].id
        swapped[here], swapped[then] = cells[then], cells[here]
        yield f"{name} is not run", ("cells", here, "execution_count"), None
        yield f"{name} and the next one change places", ("cells",), swapped
        yield f"{name} is missing", ("cells",), cells[:here] + cells[here + 1 :]
        yield f"{name} is there twice", ("cells",), cells[: here + 1] + cells[here:]


def number_in_prose(subject: Subject) -> Places:
    """A number in prose, an alt text or a caption is quite another one.

    How often a change of one digit is noticed is measured apart: not always, as the other number
    may have been computed near by, too.
    """
    for where, match, path in _numbers_in_prose(subject):
        if not match.group()[0].isalpha():
            random = subject.random
            new = f"{random.randint(1001, 9999) / 10 ** random.choice((1, 3, 4)):.6g}"
            yield f"{where}: {match.group()} became {new}", path, _spliced(match, new)


def number_word_in_prose(subject: Subject) -> Places:
    """A number word in prose is another one."""
    for where, match, path in _numbers_in_prose(subject):
        if match.group()[0].isalpha():
            _, space, scale = match.group().rpartition(" ")
            others = [word for word in WORDS if word not in match.group().lower()]
            for word in subject.random.sample(others, 4):
                new = word + (space + scale if scale in SCALES else "")
                yield f"{where}: {match.group()} became {new}", path, _spliced(match, new)


def seconds_vary(subject: Subject) -> Places:
    """Other seconds, where the cell says that they vary."""
    for cell_id, policy, text, path in subject.texts():
        for match in re.finditer(r"\d+(?:\.\d+)?(?= ?m?s\b)", text) if policy.vary else ():
            new = f"{subject.random.uniform(0.1, 99):.1f}"
            yield f"{cell_id}: {match.group()}, {new}", path, _spliced(match, new)


def columns_padded(subject: Subject) -> Places:
    """A column is wider, as it is when another number in it is longer."""
    for cell_id, _, match, path in subject.matches(r"(?<=\S) {2,}(?=\d)", "approx"):
        yield f"{cell_id}: wider", path, _spliced(match, f"{match.group()}  ")


def stream_cut(subject: Subject) -> Places:
    """What a cell printed arrived in two pieces."""
    for cell, _, output, (*path, place) in subject.outputs():
        if output.output_type == "stream" and len(output.text) > 1:
            cut = subject.random.randrange(1, len(output.text))
            pieces = [output | {"text": text} for text in (output.text[:cut], output.text[cut:])]
            outputs = cell.outputs[:place] + pieces + cell.outputs[place + 1 :]
            yield f"{cell.id}: cut after {cut} characters", tuple(path), outputs


def display_as_another_kernel_says_it(subject: Subject) -> Places:
    """An image has other bytes, an output other metadata, its kinds another order."""
    for cell, _, output, path in subject.outputs():
        if data := output.get("data"):
            other = dict(reversed(data.items()))
            yield f"{cell.id}: another order of kinds", (*path, "data"), other
            more = output.metadata | {"needs_background": "light"}
            yield f"{cell.id}: more metadata", (*path, "metadata"), more
            if SVG in data:
                image = f"{data[SVG]}<!-- {subject.random.random()} -->"
                yield f"{cell.id}: another image", (*path, "data", SVG), image


DAMAGES = (
    *(number_moved, number_of_figure_moved, digit_of_exact, word_of_output, line_lost_or_repeated),
    *(output_lost_or_repeated, error_or_warning, words_of_figure, series_of_figure),
    *(policy_not_understood, cell_unrun_or_moved, number_in_prose, number_word_in_prose),
)
HARMLESS = (
    *(number_moved, number_of_figure_moved, seconds_vary, columns_padded),
    *(stream_cut, display_as_another_kernel_says_it),
)


def _spliced(match: re.Match, new: str) -> str:
    """Return the text that a match was found in, with another one in its place."""
    return match.string[: match.start()] + new + match.string[match.end() :]


def _lost_and_twice(entries: list) -> Iterator[tuple[str, list]]:
    """Yield the list without each of its entries, and with it twice."""
    for place in range(len(entries)):
        yield f"{place} lost", entries[:place] + entries[place + 1 :]
        yield f"{place} twice", entries[: place + 1] + entries[place:]


def _numbers_in_prose(subject: Subject) -> Iterator[tuple[str, re.Match, tuple]]:
    """Yield each number that stands once in its cell: the cell, its match, and the path to it."""
    places = {cell.id: index for index, cell in enumerate(subject.notebook.cells)}
    for paragraph in paragraphs(subject.notebook, subject.style, subject.linked):
        index = places[paragraph.where]
        # The part of a cell that holds prose: a Markdown cell's text, or a figure's metadata.
        key = "source" if subject.notebook.cells[index].cell_type == "markdown" else "metadata"
        held = leaves(subject.notebook.cells[index][key])
        texts = [(inner, text) for inner, text in held if isinstance(text, str)]
        for number in paragraph.numbers:
            written = re.escape(paragraph.text[number.start : number.end])
            pattern = rf"(?<![\w.,`]){written}(?![\w`]|[.,]\d)"
            found = [(m, inner) for inner, text in texts for m in re.finditer(pattern, text)]
            if len(found) == 1:
                ((match, inner),) = found
                yield paragraph.where, match, ("cells", index, key, *inner)
