"""Damage to stored notebooks: each must be noticed by what the suite checks."""

import json
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from random import Random

from nbformat import from_dict
from nbformat.v4 import new_output

from tests.nbproof.changing import Places, Put, Subject, moved, setter, spliced
from tests.nbproof.compare import NUMERIC_FIELDS
from tests.nbproof.figures import METADATA_KEY as FIGURE
from tests.nbproof.numbers import NUMBER
from tests.nbproof.policies import KEY, KEYS
from tests.nbproof.prose import paragraphs
from tests.nbproof.words import SCALES

BEYOND = (2.2, 20)  # tolerances that a number is moved by
WORD = re.compile(r"(?<![\w<])[A-Za-z]{3,}(?![\w>])")
WORDS = ("twenty-six", "thirty-four", "forty-seven", "fifty-nine", "sixty-eight", "eighty-three")
NOT_UNDERSTOOD = (
    *({"policy": "lax"}, {"policy": "exact", "rtol": 0.01}, {"policy": "figure", "rtol": -1}),
    *({"policy": "approx", key: 0.051} for key in ("rtol", "atol", "integers")),
    *({"policy": "approx", "reason": "luck", "atol": bad} for bad in ("0.01", math.inf, True)),
    *({"policy": "approx", "atol": 0.5, "reason": " "}, {"policy": "figure", "integers": 0.01}),
    *({"vary": ["numbers"]}, {"needs": ["luck"]}),
)


def number_beyond_tolerance(subject: Subject, random: Random) -> Places:
    """A number of an approximate output is further off than is allowed."""
    for cell_id, policy, written, put in subject.matches(NUMBER, "approx"):
        new = moved(written, policy.tolerance, random, BEYOND)
        yield f"{cell_id}: {written} became {new}", put(new)


def digit_of_exact(subject: Subject, random: Random) -> Places:
    """A digit of an exact output is another one."""
    for cell_id, _, written, put in subject.matches(re.compile(r"\d"), "exact"):
        new = random.choice([digit for digit in "0123456789" if digit != written])
        yield f"{cell_id}: {written} became {new}", put(new)


def word_of_output(subject: Subject, random: Random) -> Places:
    """A word of an output is another one."""
    for cell_id, _, written, put in subject.matches(WORD, *KEYS):
        yield f"{cell_id}: {written}", put(written[::-1].swapcase())


def line_lost(subject: Subject, random: Random) -> Places:
    """A line of an output is missing."""
    for cell_id, _, text, put in subject.texts():
        lines = text.splitlines(keepends=True)
        for number, line in enumerate(lines if len(lines) > 1 else ()):
            if line.strip():
                left = "".join(lines[:number] + lines[number + 1 :])
                yield f"{cell_id}: line {number}", put(left)


def output_lost_or_repeated(subject: Subject, random: Random) -> Places:
    """An output is missing, or there twice."""
    for index, cell, _ in subject.cells():
        for what, edit in _lost_and_twice(cell.outputs, setter("cells", index, "outputs")):
            yield f"{cell.id}: output {what}", edit


def error_or_warning(subject: Subject, random: Random) -> Places:
    """An error or a warning is stored that the code does not give."""
    error = new_output("error", ename="ValueError", evalue="no", traceback=["no"])
    warning = new_output("stream", name="stderr", text="UserWarning: old\n")
    for index, cell, _ in subject.cells():
        for new in (error, warning):
            put = setter("cells", index, "outputs")
            yield f"{cell.id}: {new.output_type}", put([*cell.outputs, new])


def number_of_figure(subject: Subject, random: Random) -> Places:
    """A number of a figure is further off than is allowed."""
    yield from subject.moved_in_figures(random, BEYOND)


def words_of_figure(subject: Subject, random: Random) -> Places:
    """A label, a colour, a legend's entry, a tick or a note of a figure is another one."""
    for cell_id, _, path, text, put in subject.drawn():
        if path[-1] not in NUMERIC_FIELDS:
            yield f"{cell_id}: {path}, {text!r} is longer", put(f"{text} x")
            if text:
                yield f"{cell_id}: {path}, {text!r} is shorter", put(text[:-1])


def series_of_figure(subject: Subject, random: Random) -> Places:
    """A series, or an entry of a legend or of the notes, is missing or there twice."""
    for cell, _, output, path in subject.outputs():
        for number, axes in enumerate(output.get("metadata", {}).get(FIGURE, {}).get("axes", ())):
            for name in ("series", "legend", "notes"):
                put = setter(*path, "metadata", FIGURE, "axes", number, name)
                for what, edit in _lost_and_twice(axes[name], put):
                    yield f"{cell.id}: {name} {what}", edit


def policy_not_understood(subject: Subject, random: Random) -> Places:
    """The metadata name what nobody knows, or a tolerance that is loose without a reason."""
    for index, cell, _ in subject.cells():
        new = random.choice(NOT_UNDERSTOOD)
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
        yield f"{name} is there twice", put(cells[: here + 1] + cells[here:])


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


DAMAGES = (
    *(number_beyond_tolerance, digit_of_exact, word_of_output, line_lost),
    *(output_lost_or_repeated, error_or_warning),
    *(number_of_figure, words_of_figure, series_of_figure),
    *(policy_not_understood, cell_unrun_or_moved, number_in_prose, number_word_in_prose),
)


def _lost_and_twice(entries: list, put: Put) -> Places:
    """Yield the list without each of its entries, and with it twice."""
    for place in range(len(entries)):
        yield f"{place} lost", put(entries[:place] + entries[place + 1 :])
        yield f"{place} twice", put(entries[: place + 1] + entries[place:])


def _numbers_in_prose(subject: Subject, digits: bool) -> Iterator[tuple[str, Put]]:
    """Yield each number that stands once in its cell, and what makes an edit of a new one."""
    places = {cell.id: index for index, cell in enumerate(subject.notebook.cells)}
    for paragraph in paragraphs(subject.notebook, subject.style, subject.linked):
        index = places[paragraph.where]
        # The part of a cell that holds prose: a Markdown cell's text, or a figure's metadata.
        key = "source" if subject.notebook.cells[index].cell_type == "markdown" else "metadata"
        raw = json.dumps(subject.notebook.cells[index][key], ensure_ascii=False)
        for number in paragraph.numbers:
            written = paragraph.text[number.start : number.end]
            if written[0].isalpha() == digits:
                continue
            found = list(re.finditer(rf"(?<![\w.,`]){re.escape(written)}(?![\w`]|[.,]\d)", raw))
            if len(found) == 1:
                whole = setter("cells", index, key)
                put = spliced(found[0], lambda new, put=whole: put(from_dict(json.loads(new))))
                yield f"{paragraph.where}: {written}", put
