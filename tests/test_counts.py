"""What the prose counts and compares in words ("a third", "twice", "a dozen") is computed here.

On the stored outputs, which are those that the prose speaks of. A share in words is a rough number.
"""

import re
from functools import partial
from math import ceil, exp, log

import numpy as np
import pytest

from imdb_helpers import build_model
from tests.notebooks.chapters import BOOK, code_cells, read_chapter
from tests.notebooks.shown import bars, cell, number, output_of, panels

loading, vectorizing, training, overfitting, predicting = (
    partial(number, chapter) for chapter in (1, 3, 4, 5, 6)
)
about = partial(pytest.approx, rel=0.05)


def test_the_shares_of_the_vocabulary_are_right():
    assert 1 - 10_000 / number(2, "word-index", "words:") == about(0.9)
    assert 10 * 1_000 == 10_000
    last_rank = number(2, "word-index", "words:")
    assert loading("surprise-num-words", "without a limit:") == last_rank + 3 - 1


def test_many_words_occur_once_or_twice(real_corpus):
    _, counts = np.unique(real_corpus.train.ranks, return_counts=True)
    assert np.mean(counts <= 2) > 0.5


def test_the_longest_review_is_many_times_the_median():
    assert loading("lengths", "longest:") > 10 * loading("lengths", "median:")


def test_the_shortest_review_has_ten_words():
    assert loading("exercise-1-solution", "length") == 1 + 10
    (text,) = re.findall(r"\? (.*) \|", output_of(2, "exercise-1-solution"))
    assert len(text.split()) == 10


def test_more_reviews_bring_few_new_words():
    few, all_reviews = (loading("exercise-2-solution", f"{n} reviews:") for n in (1000, 25000))
    assert loading("shapes", "training reviews:") == 25 * 1000
    assert few > 0.9 * all_reviews
    assert all_reviews == 10_000 - 2


def test_the_bars_of_the_leanings_are_as_the_alt_text_says():
    lengths = bars(2, "telling-figure")
    negative, positive = lengths[:10], lengths[10:]
    assert len(lengths) == 20
    assert max(negative) < 0 < min(positive)
    assert round(min(negative)) == -4
    assert round(2 * max(positive)) == 2 * 3.5


def test_a_tenth_of_the_reviews_takes_a_tenth_of_the_bytes():
    assert loading("shapes", "training reviews:") == 10 * 2_500
    whole = 10 * vectorizing("loop-cost", "bytes for a tenth:")
    assert whole == 2_000 * 1_000_000 == vectorizing("bytes-table", "float64:") * 1e6
    assert 2 * vectorizing("bytes-table", "float64:") == 4_000


def test_the_sparse_matrix_has_a_tenth_of_the_bytes():
    as_bytes, as_sparse = vectorizing("bytes-table", "uint8:"), vectorizing("sparse", "sparse:")
    assert as_sparse / as_bytes == about(0.1)
    assert 10 * as_bytes > 2_000  # more than the memory the book asks for
    assert 10 * as_sparse < 1_000


def test_a_layer_is_what_it_is_by_hand():
    assert cell(4, "by-hand").source.count("@") == 1
    assert "np.maximum(x_val[:1] @ W + b, 0)" in cell(4, "by-hand").source
    assert cell(4, "collapse").source.count("keras.layers.Dense(") == 2
    assert "True" in output_of(4, "by-hand")
    assert "True" in output_of(4, "collapse")


def test_the_functions_have_the_values_that_the_prose_says():
    assert 1 / (1 + exp(-0)) == 0.5
    (panel,) = panels(4, "losses")
    entropy, squared = ([float(y) for y in s["y"].split()] for s in panel["series"])
    assert 5 < max(entropy) < 6
    assert max(squared) <= 1
    assert (1 - 1 / 1000) ** 2 - (1 - 1 / 10) ** 2 < 0.2
    assert -log(1 / 1000) == pytest.approx(3 * -log(1 / 10))


def test_four_times_the_units_make_four_times_the_parameters():
    book = training("parameters", "Keras:")
    assert 4 * 16 == 64
    assert training("exercise-1-solution", "Keras:") / book == about(4)
    assert build_model((64, 64)).count_params() / book == about(4)


