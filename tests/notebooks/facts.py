"""What stands for a number in prose that no output gives: a fact, or a pattern with a reason.

A fact is what a reader could check, and says why it is right. A pattern passes what only looks
like a number, such as a chapter's or the "one" in "this one"; it cannot pass a measured quantity.
"""

import ast
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.notebooks.chapters import ROOT
from tests.notebooks.words import NUMBER_WORD, RANKING, is_measured

Place = tuple[int, int]
FACT_KEYS = {"text", "reason", "test", "source", "pages", "times"}
DIGITS = re.compile(r"(?i)\d[\d.,]*(?:\s?(?:[a-z]{1,2}\b|%))?")  # with a unit sign


@dataclass
class Fact:
    """A number that does not come from an output, and why it is right."""

    text: str
    reason: str
    test: str = ""
    source: str = ""
    pages: tuple[str, ...] = ()
    times: int = 0  # it stands for this many numbers on its pages; 0, for any
    used_on: set[str] = field(default_factory=set)
    stands: int = 0

    def pass_over(self, numbers: list[Place], text: str, page: str) -> list[Place]:
        """Return the numbers that the fact does not stand for; note it if there are others."""
        if self.pages and page not in self.pages:
            return numbers
        found = places(self.text, text)
        left = [number for number in numbers if not within(number, found)]
        if left != numbers:
            self.used_on.add(page)
            self.stands += len(numbers) - len(left)
        return left

    def problem(self, root: Path) -> str:
        """Return what is wrong with the fact once all pages have been read, or nothing."""
        if unused := set(self.pages) - self.used_on:
            return f"{self.text!r} is not used on {sorted(unused)}"
        if not self.used_on:
            return f"{self.text!r} is not used"
        if self.times and self.stands not in (0, self.times):  # 0: nobody counted
            return f"{self.text!r} stands {self.stands} times, not {self.times}"
        if self.test and not _test_exists(root, self.test):
            return f"{self.text!r}: there is no test {self.test}"
        return ""


@dataclass
class Pattern:
    """A way of writing in which a number word counts nothing, or digits are a name."""

    pattern: str
    reason: str
    is_used: bool = False

    def pass_over(self, numbers: list[Place], text: str, page: str) -> list[Place]:
        """Return the numbers that the pattern does not stand for; note it if there are others."""
        found = [match.span() for match in re.finditer(self.pattern, text)]
        left = [at for at in numbers if not within(at, found) or is_measured(text, at[1])]
        self.is_used |= left != numbers
        return left

    def problem(self, root: Path) -> str:
        """Return what is wrong with the pattern once all pages have been read, or nothing."""
        return "" if self.is_used else f"the pattern {self.pattern!r} is not used"


def within(number: Place, covered: Iterable[Place]) -> bool:
    """Tell whether a number lies in one of the covered places."""
    return any(first <= number[0] and number[1] <= last for first, last in covered)


def places(words: str, text: str) -> list[Place]:
    """Return where words stand in a text, not as a part of a longer word or number."""
    return [match.span() for match in _finder(words).finditer(text)]


@cache  # Python's own holds fewer patterns than there are facts
def _finder(words: str) -> re.Pattern:
    """Return what finds words, whatever space is between them."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return re.compile(rf"(?i)(?<!\w)(?<!\d[.,]){pattern}(?!\w|[.,]\d)")


def is_bare(words: str) -> bool:
    """Tell whether words are only a number, which would pass wherever it stands on a page.

    A rank ("second") may stand alone.
    """
    rest = NUMBER_WORD.sub("", DIGITS.sub("", words))
    return not re.search(r"\w", rest) and words.lower() not in RANKING


def read_facts(path: Path) -> list[Fact | Pattern]:
    """Return the facts and the patterns of a file; refuse one without a reason, or a bare number.

    A fact's text may be a list: several wordings, each of which must be used.
    """
    entries = []
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for entry in content.get("fact", []):
        if set(entry) - FACT_KEYS or not entry.get("text") or not entry.get("reason"):
            keys = "test, source, pages, times"
            raise ValueError(f"a fact has text, reason, and perhaps {keys}: {entry}")
        texts = [entry["text"]] if isinstance(entry["text"], str) else entry["text"]
        if not entry.get("times") and (bare := [text for text in texts if is_bare(text)]):
            raise ValueError(f"{bare} would pass anywhere: add words around it, or say times = N")
        pages = tuple(entry.get("pages", ()))
        entries += [Fact(**{**entry, "text": text, "pages": pages}) for text in texts]
    for entry in content.get("allowed", []):
        if set(entry) != {"pattern", "reason"} or not entry["pattern"] or not entry["reason"]:
            raise ValueError(f"what is allowed has a pattern and a reason: {entry}")
        entries.append(Pattern(**entry))
    return entries


def check_facts(entries: Iterable[Fact | Pattern], root: Path = ROOT) -> list[str]:
    """Return the facts and patterns that no page used, or whose test does not exist."""
    return [problem for entry in entries if (problem := entry.problem(root))]


def _test_exists(root: Path, test: str) -> bool:
    """Tell whether ``tests/file.py::name`` names a function of that file."""
    file, _, name = test.partition("::")
    if not (root / file).is_file():
        return False
    tree = ast.parse((root / file).read_text(encoding="utf-8"))
    name = name.split("[")[0].split("::")[-1]
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in ast.walk(tree))
