"""What keeps somebody from a page: a visit to each, at every width, light and dark."""

from tests.site import axe
from tests.site.visit import Visit, open_browser

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
        here, folder = (Visit(browser, site, place) for place in (address, site.as_uri()))
        for name in names:
            folder.open(f"{name}.html").wait_for_selector("h1:visible")
            found[name] = ([*problems_of(here, name), *folder.problems], here.weight())
            folder.forget()
            here.forget()
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
