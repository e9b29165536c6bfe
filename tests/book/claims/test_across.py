"""What several chapters, or pages without code, say together."""

import json
import re

import pytest

from tests.book.pages import BOOK, notebook_paths
from tests.nbproof.notebook import code_cells, tags

# The classic run, on Keras 2.0.8: what a reader of older texts will compare with.
CLASSIC_TEST_ACCURACY = 0.88496
HELD_OUT = {("10_000", ""), ("", "10_000")}  # what a slice may end with, and begin with


def test_the_final_network_is_as_good_as_the_classic_one_and_that_of_chapter_9_is_the_same(book):
    last = book.number(7, "test", "test accuracy:"), book.number(9, "evaluate", "test accuracy:")
    # So it is 0.88, and right for "seven reviews in eight", as several pages say.
    assert last == pytest.approx((CLASSIC_TEST_ACCURACY, CLASSIC_TEST_ACCURACY), abs=0.01)
    assert last[0] == pytest.approx(last[1], abs=0.01)


TEACHING = [int(path.stem[:2]) for path in notebook_paths() if "01" <= path.stem[:2] <= "10"]


@pytest.mark.parametrize("chapter", TEACHING)
def test_every_chapter_keeps_10_000_words_and_holds_out_the_first_10_000_reviews(book, chapter):
    cells = code_cells(book.notebook(chapter))
    code = "\n".join(cell.source for cell in cells if "hide-cell" not in tags(cell))
    assert re.findall(r"load_data\((.*?)\)", code)[0] == "num_words=10000"
    assert set(re.findall(r"\[(?::(\d\d[\d_]{3,})|(\d\d[\d_]{3,}):)\]", code)) <= HELD_OUT


def test_what_a_way_costs_is_as_the_page_says():
    costs = json.loads((BOOK / "assets" / "costs.json").read_text("utf-8"))["ways"]
    classic, sparse, by_hand = (costs[way] for way in ("classic", "sparse", "by hand"))
    steps = ("load", "vectorize", "20 epochs", "4 epochs", "test")
    for way in (costs["bytes"], sparse):
        lost = {step: classic[step] - way[step] for step in steps}
        assert max(lost, key=lost.get) == "vectorize"
        assert way["20 epochs"] + way["4 epochs"] > 0.75 * way["load to prediction"]
    assert sparse["load"] < classic["load"]
    assert by_hand["20 epochs"] < 1 < 0.5 * sparse["load to prediction"] < sparse["20 epochs"]
    assert classic["peak memory"] > 2000 > sparse["peak memory"]
    tested = [way["test accuracy"] for way in costs.values()]
    assert max(tested) - min(tested) < 0.005
