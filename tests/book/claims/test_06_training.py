"""What chapter 6 says of its training: the log, the curves, the best epoch, the Embedding."""

from math import log

import numpy as np
import pytest


@pytest.fixture
def curves(book):
    """Return training and validation by epoch, as the two plots draw them."""
    found = [curve for cell in ("plot-loss", "plot-accuracy") for curve in book.curves(6, cell)[:2]]
    return dict(zip(("loss", "val_loss", "accuracy", "val_accuracy"), found, strict=True))


def test_an_untrained_network_is_next_to_ln_2_and_one_half(book):
    assert book.number(6, "untrained", "untrained: loss") == pytest.approx(log(2), abs=0.02)
    assert book.number(6, "untrained", "accuracy") == pytest.approx(0.5, abs=0.1)


def test_the_logged_loss_of_the_first_epoch_is_an_early_one(book):
    labels = ("logged during epoch 1:", "recomputed:", "after epoch 1:")
    logged, recomputed, validation = book.numbers(6, "recomputed", *labels)
    assert recomputed < validation < logged


def test_training_improves_to_the_end_and_validation_does_not(book, curves):
    assert len(curves["loss"]) == 20
    assert max(np.diff(curves["loss"])) < 0.005
    assert curves["loss"][-1] < 0.1 * curves["loss"][0]
    assert curves["accuracy"][-1] > 0.99
    best = curves["val_loss"].min()
    assert curves["val_loss"][-1] > 1.7 * best
    assert curves["val_loss"][-1] > curves["val_loss"][0] > best
    assert curves["val_accuracy"][-1] < curves["val_accuracy"].max() - 0.01
    assert curves["val_loss"][0] < curves["loss"][0]  # the logged one is an early one
    assert curves["val_accuracy"][0] > curves["accuracy"][0]
    if book.on_tensorflow:  # "the first two dots lie above the line"
        assert (curves["loss"] > curves["val_loss"]).nonzero()[0].tolist() == [0, 1]


def test_the_best_epoch_is_an_early_one_and_marked(book, curves):
    best = book.number(6, "best-epoch", "lowest validation loss after epoch")
    assert best == curves["val_loss"].argmin() + 1
    assert 3 <= best <= 6
    if book.on_tensorflow:
        assert best == 4 == curves["val_accuracy"].argmax() + 1
        assert curves["val_loss"][4] - curves["val_loss"][3] < 0.005
        assert min(np.diff(curves["val_loss"][3:])) > -0.01  # "rises steadily"


def test_the_first_cross_lies_below_the_line_and_a_little_below_the_dotted_curve(book):
    training, crosses, validation = book.curves(6, "plot-shifted")
    assert book.curves(6, "plot-shifted", "x")[0][0] == 0.5
    assert training[1] < crosses[0] < validation[0] < training[0]
    assert 0.02 < (training[0] + training[1]) / 2 - crosses[0] < 0.12  # the curve at epoch 1
    if book.on_tensorflow:
        assert crosses[1] < training[-1]


def test_the_accuracy_loses_little_while_the_loss_doubles(book, curves):
    lost = curves["val_accuracy"][3] - curves["val_accuracy"][-1]
    assert curves["val_loss"][-1] / curves["val_loss"][3] == pytest.approx(2, abs=0.35)
    if book.on_tensorflow:
        assert 0 < lost < 0.02


def test_an_embedding_whose_rows_are_summed_is_the_same_network(book):
    assert book.number(6, "embedding-rows", "Embedding and bias:") == 10_000 * 16 + 16
    by_embedding, by_dense = (
        book.line(6, "embedding-sums", f"by {way}:") for way in ("Embedding", "Dense")
    )
    assert by_embedding == pytest.approx(by_dense, abs=0.002)
    assert max(map(abs, by_embedding)) > 0.1  # or any two matrices would agree
    assert book.number(6, "embedding-sums", "of the sixteen:") < 1e-4
    p_embedding, p_dense = book.numbers(6, "embedding-predict", "Embedding:", "and Dense:")
    assert p_embedding == pytest.approx(p_dense, abs=0.0002)
    if book.on_tensorflow:
        assert 0.1 < p_dense < 0.9  # not quite sure


def test_fit_goes_on_where_it_stopped(book):
    first, _, last = book.line(6, "exercise-2-solution", "epochs 1, 10 and 20:")
    more = book.number(6, "exercise-2-solution", "one more epoch:")
    assert abs(more - last) < 0.1 * abs(more - first)


def test_always_negative_is_right_about_five_in_six_of_hers_and_about_none_held_out(book):
    shares = book.line(6, "exercise-4-solution", "trained on, right:")
    assert shares == pytest.approx([5 / 6, 0], abs=0.005)
