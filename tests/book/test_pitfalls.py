"""What the page "Pitfalls" says of `load_data`, and of the download, is so."""

import re

from imdb_helpers import get_word_index, load_data
from imdb_helpers.dataset.find import ARCHIVE
from tests.book.pages import BOOK, ROOT


def test_the_four_surprises_of_load_data(real_data):
    reviews = real_data[0][0]
    assert len({i for review in reviews for i in review if i > 3}) == 9_996
    (x_train, _), (x_test, _) = load_data(num_words=None)
    assert max(max(map(max, x)) for x in (x_train, x_test)) == 88_586
    assert max(get_word_index().values()) + 3 == 88_587
    (skipped, _), _ = load_data(num_words=10_000, skip_top=2)
    assert skipped[0] == [2, *reviews[0][1:]]
    (short, _), _ = load_data(num_words=10_000, maxlen=100)
    assert list(short) == [review for review in reviews if len(review) < 100]


def test_the_download_size_is_right(real_folder):
    assert round((real_folder / ARCHIVE).stat().st_size / 1e6) == 17
    for path in (BOOK / "a6_running.md", ROOT / "imdb_helpers" / "dataset" / "find.py"):
        assert re.findall(r"(\d+) MB(?: are|,| and)", path.read_text("utf-8")) == ["17"], path
