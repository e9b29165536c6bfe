"""`python -m imdb_helpers` says which data is in use, from where, and what to do without any."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from imdb_helpers.__main__ import main
from imdb_helpers.dataset import cache, find
from imdb_helpers.dataset.find import ARCHIVE, SOURCE, VARIABLE
from tests.helpers.test_cache import no_warning

ROOT = Path(__file__).parents[2]


def run_command(tmp_path, **variables):
    """Run `python -m imdb_helpers` with its own caches, and with no way into the network."""
    with socket.socket() as unused:  # a port that was free a moment ago: nobody listens there
        unused.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{unused.getsockname()[1]}"
    here = str(tmp_path)
    caches = dict.fromkeys(("HOME", "XDG_CACHE_HOME", "WIN_PD_OVERRIDE_LOCAL_APPDATA"), here)
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nowhere)
    kept = {name: value for name, value in os.environ.items() if name.upper() != "NO_PROXY"}
    for name in (VARIABLE, SOURCE):
        kept.pop(name, None)
    return subprocess.run(
        [sys.executable, "-m", "imdb_helpers"],
        env={**kept, **caches, **proxies, "KERAS_HOME": here, **variables},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )


def test_the_command_says_sample_corpus_and_why_and_how_to_get_the_real_one(tmp_path):
    run = run_command(tmp_path)
    assert run.returncode == 0
    assert (
        "data:    the sample corpus: made-up reviews, not IMDB's\nreason:  the proxy" in run.stdout
    )
    assert "There are three ways to get the real reviews.\n(1) Connect" in run.stdout
    assert "intact:  yes, the file that comes with the package" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr
    assert "Warning" not in run.stderr


def test_the_command_fails_with_a_sentence_when_the_data_is_damaged(tmp_path):
    (tmp_path / ARCHIVE).write_bytes(b"hello")
    run = run_command(tmp_path, **{VARIABLE: str(tmp_path)})
    assert run.returncode == 1
    assert f"{ARCHIVE}: it is damaged or no .npz file" in run.stdout
    assert "Traceback" not in run.stdout + run.stderr


def test_the_report_on_real_data(named, own_cache, capsys):
    assert main() == 0
    assert capsys.readouterr().out == (
        "data:    the real IMDB reviews\n"
        f"from:    {named / ARCHIVE} (the folder that IMDB_DATA_DIR names)\n"
        f"cache:   {own_cache / cache.FILE_NAME} (filled)\n"
        "holds:   2 training and 2 test reviews, 7 words in all;\n"
        "         a word index of 3 words\n"
        "intact:  yes, word ranks, lengths, labels and the word index match their SHA-256\n"
    )


def test_the_report_says_when_nothing_could_be_kept(named, monkeypatch, capsys):
    monkeypatch.setattr(cache, "write", lambda *_: None)
    assert main() == 0
    assert "(empty)" in capsys.readouterr().out


@pytest.mark.parametrize("asked", [True, False])
def test_the_report_on_the_sample(folder, monkeypatch, capsys, asked):
    monkeypatch.setenv(SOURCE, "sample" if asked else "auto")
    with no_warning():
        assert main() == 0
    said = capsys.readouterr().out
    begin = "data:    the sample corpus: made-up reviews, not IMDB's\nreason:  "
    assert said.startswith(begin + ("IMDB_SOURCE=sample asks" if asked else "127.0.0.1:1 could"))
    assert ("first unset it" in said) is asked
    assert "cache:" not in said
    assert "holds:   15,000 training and 6,000 test reviews" in said
    assert said.endswith(f"{find.three_ways()}\n")


def test_the_report_when_there_is_none(folder, capsys):
    assert main() == 1
    assert capsys.readouterr().out.startswith("data:    none that can be used\nreason:  The IMDB")
