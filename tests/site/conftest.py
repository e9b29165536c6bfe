"""What the tests of the built book share: the site, and a browser to open it in."""

import gzip
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.book.pages import ROOT
from tests.site import html
from tools import pdf


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Build the book from its stored outputs, as ``make book`` does; return the folder and how."""
    output = tmp_path_factory.mktemp("site")
    return output / "_build" / "html", html.build(ROOT, output)


@pytest.fixture(scope="session")
def site(built):
    """Return the folder of the built pages, even if there were warnings."""
    return built[0]


@pytest.fixture(scope="session")
def built_pages(site):
    """Return the built pages; the copies of sources that Sphinx keeps are not pages."""
    return [path for path in sorted(site.rglob("*.html")) if "_static" not in path.parts]


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


@pytest.fixture(scope="session")
def browser():
    """Return a browser for the tests that need only one."""
    with open_browser() as opened:
        yield opened


@pytest.fixture(scope="session")
def served(site):
    """Serve the site on loopback, as its readers get it, and return its address."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Say nothing: the tests look at what the browser says."""

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=site)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


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


@pytest.fixture
def visit(browser, site):
    """Return what opens pages, from their folder; at the end, nothing must have gone wrong."""
    visits, folder = [], site.as_uri()

    def begin(address=folder, **context):
        visits.append(Visit(browser, site, address, **context))
        return visits[-1]

    yield begin
    problems = [problem for each in visits for problem in each.problems]
    for each in visits:
        each.context.close()
    assert problems == []
