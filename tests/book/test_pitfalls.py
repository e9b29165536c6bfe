"""One test for each row of the page "Pitfalls", under the name that the page gives."""

import ast
import re

import keras
import matplotlib.pyplot as plt
import numpy as np
import pytest

from imdb_helpers import (
    DataError,
    decode_review,
    get_word_index,
    load_data,
    multi_hot,
    plot_history,
)
from imdb_helpers.dataset.find import ARCHIVE
from imdb_helpers.dataset.read import read_archive
from tests.book.pages import BOOK, ROOT
from tests.helpers.corpora import object_array
from tests.nbproof.notebook import code_cells, read_notebook, stored_text

PAGE = (BOOK / "a2_pitfalls.md").read_text("utf-8")
ROWS = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| ")][2:]


def output_of(chapter, cell_id):
    (cell,) = [c for c in code_cells(read_notebook(BOOK / f"{chapter}.ipynb")) if c.id == cell_id]
    return stored_text(cell)


@pytest.mark.parametrize("name", ["accuracy", "acc", "binary_accuracy"])
def test_history_keys_follow_the_metric_names(name):
    model = keras.Sequential([keras.Input(shape=(4,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("rmsprop", "binary_crossentropy", metrics=[name])
    history = model.fit(np.eye(4), np.ones(4), validation_split=0.5, verbose=0).history
    assert sorted(history) == sorted([name, "loss", f"val_{name}", "val_loss"])
    assert len(plot_history(history, metrics=("loss", name)).axes) == 2
    plt.close("all")


def test_plot_history_names_the_keys_there_are():
    with pytest.raises(ValueError, match="no 'accuracy', only acc, loss"):
        plot_history({"loss": [1.0], "acc": [0.5]})


def test_decoding_with_the_offset_gives_english(real_data):
    review = real_data[0][0][0]
    assert decode_review(review[:10]) == (
        "? this film was just brilliant casting location scenery story"
    )
    assert decode_review(review[:6], index_from=0) == "the as you with out themselves"


def test_inverting_the_word_index_loses_nothing(real_dataset):
    word_index = get_word_index()
    inverted = {rank: word for word, rank in word_index.items()}
    assert len(inverted) == len(word_index)
    assert {word: rank for rank, word in inverted.items()} == word_index


def test_no_limit_still_hides_the_last_word(real_dataset):
    (x_train, _), (x_test, _) = load_data(num_words=None)
    assert max(max(map(max, x)) for x in (x_train, x_test)) == 88_586
    assert max(get_word_index().values()) + 3 == 88_587


def test_skip_top_eats_the_start_marker(real_data):
    (skipped, _), _ = load_data(num_words=10_000, skip_top=2)
    assert skipped[0] == [2, *real_data[0][0][0][1:]]


def test_maxlen_drops_reviews(real_data):
    (short, labels), _ = load_data(num_words=10_000, maxlen=100)
    assert list(short) == [review for review in real_data[0][0] if len(review) < 100]
    assert len(labels) == len(short)


class Trap:
    """A pickle of this makes a folder when it is loaded."""

    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return eval, (f"__import__('os').mkdir({str(self.marker)!r})",)


def test_a_hostile_pickle_does_not_run(tmp_path):
    np.savez(tmp_path / "imdb.npz", x_train=object_array([Trap(tmp_path / "marker")]))
    with pytest.raises(DataError, match=r"asks Python to call builtins\.eval"):
        read_archive(tmp_path / "imdb.npz")
    assert not (tmp_path / "marker").exists()


def test_multi_hot_takes_one_byte_per_entry():
    assert multi_hot([[1, 2]] * 7, dtype="uint8").nbytes == 7 * 10_000


def test_best_epoch_is_the_same_everywhere():
    pattern = r"best epoch(?: by validation loss)?: (\d+)"
    found = [output_of("05_overfitting", cell) for cell in ("best-epoch", "early-stopping")]
    epochs = {int(re.search(pattern, text).group(1)) for text in found}
    assert len(epochs) == 1


def test_axis_labels_say_what_is_drawn():
    figure = plot_history({"loss": [1.0], "accuracy": [0.5]})
    assert [axes.get_ylabel().split()[0] for axes in figure.axes] == [
        "Loss",
        "Accuracy",
    ]
    plt.close("all")


def test_the_download_size_is_right(real_folder):
    assert round((real_folder / ARCHIVE).stat().st_size / 1e6) == 17
    for path in (BOOK / "00_welcome.ipynb", ROOT / "imdb_helpers" / "dataset" / "find.py"):
        sizes = re.findall(r"(?:about |: )(\d+) MB are", path.read_text("utf-8"))
        assert sizes == ["17"], path


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_what_the_page_names_exists(row):
    tree = ast.parse((ROOT / "tests" / "book" / "test_pitfalls.py").read_text("utf-8"))
    here = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    named = re.findall(r"`([^`]*)`", row[3])
    assert named, "a row without a test"
    for name in named:
        if name.startswith("test_"):
            assert name in here
        elif name.startswith("tests/"):
            assert (ROOT / name).is_file()
        else:
            assert name == "pytest --nbval"


def test_every_test_here_is_named_on_the_page():
    tree = ast.parse((ROOT / "tests" / "book" / "test_pitfalls.py").read_text("utf-8"))
    tests = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    about_the_page = {
        "test_what_the_page_names_exists",
        "test_every_test_here_is_named_on_the_page",
    }
    named = [name for name in tests if name.startswith("test_") and f"`{name}`" not in PAGE]
    assert set(named) == about_the_page