def test_one_review_makes_most_of_the_loss():
    chances = [0.9, 0.6, 0.4, 0.01]
    assert str(chances) in cell(4, "exercise-2-solution").source
    assert max(chances[2:]) < 0.5
    assert -log(chances[-1]) > 0.5 * sum(-log(chance) for chance in chances)


def test_training_improves_to_the_end_and_validation_does_not():
    rows = [line.split() for line in output_of(4, "table").splitlines()[1:] if line.strip()]
    epoch, loss, accuracy, val_loss, val_accuracy = zip(*rows, strict=True)
    assert (epoch[0], epoch[-1]) == ("1", "20")
    assert (min(loss), max(accuracy)) == (loss[-1], accuracy[-1])
    for value in (min(val_loss), max(val_accuracy)):
        assert value not in (val_loss[0], val_loss[-1], val_accuracy[0], val_accuracy[-1])
    assert float(val_accuracy[0]) > float(accuracy[0])


def test_chapter_5_trains_a_dozen_networks():
    (path,) = BOOK.glob("05_*.ipynb")
    fits = [cell.source.count(".fit(") for cell in code_cells(read_chapter(path))]
    seeds = 4  # the cell "luck" fits in a loop
    assert cell(5, "luck").source.count(".fit(") == 1
    assert sum(fits) - 1 + seeds == 12


def test_the_validation_loss_doubles():
    lowest, last = (overfitting("best-epoch", label) for label in ("loss there:", "at the end:"))
    assert last / lowest == pytest.approx(2, rel=0.1)


def test_stopping_early_saves_two_thirds_of_the_work():
    epochs = overfitting("early-stopping", "epochs run:")
    assert 0.2 < epochs / overfitting("history", "loss:") < 1 / 3


def test_sixteen_epochs_more_double_the_test_loss():
    assert overfitting("history", "loss:") - overfitting("best-epoch", "best epoch") == 16
    too_long = overfitting("too-long", "after 20 epochs, test loss:")
    assert too_long > 2 * overfitting("test", "test loss:")


def test_a_fifth_of_the_reviews_makes_a_fifth_of_the_steps():
    assert 5 * 3_000 == 15_000
    all_steps, few_steps = ceil(15_000 / 512), ceil(3_000 / 512)
    assert all_steps == training("steps", "steps in an epoch:") == 5 * few_steps
    steps, best = (overfitting("exercise-1-solution", label) for label in ("in steps:", "epoch:"))
    assert steps / best == few_steps


def test_the_worst_mistakes_are_as_described():
    texts = output_of(6, "worst").split("label ")[1:]
    lengths = [int(re.search(r"(\d+) words", text)[1]) for text in texts]
    assert min(lengths) > 2 * loading("lengths", "median:")
    assert texts[0].startswith("1, predicted 0.0")
    assert "1976" in texts[1][:60]


def test_the_bars_of_the_contributions_are_as_the_alt_text_says():
    lengths = bars(6, "why-figure")
    assert len(lengths) == 14
    assert sum(lengths) > 0


def test_names_move_the_answer_both_ways():
    plain, one, other = (predicting("names", label) for label in ("", " #2", " #3"))
    assert one < plain < other


def test_four_of_seven_variants_lie_within_the_band():
    (panel,) = panels(7, "all-figure")
    points = panel["series"][0]["x"].split()
    shown = dict(zip(panel["y"]["ticks"], map(float, points), strict=True))
    book = [accuracy for name, accuracy in shown.items() if name.startswith("book")]
    others = {name: shown[name] for name in shown if not name.startswith("book")}
    above = {name for name in others if others[name] > max(book)}
    below = {name for name in others if others[name] < min(book)}
    assert (len(book), len(others)) == (4, 7)
    assert (above, below) == ({"64 units"}, {"squared error", "linear"})
    assert min(others, key=others.get) == "linear"


def test_all_but_one_variant_pass_their_best():
    solutions = [f"exercise-{n}-solution" for n in range(1, 6)]
    printed = " ".join(output_of(7, name) for name in ("first-result", *solutions))
    *others, linear = map(int, re.findall(r"best epoch (\d+)", printed))
    assert len(others) == 1 + 6  # the book's network and the other variants
    assert max(others) < linear == 10
