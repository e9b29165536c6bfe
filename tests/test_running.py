"""Running chapters stores the same bytes for the same results; the test session compares them."""

import base64
import re
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_output

from tests.notebooks.chapters import ROOT
from tests.notebooks.making import SMALLEST_PNG, chapter, code, drawn, printed, prose
from tools import run_chapters
from tools.run_chapters import run_chapter
from tools.stored import (
    METADATA,
    keep_what_agrees,
    merge_streams,
    normalise,
    own_frames,
    plain_png,
    store,
)

PLOT = """import matplotlib.pyplot as plt
plt.plot([3, 2, 1], label="Training")
plt.xlabel("Epoch")
plt.legend();"""


def small_chapter():
    """Return a chapter that was never run, with a cell for each policy."""
    cells = [
        code("announced", "print('a')\nprint('b')\n1 / 0", tags=["raises-exception"]),
        code("number", "print('loss', 0.25)", check={"policy": "approx"}),
        code("plot", PLOT, check={"policy": "figure"}),
        code(
            "clock",
            "import time\ntime.time()",
            check={"policy": "free", "reason": "the time"},
        ),
        code("quiet", "42;"),
        code("warned", "print('calm')"),
        code("unrun", "print('never')"),
        prose("end", "The end."),
    ]
    for cell in cells[:-1]:
        cell.execution_count = None
    return chapter(*cells)


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """Return the path of the small chapter, run and stored."""
    path = tmp_path_factory.mktemp("book") / "01_small.ipynb"
    nbformat.write(small_chapter(), path)
    run = run_chapter(path)
    assert store(path, run.notebook)
    assert 20 < run.peak_megabytes < 1000
    return path


