"""Notebooks and outputs made in code, for the tests of the checks themselves."""

from collections.abc import Callable, Iterable

import matplotlib.figure
from matplotlib.axes import Axes
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.nbproof.figures import METADATA_KEY, describe
from tests.nbproof.notebook import SVG


def printed(text: str, name: str = "stdout") -> NotebookNode:
    """Return a stream output."""
    return new_output("stream", name=name, text=text)


def displayed(**data: str) -> NotebookNode:
    """Return a display output; ``text_html`` stands for ``text/html``."""
    kinds = {kind.replace("_", "/"): value for kind, value in data.items()}
    return new_output("display_data", data=kinds)


def figure_of(draw: Callable[[Axes], object]) -> NotebookNode:
    """Return the output of a cell that drew into one pair of axes."""
    figure = matplotlib.figure.Figure()
    draw(figure.add_subplot())
    data = {SVG: '<svg xmlns="http://www.w3.org/2000/svg"/>', "text/plain": "<Figure 640x480>"}
    return new_output("display_data", data=data, metadata={METADATA_KEY: describe(figure)})


def drawn(series: dict[str, list[float]]) -> NotebookNode:
    """Return the output of a cell that drew labelled lines."""

    def draw(axes: Axes) -> None:
        for label, values in series.items():
            axes.plot(values, label=label)
        axes.legend()

    return figure_of(draw)


def code(cell_id: str, source: str, outputs: Iterable = (), count: int = 1, **metadata):
    """Return a code cell that was run, compared exactly unless its metadata says otherwise."""
    return new_code_cell(
        source, id=cell_id, outputs=list(outputs), execution_count=count, metadata=metadata
    )


def prose(cell_id: str, source: str) -> NotebookNode:
    """Return a Markdown cell."""
    return new_markdown_cell(source, id=cell_id)


def chapter(*cells: NotebookNode) -> NotebookNode:
    """Return a notebook with an opening and these cells."""
    return new_notebook(cells=[prose("title", "# A chapter"), *cells])
