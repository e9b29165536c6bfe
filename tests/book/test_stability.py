"""The weekly runs measure what they say, and leave out what a machine cannot do."""

import pytest

from tests.book import stability
from tests.nbproof.making import chapter, code, drawn, printed


def losses(text="loss 0.500, epoch 4", **said):
    """Return a notebook of one cell that prints a loss."""
    said = {"policy": "approx", "rtol": 0.01} | said
    return chapter(code("loss", "fit()", [printed(text)], nbproof=said))


def test_the_spread_counts_the_stored_value_and_whole_numbers_are_exact():
    runs = {"tensorflow: a": losses("loss 0.502, epoch 4"), "jax: b": losses("loss 0.499, epoch 4")}
    (spread,) = stability.spreads(losses(), runs)
    assert (spread.smallest, spread.largest) == (0.499, 0.502)
    assert spread.share == pytest.approx(0.002 / (1e-6 + 0.01 * 0.5))
    runs = {"jax: b": losses("loss 0.7, epoch 4"), "tensorflow: c": losses("loss 0.6, 0.7")}
    (spread,) = stability.spreads(losses(needs=["TensorFlow"]), runs)
    assert (spread.smallest, spread.largest, spread.share) == (0.5, 0.5, 0)


def test_figures_are_measured_by_their_drawn_numbers():
    stored, run = (
        chapter(code("plot", "plot()", [drawn({"A": [1, y]})], nbproof={"policy": "figure"}))
        for y in (2, 2.01)
    )
    found = {s.where: s.share for s in stability.spreads(stored, {"tensorflow: a": run})}
    assert found["axes 0 series 0 y #2"] == pytest.approx(0.01 / (0.02 * 2 + 1e-6))


def test_what_a_machine_cannot_do_is_said(monkeypatch):
    unknown = stability.Setting({"LC_ALL": "xx_XX"}).obstacle()
    assert unknown == "the locale xx_XX is not installed"
    monkeypatch.setattr(stability.shutil, "which", lambda _: None)
    failed = stability.subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(stability.subprocess, "run", lambda *_, **__: failed)
    obstacles = {name: setting.obstacle() for name, setting in stability.SETTINGS.items()}
    assert obstacles["usual"] == obstacles["one-thread"] == ""
    assert "xvfb-run" in obstacles["elsewhere"]
    assert "torch cannot be installed" in obstacles["torch"]


@pytest.mark.parametrize("ending", ["3 passed in 0.10s", "1 failed, 2 passed in 0.10s"])
def test_a_session_that_fails_fails(tmp_path, monkeypatch, capsys, ending):
    failed = int("failed" in ending)

    def run(command, stdout, **_):
        stdout.write(f"==== {ending} ====\n")
        return stability.subprocess.CompletedProcess(command, failed)

    monkeypatch.setattr(stability.subprocess, "run", run)
    monkeypatch.setattr(stability, "ROOT", tmp_path)
    monkeypatch.setattr(stability, "BUILD", tmp_path / "build")
    assert stability.run_session("usual", stability.SETTINGS["usual"]) is (not failed)
    assert ending in capsys.readouterr().out
