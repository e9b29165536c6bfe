"""Notebooks and outputs made in code, for the tests of the checks themselves."""

from collections.abc import Iterable

import matplotlib.figure
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.nbproof.figures import METADATA_KEY, describe
from tests.nbproof.notebook import SVG

SMALLEST_SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'


def printed(text: str, name: str = "stdout") -> NotebookNode:
    """Return a stream output."""
    return new_output("stream", name=name, text=text)


def displayed(**data: str) -> NotebookNode:
    """Return a display output; ``text_html`` stands for ``text/html``."""
    kinds = {kind.replace("_", "/"): value for kind, value in data.items()}
    return new_output("display_data", data=kinds)


def drawn(series: dict[str, Iterable[float]], xlabel: str = "Epoch") -> NotebookNode:
    """Return the output of a cell that drew labelled lines."""
    figure = matplotlib.figure.Figure()
    axes = figure.add_subplot()
    for label, values in series.items():
        axes.plot(list(values), label=label)
    axes.set_xlabel(xlabel)
    if series:
        axes.legend()
    data = {SVG: SMALLEST_SVG, "text/plain": "<Figure>"}
    return new_output("display_data", data=data, metadata={METADATA_KEY: describe(figure)})


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
