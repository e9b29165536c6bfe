"""The data is found in the promised order and verified; errors say what to do."""

import os
import shutil
import socket
import subprocess
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from imdb_helpers import (
    DataError,
    DataNotFoundError,
    SampleCorpusWarning,
    files,
    load_data,
    real,
    sources,
)
from imdb_helpers.__main__ import main
from imdb_helpers.corpus import Corpus, file_digest, read_archive, read_cache, verify
from imdb_helpers.files import ARCHIVE, VARIABLE, WORD_INDEX
from imdb_helpers.sources import load_corpus, load_word_index
from tests.corpora import RANKS, TEST, TRAIN, WORDS, write_archive

DIGESTS = r"\(SHA-256 \w{12}\.\.\., expected \w{12}\.\.\.\)"  # in a message, their beginnings


def test_the_named_folder_comes_before_cache_and_download(downloads, folder, monkeypatch):
    load_corpus(), load_word_index()
    monkeypatch.setenv(VARIABLE, str(folder))
    downloads.clear()
    loaded = load_corpus()
    assert loaded.origin == f"{folder / ARCHIVE} (the folder that IMDB_DATA_DIR names)"
    assert loaded.train.ranks.tolist() == RANKS
    assert load_word_index() == WORDS
    assert downloads == []


def test_the_cache_comes_before_the_download(downloads, own_cache):
    first, second = load_corpus(), load_corpus()
    assert load_word_index() == load_word_index() == WORDS
    assert downloads == [ARCHIVE, WORD_INDEX]
    assert first.origin == f"{own_cache / ARCHIVE} (downloaded)"
    assert second.origin == str(own_cache / "corpus-v1.npz")
    assert second.train.digests() == first.train.digests()


def test_a_filled_cache_saves_parsing_the_named_file_again(named, monkeypatch):
    load_corpus()
    monkeypatch.setattr(real, "read_archive", None)
    assert load_corpus().train.ranks.tolist() == RANKS


def test_a_cache_of_another_file_does_not_stand_for_the_named_one(named):
    load_corpus()
    write_archive(named / ARCHIVE, TRAIN, TEST, save=np.savez_compressed)  # same content
    load_corpus()
    assert read_cache(files.cache_file())[1] == file_digest(named / ARCHIVE)
    write_archive(named / ARCHIVE, TEST, TRAIN)  # other content: the cache must not hide it
    with pytest.raises(DataError):
        load_corpus()


def test_an_empty_variable_counts_as_unset(downloads, monkeypatch):
    monkeypatch.setenv(VARIABLE, "")
    assert load_corpus().origin.endswith("(downloaded)")


@pytest.mark.parametrize("load", [load_corpus, load_word_index])
def test_without_data_and_network_the_error_names_three_ways(folder, own_cache, load):
    with pytest.raises(DataNotFoundError) as caught:
        load()
    message = str(caught.value)
    assert "127.0.0.1:1 could not be reached" in message
    assert [f"({n})" in message for n in (1, 2, 3, 4)] == [True, True, True, False]
    for way in ("network", "python -m imdb_helpers", VARIABLE, ARCHIVE, str(own_cache)):
        assert way in message
    assert isinstance(caught.value, FileNotFoundError)


def test_the_third_way_out_of_the_error_works(downloads, own_cache, tmp_path, monkeypatch):
    load_corpus(), load_word_index()
    shutil.copytree(own_cache, tmp_path / "elsewhere")
    downloads.clear()
    elsewhere = str(tmp_path / "elsewhere")
    monkeypatch.setattr(files.platformdirs, "user_cache_dir", lambda *_, **__: elsewhere)
    assert load_corpus().train.ranks.tolist() == RANKS
    assert load_word_index() == WORDS
    assert downloads == []


@pytest.mark.fault("`IMDB_DATA_DIR` is a file")
@pytest.mark.fault("`IMDB_DATA_DIR` does not exist")
@pytest.mark.parametrize("load", [load_corpus, load_word_index])
@pytest.mark.parametrize(
    ("name", "problem"),
    [("nowhere", "does not exist"), (f"data/{ARCHIVE}", "is a file, not a folder")],
)
def test_a_variable_that_names_no_folder_is_an_error(folder, monkeypatch, name, problem, load):
    monkeypatch.setenv(VARIABLE, str(folder.parent / name))
    with pytest.raises(DataNotFoundError, match=f"which {problem}.*or unset it"):
        load()


@pytest.mark.fault("`IMDB_DATA_DIR` lacks a file")
@pytest.mark.parametrize(("name", "load"), [(ARCHIVE, load_corpus), (WORD_INDEX, load_word_index)])
def test_a_named_folder_that_lacks_a_file_is_an_error(named, name, load):
    (named / name).unlink()
    with pytest.raises(DataNotFoundError, match=f"has no {name}"):
        load()


@pytest.mark.parametrize(
    ("train", "test", "what"),
    [
        (TEST, TRAIN, "word ranks of the train half"),
        (TRAIN, ([[5], [2, 3]], [0, 1]), "word ranks of the test half"),
        (([[1, 2], [3, 4]], [1, 0]), TEST, "review lengths of the train half"),
        (TRAIN, (TEST[0], [1, 0]), "labels of the test half"),
    ],
    ids=["halves swapped", "a rank changed", "a boundary moved", "labels swapped"],
)
def test_other_content_is_refused_and_not_kept(named, own_cache, train, test, what):
    write_archive(named / ARCHIVE, train, test)
    with pytest.raises(DataError, match=f"the {what} are not IMDB's {DIGESTS},"):
        load_corpus()
    assert not own_cache.exists()


def test_the_real_halves_are_told_apart(real_corpus):
    verify(real_corpus)
    with pytest.raises(DataError, match="word ranks of the train half are not IMDB's"):
        verify(Corpus(real_corpus.test, real_corpus.train, "somewhere"))


