"""The benchmark's rows: which figure is compared with which, with which target, and the ratios."""

import json
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

SMALL_MEGABYTES = 1000  # what the way of chapter 3 that makes its batches as needed may take
PREDICTION = ("load", "vectorize", "20 epochs", "final network", "test")


class Run(NamedTuple):
    """What one process measures."""

    step: str
    way: str
    backend: str = "tensorflow"


SPARSE, BYTES = Run("chapter", "sparse"), Run("chapter", "bytes")
JAX = Run("chapter", "bytes", "jax")
BATCHES, FLOOR = Run("batches", "batches"), Run("floor", "by hand")
PROFILES = (Run("profile", "sparse"), Run("profile", "bytes", "jax"))


@dataclass(frozen=True)
class Row:
    """One comparison: a figure of ours over the same figure of the classic way."""

    step: str
    way: str
    run: Run
    figure: str | tuple[str, ...]  # "process", "megabytes", or the parts whose seconds add up
    target: float | None = None

    @property
    def classic(self) -> Run:
        """Return the run that ours is compared with: always on TensorFlow."""
        return Run(self.run.step, "classic")

    @property
    def unit(self) -> str:
        """Return the unit of both figures."""
        return "MB" if self.figure == "megabytes" else "s"


ROWS = (
    Row("warm load", "load_data", Run("load", "load_data"), ("load",), 0.3),
    Row("vectorizing", "sparse", Run("vectorize", "sparse"), ("vectorize",), 0.1),
    Row("vectorizing", "bytes", Run("vectorize", "bytes"), ("vectorize",), 0.1),
    Row("20 epochs", "sparse", SPARSE, ("20 epochs",)),
    Row("20 epochs", "bytes", BYTES, ("20 epochs",)),
    Row("20 epochs", "bytes, JAX", JAX, ("20 epochs",)),
    Row("load to prediction", "sparse", SPARSE, PREDICTION, 0.45),
    Row("load to prediction", "bytes", BYTES, PREDICTION, 0.45),
    Row("load to prediction", "bytes, JAX", JAX, PREDICTION, 0.3),
    Row("whole chapter", "sparse", SPARSE, "process"),
    Row("whole chapter", "bytes", BYTES, "process"),
    Row("whole chapter", "bytes, JAX", JAX, "process"),
    Row("peak memory", "sparse", SPARSE, "megabytes", 0.15),
    Row("peak memory", "bytes", BYTES, "megabytes", 0.15),
    Row("peak memory", "bytes, JAX", JAX, "megabytes", 0.15),
)
Measured = dict[Run, list[dict[str, Any]]]  # one entry for each repetition


def figure_of(figures: dict[str, Any], figure: str | tuple[str, ...]) -> float:
    """Return one number of what a process measured."""
    if isinstance(figure, str):
        return figures[figure]
    return sum(figures["parts"][part] for part in figure)


def middle(measured: Measured, run: Run, figure: str | tuple[str, ...]) -> float | None:
    """Return the median over the repetitions, or nothing if the run was left out."""
    if run not in measured:
        return None
    return statistics.median(figure_of(figures, figure) for figures in measured[run])


def compare(measured: Measured) -> list[dict[str, Any]]:
    """Return every row with its two figures, their ratio, and whether the target is met."""
    rows = []
    for row in ROWS:
        classic, ours = (middle(measured, run, row.figure) for run in (row.classic, row.run))
        ratio = ours / classic if ours is not None and classic else None
        rows.append(
            {
                "step": row.step,
                "way": row.way,
                "unit": row.unit,
                "classic": classic,
                "ours": ours,
                "ratio": ratio,
                "target": row.target,
                "met": None if ratio is None or row.target is None else ratio <= row.target,
            }
        )
    return rows


def way_of(run: Run) -> str:
    """Return what a run's way is called in tables."""
    return f"{run.way}, JAX" if run.backend == "jax" else run.way


def batches(measured: Measured) -> dict[str, Any]:
    """Return what the batches of chapter 3 cost, and whether they keep below their limit."""
    megabytes = middle(measured, BATCHES, "megabytes")
    return {
        "20 epochs": middle(measured, BATCHES, ("20 epochs",)),
        "megabytes": megabytes,
        "limit": SMALL_MEGABYTES,
        "met": megabytes < SMALL_MEGABYTES,
    }


def reached(measured: Measured) -> dict[str, dict[str, float]]:
    """Return how good each way's networks were: fast and wrong would be no merit."""
    runs = (SPARSE._replace(way="classic"), SPARSE, BYTES, JAX, BATCHES, FLOOR)
    return {way_of(run): measured[run][0]["results"] for run in runs if run in measured}


def where_time_goes(measured: Measured) -> dict[str, Any]:
    """Return the parts of a chapter, the parts of its 20 epochs, and the distance to the floor."""
    floor = middle(measured, FLOOR, ("20 epochs",))
    found = {"floor": {"20 epochs": floor, **measured[FLOOR][0]["results"]}}
    for run in PROFILES:
        chapter = run._replace(step="chapter")
        if run not in measured or chapter not in measured:
            continue
        (inside,) = measured[run]
        parts = measured[chapter][0]["parts"]
        epochs = middle(measured, chapter, ("20 epochs",))
        found[way_of(run)] = {
            "chapter": {part: middle(measured, chapter, (part,)) for part in parts},
            "20 epochs": inside["parts"],
            "libraries": inside["libraries"],
            "times the floor": epochs / floor,
        }
    return found


def why_not_stored(why_sample: str, left_out: dict[Run, str]) -> str:
    """Say why the page must not show what would be measured here; "" if it may."""
    if why_sample:
        return (
            f"the page shows the real reviews, and here is the sample corpus, because {why_sample}"
        )
    for run, reason in left_out.items():
        return f"the page shows every row, and {' '.join(run)} would be missing: {reason}"
    return ""


def store(path: Path, results: dict[str, Any]) -> None:
    """Write the results beside their place and move them there: no reader meets half a file."""
    text = json.dumps(rounded(results), indent=1, ensure_ascii=False) + "\n"
    beside = path.with_suffix(".json.part")
    beside.write_text(text, encoding="utf-8", newline="\n")
    beside.replace(path)


def rounded(value: Any) -> Any:
    """Return the same with every number cut to four digits: more would only be noise."""
    if isinstance(value, float):
        return float(f"{value:.4g}")
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    return [rounded(entry) for entry in value] if isinstance(value, list) else value
