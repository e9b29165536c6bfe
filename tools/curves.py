"""Make `book/assets/curves.json`: what the settings of "Watch it happen" do on the real reviews.

    python tools/curves.py      # 144 settings, five runs of each: about a quarter of an hour

For each setting, the means over five runs of training loss and accuracy and of validation loss and
accuracy, epoch by epoch. It needs the real reviews.
"""

import json
import os
from itertools import product
from pathlib import Path

import numpy as np

from imdb_helpers import Network, load_data, multi_hot_sparse
from imdb_helpers.progress import progress_bar

FILE = Path(__file__).resolve().parent.parent / "book" / "assets" / "curves.json"
# The page's own settings, and how many real reviews stand for its 1,000 and 2,000 made-up ones.
LAYERS, UNITS, RATES, DROPOUTS = ("1", "2", "3"), ("4", "16", "32"), ("0.001", "0.01"), ("0", "0.5")
LOSSES = {"bce": "binary_crossentropy", "mse": "mse"}
REVIEWS = {"1000": 7_500, "2000": 15_000}
RUNS, EPOCHS, HELD_OUT = 5, 20, 10_000
SCORES = ("loss", "accuracy", "val_loss", "val_accuracy")


def main() -> None:
    """Train every setting, and store the means."""
    os.environ["IMDB_SOURCE"] = "real"
    (data, labels), _ = load_data(num_words=10_000)
    x = multi_hot_sparse(data)
    held_out = (x[:HELD_OUT], labels[:HELD_OUT])
    settings = list(product(LAYERS, UNITS, RATES, DROPOUTS, LOSSES, REVIEWS))
    runs = {}
    with progress_bar(len(settings), "training", "settings") as bar:
        for setting in settings:
            end = HELD_OUT + REVIEWS[setting[-1]]
            learn = (x[HELD_OUT:end], labels[HELD_OUT:end])
            runs[" ".join(setting)] = mean_curves(setting, learn, held_out)
            bar.update(1)
    content = {"reviews": REVIEWS, "runs": runs}
    part = FILE.with_suffix(".part")
    part.write_text(json.dumps(content, separators=(",", ":")) + "\n", encoding="utf-8")
    part.replace(FILE)
    print(f"{FILE.name}: {len(runs)} settings, {FILE.stat().st_size:,} bytes")


def mean_curves(setting: tuple[str, ...], learn: tuple, held_out: tuple) -> list[list[float]]:
    """Return the four curves of a setting, rounded to thousandths, means over the runs."""
    layers, units, rate, dropout, loss, _ = setting
    histories = [
        Network(
            hidden=(int(units),) * int(layers),
            loss=LOSSES[loss],
            learning_rate=float(rate),
            dropout=float(dropout),
            seed=seed,
        ).fit(*learn, epochs=EPOCHS, validation_data=held_out)
        for seed in range(RUNS)
    ]
    means = [np.mean([history[score] for history in histories], axis=0) for score in SCORES]
    return [[round(float(value), 3) for value in mean] for mean in means]


if __name__ == "__main__":
    main()
