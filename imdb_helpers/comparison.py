"""What `compare` returns: every run, a verdict for each variant, a table, a drawing."""

from dataclasses import dataclass
from functools import cached_property
from html import escape
from math import ceil, isfinite, isinf, log2
from typing import TYPE_CHECKING, Any

import numpy as np

from imdb_helpers import signflips

if TYPE_CHECKING:  # importing Matplotlib takes a second, and only `draw` needs it
    from matplotlib.figure import Figure

HEADS = ("variant", "mean", "deviation", "difference", "95 % interval", "p", "verdict", "needed")
STYLE = (
    "border-collapse: separate; border-spacing: 0.8em 0.1em; font-size: 0.85em; "
    "text-align: left; white-space: nowrap"
)
ON_THE_LEFT = ("variant", "verdict")


@dataclass(frozen=True)
class Row:
    """One variant beside the reference.

    Attributes:
        name: of the variant.
        mean: of its accuracies.
        deviation: their standard deviation, from run to run.
        difference: mean of the paired differences from the reference.
        p: by sign flips, corrected by Holm for the number of comparisons.
        interval: ends of the 95 % interval of the paired differences: the true
            differences that fit these pairs, taken for themselves.
        verdict: "better", "worse", "cannot tell"; "reference" for the reference.
        needed: a mean difference above this one would have been called, with this
            scatter and at the level where Holm's correction stopped; infinity: none.
            The smallest that could have been seen, not the largest that may be there.
    """

    name: str
    mean: float
    deviation: float
    difference: float
    interval: tuple[float, float]
    p: float
    verdict: str
    needed: float


