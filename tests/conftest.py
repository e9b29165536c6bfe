"""What the helpers' tests share: the real data where there is any, and small data to spoil."""

import json
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

from imdb_helpers import corpus, download, files, load_data, sources
from tests.book import session
from tests.corpora import TEST, TRAIN, WORDS, lists_of, write_archive
from tests.server import files_in, serving

matplotlib.use("Agg")
set_hypothesis_home_dir(Path(__file__).parent.parent / "_build" / "hypothesis")
# The same examples on every machine, without a clock: a slow machine is not a wrong one.
settings.register_profile("book", deadline=None, derandomize=True, database=None)
settings.load_profile("book")


@pytest.fixture(scope="session")
def real_corpus():
    """Return the real corpus, or skip: a machine without data can still run the other tests."""
    if reason := session.decide_on_reviews():
        pytest.skip(f"needs the real reviews; the sample corpus is used because {reason}")
    return sources.load_corpus()


@pytest.fixture(scope="session")
def full_session():
    """Skip a slow test, whose result neither reviews nor backend can change, but in one session."""
    if session.lacking():
        pytest.skip("slow, and the same on any reviews and backend: the full session runs it")


@pytest.fixture(scope="session")
def real_data(real_corpus):
    """Return what `load_data(num_words=10000)` returns."""
    return load_data(num_words=10_000)


@pytest.fixture(scope="session")
def real_folder(real_corpus, tmp_path_factory):
    """Return a folder with the real archive and word index; treat it as read-only.

    Where the data came from our cache, both files are written anew from the verified content.
    """
    named = files.named_folder()
    if named is not None:
        return named
    folder = tmp_path_factory.mktemp("real")
    halves = [(lists_of(split), split.labels) for split in (real_corpus.train, real_corpus.test)]
    write_archive(folder / files.ARCHIVE, *halves, save=np.savez_compressed)
    sources.load_word_index()
    index = (files.cache_folder() / files.WORD_INDEX).read_bytes()
    (folder / files.WORD_INDEX).write_bytes(index)
    return folder


@pytest.fixture(scope="session")
def raw_reviews():
    """Return the 200 original texts with the integers they must become, or skip."""
    folder = files.named_folder()
    file = Path(folder or ".") / "raw_reviews.jsonl"
    if folder is None or not file.is_file():
        pytest.skip(f"needs raw_reviews.jsonl in the folder that {files.VARIABLE} names")
    with open(file, encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Put our cache into a folder of the test's own, on every system, and return that folder."""
    folder = tmp_path / "cache"
    monkeypatch.setattr(files.platformdirs, "user_cache_dir", lambda *_, **__: str(folder))
    return folder


@pytest.fixture
def folder(tmp_path, own_cache, monkeypatch):
    """Return a folder with small data that counts as IMDB's. No variable names it.

    The internet is a port where nobody listens, Keras's folder is empty, and there is no way to
    the sample but the one that a test opens.
    """
    folder = tmp_path / "data"
    folder.mkdir()
    small = corpus.read_archive(write_archive(folder / files.ARCHIVE, TRAIN, TEST))
    (folder / files.WORD_INDEX).write_text(json.dumps(WORDS), "utf-8")
    monkeypatch.setitem(corpus.IMDB_DIGESTS, "train", small.train.digests())
    monkeypatch.setitem(corpus.IMDB_DIGESTS, "test", small.test.digests())
    for name in (files.ARCHIVE, files.WORD_INDEX):
        monkeypatch.setitem(files.KERAS_HASHES, name, corpus.file_digest(folder / name))
    monkeypatch.delenv(files.VARIABLE, raising=False)
    monkeypatch.setenv(sources.SOURCE, "real")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(sources, "_decided", {})
    monkeypatch.setattr(download, "ORIGIN", "http://127.0.0.1:1/")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    return folder


@pytest.fixture
def named(folder, monkeypatch):
    """Let `IMDB_DATA_DIR` name the folder with the small data, and return it."""
    monkeypatch.setenv(files.VARIABLE, str(folder))
    return folder


@pytest.fixture
def server(folder, monkeypatch):
    """Let a server on this machine be the internet; it serves the small data, for a beginning."""
    with serving(files_in(folder)) as running:
        monkeypatch.setattr(download, "ORIGIN", running.url)
        yield running


@pytest.fixture
def downloads(server):
    """Return the list of the names that were asked for on the internet."""
    return server.asked_for
