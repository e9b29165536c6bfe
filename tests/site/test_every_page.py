"""Every page in a browser: no error, no request, no fault for axe, no sideways scroll."""

import pytest

from tests.book.pages import BOOK

PAGES = sorted(path.stem for path in [*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")])
WIDTHS = (1280, 640, 360)  # 640 is what is left of 1280 when a reader zooms to 200 %
AXED = {1280: "light", 360: "dark"}
OPTIONS = {"preload": False}  # it would ask for the style sheets again, which a folder refuses


@pytest.fixture(scope="module")
def axe():
    """Return axe-core, or skip."""
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


HEAVIEST, HEAVIEST_LIVING = 300_000, 700_000  # bytes, packed, with everything a page loads


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(visit, axe, name, record_property):
    here, problems = visit(), []
    for width in WIDTHS:
        here.page.set_viewport_size({"width": width, "height": 900})
        page = here.open(f"{name}.html")
        page.add_style_tag(content="* { transition: none !important }")  # no colour in between
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            problems.append(f"scrolls sideways at {width} pixels")
        if theme := AXED.get(width):
            page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
            found = axe.run(page, options=OPTIONS).response["violations"]
            problems += [
                f"{width}, {theme}: {fault['id']}: {node['html'][:200]}"
                for fault in found
                for node in fault["nodes"]
            ]
    weight, living = here.weight(), page.query_selector(".imdb-live") is not None
    record_property("nbproof-note", f"{name}: {weight / 1000:.0f} kB, packed")
    if weight > (HEAVIEST_LIVING if living else HEAVIEST):
        problems.append(f"loads {weight:,} bytes")
    assert problems == []


def test_a_solution_opens_and_closes(visit):
    page = visit().open("02_decoding.html")
    solution = page.locator("details:has(summary:has-text('Show the solution'))").first
    assert not solution.evaluate("(node) => node.open")
    solution.locator("summary").click()
    assert solution.evaluate("(node) => node.open")
    solution.locator("summary").click()
    assert not solution.evaluate("(node) => node.open")


def test_code_can_be_copied(visit):
    here = visit()
    here.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = here.open("01_loading.html")
    cell = page.locator("div.highlight").first
    cell.hover()
    cell.locator("button.copybtn").click()
    page.wait_for_timeout(200)
    assert page.evaluate("navigator.clipboard.readText()") in cell.inner_text()


def test_the_search_finds_a_word_from_a_folder(visit):
    here = visit()
    page = here.open("search.html?q=overfitting")
    page.wait_for_selector("#search-results li")
    assert "verfitting" in page.inner_text("#search-results")
    # In a folder it may not fetch the pages it would take excerpts from, and complains.
    page.goto("about:blank")
    here.problems.clear()
