"""What the chapters conclude, asserted within bands on what they computed.

The numbers themselves may move a little from machine to machine, and more from backend to backend;
the conclusions may not. Where this session ran a chapter, its own outputs are judged.
"""

import re
from functools import partial
from itertools import pairwise

import pytest

from tests.notebooks.chapters import BOOK, code_cells, stored_text
from tests.notebooks.data import backend
from tests.notebooks.executed import NotRunError, best_known
from tests.notebooks.numbers import NUMBER, to_float
from tests.notebooks.quoted import number_after

# The classic run, on Keras 2.0.8: what a reader of older texts will compare with.
CLASSIC_TEST_ACCURACY, CLASSIC_TEST_LOSS = 0.88496, 0.2918

pytestmark = pytest.mark.after_chapters


def output_of(chapter, cell_id):
    (path,) = BOOK.glob(f"{chapter:02}_*.ipynb")
    try:
        cells = code_cells(best_known(path))
    except NotRunError as error:
        pytest.skip(str(error))
    (cell,) = [cell for cell in cells if cell.id == cell_id]
    return stored_text(cell)


def number(chapter, cell_id, label):
    written, percent = number_after(output_of(chapter, cell_id), label)
    return to_float(written) / (100 if percent else 1)


def numbers_on_line(chapter, cell_id, beginning):
    (line,) = re.findall(rf"(?m)^{re.escape(beginning)}(.*)$", output_of(chapter, cell_id))
    return [to_float(match.group()) for match in NUMBER.finditer(line)]


overfitting, predicting, exercises = (partial(number, chapter) for chapter in (5, 6, 7))
final_accuracy = partial(overfitting, "test", "test accuracy:")


def test_seven_reviews_in_eight_are_judged_right():
    assert 0.86 <= final_accuracy() <= 0.89
    assert round(8 * final_accuracy()) == 7


@pytest.mark.parametrize(("chapter", "cell"), [(5, "test"), (6, "evaluate")])
def test_the_final_network_is_as_good_as_the_classic_one(chapter, cell):
    accuracy = number(chapter, cell, "test accuracy:")
    assert 0.87 <= accuracy <= 0.90
    assert accuracy == pytest.approx(CLASSIC_TEST_ACCURACY, abs=0.01)
    # Six epochs, which PyTorch's validation loss advises, end higher than four.
    apart = 0.02 if backend() == "tensorflow" else 0.04
    assert overfitting("test", "test loss:") == pytest.approx(CLASSIC_TEST_LOSS, abs=apart)


def test_a_simple_count_of_words_is_a_beginning():
    assert 0.80 <= number(2, "first-classifier", "right on the training reviews:") <= 0.90


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("embedding-fit", "accuracy with padding and an embedding:"),
        ("dense-fit", "accuracy with multi-hot vectors:"),
    ],
)
def test_both_ways_to_vectorize_can_be_learned_from(cell, label):
    assert number(3, cell, label) > 0.8


def test_guessing_is_right_half_of_the_time():
    assert 0.48 <= number(4, "majority", "majority class:") <= 0.52


def test_a_linear_model_does_as_well_as_the_network():
    network, linear = (
        number(4, "best", label) for label in ("network, best epoch:", "linear model:")
    )
    assert abs(network - linear) <= 0.015
    assert abs(final_accuracy() - overfitting("linear-test", "linear model:")) <= 0.015


def test_the_best_epoch_is_an_early_one_and_the_same_everywhere():
    best = overfitting("best-epoch", "best epoch by validation loss:")
    early = (3, 4, 5) if backend() == "tensorflow" else (3, 4, 5, 6)
    assert best in early
    assert overfitting("early-stopping", "best epoch:") == best
    assert overfitting("early-stopping", "epochs run:") == best + 2
    rows = [line.split() for line in output_of(4, "table").splitlines()[1:] if line.strip()]
    in_the_table = int(min(rows, key=lambda row: float(row[3]))[0])
    # Elsewhere what chapter 4 draws at random between its seed and its run changes the batches.
    assert in_the_table == best if backend() == "tensorflow" else in_the_table in early


