"""Numbers written as words, where they count something: "four epochs", "the fourth epoch".

Zero, one, first and second are left out: they are articles, names and orders of telling more often
than numbers. So are shares and multiples ("two fifths", "twice").
"""

import re
from collections.abc import Collection, Iterator
from decimal import Decimal

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
