"""Rules for a chapter's code: where it imports, and what a solution may do."""

import ast
import symtable
from collections.abc import Iterator

from nbformat import NotebookNode

from tests.nbproof.notebook import code_cells, tags

FOLDED = {"source_hidden": True, "outputs_hidden": True}  # in JupyterLab
MOST_IMPORT_CELLS = 1  # cells that only import
Problems = Iterator[str]


def code_is_for_readers(notebook: NotebookNode) -> Problems:
    """Imports stand with the code that needs them; no cell prints the package's source."""
    importing = [cell.id for cell in code_cells(notebook) if _only_imports(cell.source)]
    if len(importing) > MOST_IMPORT_CELLS:
        yield f"cells that only import: {', '.join(importing)}"
    for cell in code_cells(notebook):
        if "getsource" in cell.source:
            yield f"{cell.id}: inspect.getsource"


def solutions_are_hidden(notebook: NotebookNode) -> Problems:
    """A solution is folded in the book and in JupyterLab, and a folded cell is a solution."""
    for cell in code_cells(notebook):
        hidden = cell.metadata.get("jupyter", {}) == FOLDED
        if len({hidden, "hide-cell" in tags(cell), cell.id.endswith("-solution")}) > 1:
            needs = f"an id ending in -solution, the tag hide-cell, and the metadata {FOLDED}"
            yield f"{cell.id}: a solution has {needs} for jupyter"
        elif hidden and not cell.source.startswith("# Solution\n"):
            # JupyterLab shows the first line of a folded cell: it must not give the answer away.
            yield f"{cell.id}: the first line of a solution is '# Solution'"


def solutions_have_their_own_names(notebook: NotebookNode) -> Problems:
    """A solution that is run changes nothing that the chapter or its reader has made."""
    cells = code_cells(notebook)
    solutions = [cell for cell in cells if cell.id.endswith("-solution")]
    taken = {name for cell in cells if cell not in solutions for name in _assigned(cell.source)}
    for cell in solutions:
        for name in sorted(taken.intersection(_assigned(cell.source)) - {"_"}):
            yield f"{cell.id}: the chapter has a {name!r}, too"


def _only_imports(source: str) -> bool:
    try:
        statements = ast.parse(source).body
    except SyntaxError:  # a line for IPython
        return False
    return bool(statements) and all(isinstance(s, ast.Import | ast.ImportFrom) for s in statements)


def _assigned(source: str) -> set[str]:
    """Return the names that a cell leaves behind, but for what it imports."""
    try:
        names = symtable.symtable(source, "cell", "exec").get_symbols()
    except SyntaxError:  # a line for IPython
        return set()
    return {name.get_name() for name in names if name.is_assigned() and not name.is_imported()}
