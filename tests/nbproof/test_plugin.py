"""A session compares or stores whole notebooks: tried on small ones, with kernels of their own."""

import re
from contextlib import redirect_stdout
from io import StringIO
from types import SimpleNamespace

import nbformat
import pytest

from tests.nbproof import plugin
from tests.nbproof.making import chapter, code, printed, prose
from tests.nbproof.notebook import cell_of
from tests.nbproof.settings import KEY, Settings
from tests.nbproof.stored import METADATA

APPROX = {"policy": "approx"}
PLOT = "import matplotlib.pyplot as plt\nplt.plot([3, 2, 1], label='Training')\nplt.legend();"
FAILING = "import json\nprint('a')\nprint('b')\njson.loads('')"
HUNGRY = "x = bytearray(400_000_000)\nx[::4096] = b'x' * len(x[::4096])"


def small():
    """Return a notebook that was never run, with a cell for each policy."""
    cells = [
        code("announced", FAILING, tags=["raises-exception"], scrolled=True),
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


class Suite:
    """What a suite would say in its conftest.py."""

    def pytest_nbproof_settings(self):
        return Settings(frozenset(["luck"]), frozenset(["luck"]), memory_limit=300)


def session(folder, *options):
    """Run a session on a folder's notebooks; return its output, and what failed, by notebook."""
    # The time-out dump of the session around this one would end with the inner one.
    without = [f"no:{name}" for name in ("cacheprovider", "faulthandler")]
    plugins = [f"-p{name}" for name in ("tests.nbproof.plugin", *without)]
    command = ["--nbval", "--nbval-current-env", "--color=no", f"--rootdir={folder}", str(folder)]
    with redirect_stdout(StringIO()) as printed:
        pytest.main([*command, *plugins, *options], plugins=[Suite()])
    output = printed.getvalue()
    return output, re.findall(r"^FAILED (?:\S*/)?(\w+)\.ipynb::([\w-]+)", output, re.MULTILINE)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Store the small notebook, and nothing of others; return the path of the small one."""
    folder = tmp_path_factory.mktemp("stored")
    raises = chapter(code("raises", "1 / 0", [printed("old")]))
    dies = chapter(code("dies", "import os; os._exit(3)", [printed("old")]))
    for name, notebook in {"bad": raises, "dead": dies, "small": small()}.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    output, failed = session(folder, "--store")
    assert failed[:2] == [("bad", name) for name in ("raises", "store")]
    assert failed[2:] == [("dead", name) for name in ("dies", "peak-memory", "store")]
    assert all("old" in (folder / f"{name}.ipynb").read_text() for name in ("bad", "dead"))
    assert "the kernel died" in output
    assert "not every cell was run without an error: nothing is stored" in output
    assert "small.ipynb, number: 0.26 \N{RIGHTWARDS ARROW} 0.25" in output
    assert not list(folder.glob("*.part"))
    return folder / "small.ipynb"


def test_stored_outputs_are_normalised(stored):
    notebook = nbformat.read(stored, as_version=4)
    counts = [cell.get("execution_count") for cell in notebook.cells]
    assert counts == [None, *range(1, 7), None]
    announced = cell_of(notebook, "announced")
    assert announced.metadata == {"tags": ["raises-exception"]}  # no more than readers' tools use
    text, error = announced.outputs
    assert text.text == "a\nb\n"
    assert len(error.traceback) > 2
    assert "decoder.py" not in str(error.traceback)  # an installed file
    (figure,) = cell_of(notebook, "plot").outputs
    assert figure.metadata.nbproof["axes"][0]["legend"] == ["", "Training"]
    assert cell_of(notebook, "quiet").outputs == []
    assert cell_of(notebook, "value").outputs[0].execution_count == 6
    assert notebook.metadata == METADATA


def test_a_session_that_must_not_store_stops_before_it_runs_anything():
    settings = Settings(may_not_store="these are made up")
    config = SimpleNamespace(option=SimpleNamespace(store=True), stash={KEY: settings})
    with pytest.raises(pytest.UsageError, match="nothing is stored: these are made up"):
        plugin.pytest_collection_modifyitems(config, [])


def test_a_session_passes_what_was_stored_and_fails_what_was_changed(stored, tmp_path):
    notebook = nbformat.read(stored, as_version=4)
    cell_of(notebook, "announced").outputs[-1].evalue = "another message"
    cell_of(notebook, "number").outputs[0].text = "loss 0.26\n"
    figure = cell_of(notebook, "plot").outputs[0].metadata.nbproof
    figure["axes"][0]["series"][0]["y"] = "3 2 2"
    cell_of(notebook, "quiet").outputs = [printed("42\n")]
    notebook.cells[-1:] = [
        code("needs", "print(1)", [printed("2\n")], 7, nbproof={"needs": ["luck"]}),
        code("warns", "import warnings\nwarnings.warn('new')", count=8),
        code("unrun", "1", count=None),
        code("eat", HUNGRY, count=10),
    ]
    nbformat.write(notebook, tmp_path / "bad.ipynb")
    output, failed = session(tmp_path)
    wrong = ["announced", "number", "plot", "quiet", "warns", "unrun", "peak-memory"]
    assert failed == [("bad", name) for name in wrong]
    assert "stored 0.26, now 0.25: 0.01 apart, allowed 0.000261" in output
    assert "(Training), number 3: stored 2, now 1" in output
    assert re.search(r"bad\.ipynb needed \d+ MB of 300", output)
    assert re.search(r"^bad +10 +9 +8 +1 +1 +6 +\d+\.\d +\d+$", output, re.MULTILINE)
    assert "1 only run, because their output needs what is lacking here: luck" in output
