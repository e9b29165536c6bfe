"""A pytest plugin over nbval: nbval runs the cells, ``compare`` compares their outputs.

With ``--store``, the same run stores what the cells gave in the place of comparing it.
"""

import os
import time
from collections.abc import Callable, Generator, Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from queue import Empty
from unittest.mock import patch

import nbformat
import pytest
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell, IPyNbFile

from tests.nbproof import figures, memory, report
from tests.nbproof.compare import compare_cell
from tests.nbproof.notebook import code_cells, merge_streams, tags
from tests.nbproof.settings import KEY, Hooks, settings_of
from tests.nbproof.stored import refuse, replace_file, store

STARTUP_SECONDS = 120
OUTPUT_SECONDS = 60  # nbval's own 5 are few for a busy machine with two cores
ALIVE_SECONDS = 2  # how often a kernel that takes its time is asked whether it still lives
EXECUTED = pytest.StashKey[dict[Path, NotebookNode]]()


class NotebookItem(pytest.Item):
    """Something to do in a notebook's kernel, named by the file and its own name."""

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return what reports call the item."""
        return self.path, 0, f"{self.path.name}::{self.name}"


class NotebookCell(NotebookItem, IPyNbCell):
    """A code cell, named by its id, whose outputs are compared by the policy it carries."""

    def __init__(self, **kwargs) -> None:
        super().__init__(**kwargs)
        self.output_timeout = OUTPUT_SECONDS
        self.succeeded = False
        # Marks in the source or the tags that make nbval compare less are not obeyed.
        announced = "raises-exception" in tags(self.cell)
        self.options = {"check": True, "skip": False, "check_exception": announced}
        self.stored = self.cell
        # Nothing of it is nbval's to judge.
        self.cell = nbformat.from_dict(deepcopy(self.cell) | {"outputs": [], "execution_count": 1})

    def runtest(self) -> None:
        """Run the cell, then compare it, unless its outputs are to be stored."""
        begin = time.perf_counter()
        try:
            # nbval's own function moves what was printed after a figure to what came before it.
            with patch("nbval.plugin.coalesce_streams", merge_streams):
                super().runtest()
            self.succeeded = True
        finally:
            said = self.stored.metadata.get("nbproof", {})
            missing = settings_of(self.config).lacking & set(said.get("needs", ()))
            found = (said.get("policy", "exact"), not missing, time.perf_counter() - begin)
            self.user_properties.append(("nbproof", (self.path.stem, *found)))

    def compare_outputs(self, test, ref, skip_compare=None) -> bool:
        """Compare by policy; nbval shows ``comparison_traceback`` when this returns False."""
        if self.config.option.store:
            return True
        self.comparison_traceback = compare_cell(self.stored, test, settings_of(self.config))
        return not self.comparison_traceback


class PeakMemory(NotebookItem):
    """The largest resident memory that a notebook's kernel has needed, after its last cell."""

    def runtest(self) -> None:
        """Fail above the limit, and where it cannot be measured."""
        megabytes = float(self.parent.ask("", memory.EXPRESSION))
        self.user_properties.append(("nbproof-peak", (self.path.stem, megabytes)))
        limit = settings_of(self.config).memory_limit
        needed = f"{self.path.name} needed {megabytes:,.0f} MB of {limit:,}"
        assert not limit or megabytes <= limit, needed


class Storing(NotebookItem):
    """The storing of a notebook's outputs, after its last cell."""

    def runtest(self) -> None:
        """Store the outputs if every cell was run, and none failed."""
        if (notebook := self.parent.executed()) is None:
            refuse("not every cell was run without an error: nothing is stored")
        before, settings = self.parent.text, settings_of(self.config)
        changes = store(self.path, before, notebook, settings, fresh=self.config.option.fresh)
        for change in changes or ["stored: no output is another one than before"]:
            self.user_properties.append((report.NOTE, f"{self.path.name}, {change}"))
        self.config.hook.pytest_nbproof_stored(path=self.path, before=before)


