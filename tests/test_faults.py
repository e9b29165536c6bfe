"""Whatever goes wrong around the data: a sentence says so, and nothing is lost.

Each row of the tables in ``book/a6_faults.md`` has a test that bears its name as a mark; some stand
in ``test_cache`` and ``test_sources``. ``pytest -m fault`` runs them all.
"""

import _thread
import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import platformdirs
import pooch
import pytest
import requests

from imdb_helpers import DataError, SampleCorpusWarning, backend, corpus, download, files, real
from imdb_helpers.corpus import Corpus, Split, file_digest, read_archive, write_cache
from imdb_helpers.files import ARCHIVE, VARIABLE, WORD_INDEX
from imdb_helpers.sample import sample_corpus
from imdb_helpers.sources import SOURCE, load_corpus, load_word_index
from tests.book.pages import BOOK, ROOT
from tests.corpora import RANKS, TEST, TRAIN, WORDS, object_array, write_archive
from tests.server import cut_off, refusal, send, sign_in_page
from tests.test_archive import Trap
from tests.test_cache import CACHE, contents, no_warning

USER_CACHE_DIR = platformdirs.user_cache_dir  # the real one, before a fixture replaces it
TABLE_ROW = re.compile(r"^\| (?!fault|---)(.+?) \|", re.MULTILINE)
MARK = re.compile(r"pytest\.mark\.fault\(\s*\"(.+?)\"\s*\)")


def test_each_row_of_the_table_has_a_test():
    rows = TABLE_ROW.findall((BOOK / "a6_faults.md").read_text("utf-8"))
    marks = [
        mark
        for path in Path(__file__).parent.glob("test_*.py")
        for mark in MARK.findall(path.read_text("utf-8"))
    ]
    assert len(rows) > 30
    assert sorted(rows) == sorted(set(marks))


def test_the_sentences_in_the_table_are_those_of_the_package():
    page = (BOOK / "a6_faults.md").read_text("utf-8")
    sentences = [s for quoted in re.findall(r'"([^"]+)"', page) for s in quoted.split(" … ")]
    package = "".join(p.read_text("utf-8") for p in (ROOT / "imdb_helpers").glob("*.py"))
    package = re.sub(r'"\s*f?"', "", package).replace("{SECONDS}", str(download.SECONDS))
    assert [s for s in sentences if s not in package] == []


# The network -------------------------------------------------------------------------------------


def unreachable(reason):
    """Assert that the real data cannot be had for this reason, and that the sample stands in."""
    for load in (load_corpus, load_word_index):
        with pytest.raises(real.UnreachableError, match=reason) as caught:
            load()
        assert "There are three ways to get the real reviews" in str(caught.value)
    os.environ[SOURCE] = "auto"  # the fixture puts it back
    with pytest.warns(SampleCorpusWarning, match=f"^sample corpus: .*{reason}.*imdb_helpers` in a"):
        assert load_corpus() is sample_corpus()
    assert load_word_index()["the"] == 1
    assert len(load_word_index()) > 2500
    cache = files.cache_folder()
    assert not cache.exists() or os.listdir(cache) == []


@pytest.mark.fault("no network")
def test_no_network(folder):
    unreachable(r"127\.0\.0\.1:1 could not be reached")


@pytest.mark.fault("names are not resolved")
def test_names_are_not_resolved(folder, monkeypatch):
    monkeypatch.setattr(download, "ORIGIN", "http://data.invalid/")  # RFC 6761: never a name
    unreachable(r"the name data\.invalid could not be resolved: no network, or no DNS")


@pytest.mark.fault("the server does not answer")
def test_the_server_does_not_answer(server, monkeypatch):
    monkeypatch.setattr(download, "SECONDS", 0.2)
    server.answer = lambda *_: time.sleep(1)
    unreachable(r"did not answer within 0\.2 seconds")


@pytest.mark.fault("the server refuses")
def test_the_server_refuses(server):
    server.answer = refusal
    unreachable("127.0.0.1:.* answered 403 Forbidden")


@pytest.mark.fault("a proxy cannot be reached")
def test_a_proxy_cannot_be_reached(folder, monkeypatch):
    monkeypatch.setattr(download, "ORIGIN", "http://data.invalid/")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    unreachable("the proxy that this machine is set to use cannot be reached")


