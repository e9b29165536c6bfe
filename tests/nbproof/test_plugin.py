"""A session compares or stores whole notebooks: tried on small ones, with kernels of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from tests.nbproof import plugin
from tests.nbproof.making import chapter, code, printed, prose
from tests.nbproof.notebook import cell_of
from tests.nbproof.settings import KEY, Settings
from tests.nbproof.stored import METADATA

ROOT = Path(__file__).resolve().parents[2]
APPROX = {"policy": "approx"}
PLOT = """import matplotlib.pyplot as plt
plt.plot([3, 2, 1], label="Training")
plt.legend();"""
CONFTEST = """from tests.nbproof.settings import Settings
pytest_plugins = ["tests.nbproof.plugin"]
def pytest_nbproof_settings():
    return Settings({settings})
"""
HUNGRY = "x = bytearray(400_000_000)\nx[::4096] = b'x' * len(x[::4096])"


def small():
    """Return a notebook that was never run, with a cell for each policy."""
    cells = [
        code("announced", "print('a')\nprint('b')\n1 / 0", tags=["raises-exception"]),
        code("number", "print('loss', 0.25)", [printed("loss 0.26\n")], nbproof=APPROX),
        code("plot", PLOT, nbproof={"policy": "figure"}),
        code("clock", "import time\nprint(time.time(), 's')", nbproof={"vary": ["seconds"]}),
        code("quiet", "42;"),
        code("value", "6 * 7  # NBVAL_SKIP"),
        prose("end", "The end."),
    ]
    for cell in cells[:-1]:
        cell.execution_count = None
    return chapter(*cells)


def session(folder, *options, settings=""):
    """Run a session on a folder's notebooks; return its output, and what failed, by notebook."""
    (folder / "conftest.py").write_text(CONFTEST.format(settings=settings))
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "--color=no"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "--rootdir", str(folder), *options, str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    failed = re.findall(r"^FAILED (?:\S*/)?(\w+)\.ipynb::([\w-]+)", done.stdout, re.MULTILINE)
    return done.stdout + done.stderr, failed


@pytest.fixture(scope="module")
def storing(tmp_path_factory):
    """Store the small notebook and two that fail; return the folder, the output, what failed."""
    folder = tmp_path_factory.mktemp("stored")
    notebooks = {
        "bad": chapter(code("raises", "raise ValueError('broken')", [printed("before")])),
        "dies": chapter(code("end", "import os\nos._exit(3)", [printed("before")])),
        "small": small(),
    }
    for name, notebook in notebooks.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    before = {path.stem: path.read_bytes() for path in folder.glob("*.ipynb")}
    return folder, before, *session(folder, "--store")


@pytest.fixture(scope="module")
def stored(storing):
    """Return the path of the small notebook, run and stored."""
    return storing[0] / "small.ipynb"


def test_stored_outputs_are_normalised(stored):
    text = stored.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    counts = [cell.get("execution_count") for cell in notebook.cells]
    assert counts == [None, *range(1, 7), None]
    kinds = [output.output_type for output in cell_of(notebook, "announced").outputs]
    assert kinds == ["stream", "error"]
    (figure,) = cell_of(notebook, "plot").outputs
    assert figure.metadata.nbproof["axes"][0]["legend"] == ["", "Training"]
    assert cell_of(notebook, "quiet").outputs == []
    assert cell_of(notebook, "value").outputs[0].execution_count == 6
    assert notebook.metadata == METADATA
    assert text.startswith('{\n "cells"')
    assert text.endswith("}\n")


def test_storing_says_what_changed_and_stores_nothing_after_an_error(storing):
    folder, before, output, failed = storing
    changed = {n for n, text in before.items() if (folder / f"{n}.ipynb").read_bytes() != text}
    assert changed == {"small"}
    assert "number: 0.26 \N{RIGHTWARDS ARROW} 0.25" in output
    assert failed == [
        *(("bad", "raises"), ("bad", "store")),
        *(("dies", "end"), ("dies", "peak-memory"), ("dies", "store")),
    ]
    assert "KernelDied: the kernel died" in output or "the kernel died" in output
    assert "not every cell was run without an error: nothing is stored" in output
    assert not list(folder.glob("*.part"))


def test_a_session_that_must_not_store_stops_before_it_runs_anything():
    settings = Settings(may_not_store="these are made up")
    config = SimpleNamespace(option=SimpleNamespace(store=True), stash={KEY: settings})
    with pytest.raises(pytest.UsageError, match="nothing is stored: these are made up"):
        plugin.pytest_collection_modifyitems(config, [])


def test_a_session_passes_what_was_stored_and_fails_what_was_changed(stored, tmp_path):
    (tmp_path / "good.ipynb").write_bytes(stored.read_bytes())
    notebook = nbformat.read(stored, as_version=4)
    cell_of(notebook, "announced").outputs[-1].evalue = "another message"
    cell_of(notebook, "number").outputs[0].text = "loss 0.26\n"
    figure = cell_of(notebook, "plot").outputs[0].metadata.nbproof
    figure["axes"][0]["series"][0]["y"] = "3 2 2"
    cell_of(notebook, "quiet").outputs = [printed("42\n")]
    cell_of(notebook, "value").source += "\nimport warnings\nwarnings.warn('new')"
    notebook.cells[-1:] = [
        code("needs", "print(1)", [printed("2\n")], 7, nbproof={"needs": ["luck"]}),
        code("unrun", "1", count=None),
        code("eat", HUNGRY, count=9),
    ]
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    marks = "marks={'luck'}, lacking={'luck'}, memory_limit=300"
    output, failed = session(tmp_path, settings=marks)
    wrong = ["announced", "number", "plot", "quiet", "value", "unrun", "peak-memory"]
    assert failed == [("bad", name) for name in wrong]
    assert "stored 0.26, now 0.25: 0.01 apart, allowed 0.000261" in output
    assert "(Training), number 3: stored 2, now 1" in output
    assert re.search(r"bad\.ipynb needed \d+ MB of 300", output)
    row = r"^{} +{} +\d+\.\d +\d+$"
    assert re.search(row.format("good", " +".join("664110")), output, re.MULTILINE)
    assert re.search(row.format("bad", " +".join("987116")), output, re.MULTILINE)
    assert "1 only run, because their output needs what is lacking here: luck" in output
