"""What a student's notebook must not hold. It asks the book, and knows nothing of the tool."""

import json
import re
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

FEWEST = 8  # characters of a line that could be recognised
METADATA = {"code": {"tags"}, "markdown": set()}
# The keys of a cell; an attachment, an output or a note has no place among them.
KEYS = {
    "code": {"cell_type", "id", "metadata", "source", "execution_count", "outputs"},
    "markdown": {"cell_type", "id", "metadata", "source"},
}
SIGNS = re.compile(r"(?:\\n|\")# Solution|\bhide-cell\b|source_hidden")  # in JSON
FOLDED = re.compile(r"<details|<summary")


def as_json(value: object) -> str:
    """Return a notebook, a cell or a line as JSON, in which a line stands as it is in a file."""
    return json.dumps(value, ensure_ascii=False)


def exercises_of(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells from the exercises' heading on; before it, what is folded is an aside."""
    begin = [i for i, c in enumerate(notebook.cells) if c.source.startswith("## Exercises")]
    return notebook.cells[begin[0] :] if begin else []


def secrets_of(book: NotebookNode) -> set[str]:
    """Return the lines that only solutions, their outputs and conclusions have."""
    hidden = [cell for cell in exercises_of(book) if FOLDED.search(cell.source)]
    hidden += [cell for cell in book.cells if SIGNS.search(as_json([cell.source, cell.metadata]))]
    known = "\n".join(cell.source for cell in book.cells if cell not in hidden)
    return {line for cell in hidden for line in _lines(cell) if line not in known}


def _lines(cell: NotebookNode) -> Iterator[str]:
    """Yield a cell's lines and sentences, and those that it printed or drew."""
    texts = [cell.source]
    for output in cell.get("outputs", []):
        texts += [output.get("text", ""), output.get("evalue", "")]
        texts += filter(lambda data: isinstance(data, str), output.get("data", {}).values())
    for line in re.split(r"\n|(?<=[.!?]) ", "\n".join(texts)):
        if len(line.strip()) >= FEWEST:
            yield line.strip()[:200]


def leaks(text: str, book: NotebookNode) -> list[str]:
    """Return what a student's notebook, as its file's text, gives away of the book's solutions."""
    notebook = nbformat.reads(text, as_version=4)
    extra = notebook.metadata.keys() - {"kernelspec", "language_info"}
    found = [f"notebook: {key}" for key in extra | notebook.keys() - book.keys()]
    for cell in notebook.cells:
        kind = cell.cell_type
        extra = (cell.keys() - KEYS[kind]) | (cell.metadata.keys() - METADATA[kind])
        found += [f"{cell.id}: {key}" for key in extra]
        if cell.get("outputs") or cell.get("execution_count"):
            found.append(f"{cell.id}: it was run")
        if cell.id.endswith("-try") and "..." not in cell.source:
            found.append(f"{cell.id}: filled in")
    for cell in exercises_of(notebook):
        found += [f"{cell.id}: folded"] * bool(FOLDED.search(cell.source))
    everything = as_json(notebook)
    found += [f"a sign of a solution: {sign}" for sign in SIGNS.findall(everything)]
    lines = secrets_of(book)
    return found + [f"a line: {line}" for line in lines if as_json(line)[1:-1] in everything]
