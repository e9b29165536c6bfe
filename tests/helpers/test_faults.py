"""Whatever goes wrong around the data: a sentence says so, and nothing is lost.

Each row of the tables in ``faults.md`` has a test that bears its name as a mark; some stand
in ``test_cache`` and ``test_find``. ``pytest -m fault`` runs them all.
"""

import _thread
import errno
import json
import mmap  # noqa: F401 - NumPy imports it at first use, which the ordinary user below may not
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

from imdb_helpers import DataError, SampleCorpusWarning, backend, get_word_index, load_data
from imdb_helpers.dataset import Split, cache, download, find, read, sample
from imdb_helpers.dataset.cache import file_digest
from imdb_helpers.dataset.find import ARCHIVE, SOURCE, VARIABLE, WORD_INDEX, find_dataset
from imdb_helpers.errors import DownloadError, UnreachableError
from tests.book.pages import BOOK, ROOT
from tests.helpers.corpora import RANKS, TEST, TRAIN, WORDS, Trap, object_array, write_archive
from tests.helpers.fault_table import ROWS, quoted
from tests.helpers.server import cut_off, refusal, send, sign_in_page
from tests.helpers.test_cache import CACHE, contents, load, no_warning

# The real ones, before a fixture replaces them.
USER_CACHE_DIR = platformdirs.user_cache_dir
TEMPORARY = tempfile.gettempdir()
FROM_JUPYTER = "The kernel appears to have died"
MARK = re.compile(r"pytest\.mark\.fault\(\s*\"(.+?)\"\s*\)")


def test_each_row_of_the_table_has_a_test():
    marks = [
        mark
        for path in Path(__file__).parent.glob("test_*.py")
        for mark in MARK.findall(path.read_text("utf-8"))
    ]
    assert len(ROWS) > 30
    assert sorted(ROWS) == sorted(set(marks))


def test_the_page_for_readers_quotes_the_same_sentences():
    rows = re.findall(r"(?m)^\| (.*?) \|", (BOOK / "a6_running.md").read_text("utf-8"))
    sentences = [said for row in rows for said in re.findall('"(.+?)"', row)]
    assert len(sentences) > 8
    known = FROM_JUPYTER, *ROWS.values()
    assert [said for said in sentences if not any(said in row for row in known)] == []


# The network -------------------------------------------------------------------------------------


def unreachable(reason):
    """Assert that the real data cannot be had for this reason, and that the sample stands in."""
    with pytest.raises(UnreachableError, match=reason) as caught:
        find_dataset()
    assert "There are three ways to get the real reviews" in str(caught.value)
    os.environ[SOURCE] = "auto"  # the fixture puts it back
    with pytest.warns(SampleCorpusWarning, match=f"^sample corpus: .*{reason}.*imdb_helpers` in a"):
        (x_train, _), _ = load_data()
    assert len(x_train) == 15_000
    assert get_word_index()["the"] == 1
    assert not any(os.listdir(folder) for folder in cache.folders() if folder.exists())


def behind(monkeypatch, proxy):
    """Let a proxy be the only way to the server."""
    monkeypatch.setattr(download, "ORIGIN", "http://data.invalid/")
    for name in ("HTTP_PROXY", "http_proxy"):
        monkeypatch.setenv(name, proxy)


@pytest.mark.fault("no network")
def test_no_network(folder):
    unreachable(quoted("no network"))


@pytest.mark.fault("names are not resolved")
def test_names_are_not_resolved(folder, monkeypatch):
    monkeypatch.setattr(download, "ORIGIN", "http://data.invalid/")  # RFC 6761: never a name
    unreachable(quoted("names are not resolved"))


@pytest.mark.fault("the server does not answer")
def test_the_server_does_not_answer(server, monkeypatch):
    said = quoted("the server does not answer").replace(str(download.SECONDS), r"0\.2")
    monkeypatch.setattr(download, "SECONDS", 0.2)
    server.answer = lambda *_: time.sleep(1)
    unreachable(said)


