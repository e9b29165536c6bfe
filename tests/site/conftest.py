"""What the tests of the built book share: the site, and a browser to open it in."""

import gzip
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.book.pages import ROOT

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """Build the book from its stored outputs, as ``make book`` does, into a folder of its own."""
    output = tmp_path_factory.mktemp("site")
    # Beside the interpreter first, so that the test of an environment uses that environment.
    folder = str(Path(sys.executable).parent)
    command = shutil.which("jupyter-book", path=folder) or "jupyter-book"
    options = ["-n", "-W", "--keep-going", "--path-output", str(output)]
    built = subprocess.run(
        [command, "build", "book/", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )
    lines = (built.stdout + built.stderr).splitlines()
    complaints = [line for line in lines if "WARNING" in line or "ERROR" in line]
    return (
        output / "_build" / "html",
        built.returncode,
        "\n".join([*complaints, *lines[-20:]]),
    )


@pytest.fixture(scope="session")
def built_pages(site):
    """Return the built pages; the copies of sources that Sphinx keeps are not pages."""
    html, _, report = site
    found = [path for path in sorted(html.rglob("*.html")) if "_static" not in path.parts]
    assert found, report
    return found


@pytest.fixture(scope="session")
def browser():
    """Return a browser, or skip: the book can be read and built without one."""
    playwright = pytest.importorskip("playwright.sync_api")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        pytest.skip(f"none of {', '.join(BROWSERS)} is installed")
    with playwright.sync_playwright() as started:
        # Playwright turns off a limit on changes of the history that readers' browsers have.
        browser = started.chromium.launch(
            executable_path=found,
            args=["--no-sandbox"],
            ignore_default_args=["--disable-ipc-flooding-protection"],
        )
        yield browser
        browser.close()


class Visit:
    """A page of the built book, open in a browser; whatever goes wrong there is collected."""

    def __init__(self, browser, html: Path, **context):
        self.html, self.problems, self.loaded = html, [], set()
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}} | context)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(str(error)))
        self.page.on("console", self._listen)
        self.page.on("request", self._watch)

    def _listen(self, message):
        if message.type in ("error", "warning"):
            self.problems.append(message.text)

    def _watch(self, request):
        self.loaded.add(unquote(urlsplit(request.url).path))
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.problems.append(f"asks for {request.url}")

    def weight(self) -> int:
        """Return how many bytes the pages opened so far have loaded, packed as servers do it."""
        files = [Path(path) for path in self.loaded if Path(path).is_file()]
        return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)

    def open(self, name: str):
        """Open a page by its name, such as "try.html#try=1", and return it."""
        self.page.goto("about:blank")  # so that a page with another hash is loaded anew
        self.page.goto(f"file://{self.html}/{name}")
        return self.page


@pytest.fixture
def visit(browser, site):
    """Return what opens pages of the book; at the end, nothing must have gone wrong in them."""
    visits = []

    def begin(**context):
        visits.append(Visit(browser, site[0], **context))
        return visits[-1]

    yield begin
    problems = [problem for each in visits for problem in each.problems]
    for each in visits:
        each.context.close()
    assert problems == []
