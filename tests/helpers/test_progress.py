"""A bar is drawn where somebody watches, and leaves nothing where outputs are kept."""

import io
import re

import pytest
from jupyter_client.manager import start_new_kernel

from imdb_helpers import progress
from imdb_helpers.dataset.find import find_dataset
from imdb_helpers.progress import progress_bar

CODE = """
from imdb_helpers.progress import progress_bar
with progress_bar(3, "reading", "reviews") as bar:
    bar.update(3)
"""


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self):
        return True


def test_a_terminal_shows_it_and_is_clean_afterwards(monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    with progress_bar(3, "reading", "reviews") as bar:
        bar.update(3)
    assert "reading" in terminal.getvalue()
    assert terminal.getvalue().rsplit("\r")[-1].strip() == ""


def test_a_download_moves_it(downloads, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    find_dataset()
    assert re.search(r"fetching imdb.npz: +\d+%\|\S* *\| [\d.k]+/1\.\d\dk", terminal.getvalue())
    assert "reading imdb.npz, once" in terminal.getvalue()


@pytest.fixture(scope="module")
def client():
    """Return a client of a notebook's kernel, as JupyterLab and as a test session have one."""
    manager, client = start_new_kernel(kernel_name="python3")
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.parametrize("somebody", [True, False])
def test_a_notebook_shows_it_to_somebody_and_keeps_nothing_for_nobody(client, somebody):
    written = []

    def note(message):
        if message["msg_type"] not in ("status", "execute_input"):
            written.append(message["content"].get("text", ""))

    reply = client.execute_interactive(CODE, allow_stdin=somebody, output_hook=note, timeout=60)
    assert reply["content"]["status"] == "ok"
    assert ("reading" in "".join(written)) is somebody
    assert somebody or written == []


def test_a_download_and_a_first_reading_print_nothing_into_a_log(downloads, capfd, caplog):
    assert find_dataset().word_index
    assert len(downloads) == 2
    assert capfd.readouterr() == ("", "")
    assert caplog.messages == []
