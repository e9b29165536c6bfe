"""What changed in a chapter is shown; what only moved, or is noise, is not."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig

import nbformat
import pytest

from tests.notebooks.chapters import ROOT
from tests.notebooks.making import SMALLEST_PNG, chapter, code, drawn, printed, prose
from tools.notebook_diff import lines_of, read_described

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
APPROX = {"policy": "approx", "rtol": 0.01}
FIGURE = {"policy": "figure"}
OTHER_PNG = SMALLEST_PNG.replace("mNk", "mNg")


def before():
    """Return a chapter as it was committed."""
    return chapter(
        prose("text", "The network learns.\n\nThe second paragraph stays."),
        code("loss", "print(loss)", [printed("loss 0.250\n")], 1, check=APPROX),
        code("kept", "plot(kept)", [drawn({"kept": [5, 6]})], 2, check=FIGURE),
        code("curve", "plot(curve)", [drawn({"training": range(100, 130)})], 3, check=FIGURE),
        code("quiet", "x = 1", [], 4),
    )


def after():
    """Return the same chapter with a change of each kind, which is shown or is not."""
    notebook = before()
    cells = {cell.id: cell for cell in notebook.cells}
    cells["text"].source = cells["text"].source.replace("learns", "overfits")
    cells["loss"].outputs[0].text = "loss 0.270\n"
    cells["loss"].metadata["check"] = APPROX | {"rtol": 0.09}
    cells["kept"].outputs[0].data["image/png"] = OTHER_PNG
    cells["curve"].outputs = [drawn({"training": [*range(100, 125), 7, *range(126, 130)]})]
    cells["curve"].outputs[0].data["image/png"] = OTHER_PNG
    cells["quiet"].execution_count = 88
    cells["quiet"].metadata["execution"] = {"iopub.execute_input": "2031-01-01"}
    notebook.metadata["language_info"] = {"name": "python", "version": "3.99.1"}
    return notebook


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Return variables with our programs first, and nobody's own settings of git."""
    home = tmp_path_factory.mktemp("home")
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
    places = {"HOME": str(home), "PATH": path, "PYTHONPATH": str(ROOT)}
    settings = {"GIT_CONFIG_GLOBAL": str(home / "none"), "GIT_CONFIG_NOSYSTEM": "1"}
    return os.environ | places | settings


@pytest.fixture(scope="module")
def run(full_session, environment, tmp_path_factory):
    """Return a function that runs a command in a repository with a changed chapter."""
    folder = tmp_path_factory.mktemp("repository")

    def run_there(*command):
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    for name in (".gitattributes", "nbdime_config.json"):
        shutil.copy(ROOT / name, folder)
    nbformat.write(before(), folder / "05_made.ipynb")
    run_there("git", "init", "--quiet")
    run_there("git", "add", ".")
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    run_there("git", *who, "commit", "--quiet", "--message", "before")
    nbformat.write(after(), folder / "05_made.ipynb")
    return run_there


@pytest.fixture(scope="module")
def shown(run):
    """Return what `make diff` prints."""
    return run(sys.executable, "-m", "tools.notebook_diff")


def changes(shown):
    """Return the places that a diff names."""
    return re.findall(r"^## \w+ (?:\w+ )?(/.*):$", shown, re.MULTILINE)


def without_times(shown):
    """Return a diff without the lines at its beginning, which hold the time of the file."""
    return shown.partition("\n## ")[2]


def test_these_places_have_changed_and_no_other(shown):
    assert changes(shown) == [
        "/cells/1/source",
        "/cells/2/metadata/check/rtol",
        "/cells/2/outputs/0/text",
        "/cells/4/outputs/0/data/text/plain",
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("The network learns.", "The network overfits."),
        ("  0.01", "  0.09"),
        ("loss 0.250", "loss 0.270"),
        (
            "figure axes 0 series 0 y: 120 121 122 123 124 125 126 127 128 129",
            "figure axes 0 series 0 y: 120 121 122 123 124 7 126 127 128 129",
        ),
    ],
)
def test_both_sides_of_a_change_are_shown(shown, old, new):
    lines = shown.splitlines()
    assert f"-{old}" in lines
    assert f"+{new}" in lines


def test_noise_is_left_out(shown):
    body = without_times(shown)
    assert body
    for noise in ("iVBOR", "3.99.1", "2031", "88", "\x1b"):
        assert noise not in body


def test_only_the_line_with_the_changed_number_changed(shown):
    assert len(re.findall(r"^[-+]figure axes 0 series 0 y: ", shown, re.MULTILINE)) == 2


def test_a_picture_without_a_description_is_told_from_another(tmp_path):
    texts = []
    for picture in (SMALLEST_PNG, OTHER_PNG, SMALLEST_PNG):
        output = drawn({"kept": [1]})
        output.data["image/png"], output.metadata = picture, {}
        nbformat.write(chapter(code("plot", "plot()", [output])), tmp_path / "made.ipynb")
        (read,) = read_described(tmp_path / "made.ipynb", on_null="empty").cells[1].outputs
        texts.append(read.data["text/plain"])
    assert re.fullmatch(r"<Figure>\nfigure picture: [0-9a-f]{12}", texts[0])
    assert texts[1] != texts[0] == texts[2]


def test_a_description_is_shown_line_by_line():
    described = {"axes": [{"x": {"label": "Epoch"}, "y": " ".join(map(str, range(12)))}]}
    assert list(lines_of(described)) == [
        "figure axes 0 x label: Epoch",
        "figure axes 0 y: 0 1 2 3 4 5 6 7 8 9",
        "figure axes 0 y: 10 11",
    ]


def test_git_shows_it_too_after_one_command_that_changes_no_file(run):
    run("nbdime", "config-git", "--enable")
    assert run("git", "status", "--porcelain") == " M 05_made.ipynb\n"
    shown = re.sub(r"\x1b\[[0-9;]*m", "", run("git", "diff"))
    assert "-The network learns.\n+The network overfits." in shown
    assert "-loss 0.250\n+loss 0.270" in shown
    assert "/cells/2/metadata/check/rtol" in changes(shown)
    for noise in (SMALLEST_PNG, "3.99.1", "2031", "88"):
        assert noise not in without_times(shown)
