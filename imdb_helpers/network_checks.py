"""What `Network` refuses, with a sentence that says what was wrong and what to do."""

from collections.abc import Iterable, Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np
from scipy import sparse


def expect(ok: bool, name: str, value: object, wanted: str) -> None:
    """Raise a `ValueError` unless `ok`."""
    if not ok:
        raise ValueError(f"{name} is {value!r}; expected {wanted}.")


def check_counts(**counts: object) -> None:
    """Check that each is an integer of 1 or more."""
    for name, count in counts.items():
        expect(_is(count, Integral, 1), name, count, "an integer of 1 or more")


def checked_widths(hidden: Any) -> tuple[int, ...]:
    """Return the widths of the hidden layers."""
    ok = isinstance(hidden, Iterable) and all(_is(units, Integral, 1) for units in hidden)
    expect(
        ok,
        "hidden",
        hidden,
        "the units of each layer, such as (16, 16); () for no layer",
    )
    return tuple(int(units) for units in hidden)


def check_choice(name: str, value: object, choices: Sequence[str]) -> None:
    """Check that a name is one of `choices`."""
    expect(value in choices, name, value, " or ".join(map(repr, choices)))


def check_rates(learning_rate: Any, dropout: Any, l2: Any) -> None:
    """Check the numbers that rule the training."""
    ok = _is(learning_rate, Real, 0) and 0 < learning_rate < np.inf
    expect(ok, "learning_rate", learning_rate, "a number above 0, such as 0.001")
    ok = _is(dropout, Real, 0) and dropout < 1
    expect(ok, "dropout", dropout, "a share from 0 (none) to below 1, such as 0.5")
    ok = _is(l2, Real, 0) and l2 < np.inf
    expect(ok, "l2", l2, "a number of 0 (none) or more, such as 0.001")


def luck_of(seed: Any) -> np.random.Generator:
    """Return a source of random numbers that repeats itself for the same seed."""
    expect(_is(seed, Integral, 0), "the seed", seed, "an integer of 0 or more")
    return np.random.default_rng(int(seed))


def checked_pair(data: Any) -> tuple[Any, Any]:
    """Return validation data as `(x, y)`."""
    ok = isinstance(data, tuple | list) and len(data) == 2
    expect(ok, "validation_data", type(data), "a pair, (x, y)")
    return data[0], data[1]


def check_started(own: list[np.ndarray]) -> None:
    """Check that the network has its weights."""
    wanted = "weights; call fit or set_weights first"
    expect(bool(own), "the network's start", None, wanted)


def checked_weights(weights: Any, units: Sequence[int], own: list[np.ndarray]) -> list[np.ndarray]:
    """Return copies of weights for layers of `units`; `own` are those they replace."""
    try:
        weights = [np.array(weight) for weight in weights]
        numbers = all(np.can_cast(weight.dtype, float) for weight in weights)
        weights = [weight.astype(float) for weight in weights] if numbers else weights
    except (TypeError, ValueError):
        numbers = False
    expect(numbers, "weights", weights, "a list of arrays of numbers, as get_weights gives")
    shapes = [weight.shape for weight in weights]
    inputs = (own or weights)[0].shape[:1] if shapes else ()
    wanted: list[tuple[int, ...]] = []
    for rows, columns in zip((*inputs, *units), units, strict=False):
        wanted += [(rows, columns), (columns,)]
    expect(
        shapes == wanted,
        "the shapes of the weights",
        shapes,
        f"{wanted}: kernel, bias, ...",
    )
    expect(
        all(np.isfinite(weight).all() for weight in weights),
        "a weight",
        np.nan,
        "finite numbers; train again with a smaller learning_rate",
    )
    return weights


def checked_rows(x: Any, own: list[np.ndarray]) -> sparse.csr_matrix:
    """Return `x` as CSR rows of float64 that fit the weights `own`."""
    try:
        x = x if sparse.issparse(x) else np.asarray(x)
        shape = x.shape
        if len(shape) == 2:
            x = sparse.csr_matrix(x, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"x is no matrix of numbers ({error}). Vectorize the reviews first: multi_hot(reviews)."
        ) from None
    wanted = f"(reviews, {own[0].shape[0] if own else 'inputs'})"
    expect(
        len(shape) == 2 and 0 not in shape and (not own or shape[1] == own[0].shape[0]),
        "the shape of x",
        shape,
        f"{wanted}, with one review or more. Vectorize a list of reviews as the training data was: "
        "multi_hot(reviews); for one review, multi_hot([review])",
    )
    expect(
        bool(np.isfinite(x.data).all()),
        "an entry of x",
        np.nan,
        "finite numbers only; look for where NaN or infinity comes from",
    )
    return x


def checked_labels(y: Any, x: sparse.csr_matrix) -> np.ndarray:
    """Return the labels of the rows of `x` as a column of float64."""
    y, rows = np.asarray(y), x.shape[0]
    shape_fits = y.shape in ((rows,), (rows, 1))
    expect(shape_fits, "the shape of y", y.shape, f"({rows},): a label for each row of x")
    strange = y[(y != 0) & (y != 1)]
    wanted = "0 (negative) or 1 (positive); recode the labels"
    expect(not len(strange), "a label", *strange[:1].tolist() or [0], wanted)
    return y.reshape(-1, 1).astype(float)


def _is(value: object, kind: type, least: float) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool) and value >= least
