"""Small data to spoil, in folders of the test's own, and a server that stands for the internet."""

import hashlib
import json
import tempfile

import pytest

from imdb_helpers import data
from imdb_helpers.dataset import cache, download, find
from imdb_helpers.dataset.read import read_archive
from tests.helpers.corpora import TEST, TRAIN, WORDS, write_archive
from tests.helpers.server import files_in, serving


@pytest.fixture(autouse=True)
def nothing_in_use(monkeypatch):
    """Let each test begin as a fresh kernel does: no data set was loaded yet."""
    monkeypatch.setattr(data, "_in_use", None)


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Put our cache into a folder of the test's own, on every system, and return that folder.

    Another one takes the place of the folder for temporary files.
    """
    folder = tmp_path / "cache"
    (tmp_path / "tmp").mkdir()
    place = {("imdb-book", False): str(folder)}
    monkeypatch.setattr(
        cache.platformdirs, "user_cache_dir", lambda n, appauthor: place[n, appauthor]
    )
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return folder


@pytest.fixture
def folder(tmp_path, own_cache, monkeypatch):
    """Return a folder with small data that counts as IMDB's. No variable names it.

    The internet is a port where nobody listens, Keras's folder is empty, and there is no way to
    the sample but the one that a test opens.
    """
    folder = tmp_path / "data"
    folder.mkdir()
    train, test = read_archive(write_archive(folder / find.ARCHIVE, TRAIN, TEST))
    (folder / find.WORD_INDEX).write_text(json.dumps(WORDS), "utf-8")
    monkeypatch.setitem(cache.IMDB_DIGESTS, "train", cache.digests(train))
    monkeypatch.setitem(cache.IMDB_DIGESTS, "test", cache.digests(test))
    for name in (find.ARCHIVE, find.WORD_INDEX):
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        monkeypatch.setitem(find.KERAS_HASHES, name, digest)
    monkeypatch.delenv(find.VARIABLE, raising=False)
    monkeypatch.setenv(find.SOURCE, "real")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setattr(download, "ORIGIN", "http://127.0.0.1:1/")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    return folder


@pytest.fixture
def named(folder, monkeypatch):
    """Let `IMDB_DATA_DIR` name the folder with the small data, and return it."""
    monkeypatch.setenv(find.VARIABLE, str(folder))
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