@pytest.mark.fault("a proxy answers with a page of its own")
def test_a_proxy_answers_with_a_page_of_its_own(server, monkeypatch):
    monkeypatch.setattr(download, "ORIGIN", "http://data.invalid/")
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.setenv("http_proxy", server.url)
    server.answer = sign_in_page
    unreachable("what arrived is not IMDB's file but something else, perhaps the sign-in page")
    assert server.asked_for[:2] == [ARCHIVE, WORD_INDEX]


@pytest.mark.fault("a download is cut off")
def test_a_download_is_cut_off(server, folder):
    server.answer = cut_off(folder)
    unreachable("the download broke off in the middle")


def test_a_network_that_fails_is_asked_once_in_a_process(server, monkeypatch):
    server.answer = refusal
    monkeypatch.setenv(SOURCE, "auto")
    for _ in range(2):
        with pytest.warns(SampleCorpusWarning, match="answered 403"):
            load_corpus()
        load_word_index()
    assert server.asked_for == [ARCHIVE]


def test_reviews_and_word_index_are_never_of_two_kinds(server, folder, monkeypatch):
    monkeypatch.setenv(SOURCE, "auto")
    server.answer = lambda handler, name: (
        refusal(handler, name)
        if name == ARCHIVE
        else send(handler, (folder / WORD_INDEX).read_bytes())
    )
    with pytest.warns(SampleCorpusWarning):
        assert load_word_index()["the"] == 1  # the index first, and it could be had
    assert load_word_index() != WORDS


def test_a_word_index_that_cannot_be_had_is_an_error_when_the_reviews_are_real(server, monkeypatch):
    monkeypatch.setenv(SOURCE, "auto")
    load_corpus()
    server.answer = refusal
    with pytest.raises(real.UnreachableError, match="answered 403"):
        load_word_index()


# The disk and the home folder --------------------------------------------------------------------


@pytest.mark.fault("the disk is full")
def test_the_disk_is_full(server, folder, own_cache, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(pooch.HTTPDownloader, "__call__", full)
        unreachable("there is no space left on the disk of")
    with monkeypatch.context() as context:
        context.setattr(np, "savez", full)
        context.setenv(SOURCE, "real")
        with pytest.warns(UserWarning, match="could not be written.*No space left on device"):
            assert load_corpus().train.ranks.tolist() == RANKS
    assert os.listdir(own_cache) == [ARCHIVE]


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
def places():
    """Return a folder that everybody may enter, with a home and a folder for temporary files."""
    with tempfile.TemporaryDirectory() as name:
        places = Path(name)
        for folder, mode in ((places, 0o755), (places / "home", 0o555), (places / "tmp", 0o777)):
            folder.mkdir(exist_ok=True)
            folder.chmod(mode)
        yield places


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are another matter there")
@pytest.mark.fault("the home folder is read-only")
def test_the_home_folder_is_read_only(server, places, monkeypatch):
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: f"{places}/home/.cache/x")
    monkeypatch.setattr(tempfile, "tempdir", str(places / "tmp"))
    with ordinary_user(), no_warning():
        assert load_corpus().train.ranks.tolist() == RANKS
        assert load_word_index() == WORDS
        assert load_corpus().origin == str(places / "tmp" / "imdb-book" / CACHE)
    assert os.listdir(places / "home") == []


