"""What the helpers' tests share: the real data where there is any, and small data to spoil."""

import hashlib
import json
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from imdb_helpers import DataNotFoundError, corpus, load_data, sources
from tests.corpora import TEST, TRAIN, WORDS, lists_of, write_archive

matplotlib.use("Agg")
set_hypothesis_home_dir(Path(__file__).parent.parent / "_build" / "hypothesis")
# The same examples on every machine, without a clock: a slow machine is not a wrong one.
settings.register_profile("book", deadline=None, derandomize=True, database=None)
settings.load_profile("book")


@pytest.fixture(scope="session")
def real_corpus():
    """Return the real corpus, or skip: a machine without data can still run the other tests."""
    try:
        return sources.load_corpus()
    except DataNotFoundError as error:
        pytest.skip(f"needs the real reviews: {error}")


@pytest.fixture(scope="session")
def real_data(real_corpus):
    """Return what `load_data(num_words=10000)` returns."""
    return load_data(num_words=10_000)


@pytest.fixture(scope="session")
def real_folder(real_corpus, tmp_path_factory):
    """Return a folder with the real archive and word index; treat it as read-only.

    Where the data came from our cache, both files are written anew from the verified content.
    """
    named = sources.named_folder()
    if named is not None:
        return named
    folder = tmp_path_factory.mktemp("real")
    halves = [(lists_of(split), split.labels) for split in (real_corpus.train, real_corpus.test)]
    write_archive(folder / sources.ARCHIVE, *halves, save=np.savez_compressed)
    sources.load_word_index()
    index = (sources.cache_folder() / sources.WORD_INDEX).read_bytes()
    (folder / sources.WORD_INDEX).write_bytes(index)
    return folder


@pytest.fixture(scope="session")
def raw_reviews():
    """Return the 200 original texts with the integers they must become, or skip."""
    folder = sources.named_folder()
    file = Path(folder or ".") / "raw_reviews.jsonl"
    if folder is None or not file.is_file():
        pytest.skip(f"needs raw_reviews.jsonl in the folder that {sources.VARIABLE} names")
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Put our cache into a folder of the test's own, on every system, and return that folder."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(sources.platformdirs, "user_cache_dir", lambda *_, **__: str(folder))
    return folder


@pytest.fixture
def folder(tmp_path, own_cache, monkeypatch):
    """Return a folder with small data that counts as IMDB's. No variable names it, no network."""
    folder = tmp_path / "data"
    folder.mkdir()
    small = corpus.read_archive(write_archive(folder / sources.ARCHIVE, TRAIN, TEST))
    words = json.dumps(WORDS).encode()
    (folder / sources.WORD_INDEX).write_bytes(words)
    monkeypatch.setitem(corpus.IMDB_DIGESTS, "train", small.train.digests())
    monkeypatch.setitem(corpus.IMDB_DIGESTS, "test", small.test.digests())
    monkeypatch.setitem(sources._KERAS_HASHES, sources.WORD_INDEX, hashlib.md5(words).hexdigest())
    monkeypatch.delenv(sources.VARIABLE, raising=False)

    def get_file(name, origin, **_):
        raise Exception(f"URL fetch failure on {origin}: None -- [Errno -2] Name not known")

    monkeypatch.setattr("keras.utils.get_file", get_file)
    return folder


@pytest.fixture
def named(folder, monkeypatch):
    """Let `IMDB_DATA_DIR` name the folder with the small data, and return it."""
    monkeypatch.setenv(sources.VARIABLE, str(folder))
    return folder


@pytest.fixture
def downloads(folder, monkeypatch):
    """Let Keras's download give the small data, and return the list of what was fetched."""
    fetched = []

    def get_file(name, origin, file_hash):
        fetched.append(name)
        assert origin.endswith(name)
        return str(folder / name)

    monkeypatch.setattr("keras.utils.get_file", get_file)
    return fetched
