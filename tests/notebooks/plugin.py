"""The chapters' part of a test session: nbval runs the cells, ``compare`` compares the outputs."""

from collections import Counter, defaultdict
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.notebooks.compare import compare_outputs
from tests.notebooks.figure_data import startup_code
from tests.notebooks.policies import ALLOWED_KEYS

STARTUP_SECONDS = 120
OUTPUT_SECONDS = 60  # nbval's own 5 are few for a busy machine with two cores


class ChapterCell(IPyNbCell):
    """A code cell, named by its id, whose outputs are compared by the policy it carries."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.output_timeout = OUTPUT_SECONDS
        policy = self.cell.metadata.get("check", {}).get("policy", "exact")
        self.user_properties.append(("chapter", (self.path.stem, policy)))

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the cell by its id in reports."""
        return self.path, 0, f"{self.path.name}::{self.name}"

    def runtest(self) -> None:
        """Run and compare the cell; one that was never run has nothing to compare with."""
        super().runtest()  # first, because later cells need its names
        if self.cell.execution_count is None:
            self.raise_cell_error("The stored cell was never run")

    def raise_cell_error(self, message: str, *args, **kwargs) -> None:
        """Fail with the chapter and the cell's id in the message."""
        super().raise_cell_error(f"{self.path.name}, {self.name}: {message}", *args, **kwargs)

    def compare_outputs(self, test, ref, skip_compare=None) -> bool:
        """Compare by policy; nbval shows ``comparison_traceback`` when this returns False."""
        self.comparison_traceback = compare_outputs(self.cell.metadata.get("check"), ref, test)
        return not self.comparison_traceback


class ChapterFile(IPyNbFile):
    """A notebook whose kernel describes figures, and whose cells are chapter cells."""

    def setup(self) -> None:
        """Start the kernel, then run the hidden code that adds drawn data to figures."""
        super().setup()
        # nbval's own way stores no history, and without history IPython cannot see the semicolon
        # at the end of a cell: its value would be displayed here but not in the stored outputs.
        self.kernel.execute_cell_input = partial(self.kernel.kc.execute, stop_on_error=False)
        code = f"get_ipython().history_manager.enabled = False\n{startup_code()}"
        request = self.kernel.kc.execute(code, silent=True, store_history=False)
        self.kernel.await_reply(request, timeout=STARTUP_SECONDS)

    def collect(self) -> Iterator[ChapterCell]:
        """Yield a chapter cell for each of nbval's."""
        for item in super().collect():
            yield ChapterCell.from_parent(
                self,
                name=item.cell.get("id", item.name),
                cell_num=item.cell_num,
                cell=item.cell,
                options=item.options,
            )


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(parent) -> Generator[None, list, list]:
    """Put chapter files in the place of nbval's; a second collector would run them twice."""
    collectors = yield
    return [
        ChapterFile.from_parent(parent, path=collector.path)
        if isinstance(collector, IPyNbFile)
        else collector
        for collector in collectors
    ]


def pytest_terminal_summary(terminalreporter) -> None:
    """Print what was compared, chapter by chapter: a policy that compares less is seen here."""
    chapters: dict[str, Counter] = defaultdict(Counter)
    for outcome, reports in terminalreporter.stats.items():
        for report in reports:
            properties = dict(getattr(report, "user_properties", ()))
            if "chapter" in properties and outcome:
                chapter, policy = properties["chapter"]
                failed = outcome in ("failed", "error")
                chapters[chapter].update({"cells": 1, policy: 1, "failures": failed})
    if not chapters:
        return
    columns = ("cells", *ALLOWED_KEYS, "failures")
    terminalreporter.section("chapters")
    terminalreporter.line(f"{'chapter':28}" + "".join(f"{name:>10}" for name in columns))
    for chapter, counts in sorted(chapters.items()):
        row = "".join(f"{counts[name]:>10}" for name in columns)
        terminalreporter.line(f"{chapter:28}{row}")
