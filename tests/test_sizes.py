"""The sizes that the prose repeats (reviews, vocabulary, epochs, batches) are the code's."""

import pytest

from tests.notebooks.chapters import BOOK, code_cells, read_chapter, stored_text


def cell(chapter, cell_id):
    cells = {cell.id: cell for cell in code_cells(read_chapter(BOOK / f"{chapter}.ipynb"))}
    return cells[cell_id]


@pytest.mark.parametrize(("chapter", "fit"), [("04_training", "fit"), ("05_overfitting", "fit")])
def test_the_long_run_has_20_epochs_in_batches_of_512(chapter, fit):
    source = cell(chapter, fit).source
    assert "epochs=20" in source
    assert "batch_size=512" in source


def test_10_000_reviews_validate_and_15_000_remain():
    printed = stored_text(cell("04_training", "split"))
    assert "to learn from: (15000, 10000)" in printed
    assert "to validate: (10000, 10000)" in printed


def test_the_vocabulary_is_limited_to_10_000_everywhere():
    for path in sorted(BOOK.glob("0[1-7]*.ipynb")):
        sources = [cell.source for cell in code_cells(read_chapter(path))]
        assert any("load_data(num_words=10000)" in source for source in sources), path
