"""Exercises that answer: `check.name(answer)` says how an answer is, and what to look at.

| module | what is in it |
| --- | --- |
| `engine` | `check`: three states, hints one by one, a summary |
| `base` | what all exercises have; sentences for mistakes that many share |
| `kinds` | what an answer may be: a number, a sequence, a choice, a function, an object |
| `chapter_NN` | the exercises of a chapter, as data: expected, mistakes, hints, a remark |

A chapter's file knows the question and the data set, not the notebook's code: what is
expected is computed from the loaded reviews at the first attempt, holds for the made-up
sample, too, and stands nowhere; the right option of a choice stands there as a digest.
Hints have to live beside it, since a hint must fit the mistake.
"""

from imdb_helpers.exercises.engine import Checks

check = Checks()

__all__ = ["check"]