@dataclass(frozen=True, repr=False, eq=False)
class Comparison:
    """Variants, compared with one of them: every run, and what it comes to.

    Attributes:
        variants: the settings of each, by name.
        scores: the accuracies of each on the held-out reviews, shape (runs,).
        reference: the name of the variant that the others are compared with.
        level: the chance of any "better" or "worse" where there is no difference.
        trained_on: number of training reviews.
        held_out: number of held-out reviews.
    """

    variants: dict[str, dict[str, Any]]
    scores: dict[str, np.ndarray]
    reference: str
    level: float
    trained_on: int
    held_out: int

    @property
    def pairs(self) -> int:
        """Return the number of runs of each variant."""
        return len(self.scores[self.reference])

    @property
    def runs(self) -> list[dict[str, Any]]:
        """Return a tidy table: one row a run, with variant, run, accuracy."""
        return [
            {"variant": name, "run": run, "accuracy": float(score)}
            for name, scores in self.scores.items()
            for run, score in enumerate(scores)
        ]

    def differences(self, name: str) -> np.ndarray:
        """Return a variant's accuracies minus the reference's, run by run, shape (runs,).

        Raises:
            ValueError: there is no such variant.
        """
        self._check(name)
        return self.scores[name] - self.scores[self.reference]

    def verdict(self, name: str) -> str:
        """Return "better", "worse" or "cannot tell", and "reference" for the reference.

        Raises:
            ValueError: there is no such variant.
        """
        self._check(name)
        return next(row.verdict for row in self.rows if row.name == name)

    @cached_property
    def rows(self) -> list[Row]:
        """Return a row for each variant, in the order in which they were named."""
        others = [name for name in self.scores if name != self.reference]
        differences = {name: self.differences(name) for name in others}
        corrected = signflips.holm([signflips.sign_flip_p(differences[name]) for name in others])
        ps = dict(zip(others, corrected, strict=True))
        called = sum(p <= self.level for p in corrected)
        # What was not called would have had to reach this level, uncorrected.
        level = self.level / max(1, len(others) - called)
        rows = []
        for name, scores in self.scores.items():
            d = differences.get(name, np.zeros(self.pairs))
            if name == self.reference:
                p, verdict, needed = 1.0, "reference", 0.0
            else:
                p, needed = ps[name], signflips.needed_mean(d, level)
                verdict = "better" if d.mean() > 0 else "worse"
                verdict = verdict if p <= self.level else "cannot tell"
            own = float(scores.mean()), float(scores.std(ddof=1)), float(d.mean())
            rows.append(Row(name, *own, signflips.interval(d), p, verdict, needed))
        return rows

    @property
    def note(self) -> str:
        """Say that there are too few runs for any verdict; "" if they may be enough."""
        comparisons = len(self.scores) - 1
        needed = self.level / max(1, comparisons)
        if not comparisons or signflips.smallest_p(self.pairs) <= needed:
            return ""
        enough = ceil(log2(2 / needed))
        more = f"From {enough} runs on it can."
        if needed < 2 / signflips.SAMPLE:
            more = "Compare fewer variants at once, or at a larger level."
        return (
            f"{self.pairs} runs cannot give a verdict, whatever they show: the smallest "
            f"p of their sign flips is {signflips.smallest_p(self.pairs):.4f}, and it "
            f"must be {needed:.4f} or less. {more}"
        )

    def __repr__(self) -> str:
        """Return the table and its notes as text."""
        cells = [HEADS, *map(self._cells, self.rows)]
        form = ""
        for place, head in enumerate(HEADS):
            width = max(len(row[place]) for row in cells)
            form += f"{{:{'<' if head in ON_THE_LEFT else '>'}{width}}}  "
        lines = [form.format(*row).rstrip() for row in cells]
        return "\n".join([self._title(), "", *lines, "", *self._notes()])

    def _repr_html_(self) -> str:
        """Return the table and its notes for a notebook."""
        head = "".join(f'<th scope="col">{name}</th>' for name in HEADS)
        body = ""
        for row in self.rows:
            name, *others = map(escape, self._cells(row))
            cells = "".join(f"<td>{text}</td>" for text in others)
            body += f'<tr><th scope="row">{name}</th>{cells}</tr>'
        notes = "".join(f"<p><small>{escape(note)}</small></p>" for note in self._notes())
        return (
            f'<div style="overflow-x: auto" tabindex="0"><table style="{STYLE}">'
            f'<caption style="color: inherit; text-align: left">{escape(self._title())}</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{notes}</div>"
        )

    def draw(self, differences: bool = False) -> "Figure":
        """Draw every run as a dot, and the mean with its 95 % interval, row by row.

        Args:
            differences: draw what each variant is above or below the reference in the
                same run, in place of the accuracies.

        Returns:
            The figure. The interval, by sign flips, is for the mean, not for the next
            run; fewer than six runs have none.
        """
        import matplotlib.pyplot as plt

        names = list(self.scores)
        if differences:
            names.remove(self.reference)
        figure, axis = plt.subplots(figsize=(5.4, 1.2 + 0.42 * len(names)), layout="constrained")
        zero = 0.0 if differences else self.scores[self.reference].mean()
        label = f"no difference from {self.reference!r}"
        if not differences:
            label = f"mean of {self.reference!r}"
        axis.axvline(zero, color="0.4", linestyle="--", linewidth=1, label=label)
        for row, name in enumerate(names):
            values = self.differences(name) if differences else self.scores[name]
            heights = row + np.linspace(-0.25, 0.1, len(values))
            first = row == 0
            label = "one run" if first else None
            axis.plot(values, heights, "o", color="C0", alpha=0.5, ms=4, label=label)
            ends = np.array(signflips.interval(values))
            known = isfinite(ends[0])
            label = f"mean{', 95 % interval' * known}" if first else None
            bar = np.abs(ends - values.mean())[:, None] if known else None
            axis.errorbar(
                values.mean(), row + 0.28, xerr=bar, fmt="D", ms=5, capsize=4,
                color="C1", label=label,
            )  # fmt: skip
        axis.set_yticks(range(len(names)), names)
        axis.set_ylim(len(names) - 0.5, -0.5)
        what = "Difference in accuracy, paired" if differences else "Validation accuracy"
        axis.set_xlabel(f"{what} (share of the held-out reviews)")
        figure.legend(loc="outside upper center", ncols=3, fontsize="small")
        return figure

    def _check(self, name: str) -> None:
        if name not in self.scores:
            wanted = " or ".join(map(repr, self.scores))
            raise ValueError(f"the variant is {name!r}; expected {wanted}.")

    def _cells(self, row: Row) -> tuple[str, ...]:
        own = row.name, f"{row.mean:.4f}", f"{row.deviation:.4f}"
        if row.verdict == "reference":
            return (*own, "", "", "", row.verdict, "")
        lower, upper = row.interval
        fits = f"{lower:+.4f} to {upper:+.4f}" if isfinite(lower) else "any"
        needed = "never" if isinf(row.needed) else f"{row.needed:.4f}"
        difference = f"{row.difference:+.4f}"
        return (*own, difference, fits, f"{row.p:.3f}", row.verdict, needed)

    def _title(self) -> str:
        return (
            f"Accuracy on {self.held_out:,} held-out reviews, {self.pairs} runs each; "
            f"reference: {self.reference}"
        )

    def _notes(self) -> list[str]:
        notes = [
            f'"Better" and "worse": p (paired sign flips, Holm) is {self.level:g} or less, and '
            'the mean difference beyond "needed".',
            "The interval holds the true differences that fit, on these reviews with other "
            'starts and orders: "cannot tell" is not "equal".',
        ]
        return [*notes, self.note] if self.note else notes
