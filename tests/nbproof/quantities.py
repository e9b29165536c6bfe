"""Numbers as outputs and code have them, and as prose writes them, in digits and in words.

A word is a number where it counts something: "four epochs", "the fourth epoch". Zero, one, first
and second are left out: they are articles, names and orders of telling more often than numbers. So
are shares and multiples ("two fifths", "twice").
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from tests.nbproof.numbers import NUMBER

_WORDS = (
    """two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty""",
    """third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth""",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
_COUNTING, _RANKING, _TENS = (words.split() for words in _WORDS)
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
VALUES = {word: value for value, word in enumerate(_COUNTING, start=2)}
VALUES |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
VALUES |= {
    f"{tens}-{unit}": 10 * ten + one
    for ten, tens in enumerate(_TENS, start=2)
    for one, unit in enumerate(["one", *_COUNTING[:8]], start=1)
}
VALUES |= {"a hundred": 100, "a dozen": 12, "two dozen": 24}
VALUES |= {word: value for value, word in enumerate(_RANKING, start=3)}
WORD = re.compile(
    rf"(?<![\w-])(?P<word>{'|'.join(sorted(VALUES, key=len, reverse=True))})"
    rf"(?:\s(?P<scale>{'|'.join(SCALES)}))?(?![\w-])",
    re.IGNORECASE,
)
# "A third of them", "two fifths": a share, not a rank.
SHARE = re.compile(rf"\b(?:an?|one|{'|'.join(_COUNTING)})\s+$", re.IGNORECASE)
_GAP = r"(?:[ -]|\n(?!\n))+"
# "Two panels by epoch" and "three ways to use a layer" count no epochs and no layers.
_NOT_BETWEEN = r"(?!(?:by|in|to|for|with|that|so|or|and|is|are)\b)"
SMALL = 100
LONG_LIST = re.compile(r"\[(?:\s*-?\d+[,\s]+){6,}[^\]]*\]?")  # integers nobody quotes
PERCENT = re.compile(r"\s?(?:%|per\s?cent\b|percentage\spoints?\b)")
SCALE = re.compile(rf"\s({'|'.join(SCALES)})\b")


@dataclass(frozen=True)
class Computed:
    """A number in an output or in code."""

    value: Decimal
    decimals: int
    percent: bool


@dataclass(frozen=True)
class Written:
    """A number in prose: where it stands, its value, and the size of its last digit."""

    start: int
    end: int
    value: Decimal
    decimals: int
    scale: int = 1
    percent: bool = False
    digits: int = 3  # significant ones

    @property
    def is_small(self) -> bool:
        """Whether it is a whole number that is found anywhere by accident."""
        return not (self.decimals or self.percent) and abs(self.value) < SMALL

    def lies_in(self, places: Iterable[tuple[int, int]]) -> bool:
        """Tell whether it stands within one of some places in the text."""
        return any(first <= self.start and self.end <= last for first, last in places)

    def is_found_in(self, computed: Computed) -> bool:
        """Tell whether a computed number, rounded as this one is written, is the same."""
        value, decimals = computed.value, computed.decimals
        if self.percent and not computed.percent and decimals and 0 <= value <= 1:
            value, decimals = value * 100, decimals - 2  # a share, written as such
        elif self.percent != computed.percent:
            return False
        if self.scale == 1 and self.decimals > decimals:
            return False  # the output does not say so much
        if self.digits < 2 and self.scale == 1:
            return value == self.value
        step = Decimal(1).scaleb(-self.decimals) * self.scale
        return abs(value - self.value) <= step / 2


Lines = tuple[tuple[Computed, ...], ...]  # the numbers of a text, line by line


@cache
def computed_numbers(text: str) -> Lines:
    """Return the numbers of an output or of code, line by line, without long lists of integers."""
    text = LONG_LIST.sub(" ", re.sub(r"(?<=\d)_(?=\d)", "", text))
    lines = (tuple(map(_computed, NUMBER.finditer(line))) for line in text.splitlines())
    return tuple(filter(None, lines))


def written_numbers(text: str, counted: Collection[str], names: Collection[str]) -> list[Written]:
    """Return the numbers of a prose text in their order, in digits, and in words that count.

    ``names`` are patterns of names that end in a number: "Keras", "[Cc]hapters?".
    """
    name = re.compile(rf"\b(?:{'|'.join(names)})[ -]\d+(?:(?:, | and | to |–|-)\d+)*")
    named = [match.span() for match in name.finditer(text)] if names else []
    found = []
    for match in NUMBER.finditer(text):
        digits = match.group().rstrip(".")  # in prose, a dot at the end is a full stop
        start, end = match.start(), match.start() + len(digits)
        after = SCALE.match(text, end)
        scale = SCALES[after[1]] if after else 1
        value = _decimal(digits) * scale
        decimals = len(digits.partition(".")[2])
        significant = len(re.sub(r"\D", "", digits).lstrip("0"))
        percent = bool(PERCENT.match(text, end))
        found.append(Written(start, end, value, decimals, scale, percent, significant))
    for match, value, scale in number_words(text, counted):
        found.append(Written(*match.span(), value, 0, scale))
    found = [number for number in found if not number.lies_in(named)]
    return sorted(found, key=lambda number: number.start)


def _computed(match: re.Match) -> Computed:
    decimals = match.group().partition(".")[2].partition("e")[0]
    percent = re.match(r"\s*%", match.string[match.end() :])
    return Computed(_decimal(match.group()), len(decimals), bool(percent))


def _decimal(written: str) -> Decimal:
    return Decimal(written.replace(",", "").replace("\N{MINUS SIGN}", "-"))


def number_words(text: str, nouns: Collection[str]) -> Iterator[tuple[re.Match, Decimal, int]]:
    """Yield each number word that counts one of the nouns, with its value and its scale.

    At most two words stand between them: "four epochs", "the third hidden layer", "epoch four".
    """
    noun = rf"(?:{'|'.join(nouns)})"
    after = re.compile(
        rf"(?:{_GAP}{_NOT_BETWEEN}[\w'’]+){{0,2}}?{_GAP}{noun}(?:e?s)?\b", re.IGNORECASE
    )
    before = re.compile(rf"\b{noun}\s+$", re.IGNORECASE)
    for match in WORD.finditer(text):
        word, scale = match["word"].lower(), SCALES.get((match["scale"] or "").lower(), 1)
        if word in _RANKING and SHARE.search(text, 0, match.start()):
            continue
        counts = after.match(text, match.end()) or before.search(text, 0, match.start())
        if counts or scale > 1:
            yield match, Decimal(VALUES[word] * scale), scale
