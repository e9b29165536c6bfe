"""A progress bar for what takes long, where somebody watches."""

import sys

from tqdm import tqdm


def progress_bar(total: int, what: str, unit: str) -> tqdm:
    """Return a bar to be used in a `with` block, and moved on by `update(count)`.

    It is drawn in a terminal and in JupyterLab, and removed at the end. Nobody watches a log file,
    a test session or a run that stores a notebook, and there it prints nothing.

    Args:
        total: how many units there are to do.
        what: written before the bar.
        unit: what is counted, such as "reviews"; "B" for bytes.
    """
    return tqdm(
        total=total,
        desc=what,
        unit=unit if unit == "B" else f" {unit}",
        unit_scale=unit == "B",
        leave=False,
        disable=not _is_watched(),
    )


def _is_watched() -> bool:
    """Whether standard error is a terminal, or a notebook is open before somebody."""
    if "IPython" in sys.modules:
        kernel = getattr(sys.modules["IPython"].get_ipython(), "kernel", None)
        if kernel is not None:
            # Jupyter's protocol: what runs notebooks by itself forbids a cell to ask for input.
            return bool(kernel.get_parent().get("content", {}).get("allow_stdin"))
    return sys.stderr.isatty()
