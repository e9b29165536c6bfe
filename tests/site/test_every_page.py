"""Every page in a browser: nobody is kept out, nothing is asked of elsewhere, nothing fails."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from tests.book.pages import BOOK
from tests.site import axe
from tests.site.conftest import Visit, open_browser

CHAPTERS = sorted(path.stem for path in [*BOOK.glob("*.ipynb"), *BOOK.glob("*.md")])
PAGES = [*CHAPTERS, "search"]
ZOOMED = 640  # what is left of a wide screen when a reader zooms to 200 %
# Bytes, packed: of a page with all it loads, of one with a living part, of that part and its data.
HEAVIEST, HEAVIEST_LIVING, HEAVIEST_PART = 300_000, 700_000, 400_000
# What Tab reaches and does not look different then; one of each kind is enough.
UNSEEN = """() => {
  document.activeElement.blur();
  const kinds = new Map();
  for (const node of document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex='0']",
  )) {
    const kind = [node.tagName, node.className, node.parentElement.className].join();
    if (node.checkVisibility() && !kinds.has(kind)) kinds.set(kind, node);
  }
  const look = (node) => {
    const { outlineStyle, outlineWidth, ...style } = getComputedStyle(node);
    const ring = outlineStyle === "none" || outlineWidth;
    return [ring, style.boxShadow, style.borderColor, style.backgroundColor, style.opacity].join();
  };
  const unseen = [...kinds.values()].filter((node) => {
    const before = look(node);
    node.focus({ preventScroll: true });
    if (document.activeElement !== node) return false;
    return look(node) === before || getComputedStyle(node).opacity === "0";
  });
  document.activeElement.blur(); // and any tooltip goes
  return unseen.map((node) => node.outerHTML.slice(0, 200));
}"""


def visit_pages(names, site, address):
    """Return what is wrong with each of some pages, and how many bytes it loads, packed."""
    found = {}
    with open_browser() as browser:
        folder = Visit(browser, site, site.as_uri())
        for name in names:
            folder.open(f"{name}.html").wait_for_selector("h1:visible")
            here = Visit(browser, site, address)
            found[name] = (problems_of(here, name) + folder.problems, here.weight())
            here.context.close()
            folder.problems.clear()
    return found


def problems_of(here, name):
    axe.resize(here.page, axe.PHONE)
    page, problems = here.open(f"{name}.html"), here.problems
    for width in (axe.PHONE, ZOOMED, axe.WIDE):
        axe.resize(page, width)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            problems.append(f"scrolls sideways at {width} pixels")
    page.keyboard.press("Tab")  # from now on, the browser shows where the focus is
    problems += [f"no visible focus: {found}" for found in page.evaluate(UNSEEN)]
    problems += axe.faults(page)
    weight, part = here.weight(), here.weight("_static/living/")
    if weight > (HEAVIEST_LIVING if part else HEAVIEST) or part > HEAVIEST_PART:
        problems.append(f"loads {weight:,} bytes, {part:,} of them for a living part")
    return problems


@pytest.fixture(scope="module")
def visited(site, served):
    """Visit every page once, in two browsers at a time: most of this is computing."""
    halves = (PAGES[::2], PAGES[1::2])
    with ThreadPoolExecutor(len(halves)) as pool:
        found = pool.map(partial(visit_pages, site=site, address=served), halves)
        return {name: what for half in found for name, what in half.items()}


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
    here = visit()
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
