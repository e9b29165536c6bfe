"""Whether paired differences are more than luck: sign flips, corrected for their number.

If two variants were equally good, each difference of a pair of runs could as well have
come out with the other sign. So flip the signs in every way, and see how many of the
patterns have a sum as far from zero as the one that was observed: their share is p. Ten
pairs have 1,024 patterns, and two of them, all plus and all minus, always count.
"""

from collections.abc import Sequence
from math import inf

import numpy as np

EXACT = 14  # up to so many pairs, all patterns; beyond, a sample of them
SAMPLE = 20_000


def sign_patterns(pairs: int) -> np.ndarray:
    """Return patterns of +1 and -1, shape (patterns, pairs); first all plus, all minus.

    For more than `EXACT` pairs it is always the same sample of `SAMPLE` patterns.
    """
    if pairs <= EXACT:
        bits = np.arange(2**pairs)[:, None] >> np.arange(pairs) & 1
    else:
        bits = np.random.default_rng(0).integers(0, 2, (SAMPLE, pairs))
        bits[-1] = 1
        bits[0] = 0
    patterns = 1.0 - 2 * bits
    patterns[[1, -1]] = patterns[[-1, 1]]
    return patterns


def sign_flip_p(differences: Sequence[float] | np.ndarray) -> float:
    """Return the share of sign patterns with a sum as far from zero as the observed one."""
    d = np.asarray(differences, dtype=float)
    sums = np.abs(sign_patterns(len(d)) @ d)
    slack = 1e-9 * np.abs(d).sum()  # 0.1 + 0.2 is not quite 0.3
    return float(np.mean(sums >= abs(d.sum()) - slack))


def smallest_p(pairs: int) -> float:
    """Return the smallest p that so many pairs can ever give."""
    return 2 / (2**pairs if pairs <= EXACT else SAMPLE)


def holm(ps: Sequence[float]) -> list[float]:
    """Return each p, corrected by Holm for being one of several.

    The smallest is multiplied by their number, the next by one less, and so on; a larger
    p never becomes the smaller one.
    """
    corrected, least = [0.0] * len(ps), 0.0
    for place, which in enumerate(sorted(range(len(ps)), key=lambda which: ps[which])):
        least = max(least, min(1.0, ps[which] * (len(ps) - place)))
        corrected[which] = least
    return corrected


def interval(differences: Sequence[float] | np.ndarray, level: float = 0.05) -> tuple[float, float]:
    """Return the ends of the interval of true differences that fit the pairs.

    A true difference fits if, taken off each pair, it leaves differences whose
    `sign_flip_p` is above the level. Everything, if there are too few pairs.
    """
    d, patterns, may_count = _counted(differences, level)
    if may_count < 2:
        return -inf, inf
    minus = (patterns == -1)[2:]
    # A pattern counts against a shift from where the mean of its minuses, or of its
    # pluses, lies beyond the shift. So these means, in order, are where p changes.
    means = [side @ d / side.sum(axis=1) for side in (minus, ~minus)]
    ends = np.sort(np.concatenate(means))
    return float(ends[may_count - 2]), float(ends[-(may_count - 1)])


def needed_mean(differences: Sequence[float] | np.ndarray, level: float) -> float:
    """Return how large a mean difference must be for `sign_flip_p` to reach the level.

    The scatter of the pairs is taken as it is, and all are moved by one amount: every
    mean above the returned one has p <= level. Infinity, if there are too few pairs. It
    is a bound for what is observed, not for the true difference: that is `interval`.
    """
    d, patterns, may_count = _counted(differences, level)
    if may_count < 2:
        return inf
    scatter = (d - d.mean()) * (-1 if d.mean() < 0 else 1)
    minus = (patterns == -1).sum(axis=1)[2:]
    sums = (patterns @ scatter)[2:]
    # A pattern counts while the mean is at most this: its sum is then as far from zero.
    until = np.maximum(sums / (2 * minus), -sums / (2 * (len(d) - minus)))
    return float(np.sort(until)[-(may_count - 1)])


def _counted(
    differences: Sequence[float] | np.ndarray, level: float
) -> tuple[np.ndarray, np.ndarray, int]:
    """Return differences, their sign patterns, and how many may be as far out at this level."""
    d = np.asarray(differences, dtype=float)
    patterns = sign_patterns(len(d))
    return d, patterns, int(level * len(patterns) + 1e-9)
