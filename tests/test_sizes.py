"""The sizes that the prose repeats (reviews, vocabulary, epochs, batches) are the code's."""

import re

import numpy as np
import pytest

from tests.notebooks.chapters import BOOK, code_cells, read_chapter
from tests.notebooks.prose import read_pieces
from tests.notebooks.shown import cell, output_of


@pytest.mark.parametrize("chapter", [4, 5])
def test_the_long_run_has_20_epochs_in_batches_of_512(chapter):
    source = cell(chapter, "fit").source
    assert "epochs=20" in source
    assert "batch_size=512" in source


def test_10_000_reviews_validate_and_15_000_remain():
    printed = output_of(4, "split")
    assert "to learn from: (15000, 10000)" in printed
    assert "to validate: (10000, 10000)" in printed


def test_the_vocabulary_is_limited_to_10_000_everywhere():
    for path in sorted(BOOK.glob("0[1-7]*.ipynb")):
        sources = [cell.source for cell in code_cells(read_chapter(path))]
        assert any("load_data(num_words=10000)" in source for source in sources), path


@pytest.mark.parametrize(
    ("chapter", "cell_id", "written"),
    [
        (1, "first-review", "train_data[0]"),
        (2, "first-review", "train_data[0]"),
        (2, "short-reviews", "[8:10]"),  # the ninth and the tenth
        (2, "short-reviews", "for label in (0, 1)"),
        (2, "telling", "leanings(100)"),
        (2, "telling-names", "leanings(20)"),
        (3, "no-box", "train_data[:3]"),
        (3, "embedding-model", "Embedding(10000, 16)"),
        (3, "embedding-fit", "epochs=10"),
        (3, "loop-cost", "train_data[:2500]"),
        (3, "corner-figure", "x_train[:40, :200]"),
        (3, "dense-fit", "epochs=3"),
        (3, "batches-fit", "held_out:], 128)"),
        (3, "batches", "size=512"),
        (3, "exercise-1-solution", "1_000_000 * 40_000"),
        (3, "exercise-1-solution", "130 * 8"),
        (3, "exercise-2-solution", "coordinates(sequences, dimension), 1)"),
        *((chapter, "held-out", "* 2 // 5") for chapter in (4, 5, 7)),
        (3, "embedding-fit", "* 2 // 5"),
        (4, "linear", "epochs=20"),
        (4, "exercise-1-solution", "build_model((64,))"),
        (4, "exercise-2-solution", "p >= 0.5"),
        (5, "split", "x_val, y_val = x_train[:held_out]"),
        (5, "sure", "p > 0.5"),
        (5, "linear-test", "epochs=20"),
        (5, "luck", "for seed in (0, 1, 2, 3)"),
        (5, "exercise-1-solution", "// 5"),
        (5, "exercise-2-solution", "Dropout(0.5)"),
        (5, "exercise-2-solution", '"epochs": 10'),
        (6, "fit", "epochs=4"),
        (6, "predict", "p[:5]"),
        (6, "confusion", "p >= 0.5"),
        (6, "confusion", "(test_labels, said), 1)"),
        (6, "worst", "[:3]"),
        (6, "unsure", "[:3]"),
        (7, "experiment", "epochs=10"),
        (7, "luck", "for seed in (0, 1, 2)"),
        (7, "exercise-1-solution", "hidden=(16, 16, 16)"),
        (7, "exercise-2-solution", "hidden=(64, 64)"),
        (7, "exercise-2-solution", "hidden=(4, 4)"),
    ],
)
def test_the_code_has_what_the_prose_says(chapter, cell_id, written):
    assert written in cell(chapter, cell_id).source


@pytest.mark.parametrize(
    ("chapter", "cell_id", "pattern", "count"),
    [
        (0, "versions", r"(?m)^\w+ [\d.]+$", 2),
        (1, "unknown-share", r"num_words=\d+:", 3),
        (2, "invert", r"'\w+'", 10),
        (2, "three-words", r"\d+ positive", 3),
        (2, "telling", r"\w+", 24),  # ten words on either line, after two that name it
        (3, "load", r"\d+", 3),
        (3, "compare", r"(?m)^(?:float64|float32|uint8|sparse) ", 4),
        (4, "three-keys", r"(?m)^\[.+\]$", 4),
        (6, "worst", r"(?m)^label ", 3),
        (6, "unsure", r"(?m)^label ", 3),
    ],
)
def test_the_outputs_have_as_many_as_the_prose_says(chapter, cell_id, pattern, count):
    assert len(re.findall(pattern, output_of(chapter, cell_id))) == count


def test_a_metric_goes_by_three_names():
    keys = re.findall(r"\['(\w+)', 'loss'\]", output_of(4, "three-keys"))
    assert sorted(set(keys)) == ["acc", "accuracy", "binary_accuracy"]


def test_the_most_frequent_words_come_in_the_order_of_the_table():
    assert re.findall(r"'(\w+)'", output_of(2, "invert"))[:2] == ["the", "and"]


def test_the_second_line_has_the_underscores():
    assert cell(1, "unknown-share").source.splitlines()[1].strip().startswith("(reviews, _), _ =")


def test_there_are_four_surprises():
    places = [f"surprise-{name}-after" for name in ("num-words", "skip-top", "maxlen")]
    texts = {piece.place: piece.text for piece in read_pieces(BOOK / "01_loading.ipynb")}
    assert [len(re.findall(r"\*\*[^*]+\*\*", texts[place])) for place in places] == [2, 1, 1]


def test_the_vector_made_by_hand():
    source = cell(3, "by-hand").source
    assert "np.zeros(8)" in source
    assert "[3, 5, 3]" in source
    assert output_of(3, "by-hand").count("1.") == 2


def test_the_types_have_the_sizes_in_the_table():
    sizes = [np.dtype(name).itemsize for name in ("float64", "float32", "uint8", "uint16")]
    assert sizes == [8, 4, 1, 2]
    assert round(np.log10(2.0 ** (np.finfo("float64").nmant + 1))) == 16


def test_the_link_for_students_names_the_repository_twice():
    page = (BOOK / "a7_hosts.md").read_text("utf-8")
    (link,) = re.findall(r"(?m)^https://HUB\S+$", page)
    assert link.count("REPOSITORY") == 2