@pytest.mark.fault("the server refuses")
@pytest.mark.fault("a download is cut off")
@pytest.mark.parametrize("cut", [False, True])
def test_the_server_refuses_or_hangs_up(server, folder, cut):
    server.answer = cut_off(folder) if cut else refusal
    unreachable(quoted("a download is cut off") if cut else "127.0.0.1:.* answered 403 Forbidden")


@pytest.mark.fault("a proxy cannot be reached")
@pytest.mark.fault("a proxy answers with a page of its own")
@pytest.mark.parametrize("answers", [False, True])
def test_a_proxy_is_no_way(server, monkeypatch, answers):
    server.answer = sign_in_page
    behind(monkeypatch, server.url if answers else "http://127.0.0.1:1")
    row = "a proxy answers with a page of its own" if answers else "a proxy cannot be reached"
    unreachable(quoted(row))
    assert set(server.asked_for) == ({ARCHIVE} if answers else set())


def test_a_network_that_fails_is_asked_once_in_a_process(server, monkeypatch):
    server.answer = refusal
    monkeypatch.setenv(SOURCE, "auto")
    for _ in range(2):
        with pytest.warns(SampleCorpusWarning, match="answered 403"):
            load_data()
        get_word_index()
    assert server.asked_for == [ARCHIVE]


def test_a_word_index_that_cannot_be_had_is_an_error_when_the_reviews_are_real(server, monkeypatch):
    monkeypatch.setenv(SOURCE, "auto")
    load_data()
    server.answer = refusal
    with pytest.raises(UnreachableError, match="answered 403"):
        get_word_index()


# The disk and the home folder --------------------------------------------------------------------


@pytest.mark.fault("the disk is full")
def test_the_disk_is_full(server, folder, own_cache, monkeypatch):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as context:
        context.setattr(pooch.HTTPDownloader, "__call__", full)
        unreachable(quoted("the disk is full"))
    with monkeypatch.context() as context:
        context.setattr(np, "save", full)
        context.setenv(SOURCE, "real")
        with pytest.warns(UserWarning, match="could not be written.*No space left on device"):
            assert find_dataset().train.ranks.tolist() == RANKS
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
    with tempfile.TemporaryDirectory(dir=TEMPORARY) as name:
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
        assert load() == (RANKS, WORDS)
        assert find_dataset().origin == str(places / "tmp" / "imdb-book" / CACHE)
    assert os.listdir(places / "home") == []


@pytest.fixture
def read_only(server, places, monkeypatch):
    """Return a function that fills our cache with files, and forbids to write to it."""
    cache_folder = places / "home" / "imdb-book"
    monkeypatch.setattr(platformdirs, "user_cache_dir", lambda *_, **__: str(cache_folder))
    monkeypatch.setattr(tempfile, "tempdir", str(places / "tmp"))

    def make(files):
        cache_folder.mkdir()
        for name, content in files.items():
            (cache_folder / name).write_bytes(content)
        cache_folder.chmod(0o555)
        return cache_folder

    yield make
    cache_folder.chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are another matter there")
@pytest.mark.fault("a damaged file in a read-only cache")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX, CACHE])
def test_a_damaged_file_in_a_read_only_cache(read_only, server, folder, monkeypatch, name):
    whole = {ARCHIVE: (folder / ARCHIVE).read_bytes(), WORD_INDEX: json.dumps(WORDS).encode()}
    cache_folder = read_only(whole | {name: b"half a fi"})
    before = contents(cache_folder)
    with (
        ordinary_user(),
        pytest.warns(
            UserWarning, match=name + ".*" + quoted("a damaged file in a read-only cache")
        ),
    ):
        assert load() == (RANKS, WORDS)
    assert contents(cache_folder) == before
    assert server.asked_for == [] if name == CACHE else [name]


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are another matter there")
def test_a_damaged_file_in_a_read_only_cache_without_network(read_only, server, monkeypatch):
    read_only({ARCHIVE: b"half a fi"})
    server.answer = refusal
    monkeypatch.setenv(SOURCE, "auto")
    with ordinary_user(), pytest.warns(SampleCorpusWarning, match="answered 403"):
        load_data()


