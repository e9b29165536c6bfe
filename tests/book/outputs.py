"""What the book's notebooks show, for the tests of what the prose says about it."""

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from nbformat import NotebookNode

from tests.book.pages import BOOK
from tests.book.session import REAL, TENSORFLOW, backend, lacking
from tests.nbproof.figures import METADATA_KEY
from tests.nbproof.notebook import cell_of, read_notebook, stored_text
from tests.nbproof.numbers import NUMBER, to_float

PLACE = re.compile(r"(?:^|\s)#(\d+)\s*$")


class Outputs:
    """The notebooks as this session ran them, or as they are stored where that is the same.

    On the sample corpus it is the stored ones: what the book says, it says of the real reviews.
    """

    def __init__(self, executed: Mapping[Path, NotebookNode]) -> None:
        self._executed = executed
        self.on_tensorflow = backend() == "tensorflow"  # as the stored ones are

    def notebook(self, name: int | str) -> NotebookNode:
        """Return a chapter (5) or another notebook ("a5"); skip if it must be run first."""
        beginning = f"{name:02}" if isinstance(name, int) else name
        (path,) = BOOK.glob(f"{beginning}_*.ipynb")
        if REAL not in lacking() and path in self._executed:
            return self._executed[path]
        if lacking() == {TENSORFLOW}:
            pytest.skip(f"run {path.name} in the same session: it is stored as on TensorFlow")
        return read_notebook(path)

    def cell(self, name: int | str, cell_id: str) -> NotebookNode:
        """Return a cell."""
        return cell_of(self.notebook(name), cell_id)

    def text(self, name: int | str, cell_id: str) -> str:
        """Return what a cell printed or displayed as text."""
        return stored_text(self.cell(name, cell_id))

    def line(self, name: int | str, cell_id: str, label: str) -> list[float]:
        """Return the numbers after a label on its line.

        Its spaces count: "  4" finds the row of a padded column.
        """
        begin = r"\b" if label[:1].isalnum() else ""  # "4 units" is not the end of "64 units"
        match = re.search(rf"{begin}{re.escape(label)}(.*)", self.text(name, cell_id))
        if not match:
            raise LookupError(f"the output does not contain {label!r}")
        return list(map(to_float, NUMBER.findall(match[1])))

    def number(self, name: int | str, cell_id: str, label: str = "") -> float:
        """Return the number after a label on its line: ``label #2`` is the second one."""
        place = PLACE.search(label)
        return self.line(name, cell_id, PLACE.sub("", label))[int(place[1]) - 1 if place else 0]

    def numbers(self, name: int | str, cell_id: str, *labels: str) -> list[float]:
        """Return the numbers after some labels."""
        return [self.number(name, cell_id, label) for label in labels]

    def found(self, name: int | str, cell_id: str, pattern: str) -> np.ndarray:
        """Return the numbers that a pattern captures, a row for each place if they are several."""
        captured = re.findall(pattern, self.text(name, cell_id), re.MULTILINE)
        return np.vectorize(to_float)(captured)  # an error where there is nothing

    def panels(self, name: int | str, cell_id: str) -> list[dict]:
        """Return what a figure shows, panel by panel."""
        (output,) = self.cell(name, cell_id).outputs
        return output.metadata[METADATA_KEY]["axes"]

    def curves(self, name: int | str, cell_id: str, axis: str = "y") -> list[np.ndarray]:
        """Return what the series of a figure's panels have on one axis, or their "width"."""
        series = [one for panel in self.panels(name, cell_id) for one in panel["series"]]
        return [np.array(one[axis].split(), float) for one in series if axis in one]
