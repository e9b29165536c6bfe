"""What an answer may be, and which mistake a wrong one looks like.

Each kind has a method `problem(answer)`: "" for a right answer, else what to look at, in a
sentence that does not give the answer away. What is expected is a function, called at the
first attempt.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from numbers import Number as AnyNumber
from typing import Any

import numpy as np

from imdb_helpers.exercises.base import (
    NO_SHARE,
    OFFSET,
    OTHER_SIDE,
    PER_CENT,
    SHIFTED,
    Exercise,
    Mistake,
    Untouched,
    is_untouched,
    type_problem,
)


def digest_of(name: str, option: str) -> str:
    """Return what a chapter's file keeps of an exercise's right option."""
    return hashlib.sha256(f"{name}: {_plain(option)}".encode()).hexdigest()[:12]


@dataclass(frozen=True, kw_only=True)
class Number(Exercise):
    """One number.

    Attributes:
        expected: computes it.
        tolerance: how far off it may be; half a unit of the last place asked for.
        mistakes: typical ones, in the order in which they are tried.
        share: it is a share, so per cent and the other side are mistakes.
        offset: it is a word's integer, so three more or less are mistakes.
    """

    expected: Callable[[], float]
    tolerance: float = 0.0005
    mistakes: tuple[Mistake, ...] = ()
    share: bool = False
    offset: bool = False

    def problem(self, answer: Any) -> str:
        """Return "" if the number is right, else what to look at."""
        if isinstance(answer, list | tuple | np.ndarray):
            if np.size(answer) != 1:
                return f"One number is asked for; yours has the shape {np.shape(answer)}."
            answer = np.asarray(answer).reshape(-1)[0]
        if not isinstance(answer, AnyNumber) or isinstance(answer, bool | complex):
            return type_problem(answer, "A number")
        if not np.isfinite(answer):
            return f"{answer} is no finite number. What was divided by what?"
        expected = _once(self.expected)

        def is_near(number: float) -> bool:
            return abs(float(answer) - number) <= self.tolerance + 1e-12

        if is_near(expected):
            return ""
        for mistake in self.mistakes:
            if is_near(_once(mistake.gives)):
                return mistake.hint
        if self.share:
            if not 0 <= answer <= 1:
                return PER_CENT if 1 < answer <= 100 else NO_SHARE
            if is_near(1 - expected):
                return OTHER_SIDE
        if self.offset and abs(float(answer) - expected) == OFFSET:
            return SHIFTED
        return "Another number is asked for."


@dataclass(frozen=True, kw_only=True)
class Sequence(Exercise):
    """A list of numbers, or an array of any shape.

    Attributes:
        expected: computes it.
        tolerance: how far off each entry may be.
        mistakes: typical ones, in the order in which they are tried.
        shares: they are shares, so per cent is a mistake.
    """

    expected: Callable[[], Any]
    tolerance: float = 0.0
    mistakes: tuple[Mistake, ...] = ()
    shares: bool = False

    def problem(self, answer: Any) -> str:
        """Return "" if every entry is right, else what to look at."""
        if not isinstance(answer, list | tuple | np.ndarray):
            return type_problem(answer, "A list or an array")
        try:
            numbers = np.asarray(answer)
        except ValueError:
            return "Its parts differ in length; expected rows of one length."
        if numbers.dtype != bool and not np.issubdtype(numbers.dtype, np.number):
            for place, entry in enumerate(np.asarray(answer, dtype=object).flat, start=1):
                plain = entry.item() if isinstance(entry, np.generic) else entry
                if not isinstance(plain, AnyNumber):
                    return f"Numbers are asked for; entry {place} is {plain!r}."
            numbers = numbers.astype(float)
        expected = np.asarray(_once(self.expected))

        def is_near(other: Any, within: float = self.tolerance) -> bool:
            other = np.asarray(other)
            return other.shape == numbers.shape and bool(
                np.all(np.abs(numbers - other.astype(float)) <= within + 1e-12)
            )

        for mistake in self.mistakes:
            if mistake.within and is_near(_once(mistake.gives), mistake.within):
                return mistake.hint
        if is_near(expected):
            return ""
        for mistake in self.mistakes:
            if is_near(_once(mistake.gives)):
                return mistake.hint
        if numbers.shape == expected.shape[::-1] != expected.shape:
            return f"Its shape is {numbers.shape}: rows and columns are exchanged."
        if numbers.shape != expected.shape and numbers.ndim == expected.ndim == 1:
            return f"It has {_entries(len(numbers))}; another number of them is asked for."
        if numbers.shape != expected.shape:
            return f"Its shape is {numbers.shape}; another one is asked for."
        if self.shares and 1 < numbers.max() <= 100:
            return PER_CENT
        if is_near(expected[::-1]):
            return "The entries are right, and their order is turned round."
        wrong = np.abs(numbers - expected) > self.tolerance + 1e-12
        apart = np.unique(np.abs(numbers - expected)[wrong])
        if len(apart) == 1 and apart[0] == OFFSET:
            return SHIFTED
        are = "is" if wrong.sum() == 1 else "are"
        return f"{wrong.sum():,} of {_entries(wrong.size)} {are} not as expected."


@dataclass(frozen=True, kw_only=True)
class Choice(Exercise):
    """One of several words.

    Attributes:
        options: all of them, as the question names them.
        digest: `digest_of(name, option)` of the right one.
        misses: a hint for each wrong option.
    """

    options: tuple[str, ...]
    digest: str
    misses: Mapping[str, str] = field(default_factory=dict)

    def problem(self, answer: Any) -> str:
        """Return "" for the right option, else what to look at."""
        named = "One of " + ", ".join(map(repr, self.options))
        if not isinstance(answer, str):
            return type_problem(answer, named)
        if digest_of(self.name, answer) == self.digest:
            return ""
        for option in self.options:
            if _plain(option) == _plain(answer):
                return self.misses.get(option, "Another one fits better.")
        return f"{named} is asked for; yours is {answer[:40]!r}."


@dataclass(frozen=True, kw_only=True)
class Function(Exercise):
    """A function of the reader's own, judged by what it does.

    Attributes:
        find: given the function, returns "" or what to look at. What the function raises,
            or that it returns nothing, is taken care of.
    """

    find: Callable[[Callable[..., Any]], str]

    def problem(self, answer: Any) -> str:
        """Return "" if it does what is asked, else what to look at."""
        if not callable(answer):
            return type_problem(answer, "A function, by its name and without brackets,")

        def call(*arguments: Any) -> Any:
            shown = " and ".join(map(repr, arguments))
            try:
                result = answer(*arguments)
            except Exception as error:
                said = f"{type(error).__name__}: {error}"
                raise _Stopped(f"With {shown} it stops: {said}.") from None
            if is_untouched(result):
                raise Untouched
            if result is None:
                raise _Stopped(f"With {shown} it returns None. Does it lack its return?")
            return result

        try:
            return self.find(call)
        except _Stopped as stopped:
            return str(stopped)


@dataclass(frozen=True, kw_only=True)
class Object(Exercise):
    """What a function of the package returned, judged by its properties.

    Attributes:
        kind: imports and returns the class.
        wanted: what is asked for, in words: "The result of compare".
        find: given the object, returns "" or what to look at.
    """

    kind: Callable[[], type]
    wanted: str
    find: Callable[[Any], str]

    def problem(self, answer: Any) -> str:
        """Return "" if it has the properties, else what to look at."""
        if not isinstance(answer, self.kind()):
            return type_problem(answer, self.wanted)
        return self.find(answer)


class _Stopped(Exception):
    """A reader's function cannot be judged; says why."""


@cache
def _once(compute: Callable[[], Any]) -> Any:
    return compute()


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _plain(text: str) -> str:
    return " ".join(text.lower().split())
