"""Whatever goes wrong around the data: a sentence says so, and nothing is lost.

Each row of the tables in ``faults.md`` has a test that bears its name as a mark; some stand
in other files. ``pytest -m fault`` runs them all.
"""

import errno
import mmap  # noqa: F401 - NumPy imports it at first use, which the ordinary user below may not
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import Mock
from zipfile import ZipFile

import numpy as np
import platformdirs
import pooch
import pytest
import requests

from imdb_helpers import backend, get_word_index, load_data
from imdb_helpers.dataset import cache, download, find, read, sample
from imdb_helpers.dataset.find import ARCHIVE, SOURCE, VARIABLE, WORD_INDEX, find_dataset
from imdb_helpers.errors import UnreachableError
from tests.book.pages import BOOK, ROOT
from tests.helpers.corpora import RANKS, TEST, TRAIN, WORDS, Trap, write_archive
from tests.helpers.fault_table import ROWS, fault, sentence
from tests.helpers.loading import CACHE, contents, fails, is_as_ever, load, warns
from tests.helpers.server import cut_off, refusal, sign_in_page

# The real ones, before a fixture replaces them.
USER_CACHE_DIR = platformdirs.user_cache_dir
TEMPORARY = tempfile.gettempdir()
FROM_JUPYTER = "The kernel appears to have died"
AS_POSIX = pytest.mark.skipif(os.name == "nt", reason="permissions and homes are different there")


def test_each_row_of_the_table_has_a_test():
    sources = [path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    marks = re.findall(r'\bfault\(\s*"(.+?)"\s*[,)]', "\n".join(sources))
    assert len(ROWS) > 30
    assert sorted(ROWS) == sorted(set(marks))


def test_the_page_for_readers_quotes_the_same_sentences():
    rows = re.findall(r"(?m)^\| (.*?) \|", (BOOK / "a6_running.md").read_text("utf-8"))
    sentences = [said for row in rows for said in re.findall('"(.+?)"', row)]
    assert len(sentences) > 8
    known = FROM_JUPYTER, *ROWS.values()
    assert [said for said in sentences if not any(said in row for row in known)] == []


# The network -------------------------------------------------------------------------------------


NOWHERE, NO_NAME = "http://127.0.0.1:1/", "http://data.invalid/"  # RFC 6761: never a name
NO_ANSWER = sentence("the server does not answer").replace(f" {download.SECONDS} ", " 0.2 ")
UNRESOLVED = sentence("names are not resolved").replace("…", "data.invalid")
NO_PROXY = sentence("a proxy cannot be reached") + ", or refuses"
ITS_OWN = sentence("a proxy answers with a page of its own")
CERTIFICATE = "the certificate of HOST was not accepted: a proxy may stand between"
FULL = OSError(errno.ENOSPC, "No space left on device")


def slow(handler, name):
    time.sleep(1)


# What is done: where the server is said to be, how it answers, through which proxy, or what is
# raised; and what is said of it.
@pytest.mark.parametrize(
    ("done", "reason"),
    [
        fault("no network", {"at": NOWHERE}, "127.0.0.1:1 " + sentence("no network")),
        fault("names are not resolved", {"at": NO_NAME}, UNRESOLVED),
        fault("the server does not answer", {"answer": slow, "within": 0.2}, f"HOST {NO_ANSWER}"),
        fault("the server refuses", {"answer": refusal}, "HOST answered 403 Forbidden"),
        fault("a download is cut off", {"answer": cut_off}, sentence("a download is cut off")),
        fault("a proxy cannot be reached", {"at": NO_NAME, "proxy": NOWHERE}, NO_PROXY),
        fault(
            "a proxy answers with a page of its own",
            {"at": NO_NAME, "proxy": "", "answer": sign_in_page},
            ITS_OWN + ", perhaps the sign-in page of a network or of a proxy",
        ),
        fault("the disk is full", {"raised": FULL}, sentence("the disk is full") + " of CACHE"),
        ({"raised": requests.exceptions.SSLError()}, CERTIFICATE),
        ({"raised": requests.exceptions.InvalidURL()}, "HOST could not be reached"),
        ({"raised": OSError("no")}, "the file could not be kept in CACHE (no)"),
    ],
)
def test_the_real_reviews_cannot_be_had(server, own_cache, monkeypatch, done, reason):
    monkeypatch.setattr(download, "ORIGIN", done.get("at", server.url))
    monkeypatch.setattr(download, "SECONDS", done.get("within", download.SECONDS))
    server.answer = done.get("answer")
    for name in ("HTTP_PROXY", "http_proxy") if "proxy" in done else ():
        monkeypatch.setenv(name, done["proxy"] or server.url)
    if "raised" in done:
        monkeypatch.setattr(pooch, "retrieve", Mock(side_effect=done["raised"]))
    host = download.ORIGIN.split("/")[2]
    reason = reason.replace("HOST", host).replace("CACHE", str(own_cache))
    before = f"The IMDB data is not on this machine and could not be downloaded: {reason}. "
    with fails(before + find.three_ways(), UnreachableError):
        find_dataset()
    monkeypatch.setenv(SOURCE, "auto")
    said = (
        "sample corpus: these are not IMDB's reviews but 21,000 made-up ones that come with the "
        f"book, because {reason}. Everything runs on them; the numbers and examples in the text "
        "are IMDB's. How to get the real ones: `!python -m imdb_helpers` in a cell says it."
    )
    with warns(said):
        assert len(load_data()[0][0]) == 15_000
    assert get_word_index()["the"] == 1
    assert not any(os.listdir(folder) for folder in cache.folders() if folder.exists())


def test_a_word_index_that_cannot_be_had_is_an_error_when_the_reviews_are_real(server, monkeypatch):
    monkeypatch.setenv(SOURCE, "auto")
    load_data()
    server.answer = refusal
    with pytest.raises(UnreachableError, match="answered 403"):
        get_word_index()


# The disk and the home folder --------------------------------------------------------------------


@contextmanager
def ordinary_user():
    """Be no superuser while the block runs: permissions do not stop one."""
    if os.getuid():
        yield
        return
    os.setresuid(65534, 65534, 0)  # user "nobody", with a way back
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def places(server, monkeypatch):
    """Return a folder that everybody may enter, with a home and a folder for temporary files."""
    with tempfile.TemporaryDirectory(dir=TEMPORARY) as name:
        places = Path(name)
        for folder, mode in ((places, 0o755), (places / "home", 0o555), (places / "tmp", 0o777)):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        cache_folder = str(places / "home" / "imdb-book")
        monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: cache_folder)
        monkeypatch.setattr(tempfile, "tempdir", str(places / "tmp"))
        yield places
        for folder in filter(Path.is_dir, places.rglob("*")):
            folder.chmod(0o755)


