"""What the tests of the built book share: the site, and a browser to open it in."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.book.pages import ROOT
from tests.site import html
from tests.site.axe import WIDE, resize
from tests.site.every_page import visit_pages
from tests.site.visit import Visit, open_browser


def waits(item):
    """Whether a test waits for the visits to the pages."""
    return "visited" in getattr(item, "fixturenames", ())


def pytest_collection_modifyitems(items):
    """Put what waits for the visits last: they go on in the background."""
    items.sort(key=waits)


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


@pytest.fixture(scope="session", autouse=True)
def visits(request, site, served):
    """Begin to visit the pages that this session's tests ask for, beside its other tests."""
    names = [item.callspec.params["name"] for item in request.session.items if waits(item)]
    with ThreadPoolExecutor(1) as background:
        yield background.submit(visit_pages, names, site, served)


@pytest.fixture(scope="session")
def usual_visit(browser, site):
    """Return what opens pages from their folder for every test that needs nothing else."""
    return Visit(browser, site, site.as_uri())


@pytest.fixture
def visit(browser, site, usual_visit):
    """Return what opens pages, from their folder; at the end, nothing must have gone wrong.

    Options are those of a context of Playwright's; "own" asks for one that no other test has.
    """
    visits = [usual_visit]
    resize(usual_visit.page, WIDE)

    def begin(address=usual_visit.address, own=False, **options):
        if own or options or address != usual_visit.address:
            visits.append(Visit(browser, site, address, **options))
        return visits[-1]

    yield begin
    problems = [problem for each in visits for problem in each.problems]
    usual_visit.forget()
    for each in visits[1:]:
        each.context.close()
    assert problems == []
