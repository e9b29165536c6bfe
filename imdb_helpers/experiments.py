"""Variants of the network, compared fairly: many runs of each, in pairs.

Taught in chapter 10, "Experiments". Run k of every variant has start k and order k, so
that what is luck in one is, in part, luck in the other, and the differences show more
than the scores alone. The runs follow each other in one process: most of a run is
products of sparse matrices, which a second thread does not speed up. What was run before
in this session, with these settings on these reviews, is remembered.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from imdb_helpers import network_checks as checks
from imdb_helpers.comparison import Comparison
from imdb_helpers.network import Network
from imdb_helpers.progress import progress_bar

OF_NETWORK = ("hidden", "activation", "loss", "learning_rate", "dropout", "l2")
OF_FIT = ("epochs", "batch_size")
OF_DATA = ("words", "reviews")
SETTINGS = (*OF_NETWORK, *OF_FIT, *OF_DATA)

_REMEMBERED: dict[tuple[str, str, int], float] = {}  # accuracy, by data, settings, run

Variants = Mapping[str, Mapping[str, Any]] | Iterable[tuple[str, Mapping[str, Any]]]


def compare(
    variants: Variants,
    x: Any,
    y: Any,
    validation: tuple[Any, Any],
    runs: int = 10,
    reference: str | None = None,
    level: float = 0.05,
) -> Comparison:
    """Train each variant several times, and compare it with the reference, run by run.

    Run k of every variant has start number k, order k of the batches, and the same choice
    of training reviews, where it has fewer of them. Starts are the same where the layers
    have the same shapes.

    Args:
        variants: for each name, the settings that differ from the book's network: any
            of `Network` (`hidden`, `activation`, `loss`, `learning_rate`, `dropout`,
            `l2`), of its `fit` (`epochs`, `batch_size`), and `words` (only so many
            columns of x, from the left) or `reviews` (only so many rows, in run k a
            choice k).
        x: what is trained on, shape (reviews, inputs), as `multi_hot` makes it.
        y: its labels, a 0 or 1 for each review.
        validation: held-out reviews and labels, which give the scores. Not the test set.
        runs: of each variant. At the level 0.05, ten can decide up to 25 comparisons.
        reference: the name of the variant to compare with; without it, the first.
        level: the chance of any "better" or "worse" where there is no difference.

    Returns:
        The scores and verdicts; shown as a table, drawn by its `draw`.

    Raises:
        ValueError: a setting is unknown or makes no network, x and y do not fit, there
            are fewer than two runs, or the reference is no variant.
    """
    named = _checked_variants(variants)
    checks.check_counts(runs=runs)
    checks.expect(runs >= 2, "runs", runs, "2 or more: one run cannot show luck")
    ok = isinstance(level, int | float) and 0 < level < 1
    checks.expect(ok, "level", level, "a share between 0 and 1, such as 0.05")
    reference = next(iter(named)) if reference is None else reference
    checks.check_choice("reference", reference, tuple(named))
    x = checks.checked_rows(x, [])
    y = checks.checked_labels(y, x)
    x_val, y_val = checks.checked_pair(validation)
    x_val = checks.checked_rows(x_val, [])
    y_val = checks.checked_labels(y_val, x_val)
    wanted = f"{x.shape[1]}, as many as x has"
    checks.expect(x_val.shape[1] == x.shape[1], "columns of validation", x_val.shape[1], wanted)
    for settings in named.values():
        _check_amount("words", settings.get("words"), x.shape[1])
        _check_amount("reviews", settings.get("reviews"), x.shape[0])
    scores, data = {}, _digest(x, y, x_val, y_val)
    with progress_bar(runs * len(named), "comparing", "runs") as bar:
        for name, settings in named.items():
            words = settings.get("words")  # without it, all
            few, few_val = x[:, :words], x_val[:, :words]
            scores[name] = np.empty(runs)
            for run in range(runs):
                key = data, _as_text(settings), run
                if key not in _REMEMBERED:
                    network = _trained(settings, few, y, run)
                    _REMEMBERED[key] = network.evaluate(few_val, y_val)[1]
                scores[name][run] = _REMEMBERED[key]
                bar.update(1)
    return Comparison(named, scores, reference, level, x.shape[0], x_val.shape[0])


def _trained(settings: Mapping[str, Any], x: Any, y: np.ndarray, run: int) -> Network:
    """Return the network of one run, trained."""
    if (reviews := settings.get("reviews")) is not None:
        # Not the order's numbers, and for every size the beginning of one list.
        rows = np.random.default_rng([run, 1]).permutation(x.shape[0])[:reviews]
        x, y = x[rows], y[rows]
    of_network = {name: settings[name] for name in OF_NETWORK if name in settings}
    of_fit = {name: settings[name] for name in OF_FIT if name in settings}
    network = Network(**of_network, seed=run)
    network.fit(x, y, **of_fit, order_seed=run)
    return network


def _digest(x: Any, y: np.ndarray, x_val: Any, y_val: np.ndarray) -> str:
    """Return what tells these reviews and labels from any others."""
    digest = hashlib.blake2b()
    for array in (x.data, x.indices, x.indptr, y, x_val.data, x_val.indices, x_val.indptr, y_val):
        digest.update(f"{array.dtype} {array.shape} ".encode())
        digest.update(np.ascontiguousarray(array))
    return f"{x.shape} {digest.hexdigest()}"


def _as_text(settings: Mapping[str, Any]) -> str:
    widths = {"hidden": tuple(settings["hidden"])} if "hidden" in settings else {}
    return repr(sorted({**settings, **widths}.items()))


def _checked_variants(variants: Any) -> dict[str, dict[str, Any]]:
    """Return the variants by name; each is tried out before the first run begins."""
    wanted = 'names and settings, such as {"one layer": {"hidden": (16,)}}'
    try:
        pairs = list(variants.items() if isinstance(variants, Mapping) else variants)
        named = {str(name): dict(settings) for name, settings in pairs}
    except (TypeError, ValueError):
        pairs, named = [], {}
    checks.expect(bool(named), "variants", variants, wanted)
    names = [name for name, _ in pairs]
    checks.expect(len(named) == len(names), "names", names, "a name only once")
    for name, settings in named.items():
        for setting in settings:
            what = f"a setting of {name!r}"
            hint = "; start and order are the run's" if "seed" in str(setting) else ""
            wanted = f"one of {', '.join(SETTINGS)}{hint}"
            checks.expect(setting in SETTINGS, what, setting, wanted)
        Network(**{key: settings[key] for key in OF_NETWORK if key in settings})
        checks.check_counts(**{key: settings[key] for key in OF_FIT if key in settings})
    return named


def _check_amount(what: str, amount: Any, most: int) -> None:
    if amount is not None:
        checks.check_counts(**{what: amount})
        checks.expect(amount <= most, what, amount, f"at most {most}, as x has")
