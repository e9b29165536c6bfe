"""Write into the colophon what was kept of the runs, and how to cite.

The page has two comments, `<!-- runs -->` and `<!-- citation -->`; what takes their place comes
from `assets/runs.json`, which `make run` writes, and from `CITATION.cff`.
"""

import json
from importlib.metadata import version
from itertools import groupby
from pathlib import Path

import yaml
from sphinx.application import Sphinx

PAGE = "a7_colophon"
RUNS = Path(__file__).parents[1] / "assets" / "runs.json"
CITATION = Path(__file__).parents[2] / "CITATION.cff"


def fill_in(app: Sphinx, docname: str, source: list[str]) -> None:
    """Put the tables and the citation into the page."""
    if docname != PAGE:
        return
    for path in (RUNS, CITATION):
        app.env.note_dependency(str(path))
    runs = json.loads(RUNS.read_text(encoding="utf-8"))
    citation = yaml.safe_load(CITATION.read_text(encoding="utf-8"))
    source[0] = (
        source[0]
        .replace("<!-- runs -->", table(runs))
        .replace("<!-- citation -->", cited(citation))
        .replace("<!-- built with -->", f"Jupyter Book {version('jupyter-book')}")
    )


def table(runs: dict[str, dict[str, str]]) -> str:
    """Return a table with a column for the notebooks of each day, machine and set of versions."""
    alike = sorted(runs, key=lambda name: (list(runs[name].values()), name))
    groups = [(run, list(names)) for run, names in groupby(alike, key=runs.get)]
    columns = [", ".join(map(short, names)) for _, names in groups]
    rows = [["notebooks", *(columns if len(groups) > 1 else ["all"])]]
    rows += [[what, *(run[what] for run, _ in groups)] for what in groups[0][0]]
    rows.insert(1, ["---"] * len(rows[0]))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def short(name: str) -> str:
    """Return the number that a notebook's name begins with, or the name."""
    return name.partition("_")[0]


def cited(citation: dict) -> str:
    """Return the book's entry for a list of references."""
    authors = ", ".join(author["name"] for author in citation["authors"])
    address = citation.get("doi") or citation.get("url") or ""
    return f"{authors}: *{citation['title']}*, version {citation['version']}. {address}".strip()


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", fill_in)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
