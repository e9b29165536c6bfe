"""Finding numbers in text, and comparing two texts number by number."""

import re
from dataclasses import dataclass

# Digits glued to a word (float32, dense_1) and version numbers (3.15.1) belong to names. A sign
# counts only where no operand precedes it: 3-4 is two positive numbers. A dot at the end belongs
# to the number where NumPy writes one ("[1. 2.]"), and ends the sentence elsewhere.
NUMBER = re.compile(
    r"""(?<![\w.])(?:(?<![)\]])[-+\N{MINUS SIGN}])?
    (?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+|\.(?=\s*[-\d\],]))?|\.\d+)
    (?:[eE][-+]?\d+)?(?!\.?\d)""",
    re.VERBOSE,
)
PADDED = re.compile(rf"[ ]?{NUMBER.pattern}[ ]?", re.VERBOSE)


@dataclass(frozen=True)
class Tolerance:
    """How far a new number may be from a stored one; whole numbers have a tolerance of their own.

    In a drawn series there are no whole numbers: it writes 1.0 as 1.
    """

    rtol: float
    atol: float
    integers: float = 0.0
    drawn: bool = False

    def allows(self, written: str) -> float:
        """Return the largest difference allowed for a stored number."""
        value = abs(to_float(written))
        if is_integer(written) and not self.drawn:
            return self.integers * value
        return self.atol + self.rtol * value


def to_float(written: str) -> float:
    """Return the value of a number as it is written, thousands commas included."""
    return float(written.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def is_integer(written: str) -> bool:
    """Tell whether a number is written without decimal point and exponent."""
    return not re.search(r"[.eE]", written)


def compare_numbers(stored: str, new: str, tolerance: Tolerance) -> str:
    """Return why two texts differ beyond the tolerance, or nothing.

    Numbers are compared as numbers and everything between them exactly, except that a run of
    spaces counts as one, and as none beside a number: columns are padded to the widest number.
    """
    matches = list(zip(NUMBER.finditer(stored), NUMBER.finditer(new), strict=False))
    stored_words, new_words = _words_between(stored), _words_between(new)
    if len(stored_words) != len(new_words):
        return f"{len(stored_words) - 1} numbers stored, {len(new_words) - 1} now"
    for place, (ours, theirs) in enumerate(zip(stored_words, new_words, strict=True)):
        if ours != theirs:
            return f"the text after {place} numbers was {ours!r}, and now it is {theirs!r}"
        if place < len(matches) and (problem := _compare_number(*matches[place], tolerance)):
            return f"number {place + 1}: {problem}"
    return ""


def _words_between(text: str) -> list[str]:
    """Return the pieces of a text around its numbers, their spaces collapsed."""
    return PADDED.split(re.sub(r"[ \t]+", " ", text))


def _compare_number(stored: re.Match, new: re.Match, tolerance: Tolerance) -> str:
    """Return why two numbers differ beyond the tolerance, or nothing."""
    ours, theirs = stored.group(), new.group()
    if not tolerance.drawn and is_integer(ours) != is_integer(theirs):
        return f"stored {ours}, now {theirs}: one is a whole number{_line(stored)}"
    apart, allowed = abs(to_float(ours) - to_float(theirs)), tolerance.allows(ours)
    if apart <= allowed:
        return ""
    return f"stored {ours}, now {theirs}: {apart:.3g} apart, allowed {allowed:.3g}{_line(stored)}"


def _line(match: re.Match) -> str:
    """Return the line of the stored text that a number stands in, for a message."""
    before = match.string[: match.start()].rpartition("\n")[2]
    after = match.string[match.end() :].partition("\n")[0]
    return f"\n  in the stored line: {(before + match.group() + after).strip()[:200]}"
