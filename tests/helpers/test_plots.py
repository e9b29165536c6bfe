"""`plot_history` draws the numbers it was given, under labels that say what they are."""

import keras
import matplotlib.pyplot as plt
import pytest

from imdb_helpers import plot_history

HISTORY = {
    "loss": [0.5, 0.3, 0.2],
    "accuracy": [0.7, 0.8, 0.9],
    "val_loss": [0.4, 0.35, 0.36],
    "val_accuracy": [0.75, 0.82, 0.81],
}


@pytest.fixture(autouse=True)
def _closed_figures():
    yield
    plt.close("all")


def labels(figure):
    return [(axes.get_xlabel(), axes.get_ylabel()) for axes in figure.axes]


def lines(axes):
    return {line.get_label(): line for line in axes.lines}


def test_each_axis_says_what_is_drawn():
    assert labels(plot_history(HISTORY)) == [
        ("Epoch", "Loss (mean per review)"),
        ("Epoch", "Accuracy (share of reviews)"),
    ]


def test_the_curves_are_the_numbers_by_epoch_from_one():
    figure = plot_history(HISTORY)
    for axes, name in zip(figure.axes, ("loss", "accuracy"), strict=True):
        drawn = lines(axes)
        assert list(drawn["training"].get_ydata()) == HISTORY[name]
        assert list(drawn["validation"].get_ydata()) == HISTORY[f"val_{name}"]
        assert [list(line.get_xdata()) for line in drawn.values()] == [[1, 2, 3]] * 2


def test_training_is_dashed_validation_solid_and_the_legend_says_so():
    for axes in plot_history(HISTORY).axes:
        looks = {label: line.get_linestyle() for label, line in lines(axes).items()}
        assert looks == {"training": "--", "validation": "-"}
        texts = [text.get_text() for text in axes.get_legend().get_texts()]
        assert texts == ["training", "validation"]


def test_the_curves_differ_without_colour_too():
    for axes in plot_history(HISTORY).axes:
        looks = [(line.get_color(), line.get_marker()) for line in axes.lines]
        assert len({colour for colour, _ in looks}) == len({marker for _, marker in looks}) == 2


def test_a_keras_history_is_drawn_like_its_numbers():
    history = keras.callbacks.History()
    history.history = HISTORY
    from_object, from_dict = plot_history(history), plot_history(HISTORY)
    for one, other in zip(from_object.axes, from_dict.axes, strict=True):
        assert [list(a.get_ydata()) for a in one.lines] == [
            list(b.get_ydata()) for b in other.lines
        ]


def test_without_validation_only_training_is_drawn():
    figure = plot_history({"loss": [0.5, 0.3]}, metrics=["loss"])
    assert [list(lines(axes)) for axes in figure.axes] == [["training"]]


def test_other_metrics_are_labelled_with_their_names():
    figure = plot_history({"loss": [1.0], "acc": [0.5]}, metrics=("acc", "loss"))
    assert labels(figure) == [("Epoch", "acc"), ("Epoch", "Loss (mean per review)")]


def test_epochs_are_whole_numbers():
    figure = plot_history({"loss": [0.5, 0.3]}, metrics=["loss"])
    figure.canvas.draw()
    assert all(float(tick).is_integer() for tick in figure.axes[0].get_xticks())


@pytest.mark.parametrize(("metrics", "width"), [(["loss"], 4.4), (["loss", "accuracy"], 8.8)])
def test_each_panel_has_the_same_room(metrics, width):
    assert plot_history(HISTORY, metrics=metrics).get_size_inches().tolist() == [width, 3.3]


def test_of_several_missing_metrics_the_first_is_named():
    with pytest.raises(ValueError, match="no 'auc', only"):
        plot_history(HISTORY, metrics=["loss", "auc", "mse"])


def test_a_missing_metric_names_the_keys_there_are():
    with pytest.raises(ValueError, match=r"no 'accuracy', only acc, loss, val_acc\..*compile"):
        plot_history({"loss": [1.0], "acc": [0.5], "val_acc": [0.5]})
