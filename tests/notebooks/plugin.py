"""The chapters' part of a test session: nbval runs the cells, ``compare`` compares the outputs."""

import time
from collections.abc import Callable, Generator, Iterator
from functools import partial
from pathlib import Path
from queue import Empty

import pytest
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.notebooks import executed, memory, report
from tests.notebooks.compare import compare_outputs
from tests.notebooks.data import lacking
from tests.notebooks.figure_data import startup_code
from tests.notebooks.memory import Fence
from tools.run_chapters import PEAK_MEGABYTES

STARTUP_SECONDS = 120
OUTPUT_SECONDS = 60  # nbval's own 5 are few for a busy machine with two cores
ALIVE_SECONDS = 2  # how often a kernel that takes its time is asked whether it still lives
FENCES = pytest.StashKey[dict[str, str]]()


class KernelDied(Exception):
    """The kernel's process ended while a cell was running."""


class ChapterCell(IPyNbCell):
    """A code cell, named by its id, whose outputs are compared by the policy it carries."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.output_timeout = OUTPUT_SECONDS

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the cell by its id in reports."""
        return self.path, 0, f"{self.path.name}::{self.name}"

    def runtest(self) -> None:
        """Run and compare the cell; one that was never run has nothing to compare with."""
        self.compared = False
        check = self.cell.metadata.get("check") or {}
        policy, marked = check.get("policy", "exact"), bool(lacking() & check.keys())
        try:
            super().runtest()  # first, because later cells need its names
        finally:
            self.user_properties.append(
                ("chapter", (self.path.stem, policy, self.compared, marked))
            )
        if self.cell.execution_count is None:
            self.raise_cell_error("The stored cell was never run")

    def raise_cell_error(self, message: str, *args, **kwargs) -> None:
        """Fail with the chapter and the cell's id in the message."""
        super().raise_cell_error(f"{self.path.name}, {self.name}: {message}", *args, **kwargs)

    def compare_outputs(self, test, ref, skip_compare=None) -> bool:
        """Compare by policy; nbval shows ``comparison_traceback`` when this returns False."""
        check = self.cell.metadata.get("check") or {}
        self.compared = check.get("policy") != "free" and not lacking() & check.keys()
        self.comparison_traceback = compare_outputs(check, ref, test, lacking=lacking())
        return not self.comparison_traceback


class PeakMemory(pytest.Item):
    """The largest resident memory that a chapter's kernel has needed, after its last cell."""

    def runtest(self) -> None:
        """Fail above the limit, and where it cannot be measured."""
        if not self.parent.kernel.is_alive():
            raise KernelDied(self.parent.last_words())
        megabytes = float(self.parent.ask("", PEAK_MEGABYTES))
        self.user_properties.append(("peak", (self.path.stem, megabytes)))
        assert megabytes <= memory.limit_megabytes(), (
            f"{self.path.name} needed {megabytes:,.0f} MB; a small notebook host has "
            f"{memory.limit_megabytes():,}"
        )

    def reportinfo(self) -> tuple[Path, int, str]:
        """Name the chapter in reports."""
        return self.path, 0, f"{self.path.name}::{self.name}"


class ChapterFile(IPyNbFile):
    """A notebook whose kernel describes figures, and whose cells are chapter cells."""

    def setup(self) -> None:
        """Start the kernel, fence it in, then run the hidden code that adds data to figures."""
        lacking()  # before any kernel starts: they inherit the decision which reviews to use
        super().setup()
        self.fence = Fence(self.path.stem)
        self.fence.enclose(self.kernel.km.provisioner.pid)
        self.config.stash.setdefault(FENCES, {})[self.path.stem] = self.fence.problem
        # nbval's own way stores no history, and without history IPython cannot see the semicolon
        # at the end of a cell: its value would be displayed here but not in the stored outputs.
        self.kernel.execute_cell_input = partial(self.kernel.kc.execute, stop_on_error=False)
        self.kernel.get_message = partial(self.get_message_of_the_living, self.kernel.get_message)
        self.ask(f"get_ipython().history_manager.enabled = False\n{startup_code()}")

    def ask(self, code: str, expression: str = "None") -> str:
        """Run hidden code in the kernel, then return the value of an expression as text."""
        client = self.kernel.kc
        expressions = {"value": expression}
        request = client.execute(
            code, silent=True, store_history=False, user_expressions=expressions
        )
        while True:
            reply = self.kernel.get_message("shell", timeout=STARTUP_SECONDS)
            if reply["parent_header"].get("msg_id") == request:
                value = reply["content"]["user_expressions"]["value"]
                return value.get("data", {}).get("text/plain", "")

    def get_message_of_the_living(self, get_message: Callable, stream: str, timeout=None) -> dict:
        """Wait for a message, but not for one of a kernel that has died: nbval would, for long."""
        deadline = time.monotonic() + (timeout or OUTPUT_SECONDS)
        while True:
            try:
                return get_message(stream=stream, timeout=ALIVE_SECONDS)
            except Empty:
                if not self.kernel.is_alive():
                    raise KernelDied(self.last_words()) from None
                if time.monotonic() > deadline:
                    raise

    def last_words(self) -> str:
        """Say why the kernel died, as far as that is known."""
        if self.fence.killed():
            return f"the kernel wanted more than {memory.limit_megabytes():,} MB and was stopped"
        return "the kernel died"

    def teardown(self) -> None:
        """Stop the kernel, take down its fence, and keep what the cells gave."""
        super().teardown()
        self.fence.remove()
        run = {name: cell for name, cell in self.cells.items() if cell.test_outputs is not None}
        outputs = {name: cell.test_outputs for name, cell in run.items()}
        executed.keep(self.path, outputs, self.config.option.executed or executed.default_folder())

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a chapter cell for each of nbval's, and at the end a look at the memory."""
        self.cells = {}
        for item in super().collect():
            cell = ChapterCell.from_parent(
                self,
                name=item.cell.get("id", item.name),
                cell_num=item.cell_num,
                cell=item.cell,
                options=item.options,
            )
            self.cells[cell.name] = cell
            yield cell
        yield PeakMemory.from_parent(self, name="peak-memory")


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


def pytest_addoption(parser) -> None:
    """Let a session say where it leaves the chapters as it ran them."""
    parser.addoption("--executed", type=Path, help="folder for the chapters as they were run")


def pytest_collection_modifyitems(items) -> None:
    """Judge what the chapters conclude after they were run, if they are."""
    items.sort(key=lambda item: item.get_closest_marker("after_chapters") is not None)


def pytest_terminal_summary(terminalreporter, config) -> None:
    """Print what was compared, chapter by chapter: a policy that compares less is seen here."""
    problems = set(config.stash.get(FENCES, {}).values())
    if table := report.lines(terminalreporter.stats, problems):
        terminalreporter.section("chapters")
        for line in table:
            terminalreporter.line(line)
