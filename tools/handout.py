"""Make the book's two editions for a class, as folders and as zip files, in `dist/`.

    make handout

| edition | its notebooks | besides |
| --- | --- | --- |
| `student` | without solutions and conclusions, checks kept, no outputs | package, set-up |
| `teacher` | solutions and conclusions open, outputs, cells named | the same, lesson plan, exam |

What goes into a student's notebook is listed here; everything else is left out.
The same files give the same archives, to the byte.
"""

import re
import shutil
import zipfile
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
# What both editions need to be set up and run, besides the pages and the package.
SHARED = (
    *("LICENSE", "LICENSE-prose", "CITATION.cff", "Makefile", "environment.yml", "postBuild"),
    *("pyproject.toml", "requirements.lock", "requirements-jax.lock", "book/matplotlibrc"),
    *("tools/bootstrap.py", "tools/backends.py", "tools/lab_settings.json"),
    *("imdb_helpers/sample.npz", "imdb_helpers/shipped.npz"),  # and never the reviews
)
ASSETS = (".json", ".svg")  # those that pages and cells use; the others belong to the web pages
PACKAGE = (".py", ".pyi")
STORED_METADATA = ("kernelspec", "language_info")
DATE = (1980, 1, 1, 0, 0, 0)


def is_solution(cell: NotebookNode) -> bool:
    """Whether a cell is an exercise's solution or its conclusion."""
    return (
        cell.id.endswith(("-solution", "-answer"))
        or "hide-cell" in cell.metadata.get("tags", ())
        or cell.source.startswith("# Solution")
    )


def for_students(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells without solutions and outputs, with a place for each answer.

    It stops at a cell of which nobody can say whether it gives a solution away.
    """
    ids = {cell.id for cell in notebook.cells}
    cells, among_exercises = [], False
    for cell in notebook.cells:
        among_exercises = among_exercises or cell.source.startswith("## Exercises")
        if is_solution(cell):
            continue
        # Before the exercises, a folded passage is an aside.
        if among_exercises and "<details" in cell.source:
            raise SystemExit(f"error: {cell.id} is folded: a conclusion's id ends in -answer")
        if "attachment:" in cell.source:
            raise SystemExit(f"error: {cell.id} shows an attachment, and those are left out")
        if cell.id.endswith("-try") and "..." not in cell.source:
            raise SystemExit(f"error: {cell.id} has been filled in: there are no dots in it")
        make = new_code_cell if cell.cell_type == "code" else new_markdown_cell
        cells.append(make(cell.source, id=cell.id))
        if re.fullmatch(r"exercise-\d+", cell.id) and f"{cell.id}-try" not in ids:
            cells.append(new_markdown_cell("*Your answer:*", id=f"{cell.id}-yours"))
    return cells


def for_teachers(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells with solutions and conclusions open, and their outputs."""
    for cell in notebook.cells:
        cell.source = cell.source.replace("<details>", "<details open>")
        if cell.cell_type == "code":  # the lesson plan names it, JupyterLab does not
            cell.source = f"# cell: {cell.id}\n{cell.source}"
        cell.metadata.clear()
    return notebook.cells


def edition(name: str) -> dict[str, bytes]:
    """Return an edition's files, by their paths in its folder."""
    shape = {"student": for_students, "teacher": for_teachers}[name]
    package = (path for path in (ROOT / "imdb_helpers").rglob("*") if path.suffix in PACKAGE)
    assets = (path for path in (ROOT / "book" / "assets").iterdir() if path.suffix in ASSETS)
    taken = [*(ROOT / path for path in SHARED), *package, *assets, *ROOT.glob("book/*.md")]
    if name == "teacher":
        taken += [ROOT / "teaching" / f"{page}.md" for page in ("lesson_plan", "exam")]
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in taken}
    for path in ROOT.glob("book/*.ipynb"):
        book = nbformat.read(path, as_version=4)
        metadata = {key: book.metadata[key] for key in STORED_METADATA}
        notebook = new_notebook(cells=shape(book), metadata=metadata)
        files[f"book/{path.name}"] = (nbformat.writes(notebook) + "\n").encode()
    files["README.md"] = (ROOT / "teaching" / f"{name}_readme.md").read_bytes()
    return dict(sorted(files.items()))


def write_folder(files: dict[str, bytes], folder: Path) -> None:
    """Write an edition's files into a folder, which it replaces."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(_mode(name))


def write_zip(files: dict[str, bytes], path: Path) -> None:
    """Write an archive that depends on the files' names and content alone."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{path.stem}/{name}", DATE)
            entry.create_system, entry.external_attr = 3, _mode(name) << 16  # 3: Unix
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)


def _mode(name: str) -> int:
    return 0o755 if name == "postBuild" else 0o644


def make(folder: Path = DIST) -> None:
    """Make both editions in a folder, and say what there is."""
    for name in ("student", "teacher"):
        files, path = edition(name), folder / f"imdb-book-{name}.zip"
        write_folder(files, folder / name)
        write_zip(files, path)
        unpacked, packed = sum(map(len, files.values())) / 1e6, path.stat().st_size / 1e6
        print(f"{folder.name}/{name}: {len(files)} files, {unpacked:.1f} MB")
        print(f"{folder.name}/{path.name}: {packed:.1f} MB")


if __name__ == "__main__":
    make()
