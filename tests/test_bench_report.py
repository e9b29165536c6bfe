"""The ratios, the table and the stored file of the benchmark, from made-up figures."""

import json
import platform

import pytest

from tests.figures_of_bench import (
    CHAPTER,
    SAMPLE,
    bench_machine,
    bench_report,
    bench_text,
    cost,
    measured,
    results,
)


def test_a_ratio_is_ours_over_the_classic():
    figures = measured(ours=0.25)
    rows = bench_report.compare(figures)
    assert len(rows) == len(bench_report.ROWS)
    assert {row["ratio"] for row in rows} == {0.25}
    prediction = next(row for row in rows if row["step"] == "load to prediction")
    assert prediction["classic"] == 5  # the imports, the sixth part, are not in it
    assert set(CHAPTER) - set(bench_report.PREDICTION) == {"imports"}
    assert next(r for r in rows if r["step"] == "whole chapter")["classic"] == 20
    assert next(r for r in rows if r["step"] == "peak memory")["classic"] == 1000
    for row in rows:
        assert row["met"] == (None if row["target"] is None else row["target"] >= 0.25)


def test_a_figure_is_the_median_of_its_repetitions():
    run = bench_report.FLOOR
    figures = {run: [cost({"20 epochs": seconds}) for seconds in (9.0, 1.0, 2.0)]}
    assert bench_report.middle(figures, run, ("20 epochs",)) == 2.0


def test_a_row_that_was_left_out_has_no_ratio():
    classic = bench_report.SPARSE._replace(way="classic")
    rows = bench_report.compare(measured(without=[classic, bench_report.JAX]))
    chapter = [row for row in rows if row["step"] == "peak memory"]
    assert [row["ratio"] for row in chapter] == [None] * 3
    assert [row["ours"] for row in chapter] == [500, 500, None]
    line = bench_text.table(chapter).splitlines()[-1]
    assert line.split()[4:] == ["-", "-", "-", "0.15", "-"]


def test_the_table_shows_units_targets_and_bars():
    rows = bench_report.compare(measured(ours=0.2))
    lines = bench_text.table(rows).splitlines()
    assert lines[0].split()[:6] == ["step", "our", "way", "classic", "ours", "ratio"]
    assert len(lines) == 1 + len(rows)
    (load,) = [line for line in lines if line.startswith("warm load")]
    assert load.split()[2:] == [
        "load_data",
        "1.00",
        "s",
        "0.20",
        "s",
        "0.200",
        "0.30",
        "yes",
        "####",
        "|",
    ]
    (memory,) = [line for line in lines if line.startswith("peak memory         sparse")]
    assert "1,000 MB" in memory
    assert memory.split()[-2:] == ["no", "###|"]


@pytest.mark.parametrize(
    ("ratio", "target", "bar"),
    [(None, 0.3, ""), (0.5, None, "#" * 10), (0.1, 0.2, "##  |"), (9.0, None, "#" * 40)],
)
def test_bars(ratio, target, bar):
    assert bench_text.bar(ratio, target) == bar


def test_the_whole_report_is_text():
    text = bench_text.text(results(**{"left out": {"chapter bytes jax": "no JAX"}}))
    for words in (
        "cores",
        "the real IMDB reviews (25,000 training and 25,000 test reviews)",
        "batches made as they are needed (chapter 3): 20 epochs in 0.50 s, peak 500 MB",
        "by hand",
        "20 epochs take 1.0 times the floor",
        "not measured: chapter bytes jax: no JAX",
    ):
        assert words in text
    assert "sample corpus, because there is no network" in bench_text.text(results(data=SAMPLE))


def test_the_batches_must_stay_under_their_limit():
    figures = measured()
    figures[bench_report.BATCHES] = [cost({"20 epochs": 1.0}, megabytes=1000.0)]
    assert not bench_report.batches(figures)["met"]


def test_storing_moves_a_whole_file_into_place(tmp_path, monkeypatch):
    path = tmp_path / "costs.json"
    path.write_text("old")
    with pytest.raises(TypeError):
        bench_report.store(path, {"not JSON": {1, 2}})
    with monkeypatch.context() as patched:
        patched.setattr(type(path), "replace", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            bench_report.store(path, results())
    assert path.read_text() == "old"
    bench_report.store(path, results())
    assert list(tmp_path.iterdir()) == [path]
    stored = json.loads(path.read_text("utf-8"))
    assert [row["step"] for row in stored["rows"]] == [row.step for row in bench_report.ROWS]


def test_numbers_are_stored_with_four_digits():
    assert bench_report.rounded({"a": [1.23456, 0.00012345], "b": 25_000}) == {
        "a": [1.235, 0.0001234],
        "b": 25_000,
    }


def test_the_machine_is_described_without_its_name_or_folders():
    described = json.dumps(bench_machine.machine())
    assert "/root" not in described
    assert "/home" not in described
    assert not platform.node() or platform.node() not in described
    assert {"processor", "cores", "memory in GB", "system", "versions"} <= set(
        bench_machine.machine()
    )
