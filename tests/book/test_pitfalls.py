"""What the page "Pitfalls" says of Keras and of this book's helpers is so."""

import re

import keras
import numpy as np

from imdb_helpers import (
    decode_review,
    get_word_index,
    load_data,
    multi_hot,
)
from imdb_helpers.dataset.find import ARCHIVE
from tests.book.pages import BOOK, ROOT


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
    (limited, _), _ = load_data(num_words=10_000)
    assert len({i for review in limited for i in review if i > 3}) == 9_996
    (x_train, _), (x_test, _) = load_data(num_words=None)
    assert max(max(map(max, x)) for x in (x_train, x_test)) == 88_586
    assert max(get_word_index().values()) + 3 == 88_587


def test_skip_top_eats_the_start_marker(real_data):
    (skipped, _), _ = load_data(num_words=10_000, skip_top=2)
    assert skipped[0] == [2, *real_data[0][0][0][1:]]


def test_fit_goes_on_with_the_weights_there_are():
    model = keras.Sequential([keras.Input(shape=(4,)), keras.layers.Dense(1, "sigmoid")])
    model.compile("rmsprop", "binary_crossentropy", run_eagerly=True)
    first, second = (
        model.fit(np.eye(4), np.ones(4), epochs=5, verbose=0).history["loss"] for _ in range(2)
    )
    assert second[0] < first[-1] < first[0]


def test_maxlen_drops_reviews(real_data):
    (short, labels), _ = load_data(num_words=10_000, maxlen=100)
    assert list(short) == [review for review in real_data[0][0] if len(review) < 100]
    assert len(labels) == len(short)


def test_multi_hot_takes_one_byte_per_entry():
    assert multi_hot([[1, 2]] * 7, dtype="uint8").nbytes == 7 * 10_000


def test_the_download_size_is_right(real_folder):
    assert round((real_folder / ARCHIVE).stat().st_size / 1e6) == 17
    for path in (BOOK / "a6_running.md", ROOT / "imdb_helpers" / "dataset" / "find.py"):
        assert re.findall(r"(\d+) MB(?: are|,| and)", path.read_text("utf-8")) == ["17"], path