class NotebookFile(IPyNbFile):
    """A notebook whose kernel describes figures, and whose cells are compared by their policies."""

    def setup(self) -> None:
        """Start the kernel, then run the hidden code that adds data to figures."""
        settings_of(self.config)  # before any kernel starts: what is decided there, they inherit
        with patch.dict(os.environ):
            os.environ.pop("MPLBACKEND", None)  # an editor's own would show no figures
            super().setup()
        # nbval's own way stores no history, and without history IPython cannot see the semicolon
        # at the end of a cell: its value would be displayed here and nowhere else.
        self.kernel.execute_cell_input = partial(self.kernel.kc.execute, stop_on_error=False)
        self.kernel.get_message = partial(self.get_message_of_the_living, self.kernel.get_message)
        self.ask(f"get_ipython().history_manager.enabled = False\n{figures.startup_code()}")

    def ask(self, code: str, expression: str = "None") -> str:
        """Run hidden code in the kernel, then return the value of an expression as text."""
        expressions = {"value": expression}
        request = self.kernel.kc.execute(code, silent=True, user_expressions=expressions)
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
                    pytest.fail("the kernel died", pytrace=False)
                if time.monotonic() > deadline:
                    raise

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a cell of our own for each of nbval's, then what comes after the last one."""
        self.text = self.path.read_text(encoding="utf-8")
        self.cells = {}
        for item in super().collect():
            cell = NotebookCell.from_parent(
                self,
                name=item.cell.get("id", item.name),
                cell_num=item.cell_num,
                cell=item.cell,
                options=item.options,
            )
            self.cells[cell.name] = cell
            yield cell
        yield PeakMemory.from_parent(self, name="peak-memory")
        if self.config.option.store:
            yield Storing.from_parent(self, name="store")

    def executed(self) -> NotebookNode | None:
        """Return the notebook as it was run, or nothing if a cell was not run, or had an error."""
        notebook = nbformat.reads(self.text, as_version=4)
        for place, cell in enumerate(code_cells(notebook), start=1):
            run = self.cells[cell.id]
            # A cell that gave something else than is stored was run as well.
            if run.test_outputs is None or (self.config.option.store and not run.succeeded):
                return None
            cell.outputs = nbformat.from_dict(deepcopy(run.test_outputs))
            cell.execution_count = place
        return notebook

    def teardown(self) -> None:
        """Stop the kernel, and keep what the cells gave for the tests that come after."""
        super().teardown()
        if notebook := self.executed():
            self.config.stash.setdefault(EXECUTED, {})[self.path] = notebook
            if folder := self.config.option.executed:
                folder.mkdir(parents=True, exist_ok=True)
                replace_file(folder / self.path.name, nbformat.writes(notebook))


@pytest.fixture(scope="session")
def executed(request) -> dict[Path, NotebookNode]:
    """Return the notebooks that this session has run whole so far, by their paths."""
    return request.config.stash.setdefault(EXECUTED, {})


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(parent) -> Generator[None, list, list]:
    """Put files of our own in the place of nbval's: two collectors would run notebooks twice."""
    return [
        NotebookFile.from_parent(parent, path=found.path) if isinstance(found, IPyNbFile) else found
        for found in (yield)
    ]


def pytest_addhooks(pluginmanager) -> None:
    """Let a suite say what is its own."""
    pluginmanager.add_hookspecs(Hooks)


def pytest_addoption(parser) -> None:
    """Let a session store, and say where it leaves the notebooks as it ran them."""
    group = parser.getgroup("nbproof")
    group.addoption("--store", action="store_true", help="store outputs instead of comparing them")
    group.addoption("--fresh", action="store_true", help="--store also those that agree")
    group.addoption("--executed", type=Path, help="folder for the notebooks as they were run")


def pytest_collection_modifyitems(config, items) -> None:
    """Put tests of what the notebooks gave after these; store nothing that must not be."""
    items.sort(key=lambda item: "executed" in getattr(item, "fixturenames", ()))
    if config.option.store and (reason := settings_of(config).may_not_store):
        raise pytest.UsageError(f"nothing is stored: {reason}")


def pytest_terminal_summary(terminalreporter, config) -> None:
    """Print what the tests have noted, and what was compared, notebook by notebook."""
    sections = {"what the tests have noted": report.notes(terminalreporter.stats)}
    if settings := config.stash.get(KEY, None):  # asked for only where there was a notebook
        sections["notebooks"] = report.table(terminalreporter.stats, settings)
    for title, lines in sections.items():
        if lines:
            terminalreporter.section(title)
        for line in lines:
            terminalreporter.line(line)
