"""What axe-core finds on an open page, light and dark, on a wide screen and on a phone."""

from axe_playwright_python.base import AXE_SCRIPT

WIDE, PHONE = 1280, 360
# The theme looks, a while after a new width, for code and tables that scroll: Tab is to reach them.
SETTLED = """() => [...document.querySelectorAll("pre, .pst-scrollable-table-container")].every(
  (node) => node.scrollWidth <= node.clientWidth || node.tabIndex === 0)"""
# Rules about colours: the only ones that a theme can break.
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """([within, options]) => axe.run(within, options).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`)))"""
# In code, one token of each kind is enough: the others look the same, and are most of a page.
ONE_OF_EACH = """() => {
  const seen = new Set();
  for (const token of document.querySelectorAll(".highlight pre span")) {
    const kind = [token.className, token.closest(".cell_output") === null].join();
    if (seen.has(kind) && !token.id) token.replaceWith(...token.childNodes);
    seen.add(kind);
  }
  document.body.normalize();
}"""


def resize(page, width: int) -> None:
    """Give the page a width."""
    page.set_viewport_size({"width": width, "height": 900})


def faults(page, within: str = "html") -> list[str]:
    """Return axe's violations in a part of the page, whose code loses most of its colours."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    page.evaluate(ONE_OF_EACH)
    found = []
    for width in (PHONE, WIDE):  # what is scrolled on a phone, Tab still reaches on a wide screen
        resize(page, width)
        page.wait_for_function(SETTLED)
        for theme in ("light", "dark"):
            page.evaluate("(theme) => (document.documentElement.dataset.theme = theme)", theme)
            # With "preload", it would ask for the style sheets again, which a folder refuses.
            options = {"preload": False, "resultTypes": ["violations"]}
            if theme == "dark":
                options["runOnly"] = COLOURS
            violations = page.evaluate(RUN, [within, options])
            found += [f"{width}, {theme}: {violation}" for violation in violations]
    return found


def faults_in_states(page, part: str, states: dict) -> list[str]:
    """Return what axe finds in a living part in each state, reached from the one before."""
    # Without the rest of the chapter, which axe would go through each time.
    page.evaluate(
        """(part) => document.querySelector(".bd-article")
          .replaceChildren(document.querySelector(part))""",
        f".imdb-{part}",
    )
    found = []
    for state, reach in states.items():
        reach(page)
        found += [f"{state}: {fault}" for fault in faults(page, ".imdb-live")]
    return found
