"""What a code cell's metadata says about comparing its outputs: ``"check": {"policy": ...}``."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from tests.notebooks.numbers import Allowance

LOOSE_RTOL, LOOSE_ATOL = 0.1, 0.1  # larger tolerances need a reason
DEFAULT_RTOL = {"approx": 1e-3, "figure": 0.02}
DEFAULT_ATOL = 1e-6
# What a stored output depends on besides the code: on the sample corpus, or where Keras computes
# with something else than TensorFlow, a cell with the mark gives another one.
MARKS = {"data": "real", "backend": "tensorflow"}
# `numbers` binds numbers in the cell's alt text and caption to outputs; see prose.py.
ALWAYS_ALLOWED = {"policy", "numbers", *MARKS}
ALLOWED_KEYS = {
    "exact": {*ALWAYS_ALLOWED, "vary"},
    "approx": {*ALWAYS_ALLOWED, "vary", "rtol", "atol", "integers", "reason"},
    "figure": {*ALWAYS_ALLOWED, "vary", "rtol", "atol", "reason"},
    "free": {*ALWAYS_ALLOWED, "reason"},
}
_AMOUNT = r" *(?:\d[\d,]*(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
# What `vary` names: a pattern, and what replaces it on both sides before they are compared.
SANITISERS = {
    "seconds": (rf"{_AMOUNT} (?=(?:s|ms|seconds)\b)", " <time> "),
    "bytes": (rf"{_AMOUNT} ?(?=(?:[kKMG]i?)?(?:B|bytes)\b)", " <size> "),
    "paths": (
        r"(?<![\w./:<])/(?:[^\s/'\"<>]+/)*[^\s/'\"<>:]+|\b[A-Za-z]:\\[^\s'\"<>]+",
        "<path>",
    ),
}


@dataclass(frozen=True)
class Policy:
    """How the outputs of one cell are compared."""

    name: str
    allowance: Allowance
    vary: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()

    def sanitise(self, text: str) -> str:
        """Replace what the cell declares to vary from run to run."""
        for name in self.vary:
            pattern, replacement = SANITISERS[name]
            text = re.sub(pattern, replacement, text)
        return text


def read_policy(check: Mapping | None) -> Policy:
    """Return a cell's policy, ``exact`` if it names none; refuse what is not understood."""
    check = check or {"policy": "exact"}
    name = check.get("policy")
    if name not in ALLOWED_KEYS:
        raise ValueError(f"policy {name!r} is none of {', '.join(ALLOWED_KEYS)}")
    if unknown := set(check) - ALLOWED_KEYS[name]:
        raise ValueError(f"policy {name} does not know {', '.join(sorted(unknown))}")
    if unknown := set(check.get("vary", ())) - set(SANITISERS):
        raise ValueError(f"vary does not know {', '.join(sorted(unknown))}")
    if check.get("integers", "approx") != "approx":
        raise ValueError(f"integers can only be 'approx', not {check['integers']!r}")
    for mark, value in MARKS.items():
        if check.get(mark, value) != value:
            raise ValueError(f"{mark} can only be {value!r}, not {check[mark]!r}")
    rtol = check.get("rtol", DEFAULT_RTOL.get(name, 0.0))
    atol = check.get("atol", DEFAULT_ATOL)
    for tolerance in (rtol, atol):
        if not isinstance(tolerance, int | float) or not 0 <= tolerance < math.inf:
            raise ValueError(f"policy {name} has the tolerance {tolerance!r}, expected 0 or more")
    loose = name == "free" or rtol > LOOSE_RTOL or atol > LOOSE_ATOL
    if loose and not str(check.get("reason", "")).strip():
        bounds = f"rtol is over {LOOSE_RTOL}, or atol over {LOOSE_ATOL}"
        raise ValueError(f"policy {name} needs a reason (it is free, or {bounds})")
    allowance = Allowance(rtol, atol, "integers" not in check)
    return Policy(name, allowance, tuple(check.get("vary", ())), frozenset(MARKS.keys() & check))
