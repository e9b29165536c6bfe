"""`check`: an exercise's three states, its hints, and the summary of a chapter."""

import difflib
import pkgutil
from collections.abc import Iterable, Mapping
from functools import cached_property
from importlib import import_module
from typing import Any

from imdb_helpers.exercises.base import Exercise, Untouched, is_untouched

PACKAGE = __name__.rpartition(".")[0]
OPEN, RIGHT = "open", "right"


class Check:
    """One exercise, as the reader calls it: `check.name(answer)`, `check.name.hint()`."""

    def __init__(self, exercise: Exercise, chapter: int) -> None:
        self.exercise, self.chapter = exercise, chapter
        self.state = OPEN
        self.tried = False
        self._hints_given = 0

    def __call__(self, answer: Any = ...) -> None:
        """Print whether the answer is right, with a remark, or else what to look at.

        Nothing in an answer raises an error; the `...` of an untouched cell is no attempt.
        """
        name, self.tried, self.state = self.exercise.name, True, OPEN
        try:
            problem = Untouched() if is_untouched(answer) else None
            problem = problem or self.exercise.problem(answer)
        except Untouched as untouched:
            problem = untouched
        except Exception as error:  # a reader learns from a sentence, not from our code
            problem = f"It could not be checked: {type(error).__name__}: {error}."
        if isinstance(problem, Untouched):
            print(f"{name}: not attempted yet. Put your answer in place of the dots.")
        elif problem:
            more = f"check.{name}.hint() says where to look."
            print(f"{name}: not yet. {problem}")
            if self._hints_given < len(self.exercise.hints):
                print(more)
        else:
            self.state = RIGHT
            print(f"{name}: right. {self.exercise.remark}")

    def hint(self) -> None:
        """Print the next hint; each says a little more, and none the answer."""
        hints, self.tried = self.exercise.hints, True
        if self._hints_given < len(hints):
            print(hints[self._hints_given])
            self._hints_given += 1
        else:
            print("That was the last hint. What is left to read is the solution.")

    def __repr__(self) -> str:
        """Return how to use it."""
        name = self.exercise.name
        return f"check.{name}(answer) checks an exercise of chapter {self.chapter}."


class Checks:
    """Check the reader's answers: `check.name(answer)` for the exercise called `name`.

    It prints one of three things: the answer was not attempted, is right (and why that
    matters), or is not right yet, and what to look at. `check.name.hint()` gives the next
    hint, `check.summary()` counts what is open.

    Args:
        chapters: exercises by chapter; without it, those of the files `chapter_NN`.
    """

    def __init__(self, chapters: Mapping[int, Iterable[Exercise]] | None = None) -> None:
        self._chapters = chapters

    @cached_property
    def _by_name(self) -> dict[str, Check]:
        chapters = _shipped() if self._chapters is None else self._chapters
        checks = [
            Check(exercise, chapter)
            for chapter, exercises in chapters.items()
            for exercise in exercises
        ]
        by_name = {one.exercise.name: one for one in checks}
        if len(by_name) < len(checks):
            names = sorted(one.exercise.name for one in checks)
            raise ValueError(f"names are {names}; expected each only once.")
        return by_name

    def __getattr__(self, name: str) -> Check:
        """Return the check of an exercise."""
        private = name.startswith("_")  # as what Python and IPython look for in every object
        if private or name not in self._by_name:
            near = [] if private else difflib.get_close_matches(name, dir(self))
            meant = f" Did you mean check.{near[0]}?" if near else ""
            raise AttributeError(f"there is no exercise called {name!r}.{meant}")
        return self._by_name[name]

    def __dir__(self) -> list[str]:
        """Return the exercises' names, for completion by the Tab key."""
        return [*self._by_name, "summary"]

    def __repr__(self) -> str:
        """Return how to use it."""
        return "check.name(answer) checks the exercise called name; see check.summary()."

    def summary(self) -> None:
        """Print, for each chapter tried in this session, how many exercises are open."""
        tried = {one.chapter for one in self._by_name.values() if one.tried}
        if not tried:
            print("No exercise was checked yet in this session.")
        for chapter in sorted(tried):
            ours = [one for one in self._by_name.values() if one.chapter == chapter]
            left = [one.exercise.name for one in ours if one.state == OPEN]
            print(
                f"Chapter {chapter}: {len(ours) - len(left)} of {len(ours)} exercises are "
                f"right. Open: {', '.join(left) or 'none'}."
            )


def _shipped() -> dict[int, tuple[Exercise, ...]]:
    """Return the exercises of the files beside this one, by chapter."""
    modules = pkgutil.iter_modules(import_module(PACKAGE).__path__)
    names = sorted(module.name for module in modules if "chapter_" in module.name)
    return {
        int(name.removeprefix("chapter_")): import_module(f"{PACKAGE}.{name}").EXERCISES
        for name in names
    }
