"""A bar is drawn where somebody watches, and leaves nothing where outputs are kept."""

import io
import re

from jupyter_client.manager import start_new_kernel

from imdb_helpers import progress
from imdb_helpers.dataset.find import find_dataset

CODE = """
from imdb_helpers.progress import progress_bar
with progress_bar(3, "reading", "reviews") as bar:
    bar.update(3)
"""


class Terminal(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self):
        return True


def test_a_terminal_shows_it_and_is_clean_afterwards(downloads, monkeypatch):
    terminal = Terminal()
    monkeypatch.setattr(progress.sys, "stderr", terminal)
    find_dataset()
    said = terminal.getvalue()
    assert re.search(r"fetching imdb.npz: +\d+%\|\S* *\| [\d.k]+/1\.\d\dk.*B/s", said)
    assert re.search(r"reading imdb.npz, once: +0%\|.*\| 0/2 \[.*\? reviews/s\]", said)
    assert said.rsplit("\r")[-1].strip() == ""


def test_nothing_is_printed_into_a_log(downloads, capfd, caplog):
    assert find_dataset().word_index
    assert len(downloads) == 2
    assert capfd.readouterr() == ("", "")
    assert caplog.messages == []


def test_the_command_of_a_notebook_shows_it_to_somebody_and_keeps_nothing_for_nobody():
    """As JupyterLab, and then as a test session runs the notebook's kernel."""
    manager, client = start_new_kernel(kernel_name="python3")
    written = {True: [], False: []}
    for somebody, messages in written.items():
        reply = client.execute_interactive(
            CODE, allow_stdin=somebody, output_hook=messages.append, timeout=60
        )
        assert reply["content"]["status"] == "ok"
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    shown = [m["content"]["text"] for m in written[True] if m["msg_type"] == "stream"]
    assert "reading" in "".join(shown)
    assert {message["msg_type"] for message in written[False]} == {"status", "execute_input"}