@AS_POSIX
@pytest.mark.fault("the home folder is read-only")
def test_the_home_folder_is_read_only(places):
    with ordinary_user():
        is_as_ever()
        assert find_dataset().origin == str(places / "tmp" / "imdb-book" / CACHE)
    assert os.listdir(places / "home") == []


@AS_POSIX
@pytest.mark.fault("a damaged file in a read-only cache")
@pytest.mark.fault("a read-only cache that holds one of the two files")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX, CACHE])
@pytest.mark.parametrize("damaged", [True, False])
def test_a_read_only_cache(places, server, folder, name, damaged):
    """A file of it is damaged, or missing."""
    home = places / "home" / "imdb-book"
    shutil.copytree(folder, home)
    (home / name).write_bytes(b"half a fi")
    damaged or (home / name).unlink()
    home.chmod(0o555)
    before = contents(home)
    with ordinary_user(), warnings.catch_warnings(record=True) as caught:
        assert load() == load() == (RANKS, WORDS)
    said = sentence("a damaged file in a read-only cache")
    assert all(name in str(each.message) and said in str(each.message) for each in caught)
    assert bool(caught) == damaged
    assert contents(home) == before
    assert server.asked_for == ([] if name == CACHE else [name])


@AS_POSIX
@pytest.mark.fault("there is no home folder")
def test_there_is_no_home_folder(places, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_cache_dir", USER_CACHE_DIR)
    monkeypatch.setattr("pwd.getpwuid", {}.__getitem__)
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(places / "tmp")
    is_as_ever()
    assert find_dataset().origin == str(places / "tmp" / "imdb-book" / CACHE)
    assert os.listdir(places / "tmp") == ["imdb-book"]  # and no folder that is called ~


def interrupted(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.fault("a process is killed while it writes")
def test_a_process_is_killed_while_it_writes(named, own_cache, monkeypatch):
    with monkeypatch.context() as killed:
        killed.setattr(np, "save", interrupted)
        killed.setattr(shutil, "rmtree", lambda *_, **__: None)  # nobody is left to clean up
        with pytest.raises(KeyboardInterrupt):
            find_dataset()
    (part,) = own_cache.iterdir()
    assert (part / CACHE).exists()
    is_as_ever()
    assert part.exists(), "another process's, perhaps"
    old = time.time() - cache._OLD_SECONDS - 1
    os.utime(part, (old, old))
    (own_cache / CACHE).unlink()
    is_as_ever()
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, WORD_INDEX])


