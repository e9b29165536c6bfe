"""A session on the sample compares what it can and says what it cannot; memory has a limit."""

import os
import re
import subprocess
import sys

import nbformat
import pytest

from tests.notebooks import memory
from tests.notebooks.chapters import ROOT
from tests.notebooks.compare import compare_outputs
from tests.notebooks.making import chapter, code, displayed, printed

EXACT, REAL = {"policy": "exact"}, {"policy": "exact", "data": "real"}
TENSORFLOW = {"policy": "exact", "backend": "tensorflow"}
NOTICE = "/tmp/1.py:1: SampleCorpusWarning: sample corpus: made-up, because\n  load()\n"
HUNGRY = "x = bytearray(400_000_000)\nx[::4096] = b'x' * len(x[::4096])"
LOAD = code("load", "from imdb_helpers import load_data\n(x, y), _ = load_data()")
TYPES = "<class 'numpy.ndarray'> int64\n"


def counted(more=""):
    """Return a cell whose output depends on the reviews."""
    source = "print(len(x))" + more
    return code("count", source, [printed("25000\n")], 2, check=REAL)


def typed(output):
    """Return a cell whose output does not."""
    return code("types", "print(type(x), y.dtype)", [printed(output)], 3)


def session(folder, chapters, limit=memory.LIMIT_MEGABYTES):
    """Run a session on the sample; return its output, and the cells that failed, by chapter."""
    for name, cells in chapters.items():
        nbformat.write(chapter(*cells), folder / f"{name}.ipynb")
    program = (
        "import sys, pytest, tests.notebooks.memory as memory\n"
        f"memory.LIMIT_MEGABYTES = memory.LIMIT_ELSEWHERE = {limit}\n"
        "sys.exit(pytest.main(sys.argv[1:]))"
    )
    options = ["-p", "tests.notebooks.plugin", "--color=no", "-p", "no:cacheprovider"]
    place = ["-c", "pyproject.toml", "--rootdir", str(ROOT), str(folder)]
    done = subprocess.run(
        [sys.executable, "-c", program, *options, *place],
        cwd=ROOT,
        env={**os.environ, "IMDB_SOURCE": "sample", "KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    failures = re.findall(r"^FAILED (?:\S*/)?(\w+)\.ipynb::([\w-]+)", done.stdout, re.MULTILINE)
    failed = {name: [cell for where, cell in failures if where == name] for name in chapters}
    return done.stdout, failed


def test_a_session_on_the_sample(tmp_path):
    chapters = {
        "01_good": [LOAD, counted(), typed(TYPES)],
        "02_bad": [LOAD, counted("\nprint(len(z))"), typed("<class 'list'> int64\n")],
        "03_dies": [code("end", "import os\nos._exit(3)"), code("more", "1")],
        "04_eats": [code("eat", HUNGRY)],
    }
    output, failed = session(tmp_path, chapters)
    assert failed == {
        "01_good": [],
        "02_bad": ["count", "types"],
        "03_dies": ["end", "more", "peak-memory"],
        "04_eats": [],
    }
    assert "name 'z' is not defined" in output
    assert "KernelDied: the kernel died" in output
    assert "data: the sample corpus, because IMDB_SOURCE=sample asks for them" in output
    assert "5 of 9 cells compared with the stored outputs; 2 only run, because their" in output
    assert 'metadata has the mark "data": their output depends on the reviews' in output
    assert re.search(r"^01_good +3 +2 +3 +0 +0 +0 +0 +\d+$", output, re.MULTILINE)


@pytest.mark.usefixtures("full_session")
def test_a_session_with_little_memory(tmp_path):
    fence = memory.Fence("trial")
    fence.remove()
    chapters = {"01_small": [code("one", "x = 1")], "02_eats": [code("eat", HUNGRY)]}
    output, failed = session(tmp_path, chapters, limit=20)
    assert failed["01_small"] == ["peak-memory"]
    assert re.search(r"01_small\.ipynb needed \d+ MB; a small notebook host has 20", output)
    if fence.problem:
        assert fence.problem in output
        assert failed["02_eats"] == ["peak-memory"]
    else:
        assert "each kernel ran inside a memory cgroup of 20 MB" in output
        assert failed["02_eats"] == ["eat", "peak-memory"]
        assert "the kernel wanted more than 20 MB and was stopped" in output


@pytest.mark.parametrize("check", [EXACT, REAL])
def test_the_notice_is_expected_on_the_sample_and_nowhere_else(check):
    noticed = [printed(NOTICE * 2, "stderr"), printed("1\n")]
    assert compare_outputs(check, [printed("1\n")], noticed, lacking={"data"}) == []
    assert compare_outputs(check, [printed("1\n")], noticed)
    another = [printed(NOTICE + "/tmp/1.py:2: UserWarning: old\n", "stderr"), printed("1\n")]
    assert compare_outputs(check, [printed("1\n")], another, lacking={"data"})


@pytest.mark.parametrize(("check", "mark"), [(REAL, "data"), (TENSORFLOW, "backend")])
def test_a_marked_output_is_compared_where_the_session_lives_up_to_the_mark(check, mark):
    stored, new = [printed("25000")], [displayed(text_plain="5000")]
    (other,) = {"data", "backend"} - {mark}
    assert compare_outputs(check, stored, new, lacking={mark}) == []
    assert compare_outputs(check, stored, new)
    assert compare_outputs(check, stored, new, lacking={other})
    assert compare_outputs(EXACT, stored, new, lacking={mark})
    assert f"{mark} can only be" in compare_outputs(EXACT | {mark: "any"}, [], [])[0]


def test_without_a_fence_the_reason_is_printed(monkeypatch):
    monkeypatch.setattr(memory, "_places", lambda: [(ROOT / "nowhere", "memory.max")])
    fence = memory.Fence("trial")
    fence.enclose(1)
    assert fence.problem == "no memory cgroup may be made here (No such file or directory)"
    assert not fence.killed()
    monkeypatch.setattr(memory, "_places", list)
    assert memory.Fence("trial").problem == "this system has no memory cgroups"
