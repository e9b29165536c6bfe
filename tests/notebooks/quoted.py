"""Numbers as prose writes them, compared with the output they were taken from."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

from tests.notebooks.numbers import NUMBER
from tests.notebooks.words import (
    CARDINAL,
    COUNTING,
    NUMBER_WORD,
    RANKING,
    SCALES,
    cardinal,
    fraction,
)

UNIT_WORDS = r"(?:[\s-]*[^\W\d][^\d]*)?"
DIGITS = re.compile(
    rf"""(?P<number>[-+\N{{MINUS SIGN}}]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)?(?:\.(?P<decimals>\d+))?)
    (?P<after>(?P<percent>\s*(?:%|per\ ?cent\b|percentage\ points?\b))?
    (?:\s(?P<scale>thousand|million|billion)\b)?{UNIT_WORDS})""",
    re.VERBOSE,
)
WORD = re.compile(rf"(?P<word>{CARDINAL}|{'|'.join(RANKING)})\b(?P<after>{UNIT_WORDS})", re.I)
# A share or a multiple in words ("half", "twice") is right within five per cent of itself.
SHARE_PRECISION = Decimal("0.1")
REFERENCE = re.compile(r"(?:(?P<chapter>[\w-]+)#)?(?P<cell>[\w-]+): ?(?P<label>.*)", re.DOTALL)
PLACE = re.compile(r"(?:^|\s)#(\d+)\s*$")


@dataclass(frozen=True)
class Quoted:
    """A number in prose: its value, the size of its last digit, and how it was written."""

    value: Decimal
    step: Decimal
    percent: bool
    after: str
    words: tuple[str, ...] = ()
    is_share: bool = False

    def write(self, value: Decimal) -> str:
        """Return another value at the same precision and in the same form."""
        if self.is_share:
            return f"{value:.2g}"
        steps = (value / self.step).quantize(Decimal(1), ROUND_HALF_EVEN)
        if self.words and 0 <= steps < len(self.words):
            return self.words[int(steps)] + self.after
        return f"{(steps * self.step / self.scale).quantize(self.step / self.scale):,}{self.after}"

    @property
    def scale(self) -> Decimal:
        """What the written digits are multiplied by: 1,000,000 for "2 million"."""
        found = re.search(r"\b(thousand|million|billion)\b", self.after)
        return Decimal(SCALES[found.group()] if found else 1)


def parse_quoted(text: str) -> Quoted | None:
    """Return the number that a piece of prose is, unit words allowed after it, or None."""
    text = re.sub(r"\s+", " ", text).strip()
    share = fraction(text.lower())
    if share is not None:
        return Quoted(share, share * SHARE_PRECISION, False, "", is_share=True)
    if found := WORD.fullmatch(text):
        return _in_words(found["word"].lower(), found["after"])
    found = DIGITS.fullmatch(text)
    if not found or not re.search(r"\d", found["number"]):
        return None
    scale = SCALES.get(found["scale"], 1)
    step = Decimal(1).scaleb(-len(found["decimals"] or "")) * scale
    return Quoted(
        to_decimal(found["number"]) * scale,
        step,
        bool(found["percent"]),
        found["after"],
    )


def _in_words(word: str, after: str) -> Quoted | None:
    """Return the number that words begin with, as precise as its scale; None if more follow."""
    found = re.match(r"\s(thousand|million|billion)\b", after)
    if NUMBER_WORD.search(after, found.end() if found else 0):
        return None
    scale = Decimal(SCALES[found[1]] if found else 1)
    if word in RANKING:
        return Quoted(Decimal(RANKING.index(word)), scale, False, after, RANKING)
    return Quoted(cardinal(word) * scale, scale, False, after, COUNTING)


def to_decimal(written: str) -> Decimal:
    """Return the exact value of a written number."""
    return Decimal(written.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def disagreement(text: str, output: str, label: str) -> str:
    """Return why quoted text disagrees with the number after a label in an output, or nothing."""
    quoted = parse_quoted(text)
    if quoted is None:
        return f"{text!r} is not a number (digits, or words below a thousand, or a share)"
    try:
        stored, stored_percent = number_after(output, label)
    except LookupError as error:
        return str(error.args[0])
    shown = f"{stored} %" if stored_percent else stored
    if stored_percent and not (quoted.percent or quoted.is_share):
        return f"stored: {shown}, a percentage; {text!r} is written without %"
    value = to_decimal(stored).scaleb(2 * (quoted.percent - stored_percent))
    if abs(quoted.value - value) <= quoted.step / 2:
        return ""
    return f"stored: {shown}; {text!r} should be {quoted.write(value)!r}"


def number_after(output: str, label: str) -> tuple[str, bool]:
    """Return the number after a label on its line, and whether a percent sign follows it.

    ``label #2`` is the second number after the label; an empty label, the output's first number.
    """
    place = PLACE.search(label)
    words = PLACE.sub("", label)  # its spaces count: "  4" finds the row of a padded column
    if words not in output:
        raise LookupError(f"the output does not contain {words!r}")
    # From the line's beginning, so that digits glued to the label's last letter stay a name.
    begin = output.index(words)
    line = output.rfind("\n", 0, begin) + 1
    end = output.find("\n", begin) if words and "\n" in output[begin:] else len(output)
    matches = [
        match
        for match in NUMBER.finditer(output[line:end])
        if line + match.start() >= begin + len(words)
    ]
    wanted = int(place.group(1)) if place else 1
    if len(matches) < wanted or wanted < 1:
        raise LookupError(f"there is no number {wanted} after {words!r} on its line")
    match = matches[wanted - 1]
    return match.group(), bool(re.match(r"\s*%", output[line + match.end() :]))


def split_reference(reference: str, own_chapter: str) -> tuple[str, str, str]:
    """Return the chapter, the cell's id and the label that ``data-from`` names."""
    found = REFERENCE.fullmatch(reference)
    if not found:
        raise LookupError(f"{reference!r} is not 'CELL: LABEL' or 'CHAPTER#CELL: LABEL'")
    return found["chapter"] or own_chapter, found["cell"], found["label"]
