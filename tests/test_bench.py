"""What `make bench` measures, in which processes, and when it refuses; no test asserts a time."""

import subprocess
import sys

import pytest

from imdb_helpers import sources
from tests.book.pages import ROOT
from tests.corpora import keras_loads
from tests.figures_of_bench import REAL, SAMPLE, bench, bench_report, cost, measured, results


@pytest.mark.parametrize(
    ("words", "table", "profile", "growth"),
    [
        ([], True, False, False),
        (["--quick"], True, False, False),
        (["--profile"], False, True, False),
        (["--growth"], False, False, True),
        (["--profile", "--growth"], False, True, True),
        (["--store"], True, True, True),
    ],
)
def test_arguments_choose_what_is_measured(words, table, profile, growth):
    wanted = bench.parse(words)
    assert (wanted.table, wanted.profile, wanted.growth) == (table, profile, growth)
    runs = bench.wanted_runs(wanted)
    assert (bench_report.BATCHES in runs) == table
    assert (bench_report.FLOOR in runs) == profile
    assert len(runs) == len(set(runs))


def test_an_unknown_argument_is_refused():
    with pytest.raises(SystemExit):
        bench.parse(["--fast"])


@pytest.fixture
def no_process(monkeypatch):
    """Fail if anything is measured."""

    def measured(*_, **__):
        raise AssertionError("a process was started")

    monkeypatch.setattr(bench, "in_own_process", measured)


@pytest.mark.parametrize(
    ("data", "left_out", "words"),
    [
        (SAMPLE, {}, "the sample corpus, because there is no network"),
        (REAL, {bench_report.JAX: "JAX is not installed"}, "JAX is not installed"),
    ],
)
def test_nothing_partial_is_stored(
    data, left_out, words, no_process, monkeypatch, capsys, tmp_path
):
    monkeypatch.setattr(bench, "find_data", lambda: data)
    monkeypatch.setattr(bench, "leave_out", lambda *_: left_out)
    monkeypatch.setattr(bench, "COSTS", tmp_path / "costs.json")
    assert bench.main(["--store"]) == 1
    assert words in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_missed_target_is_no_error_and_a_failure_is_one(monkeypatch, capsys):
    monkeypatch.setattr(bench, "find_data", lambda: REAL)
    missed = results(rows=bench_report.compare(measured(ours=3.0)))
    monkeypatch.setattr(bench, "results_of", lambda *_: missed)
    assert bench.main([]) == 0
    assert " no  " in capsys.readouterr().out

    def fail(*_):
        raise bench.MeasurementError("load classic tensorflow failed")

    monkeypatch.setattr(bench, "results_of", fail)
    assert bench.main([]) == 1
    assert "load classic tensorflow failed" in capsys.readouterr().err


def test_what_cannot_be_measured_here_is_named(monkeypatch):
    runs = bench.wanted_runs(bench.parse([]))
    monkeypatch.setattr(bench, "find_spec", lambda _: None)
    monkeypatch.setattr(bench, "free_megabytes", lambda: 8_000.0)
    reasons = bench.leave_out(runs, REAL)
    assert {" ".join(run) for run in reasons} == {
        "chapter bytes jax",
        "chapter classic tensorflow",
    }
    assert "8,000 MB are free" in reasons[bench_report.SPARSE._replace(way="classic")]
    assert set(bench.leave_out(runs, SAMPLE)) == {bench_report.JAX}  # the sample is small


def test_the_ways_take_turns(monkeypatch):
    calls = []
    monkeypatch.setattr(bench, "in_own_process", lambda run, _: calls.append(run) or {})
    runs = [bench.Run("load", "classic"), bench.Run("load", "load_data")]
    assert [len(figures) for figures in bench.measure(runs, 2, {}).values()] == [2, 2]
    assert calls == runs + runs


def test_every_measurement_is_a_process_of_its_own(monkeypatch):
    commands = []

    def run(command, env, **_):
        commands.append((command, env["KERAS_BACKEND"]))
        return subprocess.CompletedProcess(command, 0, 'a line\n{"parts": {}}\n', "")

    monkeypatch.setattr(bench.subprocess, "run", run)
    figures = bench.in_own_process(bench_report.JAX, {}, reviews=5)
    assert figures["process"] >= 0
    ((command, backend),) = commands
    assert command[0] == sys.executable
    assert command[2:] == ["--only", "chapter", "bytes", '{"reviews": 5}']
    assert backend == "jax"


def test_growth_follows_the_size_of_the_data(monkeypatch):
    sizes = []

    def in_own_process(run, _, reviews, words):
        sizes.append((run.way, reviews, words))
        return cost({"vectorize": 1.0, "20 epochs": 2.0})

    monkeypatch.setattr(bench, "in_own_process", in_own_process)
    found = bench.measure_growth(REAL, {})
    assert [size[1:] for size in sizes[:3]] == [(5000, 10_000), (10_000, 10_000), (25_000, 2000)]
    assert len(found) == len(set(sizes)) == 14
    sizes.clear()
    bench.measure_growth(SAMPLE, {})
    assert {reviews for _, reviews, _ in sizes} == {100, 200, 500}


@pytest.mark.usefixtures("full_session")
def test_one_real_step_is_measured(monkeypatch):
    monkeypatch.setenv("IMDB_SOURCE", "sample")
    monkeypatch.delenv("IMDB_DATA_DIR", raising=False)
    monkeypatch.setattr(sources, "_decided", {})
    data = bench.find_data()
    assert data["why sample"]
    with bench.surroundings(data) as variables:
        figures = bench.in_own_process(
            bench.Run("growth", "sparse"), variables, reviews=50, words=300
        )
        with pytest.raises(bench.MeasurementError, match="nonsense"):
            bench.in_own_process(bench.Run("vectorize", "nonsense"), variables)
    assert figures["used"] == 50
    assert set(figures["parts"]) == {"vectorize", "20 epochs"}
    assert figures["process"] > sum(figures["parts"].values())
    assert figures["megabytes"] > 50


def test_without_keras_s_file_one_is_written(folder, own_cache, monkeypatch, tmp_path):
    monkeypatch.setenv("IMDB_DATA_DIR", str(folder))
    assert bench.keras_archive(tmp_path, REAL) == folder / "imdb.npz"
    written = bench.keras_archive(tmp_path, SAMPLE)
    assert written == tmp_path / "imdb.npz"
    for ours, theirs in zip(
        keras_loads(written, num_words=100),
        keras_loads(folder / "imdb.npz", num_words=100),
        strict=True,
    ):
        assert [list(part) for part in ours] == [list(part) for part in theirs]


def test_make_bench_runs_it():
    text = (ROOT / "tools" / "bootstrap.py").read_text("utf-8")
    assert "python tools/bench.py" in text
