"""The colophon's record of runs changes only when results are stored."""

import json

from tests.book import runs
from tests.book.pages import notebook_paths


def test_every_notebook_has_its_run():
    known = json.loads(runs.RUNS.read_text("utf-8"))
    assert list(known) == [path.stem for path in notebook_paths()]
    assert all(run.keys() == runs.this_run().keys() for run in known.values())


def test_a_run_that_stores_nothing_new_is_not_written_down(tmp_path):
    notebook, file = tmp_path / "05_x.ipynb", tmp_path / "runs.json"
    notebook.write_text("new", "utf-8")
    runs.keep(notebook, before="new", file=file)  # the first that is known
    file.write_text(json.dumps({"05_x": {"day": "long ago"}}))
    runs.keep(notebook, before="new", file=file)
    assert json.loads(file.read_text()) == {"05_x": {"day": "long ago"}}
    runs.keep(notebook, before="old", file=file)
    assert json.loads(file.read_text()) == {"05_x": runs.this_run()}