@pytest.mark.skipif(os.name == "nt", reason="permissions of folders are another matter there")
@pytest.mark.fault("a read-only cache that holds one of the two files")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX])
def test_a_read_only_cache_that_holds_one_of_the_two_files(read_only, server, folder, name):
    read_only({name: (folder / name).read_bytes()})
    with ordinary_user(), no_warning():
        assert load() == (RANKS, WORDS)
        assert load() == (RANKS, WORDS)
    assert server.asked_for == [other for other in (ARCHIVE, WORD_INDEX) if other != name]


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
        assert find_dataset().train.ranks.tolist() == RANKS
    assert find_dataset().origin == str(places / "tmp" / "imdb-book" / CACHE)
    assert os.listdir(places / "tmp") == ["imdb-book"]  # and no folder that is called ~


KILLED = """
import os, signal, sys
import numpy as np, platformdirs
from imdb_helpers.dataset import cache, find

platformdirs.user_cache_dir = lambda *_, **__: sys.argv[1]
cache.IMDB_DIGESTS.update(DIGESTS)

def half(file, row):
    file.write(b"half a cache")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)

np.save = half
find.find_dataset()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL there")
@pytest.mark.fault("a process is killed while it writes")
def test_a_process_is_killed_while_it_writes(named, own_cache):
    digests = f"DIGESTS = {dict(cache.IMDB_DIGESTS)!r}\n"
    command = [sys.executable, "-c", digests + KILLED, str(own_cache)]
    assert subprocess.run(command, cwd=ROOT).returncode == -signal.SIGKILL
    (part,) = own_cache.iterdir()
    assert (part / CACHE).read_bytes() == b"half a cache"
    with no_warning():
        assert find_dataset().train.ranks.tolist() == RANKS
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, part.name]), "another process's, perhaps"
    old = time.time() - cache._OLD_SECONDS - 1
    os.utime(part, (old, old))
    load()
    assert sorted(os.listdir(own_cache)) == sorted([CACHE, WORD_INDEX])


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
            load_data()
    finally:
        signal.signal(signal.SIGINT, before)
    assert os.listdir(own_cache) == []
    server.answer = good
    with no_warning():  # and no sample: the interrupted attempt has decided nothing
        assert len(load_data()[0][0]) == len(TRAIN[0])


@pytest.mark.fault("Ctrl-C during a load")
@pytest.mark.parametrize(
    ("module", "name"), [(read, "read_archive"), (cache, "verify"), (cache, "write")]
)
def test_ctrl_c_at_any_step_leaves_nothing_half_done(named, own_cache, monkeypatch, module, name):
    def interrupted(*_):
        raise KeyboardInterrupt

    before = contents(named)
    with monkeypatch.context() as context:
        context.setattr(module, name, interrupted)
        with pytest.raises(KeyboardInterrupt):
            find_dataset()
    assert contents(named) == before
    assert not own_cache.exists()
    assert find_dataset().train.ranks.tolist() == RANKS


# The cache ---------------------------------------------------------------------------------------


@pytest.mark.fault("a cache of another version")
def test_a_cache_of_another_version(downloads, own_cache, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr(cache, "FILE_NAME", "reviews-v1.npy")
        find_dataset()
    downloads.clear()
    with no_warning():
        assert find_dataset().train.ranks.tolist() == RANKS
    assert {CACHE, "reviews-v1.npy"} <= set(os.listdir(own_cache))
    assert downloads == [], "the archive in the cache is enough"


def small_halves(named):
    """Return the two halves of the small data, and the digest of their archive."""
    return *read.read_archive(named / ARCHIVE), file_digest(named / ARCHIVE)


def is_made_again(reason):
    """Assert that the next load says so, for this reason, and that the one after is quiet."""
    with pytest.warns(UserWarning, match=f"(?s){reason}.*{quoted('a cache of zero bytes')}"):
        assert find_dataset().train.ranks.tolist() == RANKS
    with no_warning():
        assert find_dataset().train.ranks.tolist() == RANKS


@pytest.mark.fault("a cache with swapped arrays")
def test_a_cache_with_swapped_arrays(named, own_cache):
    train, test, digest = small_halves(named)
    cache.write(own_cache, test, train, digest)
    is_made_again("word ranks of the train half are not IMDB's")
    crossed = (train.ranks, train.lengths, test.labels), (test.ranks, test.lengths, train.labels)
    cache.write(own_cache, *(Split(*arrays) for arrays in crossed), digest)
    is_made_again("labels of the train half are not IMDB's")


@pytest.mark.fault("a cache with labels of the wrong length")
@pytest.mark.parametrize("labels", [[], [1], [1, 0, 0]])
def test_a_cache_with_labels_of_the_wrong_length(named, own_cache, labels):
    train, test, digest = small_halves(named)
    cache.write(own_cache, Split(train.ranks, train.lengths, np.array(labels)), test, digest)
    is_made_again("of the train half are not IMDB's")


@pytest.mark.fault("a cache with a pickle that would run code")
def test_a_cache_with_a_pickle_that_would_run_code(named, own_cache, tmp_path):
    marker = tmp_path / "marker"
    own_cache.mkdir()
    np.save(own_cache / CACHE, object_array([Trap(os.mkdir, str(marker))]), allow_pickle=True)
    is_made_again("the cache cannot be read")
    assert not marker.exists()


@pytest.mark.fault("a cache that would unpack to 100 GB")
@pytest.mark.parametrize("count", [25 * 10**9, 10**15])
def test_a_cache_that_claims_100_gigabytes(named, own_cache, count):
    own_cache.mkdir()
    with open(own_cache / CACHE, "wb") as file:
        header = {"descr": "<i4", "fortran_order": False, "shape": (count,)}
        np.lib.format.write_array_header_1_0(file, header)
        file.write(bytes(1000))
    is_made_again("the cache cannot be read")


@pytest.mark.parametrize("row", [np.zeros((2, 2), "<i4"), np.zeros(9), np.array("text"), None])
def test_a_cache_that_holds_something_else(named, own_cache, row):
    own_cache.mkdir()
    with open(own_cache / CACHE, "wb") as file:
        np.savez(file, x=np.zeros(2)) if row is None else np.save(file, row)
    is_made_again("the cache cannot be read")


# Your own files ----------------------------------------------------------------------------------


@pytest.mark.fault("`IMDB_DATA_DIR` has spaces and other letters")
def test_a_named_folder_with_spaces_and_other_letters(folder, tmp_path, monkeypatch):
    other = tmp_path / "Ünsere Däta ★ 映画"
    shutil.copytree(folder, other)
    monkeypatch.setenv(VARIABLE, str(other))
    with no_warning():
        assert find_dataset().origin.startswith(str(other / ARCHIVE))
        assert load() == (RANKS, WORDS)


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter there")
@pytest.mark.fault("a file that you may not read")
@pytest.mark.parametrize("name", [ARCHIVE, WORD_INDEX])
def test_a_file_that_may_not_be_read(folder, places, monkeypatch, name):
    shutil.copytree(folder, places / "data")
    (places / "data").chmod(0o755)
    (places / "data" / name).chmod(0)
    monkeypatch.setenv(VARIABLE, str(places / "data"))
    with ordinary_user(), pytest.raises(DataError, match=f"{name} cannot be read by this user"):
        load()


def claim_100_gigabytes(path):
    """Let the archive's directory say that its first member unpacks to 100 GB."""
    with ZipFile(path, "a") as archive:
        archive.filelist[0].file_size = 100 * 10**9
        archive._didModify = True  # else the directory is not written again