@pytest.mark.skipif(sys.platform == "win32", reason="a home is found in another way there")
@pytest.mark.fault("there is no home folder")
def test_there_is_no_home_folder(server, places, monkeypatch):
    import pwd

    def nobody(uid):
        raise KeyError(uid)

    monkeypatch.setattr(platformdirs, "user_cache_dir", USER_CACHE_DIR)
    monkeypatch.setattr(pwd, "getpwuid", nobody)
    monkeypatch.setattr(tempfile, "tempdir", str(places / "tmp"))
    for name in ("HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(places / "tmp")
    with no_warning():
        assert load_corpus().train.ranks.tolist() == RANKS
    assert load_corpus().origin == str(places / "tmp" / "imdb-book" / CACHE)
    assert os.listdir(places / "tmp") == ["imdb-book"]  # and no folder that is called ~


KILLED = """
import os, signal, sys
import numpy as np, platformdirs
from imdb_helpers import corpus, files, sources

platformdirs.user_cache_dir = lambda *_, **__: sys.argv[1]
corpus.IMDB_DIGESTS.update({name: map(tuple, [d]).__next__() for name, d in DIGESTS.items()})

def half(file, **arrays):
    file.write(b"half a cache")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)

np.savez = half
sources.load_corpus()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
@pytest.mark.fault("a process is killed while it writes")
def test_a_process_is_killed_while_it_writes(named, own_cache):
    digests = f"DIGESTS = {dict(corpus.IMDB_DIGESTS)!r}\n"
    command = [sys.executable, "-c", digests + KILLED, str(own_cache)]
    assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    (half,) = own_cache.iterdir()
    assert half.read_bytes() == b"half a cache"
    with no_warning():
        assert load_corpus().train.ranks.tolist() == RANKS
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, half.name]), "another process's, perhaps"
    old = time.time() - real.OLD_SECONDS - 1
    os.utime(half, (old, old))
    load_word_index()
    assert sorted(os.listdir(own_cache)) == [CACHE, WORD_INDEX]


@pytest.mark.fault("Ctrl-C during a load")
def test_ctrl_c_during_a_download(server, folder, own_cache, monkeypatch):
    def interrupt(handler, name):
        send(handler, b"half", length=1000)
        _thread.interrupt_main()
        time.sleep(0.5)

    monkeypatch.setenv(SOURCE, "auto")
    good, server.answer = server.answer, interrupt
    # A session that a shell started in the background ignores the signal.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            load_corpus()
    finally:
        signal.signal(signal.SIGINT, before)
    assert os.listdir(own_cache) == []
    server.answer = good
    with no_warning():  # and no sample: the interrupted attempt has decided nothing
        assert load_corpus().train.ranks.tolist() == RANKS


@pytest.mark.fault("Ctrl-C during a load")
@pytest.mark.parametrize("name", ["read_archive", "verify", "write_cache"])
def test_ctrl_c_at_any_step_leaves_nothing_half_done(named, own_cache, monkeypatch, name):
    def interrupted(*_):
        raise KeyboardInterrupt

    before = contents(named)
    with monkeypatch.context() as context:
        context.setattr(real, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            load_corpus()
    assert contents(named) == before
    assert not own_cache.exists()
    assert load_corpus().train.ranks.tolist() == RANKS


# The cache ---------------------------------------------------------------------------------------


@pytest.mark.fault("a cache that is older than the code")
def test_a_cache_that_is_older_than_the_code(downloads, own_cache, monkeypatch):
    load_corpus()
    for module in (corpus, files):
        monkeypatch.setattr(module, "CACHE_VERSION", 2)
    downloads.clear()
    with no_warning():
        assert load_corpus().train.ranks.tolist() == RANKS
    assert {CACHE, "corpus-v2.npz"} <= set(os.listdir(own_cache))
    assert downloads == [], "the archive in the cache is enough"


def small_corpus(named):
    """Return the small corpus, and the digest of its archive."""
    return read_archive(named / ARCHIVE), file_digest(named / ARCHIVE)


def is_made_again(reason):
    """Assert that the next load says so, for this reason, and that the one after is quiet."""
    with pytest.warns(UserWarning, match=f"(?s){reason}.*The cache will be made again"):
        assert load_corpus().train.ranks.tolist() == RANKS
    with no_warning():
        assert load_corpus().train.ranks.tolist() == RANKS


@pytest.mark.fault("a cache with swapped arrays")
def test_a_cache_with_swapped_arrays(named, own_cache):
    right, digest = small_corpus(named)
    write_cache(own_cache / CACHE, Corpus(right.test, right.train, "swapped"), digest)
    is_made_again("word ranks of the train half are not IMDB's")
    train, test = right.train, right.test
    crossed = (train.ranks, train.lengths, test.labels), (test.ranks, test.lengths, train.labels)
    write_cache(own_cache / CACHE, Corpus(*(Split(*arrays) for arrays in crossed), ""), digest)
    is_made_again("labels of the train half are not IMDB's")


@pytest.mark.fault("a cache with labels of the wrong length")
@pytest.mark.parametrize("labels", [[], [1], [1, 0, 0], [[1, 0]], ["1", "0"], [1.0, 0.0]])
def test_a_cache_with_labels_of_the_wrong_length(named, own_cache, labels):
    right, digest = small_corpus(named)
    train = Split(right.train.ranks, right.train.lengths, np.array(labels))
    write_cache(own_cache / CACHE, Corpus(train, right.test, ""), digest)
    is_made_again("labels of the train half|something other than rows of integers")


@pytest.mark.fault("a cache with a pickle that would run code")
def test_a_cache_with_a_pickle_that_would_run_code(named, own_cache, tmp_path):
    marker = tmp_path / "marker"
    right, digest = small_corpus(named)
    trap = object_array([Trap(os.mkdir, str(marker))])
    train = Split(trap, right.train.lengths, right.train.labels)
    write_cache(own_cache / CACHE, Corpus(train, right.test, ""), digest)
    is_made_again("it was refused")
    assert not marker.exists()


def claim_100_gigabytes(path):
    """Let the archive's directory say that its first member unpacks to 100 GB."""
    with ZipFile(path, "a") as archive:
        archive.filelist[0].file_size = 100 * 10**9
        archive._didModify = True  # else the directory is not written again


@pytest.mark.fault("a cache that would unpack to 100 GB")
def test_a_cache_that_would_unpack_to_100_gigabytes(named, own_cache):
    load_corpus()
    claim_100_gigabytes(own_cache / CACHE)
    is_made_again("would unpack to 100,000,000,000 bytes")


# Your own files ----------------------------------------------------------------------------------


def is_refused(named, own_cache, load, reason):
    """Assert that the user's data is refused for this reason, even where a sample would do."""
    before = contents(named)
    os.environ[SOURCE] = "auto"  # the fixture puts it back
    with no_warning(), pytest.raises(DataError, match=f"(?s){reason}"):
        load()
    assert contents(named) == before
    assert not own_cache.exists()


@pytest.mark.fault("`IMDB_DATA_DIR` has spaces and other letters")
def test_a_named_folder_with_spaces_and_other_letters(folder, tmp_path, monkeypatch):
    other = tmp_path / "Ünsere Däta ★ 映画"
    shutil.copytree(folder, other)
    monkeypatch.setenv(VARIABLE, str(other))
    with no_warning():
        assert load_corpus().origin.startswith(str(other / ARCHIVE))
        assert load_word_index() == WORDS


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter there")
@pytest.mark.fault("a file that you may not read")
@pytest.mark.parametrize(("name", "load"), [(ARCHIVE, load_corpus), (WORD_INDEX, load_word_index)])
def test_a_file_that_may_not_be_read(folder, places, own_cache, monkeypatch, name, load):
    shutil.copytree(folder, places / "data")
    (places / "data").chmod(0o755)
    (places / "data" / name).chmod(0)
    monkeypatch.setenv(VARIABLE, str(places / "data"))
    with ordinary_user(), pytest.raises(DataError, match=f"{name} cannot be read by this user"):
        load()
    assert not own_cache.exists()


@pytest.mark.fault("a damaged archive")
@pytest.mark.parametrize("share", [0, 0.5, 0.99])
def test_a_damaged_archive(named, own_cache, share):
    content = (named / ARCHIVE).read_bytes()
    (named / ARCHIVE).write_bytes(content[: int(share * len(content))])
    is_refused(named, own_cache, load_corpus, f"{ARCHIVE} is damaged or no .npz file")


@pytest.mark.fault("an archive with swapped halves")
def test_an_archive_with_swapped_halves(named, own_cache):
    write_archive(named / ARCHIVE, TEST, TRAIN)
    is_refused(named, own_cache, load_corpus, "word ranks of the train half are not IMDB's")


@pytest.mark.fault("an archive with labels of the wrong length")
def test_an_archive_with_labels_of_the_wrong_length(named, own_cache):
    write_archive(named / ARCHIVE, (TRAIN[0], [1, 0, 1]), TEST)
    is_refused(named, own_cache, load_corpus, "2 reviews but 3 labels")


@pytest.mark.fault("an archive with a pickle that would run code")
def test_an_archive_with_a_pickle_that_would_run_code(named, own_cache, tmp_path):
    marker = tmp_path / "marker"
    write_archive(named / ARCHIVE, ([[1], Trap(os.mkdir, str(marker))], [1, 0]), TEST)
    is_refused(named, own_cache, load_corpus, r"asks Python to call \w+\.mkdir.*it was refused")
    assert not marker.exists()


@pytest.mark.fault("an archive that would unpack to 100 GB")
def test_an_archive_that_would_unpack_to_100_gigabytes(named, own_cache):
    claim_100_gigabytes(named / ARCHIVE)
    is_refused(named, own_cache, load_corpus, "would unpack to 100,000,000,000 bytes")


@pytest.mark.fault("a word index that is not JSON")
@pytest.mark.fault("a word index of another data set")
@pytest.mark.parametrize("content", [b"", b"not JSON", json.dumps({"the": 1, "dog": 2}).encode()])
def test_another_word_index(named, own_cache, content):
    (named / WORD_INDEX).write_bytes(content)
    is_refused(named, own_cache, load_word_index, f"{WORD_INDEX} is not IMDB's word index")


@pytest.mark.fault("a damaged file in Keras's folder")
def test_a_damaged_file_in_keras_folder_is_left_alone(downloads, folder):
    files.keras_folder().mkdir(parents=True)
    (files.keras_folder() / ARCHIVE).write_bytes(b"half an arch")
    before = contents(files.keras_folder())
    with pytest.warns(UserWarning, match="It is left as it is, and not used"):
        assert load_corpus().train.ranks.tolist() == RANKS
    assert contents(files.keras_folder()) == before
    assert downloads == [ARCHIVE]


def test_keras_folder_saves_the_download(downloads, folder, own_cache):
    shutil.copytree(folder, files.keras_folder())
    before = contents(files.keras_folder())
    with no_warning():
        assert load_corpus().origin.endswith(f"{ARCHIVE} (Keras's folder)")
        assert load_word_index() == WORDS
    assert (downloads, contents(files.keras_folder())) == ([], before)
    assert sorted(os.listdir(own_cache)) == [CACHE, WORD_INDEX]


# The set-up --------------------------------------------------------------------------------------


@pytest.mark.fault("`IMDB_SOURCE` is none of its three values")
@pytest.mark.parametrize("load", [load_corpus, load_word_index])
def test_an_unknown_source(named, monkeypatch, load):
    monkeypatch.setenv(SOURCE, "reel")
    with pytest.raises(ValueError, match="'reel'; expected one of auto, real, sample"):
        load()


def test_the_sample_on_request_needs_no_data_and_asks_nobody(downloads, monkeypatch):
    monkeypatch.setenv(SOURCE, "sample")
    reason = "12,000 made-up ones.*because IMDB_SOURCE=sample asks for them"
    with pytest.warns(SampleCorpusWarning, match=reason):
        assert load_corpus() is sample_corpus()
    assert load_word_index() != WORDS
    assert downloads == []


@pytest.mark.fault("Keras's backend is not installed")
@pytest.mark.parametrize("chosen_by", ["variable", "file"])
def test_the_backend_is_not_installed(tmp_path, chosen_by):
    program = "import sys; sys.modules['jax'] = None\nfrom imdb_helpers import build_model"
    environment = {**os.environ, "KERAS_HOME": str(tmp_path), "KERAS_BACKEND": "jax"}
    if chosen_by == "file":
        del environment["KERAS_BACKEND"]
        (tmp_path / "keras.json").write_text('{"backend": "jax"}')
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
        ("torch", None, "'torch' by the environment variable KERAS_BACKEND"),
        ("torch", '{"backend": "jax"}', "'torch' by the environment variable KERAS_BACKEND"),
        ("", '{"backend": "torch"}', "'torch' by the file .*keras.json"),
        ("", '{"floatx": "float32"}', "'tensorflow' by its default"),
        ("", "half a fi", "'tensorflow' by its default"),
        ("jax", '{"backend": "torch"}', None),
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


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (requests.exceptions.SSLError(), "the certificate of"),
        (requests.exceptions.InvalidURL(), "could not be reached"),
        (OSError(errno.EIO, "Input/output error"), "could not be kept in nowhere"),
    ],
    ids=["certificate", "address", "disk"],
)
def test_other_errors_have_a_reason_too(monkeypatch, error, reason):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(pooch, "retrieve", fails)
    with pytest.raises(download.DownloadError, match=reason):
        download.fetch(ARCHIVE, Path("nowhere"))
