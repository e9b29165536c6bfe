"""Small steps in the living parts of a page, for their tests."""

PREDICT = "(text) => imdbBook.predict(text)"


def wait_for_answer(page):
    """Wait until "Try the model" has given its first answer."""
    page.wait_for_function("document.querySelector('.imdb-try .imdb-answer')?.textContent")


def answer(page) -> str:
    """Return the sentence with the probability."""
    return page.inner_text(".imdb-try .imdb-answer")


def wait_for_epochs(page, epochs=20):
    """Wait until "Watch it happen" has trained for so many epochs."""
    page.wait_for_function(
        "(wanted) => document.querySelectorAll('.imdb-watch tbody tr').length >= wanted", arg=epochs
    )


def epochs_of(page) -> int:
    """Return for how many epochs the network in the page was trained."""
    return page.evaluate("document.querySelectorAll('.imdb-watch tbody tr').length")
