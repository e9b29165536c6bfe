"""What this test session runs on: which reviews, and what Keras computes with."""

import os
from functools import cache

from imdb_helpers.backend import chosen_backend
from imdb_helpers.dataset.find import SOURCE, find_dataset
from tests.notebooks.policies import MARKS


@cache
def why_sample() -> str:
    """Say why the sample corpus is in use, or nothing if the real reviews are.

    The decision goes into the environment, so that no kernel of this session makes another one, or
    waits for the network again.
    """
    dataset = find_dataset()
    os.environ[SOURCE] = "sample" if dataset.is_sample else "real"
    return dataset.origin if dataset.is_sample else ""


def backend() -> str:
    """Return Keras's name of what the kernels of this session compute with."""
    return chosen_backend()[0]


def lacking() -> frozenset[str]:
    """Return the marks of policies that this session does not live up to."""
    found = {"data": "sample" if why_sample() else "real", "backend": backend()}
    return frozenset(mark for mark, value in MARKS.items() if found[mark] != value)
