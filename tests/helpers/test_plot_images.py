"""The figures of `plot_history` are the stored images, and its words are the expected words.

After a change that is meant, this renews the images in `tests/helpers/baseline/`; look at them:

    make test ARGS="tests/helpers/test_plot_images.py --mpl-generate-path=tests/helpers/baseline"

The images hold no words. FreeType draws letters, and two of its versions (2.6.1 and 2.14.3) draw
this figure 31 apart, as the comparison counts, while a dashed line made solid is 6 apart: no
tolerance lets the one pass and stops the other. Without words, the two draw the same pixels. The
words are compared as words instead, to the letter.

A session compares the images because pyproject.toml says `--mpl`. Where one differs, the new one,
the stored one and their difference are in `_build/figures/`.
"""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from matplotlib.testing.compare import compare_images

from imdb_helpers import plot_history
from tests.book.pages import BOOK, ROOT

BASELINE = Path(__file__).with_name("baseline")
STYLE = str(BOOK / "matplotlibrc")
SAVING = {"dpi": 60, "metadata": {"Software": None}}
TOLERANCE = 1.0  # elsewhere, the same figure is 0 apart; the smallest damage below is 2.0 apart

HISTORY = {
    "loss": [0.52, 0.34, 0.25, 0.19, 0.15],
    "val_loss": [0.40, 0.31, 0.28, 0.29, 0.32],
    "accuracy": [0.76, 0.88, 0.91, 0.93, 0.95],
    "val_accuracy": [0.84, 0.87, 0.89, 0.885, 0.88],
}
LOSS = ["Epoch", "Loss (mean per review)", "training"]
# The stored image's name -> what is drawn, and the words in it, panel by panel.
FIGURES = {
    "validation": (
        {"history": HISTORY},
        [*LOSS, "validation", "Epoch", "Accuracy (share of reviews)", "training", "validation"],
    ),
    "training-only": ({"history": {"loss": HISTORY["loss"]}, "metrics": ["loss"]}, LOSS),
    "other-names": (
        {"history": {"auc": [0.6, 0.8, 0.7], "val_auc": [0.5, 0.7, 0.6]}, "metrics": ["auc"]},
        ["Epoch", "auc", "training", "validation"],
    ),
}


@pytest.fixture(autouse=True)
def _closed_figures():
    yield
    plt.close("all")


def take_words(figure):
    """Return the labels and the legends of a figure, and take all its words out."""
    words = []
    for axes in figure.axes:
        words += [axes.get_title(), axes.get_xlabel(), axes.get_ylabel()]
        axes.set(title="", xlabel="", ylabel="")
        axes.tick_params(labelbottom=False, labelleft=False)
        for text in axes.get_legend().get_texts() if axes.get_legend() else ():
            words.append(text.get_text())
            text.set(text="", fontsize=1)  # no letter, and no room for the height of one
    return [word for word in words if word]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.mpl_image_compare(style=STYLE, tolerance=TOLERANCE, savefig_kwargs=SAVING)
def test_image(name):
    drawn, words = FIGURES[name]
    figure = plot_history(**drawn)
    assert take_words(figure) == words
    return figure


def test_each_stored_image_has_its_test_and_is_small():
    sizes = {path.name: path.stat().st_size for path in BASELINE.iterdir()}
    assert set(sizes) == {f"test_image_{name}.png" for name in FIGURES}
    assert max(sizes.values()) < 20_000


def exchange(axes):
    """Let the two lines of a panel show each other's numbers."""
    training, validation = (line.get_ydata() for line in axes.lines)
    axes.lines[0].set_ydata(validation)
    axes.lines[1].set_ydata(training)


DAMAGES = {
    "series swapped": exchange,
    "a value changed": lambda axes: axes.lines[1].set_ydata([0.40, 0.31, 0.28, 0.31, 0.32]),
    "training solid": lambda axes: axes.lines[0].set_linestyle("-"),
    "validation dashed": lambda axes: axes.lines[1].set_linestyle("--"),
    "other dashes": lambda axes: axes.lines[0].set_linestyle("-."),
    "no marker": lambda axes: axes.lines[0].set_marker(""),
    "the same marker twice": lambda axes: axes.lines[1].set_marker("o"),
    "another colour": lambda axes: axes.lines[0].set_color("#009E73"),
    "no legend": lambda axes: axes.get_legend().remove(),
    "another limit below": lambda axes: axes.set_ylim(bottom=0.1),
    "another limit on the right": lambda axes: axes.set_xlim(right=5.5),
    "no grid": lambda axes: axes.grid(False),
}


def distance(tmp_path, damage):
    """Return how far apart a damaged figure and its stored image are."""
    with plt.style.context(STYLE, after_reset=True):
        figure = plot_history(HISTORY)
        damage(figure.axes[0])
        take_words(figure)
        figure.savefig(tmp_path / "damaged.png", **SAVING)
    stored = BASELINE / "test_image_validation.png"
    images = (str(stored), str(tmp_path / "damaged.png"))
    found = compare_images(*images, tol=TOLERANCE, in_decorator=True)
    return found["rms"] if found else 0


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_figure_is_far_from_the_stored_one(tmp_path, damage):
    assert distance(tmp_path, DAMAGES[damage]) > 1.5 * TOLERANCE


@pytest.mark.parametrize("hinting", ["no_hinting", "force_autohint"])
def test_letters_drawn_otherwise_change_no_image(tmp_path, hinting):
    assert distance(tmp_path, lambda _: plt.rcParams.update({"text.hinting": hinting})) == 0


@pytest.mark.parametrize(
    "change",
    [
        lambda axes: axes.set_xlabel("Epochs"),
        lambda axes: axes.set_ylabel("Loss"),
        lambda axes: axes.set_title("Losses"),
        lambda axes: axes.get_legend().get_texts()[0].set_text("Training"),
        lambda axes: axes.get_legend().remove(),
    ],
)
def test_another_word_is_noticed(change):
    figure = plot_history(HISTORY)
    change(figure.axes[0])
    assert take_words(figure) != FIGURES["validation"][1]


DAMAGED_TEST = """
import pytest
from imdb_helpers import plot_history
from tests.helpers.test_plot_images import BASELINE, HISTORY, SAVING, STYLE, TOLERANCE, take_words

@pytest.mark.parametrize("name", ["validation"])
@pytest.mark.mpl_image_compare(
    style=STYLE, tolerance=TOLERANCE, savefig_kwargs=SAVING, baseline_dir=str(BASELINE)
)
def test_image(name):
    figure = plot_history(HISTORY)
    figure.axes[0].lines[0].set_linestyle("-")
    take_words(figure)
    return figure
"""


@pytest.mark.usefixtures("full_session")
def test_a_plain_session_compares_images_and_leaves_them_in_build(tmp_path):
    (tmp_path / "test_damaged.py").write_text(DAMAGED_TEST, "utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml")]
    done = subprocess.run(
        [*command, "--rootdir", str(ROOT), "-p", "no:cacheprovider", "test_damaged.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert "Image files did not match" in done.stdout, done.stdout + done.stderr
    left = {path.parts[0] for path in (path.relative_to(tmp_path) for path in tmp_path.rglob("*"))}
    assert left == {"test_damaged.py", "_build"}
    assert len(list((tmp_path / "_build" / "figures").rglob("*.png"))) == 3