def swapped_halves(path):
    write_archive(path, TEST, TRAIN)


def three_labels(path):
    write_archive(path, (TRAIN[0], [1, 0, 1]), TEST)


def trap(path):
    write_archive(path, ([[1], Trap(pytest.fail, "it was unpickled")], [1, 0]), TEST)


def cut(share):
    return lambda path: path.write_bytes(path.read_bytes()[: int(share * path.stat().st_size)])


def words(content):
    return lambda path: path.with_name(WORD_INDEX).write_bytes(content)


BROKEN, OTHER_WORDS = f"{ARCHIVE}: it is damaged or no .npz file", "is not IMDB's word index"


@pytest.mark.fault("a damaged archive")
@pytest.mark.fault("an archive with swapped halves")
@pytest.mark.fault("an archive with labels of the wrong length")
@pytest.mark.fault("an archive with a pickle that would run code")
@pytest.mark.fault("an archive that would unpack to 100 GB")
@pytest.mark.fault("a word index that is not JSON")
@pytest.mark.fault("a word index of another data set")
@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        *((cut(share), BROKEN) for share in (0, 0.5, 0.99)),
        (swapped_halves, "word ranks of the train half are not IMDB's"),
        (three_labels, "2 reviews but 3 labels"),
        (trap, r"asks Python to call \w+\.outcomes\.\w+.*it was refused"),
        (claim_100_gigabytes, "would unpack to 100,000,000,000 bytes"),
        *((words(content), OTHER_WORDS) for content in (b"", b"not JSON", b'{"the": 1}')),
    ],
)
def test_a_file_of_yours_is_refused(named, own_cache, spoil, reason):
    spoil(named / ARCHIVE)
    before = contents(named)
    os.environ[SOURCE] = "auto"  # the fixture puts it back; not even where a sample would do
    with no_warning(), pytest.raises(DataError, match=f"(?s){reason}"):
        load()
    assert contents(named) == before
    assert not own_cache.exists() or os.listdir(own_cache) == [CACHE]


