"""How a cell's outputs are compared, as its metadata say: ``"nbproof": {"policy": ...}``.

The tolerance stands there and nowhere else. A cell without the key is compared exactly.
"""

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from tests.nbproof.numbers import Tolerance

KEY = "nbproof"
LOOSE = 0.05  # a larger tolerance needs a reason
RTOL = {"exact": 0.0, "approx": 1e-3, "figure": 0.02}  # where the metadata say nothing
ATOL = 1e-6
TOLERANCES = ("rtol", "atol", "integers")
KEYS = {
    "exact": {"policy", "needs", "vary"},
    "approx": {"policy", "needs", "vary", "reason", *TOLERANCES},
    "figure": {"policy", "needs", "vary", "reason", "rtol", "atol"},
}
# What `vary` names, and the pattern that is masked on both sides before they are compared. The
# unit goes, too: 990 ms of one run are 1 s of the next ("30/30 - 1s - 22ms/step").
VARYING = {
    "seconds": re.compile(
        r" *(?<![\w.,])\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?"
        r" ?(?:[mun\N{MICRO SIGN}]?s|seconds?|minutes?)(?:/(?:step|epoch))?\b"
    ),
}


@dataclass(frozen=True)
class Policy:
    """How the outputs of one cell are compared."""

    name: str
    tolerance: Tolerance
    vary: tuple[str, ...]
    needs: frozenset[str]

    def mask(self, text: str) -> str:
        """Take out what the cell declares to vary from run to run."""
        for name in self.vary:
            text = VARYING[name].sub(f" <{name}>", text)
        return text


def read_policy(metadata: Mapping, marks: Collection[str]) -> Policy:
    """Return the policy that a cell's metadata name; ``marks`` are those that a cell may need.

    Raises:
        ValueError: the metadata say what nobody understands, or are loose without a reason.
    """
    said = metadata.get(KEY, {})
    name = said.get("policy", "exact")
    if name not in KEYS:
        raise ValueError(f"policy {name!r} is none of {', '.join(KEYS)}")
    for unknown, where in (
        (set(said) - KEYS[name], f"policy {name}"),
        (set(said.get("vary", ())) - set(VARYING), "vary"),
        (set(said.get("needs", ())) - set(marks), "needs"),
    ):
        if unknown:
            raise ValueError(f"{where} does not know {', '.join(sorted(unknown))}")
    values = {key: said.get(key, 0.0) for key in TOLERANCES}
    values |= {"rtol": said.get("rtol", RTOL[name]), "atol": said.get("atol", ATOL)}
    for key, value in values.items():
        if type(value) not in (int, float) or not 0 <= value < math.inf:
            raise ValueError(f"policy {name} has {key} {value!r}, expected a number, 0 or more")
    if max(values.values()) > LOOSE and not str(said.get("reason", "")).strip():
        raise ValueError(f"policy {name} has a tolerance over {LOOSE} and no reason beside it")
    vary, needs = tuple(said.get("vary", ())), frozenset(said.get("needs", ()))
    return Policy(name, Tolerance(**values), vary, needs)
