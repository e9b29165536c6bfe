"""Numbers written as words: where prose has them, and what they are worth.

"Both", "single", "a pair" and "a few" are left out: they repeat what was said, or say no number.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

_COUNTING = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen twenty"""
_RANKING = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh
twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"""
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety"
COUNTING, RANKING, TENS = (tuple(words.split()) for words in (_COUNTING, _RANKING, _TENS))
SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
PARTS = {"half": 2, "quarter": 4, "hundredth": 100, "thousandth": 1000}
PARTS |= {word: number for number, word in enumerate(RANKING) if number > 2}
MULTIPLES = {"once": 1, "twice": 2, "thrice": 3}
MULTIPLES |= {"double": 2, "doubles": 2, "doubled": 2, "tripled": 3}

_UNITS = "|".join(COUNTING[1:10])
_BELOW_HUNDRED = rf"(?:{'|'.join(TENS[2:])})-(?:{_UNITS})|{'|'.join((*COUNTING, *TENS[2:]))}"
CARDINAL = rf"(?:an?|{_UNITS}) (?:hundred(?: and (?:{_BELOW_HUNDRED}))?|dozen)|{_BELOW_HUNDRED}"
FRACTION = re.compile(
    rf"(?:(?P<top>an?|{_UNITS}) )?(?P<bottom>{'|'.join(PARTS)})s?(?P<after> of .*)?"
    rf"|(?P<some>{_UNITS})(?: \w+)? in (?P<all>{CARDINAL})"
    rf"|(?P<multiple>{'|'.join(MULTIPLES)})(?P<rest>| .*)"
)

_CARDINALS = (*COUNTING, *TENS[2:], *(f"{word}s?" for word in ("hundred", "dozen", *SCALES)))
_ORDINALS = (*RANKING[:3], *(f"{word}s?" for word in PARTS if word != "half"), r"\w+ieth")
_MULTIPLES = (*MULTIPLES, "doubling", r"tripl\w+", r"quadrupl\w+", "half", "halv(?:es?|ed|ing)")
_FOLD = (rf"(?:{'|'.join((*COUNTING, *TENS[2:]))})fold", r"(?:several|many|countless) times")
NUMBER_WORD = re.compile(
    rf"(?<!\w)(?:{'|'.join((*_CARDINALS, *_ORDINALS, *_MULTIPLES, *_FOLD))})(?!\w)", re.IGNORECASE
)
# What a reader can count or measure, after at most two more words: "four epochs", "the first
# hidden layer", "half of the reviews". No pattern may pass a number with such a noun.
_GAP = r"(?:[ -]|\n(?!\n))+"
_COUNTED = """epoch review unit layer network seed word row column minute hour byte megabyte
gigabyte parameter weight step batch variant"""
_MEASURES = rf"(?:{'|'.join(_COUNTED.split())})(?:e?s)?|seconds|MB|GB|times|per cent|percentage"
MEASURED = re.compile(
    rf"(?:{_GAP}[\w'’…]+){{0,2}}?{_GAP}(?:{_MEASURES}|accuracy|loss)\b", re.IGNORECASE
)


def number_words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the number words of a text begin and end."""
    for match in NUMBER_WORD.finditer(text):
        yield match.span()


def is_measured(text: str, end: int) -> bool:
    """Tell whether a number that ends there counts something that a reader would check."""
    return bool(MEASURED.match(text, end))


def cardinal(words: str) -> int | None:
    """Return the whole number below a thousand that words are ("a hundred and sixty"), or None."""
    if not re.fullmatch(CARDINAL, words):
        return None
    value = 0
    for word in re.split(r"[ -]", words.replace(" and ", " ")):
        if word in ("hundred", "dozen"):
            value *= 100 if word == "hundred" else 12
        else:
            value += _value(word)
    return value


def fraction(words: str) -> Decimal | None:
    """Return what a share or a multiple is ("two fifths", "seven in eight", "twice"), or None."""
    found = FRACTION.fullmatch(words)
    if not found or (found["bottom"] not in (None, "half") and not found["top"]):
        return None  # a lone "third" is a rank
    if found["multiple"]:
        return Decimal(MULTIPLES[found["multiple"]])
    if found["some"]:
        return Decimal(_value(found["some"])) / Decimal(cardinal(found["all"]))
    return Decimal(_value(found["top"] or "a")) / PARTS[found["bottom"]]


def _value(word: str) -> int:
    """Return the value of one word below a hundred; an article counts as one."""
    if word in TENS:
        return TENS.index(word) * 10
    return 1 if word in ("a", "an") else COUNTING.index(word)
