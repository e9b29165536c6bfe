"""The benchmark's report as plain text."""

from typing import Any


def text(results: dict[str, Any]) -> str:
    """Return everything that was measured, a paragraph for each part."""
    parts = [heading(results)]
    if "rows" in results:
        parts += [table(results["rows"]), batches(results["batches"]), reached(results["reached"])]
    if "profile" in results:
        parts.append(profile(results["profile"]))
    if "growth" in results:
        parts.append(growth(results["growth"]))
    parts += [f"not measured: {run}: {why}" for run, why in results["left out"].items()]
    return "\n\n".join(parts)


def heading(results: dict[str, Any]) -> str:
    """Say on what was measured: the machine and the reviews."""
    machine, data = results["machine"], results["data"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    kind = "the real IMDB reviews"
    if data["why sample"]:
        kind = (
            f"the sample corpus, because {data['why sample']}; "
            "it is small, so the ratios are not those of the book"
        )
    sizes = " and ".join(f"{size:,} {half}" for half, size in data["reviews"].items())
    return (
        f"machine: {machine['processor']}, {machine['cores']} cores, "
        f"{machine['memory in GB']} GB, {machine['system']}\n"
        f"versions: {versions}\n"
        f"data: {kind} ({sizes} reviews)\n"
        f"repetitions: {results['repetitions']}; the median of them is shown"
    )


def table(rows: list[dict[str, Any]]) -> str:
    """Return the rows as text, and behind each its ratio as a bar with a mark at the target."""
    lines = [
        f"{'step':<20}{'our way':<12}{'classic':>10}{'ours':>10}{'ratio':>8}{'target':>8}{'met':>5}"
        "  (a bar of 20 is the classic way; | is the target)"
    ]
    for row in rows:
        both = "".join(f"{in_unit(row[key], row['unit']):>10}" for key in ("classic", "ours"))
        ratio = "-" if row["ratio"] is None else f"{row['ratio']:.3f}"
        target = "-" if row["target"] is None else f"{row['target']:.2f}"
        met = {None: "-", True: "yes", False: "no"}[row["met"]]
        line = f"{row['step']:<20}{row['way']:<12}{both}{ratio:>8}{target:>8}{met:>5}"
        lines.append(f"{line}  {bar(row['ratio'], row['target'])}".rstrip())
    return "\n".join(lines)


def in_unit(value: float | None, unit: str) -> str:
    """Return a figure with its unit, or a dash."""
    if value is None:
        return "-"
    return f"{value:,.0f} MB" if unit == "MB" else f"{value:.2f} s"


def bar(ratio: float | None, target: float | None) -> str:
    """Return a ratio as a bar of letters, with a mark where the target is."""
    if ratio is None:
        return ""
    cells = ["#"] * max(1, min(40, round(20 * ratio)))
    if target is not None:
        mark = round(20 * target)
        cells += [" "] * (mark + 1 - len(cells))
        cells[mark] = "|"
    return "".join(cells)


def batches(cost: dict[str, Any]) -> str:
    """Say what the batches that are made as they are needed cost."""
    return (
        f"batches made as they are needed (chapter 3): 20 epochs in {cost['20 epochs']:.2f} s, "
        f"peak {cost['megabytes']:,.0f} MB, limit {cost['limit']:,} MB, "
        f"met: {'yes' if cost['met'] else 'no'}"
    )


def reached(results: dict[str, dict[str, float]]) -> str:
    """Return how good the networks of each way were."""
    columns = ("validation loss", "validation accuracy", "test loss", "test accuracy")
    lines = ["what the networks reached" + "".join(f"{name:>21}" for name in columns)]
    for way, found in results.items():
        cells = "".join(
            f"{found[name]:>21.4f}" if name in found else f"{'-':>21}" for name in columns
        )
        lines.append(f"{way:<25}{cells}")
    return "\n".join(lines)


def profile(found: dict[str, Any]) -> str:
    """Return where the seconds go, in per cent, and the distance to the floor."""
    floor = found["floor"]
    lines = [
        f"the floor: the same 20 epochs by hand with SciPy: {floor['20 epochs']:.2f} s, "
        f"validation accuracy {floor['validation accuracy']:.3f}"
    ]
    for way, seconds in found.items():
        if way == "floor":
            continue
        lines.append(f"{way}: 20 epochs take {seconds['times the floor']:.1f} times the floor")
        lines.append(f"  the chapter: {shares(seconds['chapter'])}")
        lines.append(f"  its 20 epochs: {shares(seconds['20 epochs'])}")
        lines.append(f"  the same by library (own time): {shares(seconds['libraries'])}")
    return "\n".join(lines)


def shares(parts: dict[str, float]) -> str:
    """Return the parts of a whole that count, the largest first, with seconds and per cent."""
    total = sum(parts.values())
    ordered = sorted(parts.items(), key=lambda part: -part[1])
    return ", ".join(
        f"{name} {seconds:.2f} s ({seconds / total:.0%})"
        for name, seconds in ordered
        if seconds >= 0.005 * total
    )


def growth(runs: list[dict[str, Any]]) -> str:
    """Return the cost of more reviews and of more words."""
    columns = ("vectorizing", "20 epochs", "megabytes")
    lines = [
        f"{'growth':<10}{'reviews':>9}{'words':>9}{columns[0]:>14}{columns[1]:>12}{'peak':>12}"
    ]
    for run in runs:
        size = f"{run['way']:<10}{run['reviews']:>9,}{run['words']:>9,}"
        cost = (in_unit(run[name], "MB" if name == "megabytes" else "s") for name in columns)
        lines.append(f"{size}{next(cost):>14}{next(cost):>12}{next(cost):>12}")
    return "\n".join(lines)
