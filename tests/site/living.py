"""Small steps in the living parts of a page, for their tests."""

from tests.site.axe import faults

PREDICT = "(text) => imdbBook.predict(text)"


def wait_for(page, part):
    """Wait until a living part, "try" or "watch", has been put into its place and has answered."""
    page.wait_for_function(f"document.querySelector('.imdb-{part} .imdb-answer')?.textContent")


def faults_in_states(page, part, states) -> list[str]:
    """Return what axe finds in a living part in each state, reached from the one before."""
    # Without the rest of the chapter, which axe would go through each time.
    chapter, part = (
        "document.querySelector('.bd-article')",
        f"document.querySelector('.imdb-{part}')",
    )
    page.evaluate(f"{chapter}.replaceChildren({part})")
    found = []
    for state, reach in states.items():
        reach(page)
        found += [f"{state}: {fault}" for fault in faults(page, ".imdb-live")]
    return found


def answer(page) -> str:
    """Return the sentence with the probability."""
    return page.inner_text(".imdb-try .imdb-answer")


def epochs_of(page) -> int:
    """Return for how many epochs the network in the page was trained."""
    return page.evaluate("document.querySelectorAll('.imdb-watch tbody tr').length")


def wait_for_epochs(page, epochs):
    """Wait until the network in the page has been trained for so many epochs."""
    rows = "document.querySelectorAll('.imdb-watch tbody tr').length"
    page.wait_for_function(f"(wanted) => {rows} >= wanted", arg=epochs)
