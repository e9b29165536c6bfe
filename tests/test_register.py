"""Every policy is the one that was measured, and no number uses half of its allowance."""

import pytest
from nbformat import write

from tests.notebooks import register
from tests.notebooks.chapters import BOOK, notebook_paths, read_chapter
from tests.notebooks.making import chapter, code, drawn, printed
from tests.notebooks.register import check_register, policies_of, read_register, write_register
from tests.proof import stability
from tests.proof.spread import largest, spreads

APPROX = {"policy": "approx", "rtol": 0.01}
MEASURED = {"05_x": {"loss": {"check": APPROX, "share": 0.3, "by": "output 1, number 1: loss"}}}


def losses(text="loss 0.500, epoch 4", check=APPROX, name="loss"):
    """Return a chapter of one cell that prints a loss."""
    return chapter(code(name, "fit()", [printed(text)], check=check))


@pytest.mark.parametrize("path", notebook_paths(BOOK), ids=lambda path: path.stem)
def test_the_policies_are_the_measured_ones(path):
    problems = check_register(read_chapter(path), path.stem, read_register())
    assert not problems, "\n".join(problems)


def test_the_register_names_notebooks_of_the_book_only():
    assert read_register().keys() <= {path.stem for path in notebook_paths(BOOK)}


@pytest.mark.parametrize(
    "check",
    [
        {"policy": "exact"},
        {"policy": "exact", "data": "real"},
        {"policy": "exact", "vary": ["seconds"]},
        {"policy": "free", "reason": "luck"},
        APPROX | {"rtol": 0.02},
        APPROX | {"atol": 0.1},
        APPROX | {"integers": "approx"},
        APPROX | {"vary": ["seconds"]},
        APPROX | {"data": "real"},
        APPROX | {"backend": "tensorflow"},
    ],
)
def test_another_policy_than_the_measured_one_is_noticed(check):
    (problem,) = check_register(losses(check=check), "05_x", MEASURED)
    assert problem.startswith("loss: its policy is ")
    assert 'make stability ARGS="--store 05"' in problem


def test_a_registered_policy_that_nobody_measured_is_noticed():
    unmeasured = {"05_x": {"loss": {"check": APPROX}}}
    (problem,) = check_register(losses(), "05_x", unmeasured)
    assert "loss: nobody has measured how far its numbers move" in problem


def test_a_cell_that_nobody_measured_is_noticed_and_plain_exact_needs_no_entry():
    assert len(check_register(losses(name="other"), "05_x", MEASURED)) == 2  # one is missing, too
    assert check_register(losses(check={"policy": "exact"}), "06_x", MEASURED) == []


def test_reasons_and_bound_numbers_are_free_to_change():
    check = APPROX | {"reason": "dropout", "numbers": {"0.5": "loss: loss"}}
    assert check_register(losses(check=check), "05_x", MEASURED) == []


def test_an_allowance_of_which_half_was_used_is_too_small():
    used = {"05_x": {"loss": MEASURED["05_x"]["loss"] | {"share": 0.5}}}
    (problem,) = check_register(losses(), "05_x", used)
    assert "50% of the allowance was used (output 1, number 1: loss)" in problem


def test_the_register_is_written_a_cell_to_a_line(tmp_path):
    write_register(MEASURED | {"01_y": {}}, tmp_path / "register.json")
    assert read_register(tmp_path / "register.json") == MEASURED | {"01_y": {}}
    assert (tmp_path / "register.json").read_text().count('"check"') == 1
    assert [p.name for p in tmp_path.iterdir()] == ["register.json"]


def test_the_spread_counts_the_stored_value_and_whole_numbers_are_exact():
    runs = {"tensorflow: a": losses("loss 0.502, epoch 4"), "jax: b": losses("loss 0.499, epoch 4")}
    (spread,) = spreads(losses(), runs)
    assert spread.values == (0.5, 0.502, 0.499)
    assert spread.width == pytest.approx(0.003)
    assert spread.share == pytest.approx(0.003 / (1e-6 + 0.01 * 0.5))
    assert spread.where == "output 1, number 1: loss"
    assert "60%" in str(spread)


def test_an_output_of_tensorflow_is_measured_on_tensorflow():
    check = APPROX | {"backend": "tensorflow"}
    runs = {
        name: losses(f"loss {v}, epoch 4", check)
        for name, v in (("tensorflow: a", 0.5), ("jax: b", 0.7))
    }
    (spread,) = spreads(losses(check=check), runs)
    assert spread.values == (0.5, 0.5)


def test_figures_are_measured_by_their_drawn_numbers():
    figures = [
        chapter(
            code("plot", "plot()", [drawn({"Training": [1, value]})], check={"policy": "figure"})
        )
        for value in (2, 2.01)
    ]
    found = spreads(figures[0], {"tensorflow: a": figures[1]})
    (second,) = [spread for spread in found if spread.where == "axes 1 series 1 y (Training) #2"]
    assert second.share == pytest.approx(0.01 / (0.02 * 2 + 1e-6))
    assert largest(found)["plot"].share >= second.share


def test_an_execution_with_other_numbers_is_no_spread():
    with pytest.raises(ValueError, match="loss: other numbers in the execution 'jax: b'"):
        spreads(losses(), {"jax: b": losses("loss 0.5, 0.6, epoch 4")})


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """Return a chapter with one execution, in a book and a folder of the test's own."""
    monkeypatch.setattr(stability, "BUILD", tmp_path / "build")
    monkeypatch.setattr(stability, "read_register", dict)
    written = []
    monkeypatch.setattr(stability, "write_register", written.append)
    path = tmp_path / "05_x.ipynb"
    write(losses(), path)
    (tmp_path / "build" / "usual").mkdir(parents=True)
    return path, tmp_path / "build" / "usual" / "05_x.ipynb", written


@pytest.mark.parametrize(("loss", "enough"), [("0.501", True), ("0.503", False)])
def test_a_chapter_is_judged_by_its_executions(measured, capsys, loss, enough):
    path, execution, written = measured
    write(losses(f"loss {loss}, epoch 4"), execution)
    assert stability.judge([path], store=True) is enough
    assert ("is too much" in capsys.readouterr().out) is not enough
    entry = written[0]["05_x"]["loss"]
    assert entry["check"] == APPROX == policies_of(losses())["loss"]
    assert (entry["share"] < register.LARGEST_SHARE) is enough


def test_an_execution_of_other_code_counts_for_nothing(measured):
    path, execution, written = measured
    write(chapter(code("loss", "fit(2)", [printed("loss 0.501, epoch 4")])), execution)
    assert not stability.judge([path], store=True)
    assert written == [{}]


def test_what_a_machine_cannot_do_is_said(monkeypatch):
    monkeypatch.setattr(stability.shutil, "which", lambda _: None)
    monkeypatch.setattr(stability, "install", lambda _: False)
    assert "xvfb-run" in stability.Setting(display=True).obstacle()
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
def test_a_session_that_fails_fails(measured, monkeypatch, capsys, ending):
    failed = int("failed" in ending)

    def run(command, stdout, **_):
        stdout.write(f"==== {ending} ====\n")
        return stability.subprocess.CompletedProcess(command, failed)

    monkeypatch.setattr(stability.subprocess, "run", run)
    monkeypatch.setattr(stability, "ROOT", stability.BUILD.parent)
    assert stability.run_session("usual", stability.SETTINGS["usual"], []) is not failed
    assert ending in capsys.readouterr().out
