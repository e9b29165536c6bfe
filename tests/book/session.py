"""What this test session runs on: which reviews, and what Keras computes with."""

import os
import re
from functools import cache

from imdb_helpers.backend import chosen_backend
from imdb_helpers.dataset.find import SOURCE, find_dataset
from tests.nbproof.settings import Settings

REAL, TENSORFLOW = "real data", "TensorFlow"
# A small notebook host gives 2 GB and stops a kernel that wants more. It runs the book on
# TensorFlow: on JAX, chapters that train take matrices of bytes, of which Keras keeps copies.
MEMORY, MEMORY_ELSEWHERE = 2000, 3500
# One warning or more: the line that names the category, and the line of code it points at.
SAMPLE_NOTICE = re.compile(r"(?:\S*:\d+: SampleCorpusWarning: sample corpus: .*\n(?:  .*\n)?)+")


@cache
def decide_on_reviews() -> str:
    """Decide on the reviews for this session; say why it is the sample, or nothing if it is not.

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
    """Return the marks that this session does not live up to."""
    on_sample, elsewhere = bool(decide_on_reviews()), backend() != "tensorflow"
    return frozenset([REAL] * on_sample + [TENSORFLOW] * elsewhere)


@cache
def settings() -> Settings:
    """Return what the comparison of notebooks has to know of this session."""
    reason, lacks = decide_on_reviews(), lacking()
    reviews = "the real IMDB reviews"
    if reason:
        how = "`python -m imdb_helpers` says how to get the real reviews"
        reviews = f"the sample corpus, because {reason} ({how})"
    shown = f"the book shows {' and '.join(sorted(lacks))}, and here is {reviews}, on {backend()}"
    return Settings(
        marks=frozenset([REAL, TENSORFLOW]),
        lacking=lacks,
        notice=SAMPLE_NOTICE if reason else None,
        may_not_store=f"{shown}; `make test` runs without storing" if lacks else "",
        memory_limit=MEMORY_ELSEWHERE if TENSORFLOW in lacks else MEMORY,
        lines=(f"data: {reviews}", f"backend: {backend()}"),
    )
