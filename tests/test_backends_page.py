"""The page that compares Keras's backends shows what was measured, and its sentences hold."""

import json

import pytest

from tests.notebooks.chapters import BOOK, code_cells, read_chapter, stored_text
from tests.notebooks.quoted import number_after
from tests.proof import backends

PAGE = BOOK / "a8_backends.ipynb"
FOUND = json.loads(backends.STORED.read_text("utf-8"))


def row(what):
    """Return the numbers of one finding by backend."""
    (found,) = [found for found in FOUND["findings"] if found["what"] == what]
    return {backend: float(found[backend]) for backend in backends.BACKENDS}


def test_the_findings_are_those_of_the_chapters():
    stored = [(found["what"], found["chapter"], found["cell"]) for found in FOUND["findings"]]
    assert stored == [(f.what, f.chapter, f.cell) for f in backends.FINDINGS]


@pytest.mark.parametrize("finding", backends.FINDINGS, ids=lambda finding: finding.what)
def test_the_column_of_tensorflow_is_what_the_chapters_print(finding):
    (found,) = [found for found in FOUND["findings"] if found["what"] == finding.what]
    assert found["tensorflow"] == backends.find(finding, BOOK)


def test_the_versions_are_the_pinned_ones():
    assert FOUND["versions"] == {name: backends.versions()[name] for name in backends.BACKENDS}


def test_the_best_epoch_is_an_early_one_on_every_backend():
    assert all(3 <= epoch <= 6 for epoch in row("best epoch, by validation loss").values())


def test_no_backend_learns_more_than_another():
    for what in ("best validation accuracy", "test accuracy of the linear model"):
        accuracies = row(what).values()
        assert max(accuracies) - min(accuracies) < 0.01
    cells = {cell.id: cell for cell in code_cells(read_chapter(PAGE))}
    apart = {
        label: float(number_after(stored_text(cells["luck"]), label)[0])
        for label in ("between backends:", "between seeds, on TensorFlow:")
    }
    assert 0 < apart["between backends:"] < 2 * apart["between seeds, on TensorFlow:"]


def test_training_too_long_does_worse_on_every_backend():
    stopped, too_long = (
        row(what)
        for what in ("test accuracy of the final network", "test accuracy after 20 epochs")
    )
    assert all(too_long[backend] < stopped[backend] for backend in backends.BACKENDS)


def test_nothing_is_stored_while_a_backend_is_missing(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(backends, "EXECUTIONS", tmp_path / "runs")
    monkeypatch.setattr(backends, "STORED", tmp_path / "backends.json")
    for setting in ("usual", "jax"):
        place = tmp_path / "runs" / setting
        place.mkdir(parents=True)
        for finding in backends.FINDINGS:
            source = BOOK / f"{finding.chapter}.ipynb"
            (place / source.name).write_bytes(source.read_bytes())
    backends.report(store=True)
    printed = capsys.readouterr().out
    assert "not stored: there is no complete run on torch" in printed
    assert "best epoch, by validation loss" in printed
    assert not backends.STORED.exists()
