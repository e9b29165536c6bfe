"""A browser, and pages of the built book that are open in it."""

import gzip
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tools import pdf


@contextmanager
def open_browser():
    """Open a browser, or skip: the book can be read and built without one."""
    with sync_playwright() as playwright:
        try:
            # Playwright turns off a limit on changes of the history that readers' browsers have.
            limit = ["--disable-ipc-flooding-protection"]
            opened = pdf.launch(playwright, ignore_default_args=limit)
        except SystemExit as missing:
            pytest.skip(str(missing))
        with opened:
            yield opened


class Visit:
    """Pages of the built book, open in a browser; whatever goes wrong there is collected."""

    def __init__(self, browser, folder: Path, address: str, **context):
        self.folder, self.address, self.problems, self.loaded = folder, address, [], []
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | context)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._listen)
        self.page.on("request", self._watch)

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    def _watch(self, request):
        address, _, name = request.url.partition(self.address + "/")
        if not address:
            self.loaded.append(unquote(urlsplit(name).path))
        elif not address.startswith(("data:", "blob:")):
            self.problems.append(f"asks for {request.url}")

    def forget(self):
        """Forget what was loaded and what went wrong so far."""
        self.loaded.clear()
        self.problems.clear()

    def weight(self, folder: str = "") -> int:
        """Return how many bytes the pages opened so far have loaded, packed as servers do it."""
        files = {self.folder / name for name in self.loaded if name.startswith(folder)}
        return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)

    def open(self, name: str, part: str = ""):
        """Open a page by its name, such as "try.html#try=1", and return it.

        With a living part, "try" or "watch", wait until that is in its place and has answered.
        """
        self.page.goto("about:blank")  # so that a page with another hash is loaded anew
        self.page.goto(f"{self.address}/{name}")
        # No colour in between, when a test looks at the page right after a change.
        still = "<style>* { transition: none !important }</style>"
        self.page.evaluate("(s) => document.head.insertAdjacentHTML('beforeend', s)", still)
        if part:
            self.page.wait_for_selector(f".imdb-{part} .imdb-answer:not(:empty)", state="attached")
        return self.page
