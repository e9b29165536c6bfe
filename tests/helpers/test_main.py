"""`python -m imdb_helpers` says which data is in use, from where, and what to do without any."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from imdb_helpers.__main__ import main
from imdb_helpers.dataset import cache, find
from imdb_helpers.dataset.find import ARCHIVE, SOURCE, VARIABLE
from tests.helpers.loading import CACHE, warns

ROOT = Path(__file__).parents[2]
SAMPLE = """\
data:    the sample corpus: made-up reviews, not IMDB's
reason:  {}
holds:   15,000 training and 6,000 test reviews, 4,276,696 words in all;
         a word index of 20,261 words
intact:  yes, the file that comes with the package matches its SHA-256

"""


def test_the_command_fails_with_a_sentence_when_the_data_is_damaged(tmp_path):
    (tmp_path / ARCHIVE).write_bytes(b"hello")
    command = [sys.executable, "-m", "imdb_helpers"]
    environment = {**os.environ, VARIABLE: str(tmp_path), SOURCE: "auto"}
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1
    begin = f"data:    none that can be used\nreason:  {tmp_path / ARCHIVE}: it is damaged"
    assert run.stdout.startswith(begin)
    assert "Traceback" not in run.stdout + run.stderr


@pytest.mark.parametrize("kept", [True, False])
def test_the_report_on_real_data(named, own_cache, capsys, monkeypatch, kept):
    if not kept:
        monkeypatch.setattr(cache, "write", lambda *_: None)
    assert main() == 0
    assert capsys.readouterr().out == (
        "data:    the real IMDB reviews\n"
        f"from:    {named / ARCHIVE} (the folder that IMDB_DATA_DIR names)\n"
        f"cache:   {own_cache / CACHE} ({'filled' if kept else 'empty'})\n"
        "holds:   2 training and 2 test reviews, 7 words in all;\n"
        "         a word index of 3 words\n"
        "intact:  yes, word ranks, lengths, labels and the word index match their SHA-256\n"
    )


@pytest.mark.parametrize("asked", [True, False])
def test_the_report_on_the_sample(folder, monkeypatch, capsys, asked):
    monkeypatch.setenv(SOURCE, "sample" if asked else "")  # which counts as unset
    with warns():
        assert main() == 0
    reason = "IMDB_SOURCE=sample asks for them" if asked else "127.0.0.1:1 could not be reached"
    first = "The environment variable IMDB_SOURCE asks for the sample: first unset it.\n"
    expected = SAMPLE.format(reason) + first * asked + find.three_ways() + "\n"
    assert capsys.readouterr().out == expected


def test_the_report_when_there_is_none(folder, capsys):
    assert main() == 1
    begin = "data:    none that can be used\nreason:  The IMDB data is not on this machine"
    assert capsys.readouterr().out.startswith(begin)
