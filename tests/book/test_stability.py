"""The weekly runs measure what they say, and leave out what a machine cannot do."""

import pytest

from tests.book import stability
from tests.nbproof.making import chapter, code, drawn, printed

APPROX = {"policy": "approx", "rtol": 0.01}


def losses(text="loss 0.500, epoch 4", **said):
    """Return a notebook of one cell that prints a loss."""
    return chapter(code("loss", "fit()", [printed(text)], nbproof=APPROX | said))


def test_the_spread_counts_the_stored_value_and_whole_numbers_are_exact():
    runs = {"tensorflow: a": losses("loss 0.502, epoch 4"), "jax: b": losses("loss 0.499, epoch 4")}
    (spread,) = stability.spreads(losses(), runs)
    assert spread.values == (0.5, 0.502, 0.499)
    assert spread.share == pytest.approx(0.002 / (1e-6 + 0.01 * 0.5))
    assert "40%" in str(spread)


def test_an_output_of_tensorflow_is_measured_on_tensorflow_and_other_numbers_are_left_out():
    runs = {"jax: b": losses("loss 0.7, epoch 4"), "tensorflow: c": losses("no loss")}
    (spread,) = stability.spreads(losses(needs=["TensorFlow"]), runs)
    assert spread.values == (0.5,)


def test_figures_are_measured_by_their_drawn_numbers():
    figures = [
        chapter(code("plot", "plot()", [drawn({"A": [1, y]})], nbproof={"policy": "figure"}))
        for y in (2, 2.01)
    ]
    found = list(stability.spreads(figures[0], {"tensorflow: a": figures[1]}))
    (second,) = [spread for spread in found if spread.where == "axes 1 series 1 y #2"]
    assert second.share == pytest.approx(0.01 / (0.02 * 2 + 1e-6))


def test_what_a_machine_cannot_do_is_said(monkeypatch):
    monkeypatch.setattr(stability.shutil, "which", lambda _: None)
    failed = stability.subprocess.CompletedProcess([], 1)
    monkeypatch.setattr(stability.subprocess, "run", lambda *_, **__: failed)
    assert "xvfb-run" in stability.SETTINGS["elsewhere"].obstacle()
    assert "tr_TR.UTF-8 is not installed" in stability.SETTINGS["no-onednn"].obstacle()
    assert "torch cannot be installed" in stability.SETTINGS["torch"].obstacle()
    assert stability.SETTINGS["usual"].obstacle() == ""


def test_the_settings_differ_in_what_they_are_for():
    usual, one, other = (stability.SETTINGS[n] for n in ("usual", "one-thread", "no-onednn"))
    assert usual.variables["OMP_NUM_THREADS"] == usual.variables["TF_NUM_INTRAOP_THREADS"] == "2"
    assert one.variables["OMP_NUM_THREADS"] == one.variables["TF_NUM_INTRAOP_THREADS"] == "1"
    assert {one.variables["TZ"], usual.variables["TZ"]} == {"Asia/Kathmandu", "UTC"}
    assert usual.variables["PYTHONHASHSEED"] != one.variables["PYTHONHASHSEED"]
    assert other.variables["TF_ENABLE_ONEDNN_OPTS"] == "0"


@pytest.mark.parametrize("ending", ["3 passed in 0.10s", "1 failed, 2 passed in 0.10s"])
def test_a_session_that_fails_fails(tmp_path, monkeypatch, capsys, ending):
    failed = int("failed" in ending)

    def run(command, stdout, **_):
        stdout.write(f"==== {ending} ====\n")
        return stability.subprocess.CompletedProcess(command, failed)

    monkeypatch.setattr(stability.subprocess, "run", run)
    monkeypatch.setattr(stability, "ROOT", tmp_path)
    monkeypatch.setattr(stability, "BUILD", tmp_path / "build")
    assert stability.run_session("usual", stability.SETTINGS["usual"]) is not failed
    assert ending in capsys.readouterr().out
