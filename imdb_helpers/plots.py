"""Figures that several chapters share.

Taught in chapter 5, "Overfitting".
"""

from collections.abc import Mapping, Sequence
from typing import Any

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

# Okabe and Ito's blue and orange-red: told apart by people with any common colour blindness.
TRAINING = {"color": "#0072B2", "linestyle": "--", "marker": "o", "label": "training"}
VALIDATION = {
    "color": "#D55E00",
    "linestyle": "-",
    "marker": "s",
    "label": "validation",
}

_Y_LABELS = {
    "loss": "Loss (mean per review)",  # of whichever loss compile named
    "accuracy": "Accuracy (share of reviews)",
}


def plot_history(
    history: Any, *, metrics: Sequence[str] = ("loss", "accuracy")
) -> Figure:
    """Draw training and validation curves by epoch, one panel per metric.

    Args:
        history: what `model.fit` returned, or its `.history`: a dict from name to
            one number per epoch.
        metrics: the names to draw; each may have a "val_" twin.

    Returns:
        The figure, one panel per metric, side by side.

    Raises:
        ValueError: a metric is not in the history. Its name depends on how `compile`
            named it: "accuracy" and "acc" give different keys.
    """
    values: Mapping[str, Sequence[float]] = getattr(history, "history", history)
    missing = [name for name in metrics if name not in values]
    if missing:
        raise ValueError(
            f"the history has no {missing[0]!r}, only {', '.join(sorted(values))}. "
            "Pass metrics=(...) with those names: compile decides them."
        )
    figure, axes = plt.subplots(
        1,
        len(metrics),
        figsize=(4.4 * len(metrics), 3.3),
        squeeze=False,
        layout="constrained",
    )
    for axis, name in zip(axes[0], metrics, strict=True):
        for key, look in ((name, TRAINING), (f"val_{name}", VALIDATION)):
            if key in values:
                epochs = range(1, len(values[key]) + 1)
                axis.plot(epochs, values[key], markersize=4, **look)
        axis.set(xlabel="Epoch", ylabel=_Y_LABELS.get(name, name))
        axis.xaxis.get_major_locator().set_params(integer=True)
        axis.legend()
    return figure