@pytest.mark.parametrize("content", [b"{}", b"", b'{"the": 2}', b"<html></html>"])
def test_another_word_index_is_refused(named, content):
    (named / WORD_INDEX).write_bytes(content)
    with pytest.raises(DataError, match=f"is not IMDB's word index {DIGESTS}"):
        load_word_index()


def test_a_warning_points_at_the_line_that_asked_for_the_data(folder, monkeypatch):
    monkeypatch.setenv(sources.SOURCE, "sample")
    for load in (load_corpus, load_data):
        with pytest.warns(SampleCorpusWarning) as caught:
            load()
        assert caught[0].filename == __file__


@pytest.mark.parametrize(
    ("callers", "level"),
    [
        (["imdb_helpers.real", "chapter", "imdb_helpers.data"], 2),
        (["imdb_helpers.real", "imdb_helpers.sources", "imdb_helpers.data", "chapter"], 4),
        (["imdb_helpers.real", "imdb_helpers.__main__"], 2),
    ],
    ids=["by another", "by way of others", "by the package itself"],
)
def test_a_warning_is_that_of_the_first_line_outside_the_package(monkeypatch, callers, level):
    frame, levels = None, []
    for name in reversed(callers):
        frame = SimpleNamespace(f_back=frame, f_globals={"__name__": name})
    monkeypatch.setattr(real, "sys", SimpleNamespace(_getframe=lambda: frame))
    warn = SimpleNamespace(warn=lambda *_, stacklevel: levels.append(stacklevel))
    monkeypatch.setattr(real, "warnings", warn)
    real.warn_reader("a warning")
    assert levels == [level]


def run_command(tmp_path, **variables):
    """Run `python -m imdb_helpers` with its own caches, and with no way into the network."""
    with socket.socket() as unused:  # a port that was free a moment ago: nobody listens there
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
    here = str(tmp_path)
    caches = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"), here)
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere)
    kept = {name: value for name, value in os.environ.items() if name.upper() != "NO_PROXY"}
    for name in (VARIABLE, sources.SOURCE):
        kept.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "imdb_helpers"],
        env={**kept, **caches, **proxies, "KERAS_HOME": here, **variables},
        cwd=os.path.dirname(os.path.dirname(sources.__file__)),
        capture_output=True,
        text=True,
    )


def test_the_command_says_what_is_in_use(real_folder, tmp_path):
    run = run_command(tmp_path, **{VARIABLE: str(real_folder)})
    assert (run.returncode, run.stderr) == (0, "")
    for part in (
        str(real_folder),
        "25,000 training and 25,000 test",
        "88,584 words",
        "(filled)",
    ):
        assert part in run.stdout
    assert "\nintact:  yes" in run.stdout
    assert str(tmp_path) in run.stdout


def test_the_command_says_sample_corpus_and_why_and_how_to_get_the_real_one(tmp_path):
    run = run_command(tmp_path)
    assert run.returncode == 0
    assert (
        "data:    the sample corpus: made-up reviews, not IMDB's\nreason:  the proxy" in run.stdout
    )
    assert "There are three ways to get the real reviews.\n(1) Connect" in run.stdout
    assert "intact:  yes" not in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    assert "Warning" not in run.stderr


def test_the_command_fails_with_a_sentence_when_there_is_no_real_data(tmp_path):
    run = run_command(tmp_path, IMDB_SOURCE="real")
    assert run.returncode == 1
    assert "data:    none that can be used\nreason:  The IMDB data is not on" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_the_command_fails_with_a_sentence_when_the_data_is_damaged(tmp_path):
    (tmp_path / ARCHIVE).write_bytes(b"hello")
    run = run_command(tmp_path, **{VARIABLE: str(tmp_path)})
    assert run.returncode == 1
    assert f"{ARCHIVE} is damaged or no .npz file" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_the_report_on_real_data(named, own_cache, capsys):
    assert main() == 0
    assert capsys.readouterr().out == (
        "data:    the real IMDB reviews\n"
        f"from:    {named / ARCHIVE} (the folder that IMDB_DATA_DIR names)\n"
        f"cache:   {own_cache / 'corpus-v1.npz'} (filled)\n"
        "holds:   2 training and 2 test reviews, 7 words in all;\n"
        "         a word index of 3 words\n"
        "intact:  yes, word ranks, lengths, labels and the word index match their SHA-256\n"
    )


def test_the_report_says_when_nothing_could_be_kept(named, monkeypatch, capsys):
    monkeypatch.setattr(real, "write_cache", lambda *_: None)
    assert main() == 0
    assert "(empty)" in capsys.readouterr().out


@pytest.mark.parametrize("asked", [True, False])
def test_the_report_on_the_sample(folder, monkeypatch, capsys, asked):
    monkeypatch.setenv(sources.SOURCE, "sample" if asked else "auto")
    with warnings.catch_warnings(action="error"):
        assert main() == 0
    said = capsys.readouterr().out
    begin = "data:    the sample corpus: made-up reviews, not IMDB's\nreason:  "
    assert said.startswith(begin + ("IMDB_SOURCE=sample asks" if asked else "127.0.0.1:1 could"))
    assert ("first unset it" in said) is asked
    assert "cache:" not in said
    assert "holds:   6,000 training and 6,000 test reviews" in said
    assert said.endswith(f"{real.three_ways()}\n")


def test_the_report_when_there_is_none(folder, capsys):
    assert main() == 1
    assert capsys.readouterr().out.startswith("data:    none that can be used\nreason:  The IMDB")


def test_the_small_data_of_these_tests_is_what_it_says(folder):
    assert read_archive(folder / ARCHIVE).train.ranks.tolist() == RANKS
