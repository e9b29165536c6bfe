"""The page that compares Keras's backends shows what was measured, and its sentences hold."""

import json
import shutil

import pytest

from tests.book import backends
from tests.book.outputs import number_after
from tests.book.pages import BOOK
from tests.nbproof.notebook import cell_of, read_notebook, stored_text

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
    assert FOUND["versions"] == backends.versions()


def test_the_best_epoch_is_an_early_one_on_every_backend():
    assert all(3 <= epoch <= 6 for epoch in row("best epoch, by validation loss").values())


def test_no_backend_learns_more_than_another():
    for what in ("best validation accuracy", "test accuracy of the linear model"):
        accuracies = row(what).values()
        assert max(accuracies) - min(accuracies) < 0.01
    luck = stored_text(cell_of(read_notebook(PAGE), "luck"))
    labels = ("between backends:", "between seeds, on TensorFlow:")
    backends_apart, seeds_apart = (float(number_after(luck, label)) for label in labels)
    assert 0 < backends_apart < 2 * seeds_apart


def test_training_too_long_does_worse_on_every_backend():
    stopped, too_long = (
        row(what)
        for what in ("test accuracy of the final network", "test accuracy after 20 epochs")
    )
    assert all(too_long[backend] < stopped[backend] for backend in backends.BACKENDS)


def test_nothing_is_stored_while_a_backend_is_missing(tmp_path, monkeypatch):
    monkeypatch.setattr(backends, "STORED", tmp_path / "backends.json")
    for setting in ("usual", "jax", "torch"):
        report = backends.report(tmp_path, store=True)
        assert "there is no complete run on" in report
        assert not backends.STORED.exists()
        shutil.copytree(BOOK, tmp_path / setting, ignore=shutil.ignore_patterns("assets", "_*"))
    assert "best epoch, by validation loss" in backends.report(tmp_path, store=True)
    stored = json.loads(backends.STORED.read_text("utf-8"))
    assert stored["findings"][0]["torch"] == stored["findings"][0]["tensorflow"]
