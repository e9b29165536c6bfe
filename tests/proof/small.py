"""A small book with one of everything that can be damaged, for the tests of the proof itself."""

from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_output

from tests.notebooks.figure_data import METADATA_KEY
from tests.notebooks.making import chapter, code, displayed, drawn, printed, prose
from tests.notebooks.register import policies_of, write_register
from tests.proof.judge import Case
from tools.stored import as_stored, normalise

TABLE = """epoch   loss  accuracy
    1  0.510     0.800
    2  0.420     0.850
    3  0.000     0.870
"""
MARKDOWN = "| step | ours |\n| --- | ---: |\n| load | 0.22 |\n| train | 0.74 |\n"
HTML = (
    "<table>\n<tr><td>load</td><td>0.22</td></tr>\n<tr><td>train</td><td>0.74</td></tr>\n</table>"
)
READ = "read /srv/ann/data/reviews.npz\n1.2 GB in 0.9 s, 25 reviews\n"
LOSSES = {"training": [0.51, 0.42, 0.33], "validation": [0.52, 0.45, 0.47]}
ALT = "Two falling lines over 3 epochs; the validation line turns up after the second."
CAPTION = "Losses of three epochs; the lowest is 0.42."
DESCRIBED = {"image": {"alt": ALT}, "figure": {"caption": CAPTION}}
FACTS = r"""
[[fact]]
text = ["one minute", "Two falling lines", "3 epochs", "second", "three epochs", "five reviews"]
reason = "made up"
[[fact]]
text = "12 words"
reason = "made up"
[[allowed]]
pattern = '\bchapter \d'
reason = "a name"
"""
FIRST_PROSE = """Of <span data-from="count: reviews:">25</span> reviews it got
<span data-from="table: 2">0.42</span>, in <span data-from="count: rounds:">four</span> rounds, and
five reviews have 12 words. See [chapter 7](07_other.ipynb)."""
OTHER_PROSE = """There were <span data-from="00_small#count: reviews:">25</span> reviews, see
[chapter 0](00_small.ipynb)."""


def chapters() -> dict[str, NotebookNode]:
    """Return the notebooks of the small book by name."""
    error = new_output("error", ename="ValueError", evalue="no 7", traceback=["in load()", "7"])
    figure = drawn(LOSSES)
    figure.metadata[METADATA_KEY]["axes"][0]["x"]["ticks"] = ["first", "last"]
    approx = {"policy": "approx", "atol": 0.01}
    vary = {"policy": "exact", "vary": ["seconds", "bytes", "paths"]}
    bound = {"policy": "figure", "numbers": {"0.42": "table: 2"}}
    read_again = HTML.replace("load", "read")
    first = (
        code("count", "print(1)", [printed("reviews: 25\nrounds: 4\nshare: 0.25\n")], 1),
        code("table", "print(2)", [printed(TABLE)], 2, check=approx),
        prose("after", FIRST_PROSE),
        code("losses", "plot()", [figure], 3, check=bound, mystnb=DESCRIBED),
        code("read", "load()", [printed(READ)], 4, check=vary),
        prose("refused-before", "It refuses."),
        code("refused", "load(7)", [error], 5, tags=["raises-exception"]),
        code("shown", "show()", [displayed(text_markdown=MARKDOWN, text_plain="<Markdown>")], 6),
    )
    other = (
        code("more", "print(3)", [printed("rows: 7\ncolumns: 9\n")], 1),
        code("framed", "show()", [displayed(text_html=HTML, text_plain="a table")], 2),
        prose("text", OTHER_PROSE),
        code("tabled", "show()", [displayed(text_html=read_again)], 3, check=approx),
        code("quiet", "x = 1", [], 4),
    )
    return {"00_small": chapter(*first), "07_other": chapter(*other)}


def write_book(folder: Path) -> Case:
    """Write the small book, its facts and its register; it is its own execution."""
    book = folder / "book"
    book.mkdir(parents=True)
    notebooks = chapters()
    for name, notebook in notebooks.items():
        normalise(notebook, name)
        (book / f"{name}.ipynb").write_text(as_stored(notebook), encoding="utf-8", newline="\n")
    (book / "a1_page.md").write_text(f"# A page\n\n{OTHER_PROSE}\n", encoding="utf-8")
    facts, register = folder / "facts.toml", folder / "register.json"
    facts.write_text(FACTS, encoding="utf-8")
    measured = {
        name: {
            cell: {"check": policy, "share": 0.0, "by": "it is its own execution"}
            for cell, policy in policies_of(notebook).items()
        }
        for name, notebook in notebooks.items()
    }
    write_register(measured, register)
    return Case(book, book, facts, register)
