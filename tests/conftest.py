"""What the tests share: the real data where there is any, and the settings of their libraries."""

import json
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from imdb_helpers import load_data
from imdb_helpers.dataset import cache, find
from tests.book import session
from tests.helpers.corpora import lists_of, write_archive

matplotlib.use("Agg")
set_hypothesis_home_dir(Path(__file__).parent.parent / "_build" / "hypothesis")
# The same examples on every machine, without a clock: a slow machine is not a wrong one.
settings.register_profile("book", deadline=None, derandomize=True, database=None)
settings.load_profile("book")


@pytest.fixture(scope="session")
def real_dataset():
    """Return the real data set, or skip: a machine without data can still run the other tests."""
    if reason := session.decide_on_reviews():
        pytest.skip(f"needs the real reviews; the sample corpus is used because {reason}")
    return find.find_dataset()


@pytest.fixture(scope="session")
def full_session():
    """Skip a slow test, whose result neither reviews nor backend can change, but in one session."""
    if session.lacking():
        pytest.skip("slow, and the same on any reviews and backend: the full session runs it")


@pytest.fixture(scope="session")
def real_data(real_dataset):
    """Return what `load_data(num_words=10000)` returns."""
    return load_data(num_words=10_000)


@pytest.fixture(scope="session")
def real_folder(real_dataset, tmp_path_factory):
    """Return a folder with the real archive and word index; treat it as read-only.

    Where the data came from our cache, both files are written anew from the verified content.
    """
    named = find.named_folder()
    if named is not None:
        return named
    folder = tmp_path_factory.mktemp("real")
    splits = (real_dataset.train, real_dataset.test)
    halves = [(lists_of(split), split.labels) for split in splits]
    write_archive(folder / find.ARCHIVE, *halves, save=np.savez_compressed)
    assert real_dataset.word_index  # now it is in the cache
    kept = (place / find.WORD_INDEX for place in cache.folders())
    (folder / find.WORD_INDEX).write_bytes(next(filter(Path.is_file, kept)).read_bytes())
    return folder


@pytest.fixture(scope="session")
def raw_reviews():
    """Return the 200 original texts with the integers they must become, or skip."""
    folder = find.named_folder()
    file = Path(folder or ".") / "raw_reviews.jsonl"
    if folder is None or not file.is_file():
        pytest.skip(f"needs raw_reviews.jsonl in the folder that {find.VARIABLE} names")
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
