"""What a student's notebook must not hold. It asks the book, and knows nothing of the tool."""

import json
import re
from collections.abc import Iterator
from typing import Any

FEWEST = 8  # characters of a line that could be recognised
METADATA = {
    "notebook": {"kernelspec", "language_info"},
    "code": {"tags"},
    "markdown": set(),
}
# The keys of a cell; an attachment, an output or a note has no place among them.
KEYS = {
    "code": {"cell_type", "id", "metadata", "source", "execution_count", "outputs"},
    "markdown": {"cell_type", "id", "metadata", "source"},
}
SIGNS = re.compile(r"^# Solution|\bhide-cell\b|source_hidden", re.MULTILINE)
FOLDED = re.compile(r"<details|<summary")


def exercises_of(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the cells from the exercises' heading on; before it, what is folded is an aside."""
    cells = notebook["cells"]
    begin = [i for i, c in enumerate(cells) if "".join(c["source"]).startswith("## Exercises")]
    return cells[begin[0] :] if begin else []


def secrets_of(book: dict[str, Any]) -> set[str]:
    """Return the lines that only solutions, their outputs and conclusions have."""
    folded = [c["id"] for c in exercises_of(book) if FOLDED.search("".join(c["source"]))]
    hidden = [c for c in book["cells"] if c["id"] in folded or _gives_away(c)]
    known = "\n".join("".join(c["source"]) for c in book["cells"] if c not in hidden)
    return {line for cell in hidden for line in _lines(cell) if line not in known}


def _gives_away(cell: dict[str, Any]) -> bool:
    return bool(SIGNS.search("\n".join(strings_of([cell["source"], cell["metadata"]]))))


def _lines(cell: dict[str, Any]) -> Iterator[str]:
    """Yield a cell's lines and sentences, and those that it printed or drew."""
    for text in strings_of([cell["source"], cell.get("outputs", [])], keys=False):
        for line in re.split(r"\n|(?<=[.!?]) ", text):
            if len(line.strip()) >= FEWEST:
                yield line.strip()[:200]


def strings_of(value: Any, keys: bool = True) -> Iterator[str]:
    """Yield every string in a notebook; a list of strings is one, as a cell's source is."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value if keys else ()
        for inner in value.values():
            yield from strings_of(inner, keys)
    elif isinstance(value, list):
        if value and all(isinstance(one, str) for one in value):
            yield "".join(value)
        else:
            for one in value:
                yield from strings_of(one, keys)


def leaks(text: str, book: dict[str, Any]) -> list[str]:
    """Return what a student's notebook, as its file's text, gives away of the book's solutions."""
    notebook = json.loads(text)
    found = [f"notebook metadata: {key}" for key in _extra(notebook["metadata"], "notebook")]
    found += [f"notebook: {key}" for key in notebook.keys() - book.keys()]
    for cell in notebook["cells"]:
        kind, name = cell["cell_type"], cell["id"]
        found += [f"{name}: {key}" for key in cell.keys() - KEYS[kind]]
        found += [f"{name}: metadata: {key}" for key in _extra(cell["metadata"], kind)]
        if cell.get("outputs") or cell.get("execution_count"):
            found.append(f"{name}: it was run")
        if name.endswith("-try") and "..." not in "".join(cell["source"]):
            found.append(f"{name}: filled in")
    everything = "\n".join(strings_of(notebook))
    found += [f"a sign of a solution: {sign}" for sign in SIGNS.findall(everything)]
    for cell in exercises_of(notebook):
        found += [f"{cell['id']}: folded"] * bool(FOLDED.search("".join(cell["source"])))
    found += [f"a line: {line}" for line in secrets_of(book) if line in everything]
    return found


def _extra(metadata: dict[str, Any], kind: str) -> set[str]:
    return metadata.keys() - METADATA[kind]
