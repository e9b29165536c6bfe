"""What differs between two runs with the same results is not stored."""

import json

import nbformat
import pytest
from nbformat.v4 import new_output

from tests.nbproof.making import chapter, code, drawn, printed
from tests.nbproof.settings import Settings
from tests.nbproof.stored import changes, machine_paths, normalise, store

APPROX, FIGURE = {"policy": "approx"}, {"policy": "figure"}
LINES, NEARLY = (drawn({"Training": [1, last]}) for last in (2, 2.01))


def value(text, count):
    """Return the output of a cell that ends in a value."""
    return new_output("execute_result", {"text/plain": text}, execution_count=count)


@pytest.mark.parametrize(
    ("said", "stored", "new", "stays"),
    [
        (APPROX, printed("loss 0.25"), printed("loss 0.2501"), True),
        (APPROX, printed("loss 0.25"), printed("loss 0.26"), False),
        (FIGURE, LINES, NEARLY, True),
        (APPROX, value("0.25", 7), value("0.2501", 5), True),
    ],
)
def test_an_output_that_was_run_stays_as_long_as_it_agrees(tmp_path, said, stored, new, stays):
    path = tmp_path / "a.ipynb"
    for count in (1, None):
        path.write_text(nbformat.writes(chapter(code("cell", "a", [stored], count, nbproof=said))))
        run = chapter(code("cell", "a", [new], nbproof=said))
        store(path, path.read_text(), run, Settings())
        (output,) = nbformat.read(path, as_version=4).cells[-1].outputs
        assert output.get("execution_count", 1) == 1
        kept = dict(output, execution_count=None) == dict(stored, execution_count=None)
        assert kept is (stays and count == 1)


def test_a_file_is_replaced_where_that_is_right_and_left_alone_elsewhere(tmp_path):
    path = tmp_path / "a.ipynb"

    def stored_after(first, then, meanwhile=""):
        before, after = (chapter(code("cell", "x", [printed(t)])) for t in (first, then))
        normalise(before)
        text = nbformat.writes(before) + "\n"
        path.write_text(meanwhile or text, "utf-8")
        old = path.stat().st_ino
        said = store(path, text, after, Settings())
        return said, path.stat().st_ino != old

    assert stored_after("1 of 2", "1 of 2") == ([], False)
    assert stored_after("1 of 2", "1 of 3") == (["cell: 2 \N{RIGHTWARDS ARROW} 3"], True)
    with pytest.raises(pytest.fail.Exception, match="cell: an output names a folder of this"):
        stored_after("1", str(tmp_path))
    with pytest.raises(pytest.fail.Exception, match="the file was saved while the notebook ran"):
        stored_after("1", "2", meanwhile="saved meanwhile")
    assert path.read_text("utf-8") == "saved meanwhile"


def test_changes_name_the_numbers_that_are_others_now():
    before, after = (
        chapter(*(code(name, "x", [output]) for name, output in zip("abc", outputs, strict=True)))
        for outputs in (
            (printed("loss 0.25, epoch 4"), LINES, printed("yes")),
            (printed("loss 0.26, epoch 4"), NEARLY, printed("no")),
        )
    )
    again = nbformat.from_dict(json.loads(json.dumps(before, sort_keys=True)))
    assert list(changes(before, again)) == []
    found = list(changes(before, after))
    assert (found[0], found[-1]) == ("a: 0.25 → 0.26", "c: another output\n  -yes\n  +no")
    assert "b: 2 → 2.01" in found
    ends = (chapter(code("a", "x", [printed(text)])) for text in ("yes\n", "yes"))
    assert list(changes(*ends)) == ["a: another output"]


def test_folders_of_this_and_other_machines_are_found(tmp_path):
    assert machine_paths(f"in {tmp_path}/x", tmp_path)
    assert machine_paths("in /home/ann/x or C:\\data\\x", tmp_path)
    assert machine_paths("a/b is 1/2, and so/on", tmp_path) == []