@pytest.mark.fault("Ctrl-C during a load")
@pytest.mark.parametrize(
    ("where", "name"),
    [
        *((pooch.HTTPDownloader, "__call__"), (download.os, "replace")),
        *((read, "read_archive"), (cache, "verify"), (cache, "write"), (np, "save")),
    ],
)
def test_ctrl_c_at_any_step_leaves_nothing_half_done(server, own_cache, monkeypatch, where, name):
    monkeypatch.setenv(SOURCE, "auto")
    with monkeypatch.context() as context:
        context.setattr(where, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            load_data()
    assert os.listdir(own_cache) in ([], [ARCHIVE])
    with warns():  # and no sample: the interrupted attempt has decided nothing
        assert len(load_data()[0][0]) == len(TRAIN[0])


# Your own files ----------------------------------------------------------------------------------


@AS_POSIX
@pytest.mark.fault("a file that you may not read")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX])
def test_a_file_that_may_not_be_read(folder, places, monkeypatch, name):
    shutil.copytree(folder, places / "data")
    (places / "data").chmod(0o755)
    (places / "data" / name).chmod(0)
    monkeypatch.setenv(VARIABLE, str(places / "data"))
    said = (
        f"{places / 'data' / name} cannot be read by this user. Change its permissions, or set "
        "IMDB_DATA_DIR to a folder with a copy of your own."
    )
    with ordinary_user(), fails(said):
        load()


@pytest.mark.fault("`IMDB_DATA_DIR` has spaces and other letters")
def test_a_named_folder_with_spaces_and_other_letters(folder, tmp_path, monkeypatch):
    other = tmp_path / "Ünsere Däta ★ 映画"
    shutil.copytree(folder, other)
    monkeypatch.setenv(VARIABLE, str(other))
    assert find_dataset().origin.startswith(str(other / ARCHIVE))
    is_as_ever()


def named_as(name):
    """Let the variable name another folder: what stands for FOLDER in the message."""
    return lambda path: os.environ.update({VARIABLE: name.replace("FOLDER", str(path.parent))})


def without(name):
    return lambda path: path.with_name(name).unlink()


def cut(share):
    return lambda path: path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


def halves(train, test):
    return lambda path: write_archive(path, train, test)


def claim_100_gigabytes(path):
    """Let the archive's directory say that its first member unpacks to 100 GB."""
    with ZipFile(path, "a") as archive:
        archive.filelist[0].file_size = 100 * 10**9
        archive._didModify = True  # else the directory is not written again


def words(content):
    return lambda path: path.with_name(WORD_INDEX).write_bytes(content)


NO_FOLDER = (
    "IMDB_DATA_DIR is set to {}. Set it to a folder that holds imdb.npz and imdb_word_index.json, "
    "or unset it."
)
LACKING = (
    "IMDB_DATA_DIR is set to FOLDER, which has no {}. The folder must hold imdb.npz and "
    "imdb_word_index.json; add the file, or unset the variable."
)
SPOILT = (
    "FOLDER/imdb.npz: {}… While IMDB_DATA_DIR is set, nothing is fetched: put the right file "
    "there, or unset the variable."
)
OTHER = "the {} half are not IMDB's (SHA-256 DIGEST..., expected DIGEST...), read from " + SPOILT
OTHER = OTHER.replace(": {}…", ".")
BROKEN = SPOILT.format("it is damaged or no .npz file")
OTHER_WORDS = (
    "FOLDER/imdb_word_index.json is not IMDB's word index (SHA-256 DIGEST..., expected DIGEST...). "
    "Put the right file in its place, or unset IMDB_DATA_DIR."
)
TRAP = ([[1], Trap(eval, "pytest.fail()")], [1, 0])


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        fault(
            "`IMDB_DATA_DIR` does not exist",
            named_as("FOLDER/nowhere"),
            NO_FOLDER.format("FOLDER/nowhere, which does not exist"),
        ),
        fault(
            "`IMDB_DATA_DIR` is a file",
            named_as("FOLDER/imdb.npz"),
            NO_FOLDER.format("FOLDER/imdb.npz, which is a file, not a folder"),
        ),
        (named_as("~nobody-here"), NO_FOLDER.format("~nobody-here, which does not exist")),
        fault("`IMDB_DATA_DIR` lacks a file", without(ARCHIVE), LACKING.format(ARCHIVE)),
        (without(WORD_INDEX), LACKING.format(WORD_INDEX)),
        fault("a damaged archive", cut(0.5), BROKEN),
        *((cut(share), BROKEN) for share in (0, 0.99)),
        fault(
            "an archive with swapped halves",
            halves(TEST, TRAIN),
            OTHER.format("word ranks of the train"),
        ),
        (halves(TRAIN, ([[5], [2, 3]], [0, 1])), OTHER.format("word ranks of the test")),
        (halves(([[1, 2], [3, 4]], [1, 0]), TEST), OTHER.format("review lengths of the train")),
        (halves(TRAIN, (TEST[0], [1, 0])), OTHER.format("labels of the test")),
        fault(
            "an archive with labels of the wrong length",
            halves((TRAIN[0], [1, 0, 1]), TEST),
            SPOILT.format("2 reviews but 3 labels"),
        ),
        fault(
            "an archive with a pickle that would run code",
            halves(TRAP, TEST),
            SPOILT.format("the file asks Python to call builtins.eval"),
        ),
        fault(
            "an archive that would unpack to 100 GB",
            claim_100_gigabytes,
            SPOILT.format("x_train would unpack to 100,000,000,000 bytes"),
        ),
        fault("a word index that is not JSON", words(b"not JSON"), OTHER_WORDS),
        fault("a word index of another data set", words(b'{"the": 1}'), OTHER_WORDS),
        (words(b""), OTHER_WORDS),
    ],
)
def test_a_file_of_yours_is_refused(named, own_cache, spoil, said):
    spoil(named / ARCHIVE)
    before = contents(named)
    os.environ[SOURCE] = "auto"  # the fixture puts it back; not even where a sample would do
    with warns(), fails(said.replace("FOLDER/", f"{named}{os.sep}").replace("FOLDER", str(named))):
        load()
    assert contents(named) == before
    assert not own_cache.exists() or os.listdir(own_cache) == [CACHE]


