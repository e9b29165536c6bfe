"""What `make bench` tells a reader is right: the same work in every way, and the arithmetic."""

import json
import os
import subprocess

import numpy as np
import pytest

from imdb_helpers import data
from imdb_helpers.dataset import Dataset, Split
from tools import bench

KEPT = json.loads(bench.COSTS.read_text("utf-8"))


def made_up(seed, reviews):
    """Half a data set: a positive review has smaller ranks than a negative one."""
    rng = np.random.default_rng(seed)
    labels, lengths = np.arange(reviews) % 2, rng.integers(20, 40, reviews)
    ranks = rng.integers(1, 120, lengths.sum()) + 80 * np.repeat(1 - labels, lengths)
    return Split(ranks.astype("int32"), lengths.astype("int32"), labels)


@pytest.fixture
def small(monkeypatch, tmp_path):
    """Let our `load_data` and Keras's load the same small corpus."""
    from keras.src.datasets import imdb

    dataset = Dataset(made_up(1, 1000), made_up(2, 200), dict, "it is made up", is_sample=True)
    monkeypatch.setattr(imdb, "get_file", imdb.get_file)  # put back, since a way replaces it
    monkeypatch.setattr(data, "find_dataset", lambda *_: dataset)
    monkeypatch.setattr(data, "_in_use", None)
    monkeypatch.setenv(bench.ARCHIVE, str(bench.keras_archive(dataset, tmp_path)))
    # Step by step: to compile each network would cost more than its few steps.
    tensorflow = pytest.importorskip("tensorflow")
    tensorflow.config.run_functions_eagerly(True)
    yield
    tensorflow.config.run_functions_eagerly(False)


@pytest.mark.filterwarnings("ignore:sample corpus", "ignore:Even though")
def test_every_way_does_the_same_work(full_session, small, monkeypatch):
    monkeypatch.setattr(bench, "EPOCHS", 4)
    found = {way: bench.chapter(way) for way in bench.WAYS}
    for way, figures in found.items():
        assert figures["predicted"] == 200, way
        assert set(bench.FIGURES) - figures.keys() == {"whole process"}, way
        parts = [figures[step] for step in bench.STEPS if step != "imports"]
        assert figures["load to prediction"] == pytest.approx(sum(parts))
        assert min(figures[name] for name in bench.ACCURACIES) > 0.9, way
    for way in ("sparse", "bytes"):
        for name in bench.ACCURACIES:
            assert found[way][name] == pytest.approx(found["classic"][name], abs=0.01), way


def test_a_median_does_not_mind_a_busy_minute():
    runs = [{"load": 1.00004, "test": 3.0}, {"load": 90.0, "test": 5.0}, {"load": 0.5, "test": 4.0}]
    assert bench.medians(runs) == {"load": 1.0, "test": 4.0}


@pytest.fixture
def measured(monkeypatch, tmp_path):
    """Measure nothing; return the calls, by way, and where results are stored."""
    calls = []

    def in_own_process(way, variables):
        calls.append(way)
        return dict.fromkeys(bench.FIGURES, 4.0 if way == "classic" else 1.0)

    dataset = Dataset(made_up(1, 10), made_up(2, 10), dict, "")
    monkeypatch.setattr(bench, "in_own_process", in_own_process)
    monkeypatch.setattr(bench, "load_data", lambda: None)
    monkeypatch.setattr(bench.find, "find_dataset", lambda: dataset)
    monkeypatch.setattr(bench, "keras_archive", lambda *_: tmp_path)
    monkeypatch.setattr(bench, "COSTS", tmp_path / "costs.json")
    return calls


def test_the_ways_take_turns_and_what_the_page_reads_is_stored_in_its_form(measured, capsys):
    assert bench.main(["--store"]) == 0
    assert measured == 3 * list(bench.WAYS)
    (row,) = [s for s in capsys.readouterr().out.splitlines() if s.startswith("load  ")]
    assert row.split()[1:] == ["4.00", *["1.00"] * 3]
    stored = json.loads(bench.COSTS.read_text("utf-8"))
    for results in (stored, KEPT):
        assert results["repetitions"] == bench.REPETITIONS
        assert list(results["ways"]) == list(bench.WAYS)
        assert set(bench.FIGURES) <= results["ways"]["sparse"].keys()
    assert stored["machine"].keys() == KEPT["machine"].keys()


def test_what_would_not_fit_is_left_out_and_nothing_is_stored(measured, monkeypatch, capsys):
    monkeypatch.setattr(bench, "CLASSIC_NEEDS", 1e15)
    assert bench.main(["--store"]) == 1
    assert not bench.COSTS.exists()
    assert measured == []
    assert bench.main([]) == 0
    assert measured == 3 * list(bench.WAYS[1:])
    assert "classic is not measured" in capsys.readouterr().out


def test_a_real_process_is_measured_on_tensorflow(full_session):
    variables = {**os.environ, "IMDB_SOURCE": "sample", "PYTHONPATH": "of a session on JAX"}
    found = bench.in_own_process("by hand", variables)
    assert found["whole process"] > found["load to prediction"] > 0
    assert found["peak memory"] > 50


def test_a_way_that_fails_stops_the_benchmark(monkeypatch):
    failed = subprocess.CompletedProcess([], 1, "", "DataNotFoundError")
    monkeypatch.setattr(bench.subprocess, "run", lambda *_, **__: failed)
    with pytest.raises(SystemExit, match=r"(?s)by hand failed:.*DataNotFoundError"):
        bench.in_own_process("by hand", {})