def session(path):
    """Run the test session on a notebook's folder; return its output and the cells that failed."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-p",
        "tests.notebooks.plugin",
        "--color=no",
    ]
    options = ["-c", "pyproject.toml", "--rootdir", str(ROOT), "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, *options, str(path.parent)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return done.stdout, re.findall(r"^FAILED \S+::([\w-]+)", done.stdout, re.MULTILINE)


def test_stored_outputs_are_normalised(stored):
    text = stored.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    assert [cell.get("execution_count") for cell in notebook.cells] == [
        None,
        *range(1, 8),
        None,
    ]
    assert [output.output_type for output in cells["announced"].outputs] == [
        "stream",
        "error",
    ]
    assert "imdb-book/figure" in cells["plot"].outputs[0].metadata
    assert b"Software" not in base64.b64decode(cells["plot"].outputs[0].data["image/png"])
    assert cells["quiet"].outputs == []
    assert notebook.metadata == METADATA
    assert "execution" not in cells["plot"].metadata
    assert text.endswith("}\n")
    assert text.startswith('{\n "cells"')


def test_what_agrees_with_the_stored_outputs_is_not_stored_again(stored):
    assert not store(stored, run_chapter(stored).notebook)


APPROX, FREE = {"policy": "approx"}, {"policy": "free", "reason": "the time"}
LINES = drawn({"Training": [1, 2]})


def shown(count=None):
    """Return the output of a cell that ends in a value."""
    return new_output("execute_result", {"text/plain": "1"}, execution_count=count)


def refused(line):
    """Return the output of an announced error, with the line of code it happened on."""
    return new_output("error", ename="ValueError", evalue="no", traceback=[line])


@pytest.mark.parametrize(
    ("check", "stored", "new", "stays"),
    [
        (APPROX, printed("loss 0.25"), printed("loss 0.2501"), True),
        (APPROX, printed("loss 0.25"), printed("loss 0.26"), False),
        (FREE, printed("12:01"), printed("12:02"), True),
        ({"policy": "figure"}, LINES, LINES, True),
        ({"policy": "exact"}, refused("1 / 0"), refused("1 / 0 #"), True),
        ({"policy": "exact"}, shown(1), shown(5), True),
    ],
)
def test_an_output_of_the_same_code_stays_as_long_as_it_agrees(check, stored, new, stays):
    for source in ("a", "another"):
        before = chapter(code("cell", "a", [stored], check=check))
        after = chapter(code("cell", source, [new], 5, check=check))
        keep_what_agrees(after, before)
        kept = after.cells[-1].outputs is before.cells[-1].outputs
        assert kept is (stays and source == "a")
        assert after.cells[-1].outputs[0].get("execution_count", 5) == 5


def test_a_cell_that_was_not_run_before_keeps_its_outputs():
    before, after = (chapter(code("cell", "a", [printed(t)], n)) for t, n in (("", None), ("1", 1)))
    keep_what_agrees(after, before)
    assert after.cells[-1].outputs[0].text == "1"


def test_what_editors_add_to_metadata_is_removed():
    notebook = small_chapter()
    notebook.metadata.vscode = {"x": 1}
    notebook.cells[0].metadata.scrolled = True
    normalise(notebook, "x")
    assert notebook.metadata == METADATA
    assert notebook.cells[0].metadata == {}


def test_the_same_results_are_the_same_bytes(stored):
    again = run_chapter(stored, fresh=True).notebook
    clocks = [cell for cell in again.cells if cell.id == "clock"]
    old = nbformat.read(stored, as_version=4)
    clocks[0].outputs = next(cell.outputs for cell in old.cells if cell.id == "clock")
    assert not store(stored, again)


@pytest.mark.usefixtures("full_session")
def test_a_session_passes_what_was_stored_and_fails_what_was_changed(stored, tmp_path):
    output, failed = session(stored)
    assert failed == []
    assert re.search(r"^01_small +7 +6 +4 +1 +1 +1 +0 +\d+$", output, re.MULTILINE)

    notebook = nbformat.read(stored, as_version=4)
    cells = {cell.id: cell for cell in notebook.cells}
    cells["announced"].outputs[-1].evalue = "another message"
    cells["number"].outputs[0].text = "loss 0.26\n"
    cells["clock"].outputs[0].data["text/plain"] = "1.0"
    cells["quiet"].outputs = [printed("42\n")]
    cells["warned"].source += "\nimport warnings\nwarnings.warn('new')"
    cells["unrun"].update(execution_count=None, outputs=[])
    figure = cells["plot"].outputs[0].metadata["imdb-book/figure"]
    figure["axes"][0]["series"][0]["y"] = "3 2 2"
    path = tmp_path / "01_small.ipynb"
    nbformat.write(notebook, path)
    output, failed = session(path)
    assert failed == ["announced", "number", "plot", "quiet", "warned", "unrun"]
    assert "stored 0.26, now 0.25: 0.01 apart, allowed 0.000261" in output
    assert "(Training), number 3: stored 2, now 1" in output
    assert re.search(r"^01_small +7 +5 +4 +1 +1 +1 +6 +\d+$", output, re.MULTILINE)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "x = 1\nraise ValueError('broken')",
            "01_bad.ipynb, cell bad: .*ValueError: broken",
        ),
        (
            "from pathlib import Path\nprint(Path.cwd())",
            "01_bad.ipynb, cell bad: .*folder",
        ),
        ("import os\nos._exit(3)", "01_bad.ipynb, cell bad: Kernel died"),
    ],
)
def test_a_chapter_that_fails_leaves_its_file_alone(tmp_path, monkeypatch, capsys, source, message):
    path = tmp_path / "01_bad.ipynb"
    nbformat.write(chapter(code("bad", source, [printed("stored before")])), path)
    before = path.read_bytes()
    monkeypatch.setattr(run_chapters, "BOOK", tmp_path)
    monkeypatch.setattr(sys, "argv", ["run_chapters.py", "01"])
    assert run_chapters.main() == 1
    assert re.search(message, capsys.readouterr().err, re.DOTALL)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_saved_while_the_chapter_ran_is_not_overwritten(tmp_path, monkeypatch, capsys):
    path = tmp_path / "01_x.ipynb"
    source = f"from pathlib import Path\nPath({path.name!r}).write_text('saved meanwhile')"
    nbformat.write(chapter(code("save", source, check={"policy": "exact"})), path)
    monkeypatch.setattr(run_chapters, "BOOK", tmp_path)
    monkeypatch.setattr(sys, "argv", ["run_chapters", "01"])
    assert run_chapters.main() == 1
    assert "was saved while the chapter ran: run it again" in capsys.readouterr().err
    assert path.read_text() == "saved meanwhile"


def test_only_neighbouring_pieces_of_one_stream_are_joined():
    names = ["stdout", "stdout", "stderr", "stdout"]
    merged = merge_streams([printed("x", name) for name in names])
    assert [(output.name, output.text) for output in merged] == [
        ("stdout", "xx"),
        ("stderr", "x"),
        ("stdout", "x"),
    ]


def test_a_png_loses_its_text_chunks_only():
    plain = base64.b64decode(SMALLEST_PNG)
    chunk = (8).to_bytes(4, "big") + b"tEXtSoftware" + bytes(4)
    dirty = base64.b64encode(plain[:33] + chunk + plain[33:]).decode()
    assert plain_png(dirty) == plain_png(SMALLEST_PNG) == SMALLEST_PNG


def test_frames_of_installed_files_are_dropped():
    parts = [
        "\x1b[31mCell\x1b[39m In[1], line 1",
        "\x1b[36mFile \x1b[39m/x/keras.py:1",
        "Error: no",
    ]
    assert own_frames(parts) == [parts[0], parts[2]]


def test_an_unknown_name_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(run_chapters, "BOOK", tmp_path)
    with pytest.raises(SystemExit, match="no chapter begins with '99'"):
        run_chapters.find_chapters(["99"])


def test_running_needs_no_installed_kernel():
    manager = run_chapters.ChapterClient(new_empty()).create_kernel_manager()
    assert manager.kernel_spec.argv[0] == sys.executable


def new_empty():
    """Return a notebook that asks for a kernel that nobody has."""
    notebook = chapter(code("x", "1", [new_output("stream", text="1")]))
    notebook.metadata.kernelspec = {"name": "nobody-has-it", "display_name": "x"}
    return notebook
