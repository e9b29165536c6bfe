"""What several chapters, or pages without code, say together."""

import json
import re

import pytest

from tests.book.pages import BOOK, notebook_paths
from tests.book.session import TENSORFLOW, lacking
from tests.nbproof.notebook import code_cells, tags

# The classic run, on Keras 2.0.8: what a reader of older texts will compare with.
CLASSIC_TEST_ACCURACY = 0.88496
HELD_OUT = {("10_000", ""), ("", "10_000")}  # what a slice may end with, and begin with

pytestmark = pytest.mark.after_notebooks
on_tensorflow = TENSORFLOW not in lacking()


@pytest.mark.parametrize(("chapter", "cell"), [(7, "test"), (9, "evaluate")])
def test_the_final_network_is_as_good_as_the_classic_one(book, chapter, cell):
    accuracy = book.number(chapter, cell, "test accuracy:")
    assert accuracy == pytest.approx(CLASSIC_TEST_ACCURACY, abs=0.01)
    assert round(8 * accuracy) == 7  # "seven reviews in eight", on several pages
    assert 0.86 <= accuracy <= 0.90


def code_of(book, chapter):
    """Return the code of a chapter, without its solutions."""
    cells = code_cells(book.notebook(chapter))
    return "\n".join(cell.source for cell in cells if "hide-cell" not in tags(cell))


TEACHING = [int(path.stem[:2]) for path in notebook_paths() if "01" <= path.stem[:2] <= "10"]


@pytest.mark.parametrize("chapter", TEACHING)
def test_every_chapter_keeps_10_000_words_and_holds_out_the_first_10_000_reviews(book, chapter):
    code = code_of(book, chapter)
    assert re.findall(r"load_data\((.*?)\)", code)[0] == "num_words=10000"
    assert set(re.findall(r"\[(?::(\d\d[\d_]{3,})|(\d\d[\d_]{3,}):)\]", code)) <= HELD_OUT


def test_what_a_way_costs_is_as_the_page_says():
    costs = json.loads((BOOK / "assets" / "costs.json").read_text("utf-8"))["ways"]
    classic, sparse, by_hand = (costs[way] for way in ("classic", "sparse", "by hand"))
    lost = {step: classic[step] - sparse[step] for step in ("load", "vectorize", "test")}
    assert max(lost, key=lost.get) == "vectorize"
    assert sparse["load"] < classic["load"]
    assert by_hand["20 epochs"] < 1 < 0.5 * sparse["load to prediction"] < sparse["20 epochs"]
    assert classic["peak memory"] > 2000 > sparse["peak memory"]
    tested = [way["test accuracy"] for way in costs.values()]
    assert max(tested) - min(tested) < 0.005


def test_the_page_on_running_quotes_the_accuracy_of_chapter_7(book):
    if not on_tensorflow:
        pytest.skip("it names TensorFlow's")
    page = (BOOK / "a6_running.md").read_text("utf-8")
    quoted = float(re.search(r"([\d.]+) on TensorFlow", page)[1])
    assert quoted == pytest.approx(book.number(7, "test", "test accuracy:"), abs=0.002)