def test_the_network_overfits():
    lowest, last = (overfitting("best-epoch", label) for label in ("loss there:", "at the end:"))
    assert last >= 1.5 * lowest
    best = overfitting("best-by-accuracy", "best validation accuracy:")
    assert overfitting("best-by-accuracy", "after the last epoch:") < best


def test_an_overfitted_network_is_sure_of_its_mistakes():
    stopped, overfitted = (overfitting("sure", f"{n}: and of") for n in ("stopped", "overfitted"))
    assert overfitted > 5 * stopped


def test_training_too_long_does_worse():
    label = "after 20 epochs, test loss:"
    assert overfitting("too-long", f"{label} #2") < final_accuracy() - 0.01
    assert overfitting("too-long", label) > 1.5 * overfitting("test", "test loss:")


def test_luck_is_small_and_not_nothing():
    accuracies = numbers_on_line(5, "luck", "test accuracies:")
    assert len(accuracies) == 4
    assert 0 < max(accuracies) - min(accuracies) < 0.03


def test_less_data_overfits_later_and_does_worse():
    few = overfitting("exercise-1-solution", "validation loss:")
    assert few > overfitting("best-epoch", "loss there:")


def test_dropout_holds_overfitting_back():
    cell = "exercise-2-solution"
    (low, end), (_, end_without) = (
        numbers_on_line(5, cell, name) for name in ("with dropout:", "without:")
    )
    assert low < end < end_without


def test_more_sure_means_more_often_right():
    shares = [float(s) for s in re.findall(r"positive (\S+)", output_of(6, "calibration"))]
    assert len(shares) == 5
    assert all(lower < higher for lower, higher in pairwise(shares))
    assert shares[0] < 0.1
    assert shares[-1] > 0.9


def test_a_higher_threshold_buys_precision_with_recall():
    found = re.findall(r"precision ([\d.]+), recall ([\d.]+)", output_of(6, "thresholds"))
    precision, recall = zip(*((float(p), float(r)) for p, r in found), strict=True)
    assert len(found) == 4
    assert all(lower < higher for lower, higher in pairwise(precision))
    assert all(higher > lower for higher, lower in pairwise(recall))


def test_the_confusion_table_counts_every_review_and_gives_the_accuracy():
    negative = numbers_on_line(6, "confusion", "really negative")
    positive = numbers_on_line(6, "confusion", "really positive")
    assert sum(negative) == sum(positive) == 12_500
    right = (negative[0] + positive[1]) / 25_000
    assert right == pytest.approx(predicting("evaluate", "test accuracy:"), abs=0.0006)


def test_the_contributions_add_up_to_the_logit():
    assert "agree to 0.001: True" in output_of(6, "adds-up")
    total, logit = (predicting("adds-up", label) for label in ("sum:", "logit from predict:"))
    assert total == pytest.approx(logit, abs=0.001)


def judged(cell):
    lines = re.findall(r"(?m)^([\d.]+)  (.+)$", output_of(6, cell))
    return {text: float(probability) for probability, text in lines}


def test_praise_and_scorn_are_told_apart():
    praise, scorn = judged("own").values()
    assert praise > 0.5 > scorn


def test_the_order_of_words_is_lost():
    good, bad, _ = judged("mean").values()
    assert good == bad
    assert "same review: False\nsame vector: True" in output_of(3, "order-lost")


def test_a_word_counts_once():
    once, thrice = judged("exercise-2-solution").values()
    assert once == thrice


def test_the_sure_answers_are_the_better_ones():
    sure = predicting("exercise-1-solution", "right in")
    assert sure > 0.9 > predicting("exercise-1-solution", "it would be right in")


def test_a_saved_network_answers_the_same():
    assert "same predictions: True" in output_of(6, "save")


def test_no_variation_is_better_by_more_than_luck():
    lowest, highest = (exercises("all-table", label) for label in ("lowest:", "highest:"))
    assert highest - lowest <= 0.02
    assert highest <= exercises("luck", "the book's network: from #2") + 0.01