# The set-up --------------------------------------------------------------------------------------


@pytest.mark.fault("`IMDB_SOURCE` is none of its three values")
@pytest.mark.parametrize("use", [load_data, get_word_index])
def test_an_unknown_source(named, monkeypatch, use):
    monkeypatch.setenv(SOURCE, "reel")
    said = (
        "is set to 'reel'; expected one of auto, real, sample. Set it to one of these, or unset it."
    )
    with fails(f"IMDB_SOURCE {said}", ValueError):
        use()


@pytest.mark.fault("the sample's file is damaged")
@pytest.mark.parametrize("content", [b"", b"half a fi", None])
def test_the_sample_s_file_is_damaged(folder, monkeypatch, tmp_path, content):
    monkeypatch.setattr(sample, "FILE", tmp_path / "sample.npz")
    if content is not None:
        sample.FILE.write_bytes(content)
    sample._read.cache_clear()
    monkeypatch.setenv(SOURCE, "sample")
    with fails(f"{sample.FILE} is damaged: restore it, or install the package anew."):
        load_data()


@pytest.mark.fault("Keras's backend is not installed")
def test_the_backend_is_not_installed(tmp_path):
    program = "import sys; sys.modules['jax'] = None\nfrom imdb_helpers import word_contributions"
    environment = {**os.environ, "KERAS_HOME": str(tmp_path), "KERAS_BACKEND": "jax"}
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 1
    sentence = "Keras is set to the backend 'jax' by the"
    assert re.findall(rf"(\w+): {sentence}", run.stderr) == ["UserWarning", "ModuleNotFoundError"]
    assert "python -m pip install jax" in run.stderr
    assert "keras/src" not in run.stderr, "no traceback through Keras's own files"


@pytest.mark.parametrize(
    ("variable", "file", "chosen_by"),
    [
        ("", None, "'tensorflow' by its default"),
        ("torch", '{"backend": "jax"}', "'torch' by the environment variable KERAS_BACKEND"),
        ("", '{"backend": "torch"}', "'torch' by the file .*keras.json"),
        ("", '{"floatx": "float32"}', "'tensorflow' by its default"),
        ("", "half a fi", "'tensorflow' by its default"),
        ("", '{"backend": "jax"}', None),
        ("numpy", None, None),
    ],
)
def test_which_backend_is_missing(tmp_path, monkeypatch, variable, file, chosen_by):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setenv("KERAS_BACKEND", variable)
    missing = {"tensorflow": "no_tensorflow", "torch": "no_torch"}
    monkeypatch.setattr(backend, "MODULES", {"jax": "json"} | missing)
    if file is not None:
        (tmp_path / "keras.json").write_text(file, "utf-8")
    said = backend.missing_backend()
    assert re.match(f"Keras is set to the backend {chosen_by}, ", said) if chosen_by else said == ""
