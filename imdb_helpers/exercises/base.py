"""What all exercises have, and sentences for mistakes that many of them share."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

OFFSET = 3
MISSING = "The answer is None. Did print give it back, or a function that lacks its return?"
PER_CENT = "A share lies between 0 and 1. Is yours per cent?"
NO_SHARE = "A share lies between 0 and 1; yours does not."
OTHER_SIDE = "That is the share of all the others. Which of the two was asked for?"
SHIFTED = "It is off by three. Where do the words' integers begin?"
TEST_SET = (
    "That was computed on the test half. Which reviews are for choosing, and which ones "
    "are kept for the end?"
)


class Untouched(Exception):
    """The answer still has the dots in it."""


def is_untouched(answer: Any) -> bool:
    """Whether an answer is `...`, or a list, tuple or dict with one in it."""
    if isinstance(answer, list | tuple | dict):
        inside = answer.values() if isinstance(answer, dict) else answer
        return any(is_untouched(one) for one in inside)
    return answer is ...


def type_problem(answer: Any, wanted: str) -> str:
    """Say that something else is asked for."""
    return (
        MISSING
        if answer is None
        else f"{wanted} is asked for; yours is of type {type(answer).__name__}."
    )


@dataclass(frozen=True)
class Mistake:
    """What a typical mistake gives, as a function, and the hint that fits it.

    One that could pass for right, since a sequence's tolerance is wide, says within what it counts.
    """

    gives: Callable[[], Any]
    hint: str
    within: float | None = None


@dataclass(frozen=True, kw_only=True)
class Exercise(ABC):
    """What all kinds have.

    Attributes:
        name: as in `check.name`.
        remark: printed after a right answer: what it shows.
        hints: given one by one, by `check.name.hint()`.
    """

    name: str
    remark: str
    hints: tuple[str, ...]

    @abstractmethod
    def problem(self, answer: Any) -> str:
        """Return "" if the answer is right, else what to look at."""
