"""Every page in a browser: nobody is kept out, nothing is asked of elsewhere, nothing fails."""

import pytest

from tests.book.pages import BOOK

CHAPTERS = sorted(path.stem for path in [*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")])
PAGES = [*CHAPTERS, "search"]


@pytest.fixture
def visited(visits):
    """Wait for the visits to every page, and return what was found."""
    return visits.result()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_can_be_read_by_everybody(visited, name, record_property):
    problems, weight = visited[name]
    record_property("nbproof-note", f"{name}: {weight / 1000:.0f} kB, packed")
    assert not problems, "\n".join(problems)


def test_the_first_page_leads_on_from_a_folder(visit):
    here = visit()
    here.page.goto(f"{here.address}/index.html")
    here.page.wait_for_url("**/00_welcome.html")


def test_a_solution_opens_and_closes(visit):
    page = visit().open("02_decoding.html")
    solution = page.locator("details:has(summary:has-text('Show the solution'))").first
    summary = solution.locator("summary")
    for act in (summary.click, lambda: summary.press("Enter")):
        for is_open in (True, False):
            act()
            assert solution.evaluate("(node) => node.open") is is_open


@pytest.mark.parametrize(
    ("name", "part"), [("try", "try"), ("00_welcome", "try"), ("07_overfitting", "watch")]
)
def test_without_scripts_a_living_part_is_a_sentence_and_a_picture(visit, name, part):
    page = visit(java_script_enabled=False).open(f"{name}.html")
    assert "JupyterLab" in page.inner_text(f".imdb-{part}")
    assert page.locator(f".imdb-{part} img").evaluate("(image) => image.naturalWidth") > 0
    assert page.query_selector(f".imdb-{part} :is(textarea, button)") is None


def test_code_can_be_copied(visit):
    here = visit(own=True)
    here.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = here.open("01_loading.html")
    cell = page.locator("div.highlight").first
    code = cell.inner_text()
    cell.hover()
    cell.locator("button.copybtn").click()
    page.wait_for_function("navigator.clipboard.readText()")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == code.strip()


@pytest.mark.parametrize("from_a_folder", [True, False])
def test_the_search_finds_a_word(visit, served, from_a_folder):
    here = visit() if from_a_folder else visit(served)
    page = here.open("search.html?q=overfitting")
    page.wait_for_selector("#search-results li")
    assert "verfitting" in page.inner_text("#search-results")
    if from_a_folder:
        # There it may not fetch the pages it would take excerpts from, and complains.
        page.goto("about:blank")
        here.problems.clear()