@pytest.mark.fault("a damaged file in Keras's folder")
def test_a_damaged_file_in_keras_folder_is_left_alone(downloads, folder):
    find.keras_folder().mkdir(parents=True)
    (find.keras_folder() / ARCHIVE).write_bytes(b"half an arch")
    before = contents(find.keras_folder())
    with pytest.warns(UserWarning, match=quoted("a damaged file in Keras's folder")):
        assert find_dataset().train.ranks.tolist() == RANKS
    assert contents(find.keras_folder()) == before
    assert downloads == [ARCHIVE]


# The set-up --------------------------------------------------------------------------------------


@pytest.mark.fault("`IMDB_SOURCE` is none of its three values")
@pytest.mark.parametrize("use", [load_data, get_word_index])
def test_an_unknown_source(named, monkeypatch, use):
    monkeypatch.setenv(SOURCE, "reel")
    with pytest.raises(ValueError, match="'reel'; expected one of auto, real, sample"):
        use()


def test_the_sample_on_request_needs_no_data_and_asks_nobody(downloads, monkeypatch):
    monkeypatch.setenv(SOURCE, "sample")
    reason = "21,000 made-up ones.*because IMDB_SOURCE=sample asks for them"
    with pytest.warns(SampleCorpusWarning, match=reason):
        assert len(load_data()[0][0]) == 15_000
    assert get_word_index() != WORDS
    assert downloads == []


@pytest.mark.fault("the sample's file is damaged")
@pytest.mark.parametrize("content", [b"", b"half a fi", None])
def test_the_sample_s_file_is_damaged(folder, monkeypatch, tmp_path, content):
    monkeypatch.setattr(sample, "FILE", tmp_path / "sample.npz")
    if content is not None:
        sample.FILE.write_bytes(content)
    sample._read.cache_clear()
    monkeypatch.setenv(SOURCE, "sample")
    with pytest.raises(DataError, match="damaged: restore it, or install the package anew"):
        load_data()


@pytest.mark.fault("Keras's backend is not installed")
@pytest.mark.parametrize("chosen_by", ["variable", "file"])
def test_the_backend_is_not_installed(tmp_path, chosen_by):
    program = "import sys; sys.modules['jax'] = None\nfrom imdb_helpers import word_contributions"
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
        (OSError(errno.EIO, "Input/output error"), "could not be kept in .*nowhere"),
    ],
    ids=["certificate", "address", "disk"],
)
def test_other_errors_have_a_reason_too(tmp_path, monkeypatch, error, reason):
    def fails(*_, **__):
        raise error

    monkeypatch.setattr(pooch, "retrieve", fails)
    with pytest.raises(DownloadError, match=reason):
        download.fetch(ARCHIVE, "0" * 64, tmp_path / "nowhere")
