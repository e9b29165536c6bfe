"""What differs between two runs with the same results is not stored."""

import json

import nbformat
import pytest
from nbformat.v4 import new_output

from tests.nbproof.making import chapter, code, drawn, printed
from tests.nbproof.settings import Settings
from tests.nbproof.stored import (
    NotStoredError,
    as_stored,
    changes,
    keep_what_agrees,
    machine_paths,
    normalise,
    store,
)

APPROX = {"policy": "approx"}
LINES = drawn({"Training": [1, 2]})


def shown(count=None):
    """Return the output of a cell that ends in a value."""
    return new_output("execute_result", {"text/plain": "1"}, execution_count=count)


@pytest.mark.parametrize(
    ("said", "stored", "new", "stays"),
    [
        (APPROX, printed("loss 0.25"), printed("loss 0.2501"), True),
        (APPROX, printed("loss 0.25"), printed("loss 0.26"), False),
        ({"policy": "figure"}, LINES, LINES, True),
        ({}, shown(1), shown(5), True),
    ],
)
def test_an_output_of_the_same_code_stays_as_long_as_it_agrees(said, stored, new, stays):
    for source, count in (("a", 1), ("another", 1), ("a", None)):
        before = chapter(code("cell", "a", [stored], count, nbproof=said))
        after = chapter(code("cell", source, [new], 5, nbproof=said))
        keep_what_agrees(after, before, Settings())
        kept = after.cells[-1].outputs is before.cells[-1].outputs
        assert kept is (stays and source == "a" and count == 1)
        assert after.cells[-1].outputs[0].get("execution_count", 5) == 5


def test_a_file_is_replaced_where_that_is_right_and_left_alone_elsewhere(tmp_path):
    path = tmp_path / "a.ipynb"

    def stored_after(first, then, meanwhile=""):
        before, after = (chapter(code("cell", "x", [printed(t)])) for t in (first, then))
        normalise(before)
        after.cells[0].id = before.cells[0].id
        path.write_text(meanwhile or as_stored(before), "utf-8")
        old = path.stat().st_ino
        said = store(path, as_stored(before), after, Settings())
        return said, path.stat().st_ino != old

    assert stored_after("1 of 2", "1 of 2") == ([], False)
    assert stored_after("1 of 2", "1 of 3") == (["cell: 2 \N{RIGHTWARDS ARROW} 3"], True)
    with pytest.raises(NotStoredError, match="cell: an output names a folder of this machine"):
        stored_after("1", str(tmp_path))
    with pytest.raises(NotStoredError, match="the file was saved while the notebook ran"):
        stored_after("1", "2", meanwhile="saved meanwhile")
    assert path.read_text("utf-8") == "saved meanwhile"


def test_what_editors_add_and_frames_of_installed_files_are_removed():
    frames = ["\x1b[31mCell\x1b[39m In[1], line 1", "\x1b[36mFile \x1b[39m/x/keras.py:1", "Error"]
    error = new_output("error", ename="ValueError", evalue="no", traceback=[*frames])
    pieces = [printed("x", name) for name in ("stdout", "stdout", "stderr", "stdout")]
    notebook = chapter(code("cell", "x", [*pieces, error], nbproof=APPROX, scrolled=True))
    normalise(notebook)
    (cell,) = notebook.cells[1:]
    assert cell.metadata == {"nbproof": APPROX}
    assert [output.text for output in cell.outputs[:-1]] == ["xx", "x", "x"]
    assert cell.outputs[-1].traceback == [frames[0], frames[2]]


def test_changes_name_the_numbers_that_are_others_now():
    before, after = (
        chapter(code("a", "x", [printed(text)]), code("b", "x", [output]))
        for text, output in (("loss 0.25, epoch 4", LINES), ("loss 0.26, epoch 4", printed("no")))
    )
    again = nbformat.from_dict(json.loads(json.dumps(before, sort_keys=True)))
    assert list(changes(before, again)) == []
    assert list(changes(before, after)) == ["a: 0.25 → 0.26", "b: another output"]


def test_folders_of_this_and_other_machines_are_found(tmp_path):
    assert machine_paths(f"in {tmp_path}/x", tmp_path)
    assert machine_paths("in /home/ann/x or C:\\data\\x", tmp_path)
    assert machine_paths("a/b is 1/2, and so/on", tmp_path) == []
