"""What this test session runs on: which reviews, and what Keras computes with."""

import os
import warnings
from functools import cache

from imdb_helpers import sources
from imdb_helpers.backend import chosen_backend
from tests.notebooks.policies import MARKS


@cache
def why_sample() -> str:
    """Say why the sample corpus is in use, or nothing if the real reviews are.

    The decision goes into the environment, so that no kernel of this session makes another one, or
    waits for the network again.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sources.SampleCorpusWarning)
        reason = sources.why_sample()
    os.environ[sources.SOURCE] = "sample" if reason else "real"
    return reason


def backend() -> str:
    """Return Keras's name of what the kernels of this session compute with."""
    return chosen_backend()[0]


def lacking() -> frozenset[str]:
    """Return the marks of policies that this session does not live up to."""
    found = {"data": "sample" if why_sample() else "real", "backend": backend()}
    return frozenset(mark for mark, value in MARKS.items() if found[mark] != value)
