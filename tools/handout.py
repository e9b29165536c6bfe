"""Make the book's two editions for a class, as folders and as zip files, in `dist/`.

    make handout

| edition | its notebooks | besides |
| --- | --- | --- |
| `student` | without solutions and conclusions, checks kept, no outputs | package, set-up |
| `teacher` | solutions and conclusions open, outputs, cells named | the same, lesson plan, exam |

What goes into a student's notebook is listed here; everything else is left out.
The same files give the same archives, to the byte.
"""

import json
import re
import shutil
import sys
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Cell = dict[str, Any]

ROOT = Path(__file__).resolve().parent.parent
DIST = ROOT / "dist"
NAME = "imdb-book-{}"
# What both editions need to be set up and run, besides the pages and the package.
SHARED = (
    *("LICENSE", "LICENSE-prose", "CITATION.cff", "Makefile", "environment.yml", "postBuild"),
    *("pyproject.toml", "requirements.lock", "requirements-jax.lock", "book/matplotlibrc"),
    *("tools/bootstrap.py", "tools/backends.py", "tools/lab_settings.json"),
)
ASSETS = (".json", ".svg")  # those that pages and cells use; the others belong to the web pages
PACKAGE = (".py", ".pyi", ".npz")
NOT_OURS = "imdb.npz"  # the reviews are never handed out
STORED_METADATA = ("kernelspec", "language_info")
# A tag a cell needs to run as it should.
KEPT_TAGS = {"raises-exception"}
YOURS = "*Your answer:*"
DATE = (1980, 1, 1, 0, 0, 0)


class Unclear(Exception):
    """A cell of which nobody can say whether it gives a solution away."""


def is_solution(cell: Cell) -> bool:
    """Whether a cell is an exercise's solution or its conclusion."""
    return (
        cell["id"].endswith(("-solution", "-answer"))
        or "hide-cell" in cell["metadata"].get("tags", ())
        or text_of(cell).startswith("# Solution")
    )


def text_of(cell: Cell) -> str:
    """Return a cell's source, however it is stored."""
    return "".join(cell["source"])


def stored(notebook: dict[str, Any]) -> str:
    """Return a notebook as its file's text."""
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def for_students(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook without solutions and outputs, with a place for each answer."""
    cells, among_exercises = [], False
    for cell in notebook["cells"]:
        among_exercises = among_exercises or text_of(cell).startswith("## Exercises")
        if is_solution(cell):
            continue
        # Before the exercises, a folded passage is an aside.
        if among_exercises and "<details" in text_of(cell):
            raise Unclear(f"{cell['id']} is folded: a conclusion's id ends in -answer")
        cells.append(_bare(cell))
    solved = {cell["id"] for cell in notebook["cells"] if cell["id"].endswith("-solution")}
    return _with_metadata(notebook, list(_with_places(cells, solved)))


def _bare(cell: Cell) -> Cell:
    """Return a cell with nothing but what is to be read and run."""
    text = text_of(cell)
    if "attachment:" in text:
        raise Unclear(f"{cell['id']} shows an attachment, and those are left out")
    if cell["id"].endswith("-try") and "..." not in text:
        raise Unclear(f"{cell['id']} has been filled in: there are no dots in it")
    tags = sorted(KEPT_TAGS.intersection(cell["metadata"].get("tags", ())))
    metadata = {"tags": tags} if tags else {}
    return _cell(cell["cell_type"], cell["id"], text, metadata)


def _cell(kind: str, cell_id: str, text: str, metadata: dict[str, Any] | None = None) -> Cell:
    source = text.splitlines(keepends=True)
    cell = {"cell_type": kind, "id": cell_id, "metadata": metadata or {}, "source": source}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _with_places(cells: list[Cell], solved: set[str]) -> Iterable[Cell]:
    """Add a cell to write into after each question that has none: code, or words."""
    ids = {cell["id"] for cell in cells}
    for cell in cells:
        yield cell
        name = cell["id"]
        if re.fullmatch(r"exercise-\d+", name) and f"{name}-try" not in ids:
            if f"{name}-solution" in solved:
                yield _cell("code", f"{name}-yours", "# Your answer\n...")
            else:
                yield _cell("markdown", f"{name}-yours", YOURS)


def for_teachers(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook with its solutions and conclusions open, and its outputs."""
    return _with_metadata(notebook, [_opened(cell) for cell in notebook["cells"]])


def _opened(cell: Cell) -> Cell:
    text = text_of(cell).replace("<details>", "<details open>")
    if cell["cell_type"] == "code":
        text = f"# cell: {cell['id']}\n{text}"  # the lesson plan names it, JupyterLab does not
    metadata = dict(cell["metadata"])
    for name in ("jupyter", "mystnb", "nbproof"):
        metadata.pop(name, None)
    tags = [tag for tag in metadata.pop("tags", ()) if tag != "hide-cell"]
    metadata |= {"tags": tags} if tags else {}
    return cell | {"metadata": metadata, "source": text.splitlines(keepends=True)}


def _with_metadata(notebook: dict[str, Any], cells: list[Cell]) -> dict[str, Any]:
    metadata = {key: notebook["metadata"][key] for key in STORED_METADATA}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def edition(name: str, root: Path = ROOT) -> dict[str, bytes]:
    """Return an edition's files, by their paths in its folder."""
    shape = {"student": for_students, "teacher": for_teachers}[name]
    package = (path for path in (root / "imdb_helpers").rglob("*") if path.suffix in PACKAGE)
    assets = (path for path in (root / "book" / "assets").iterdir() if path.suffix in ASSETS)
    taken = [root / path for path in SHARED]
    taken += [*package, *assets, *(root / "book").glob("*.md")]
    if name == "teacher":
        taken += [root / "teaching" / f"{page}.md" for page in ("lesson_plan", "exam")]
    files = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in taken
        if path.name != NOT_OURS
    }
    for path in (root / "book").glob("*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        files[f"book/{path.name}"] = stored(shape(notebook)).encode()
    files["README.md"] = (root / "teaching" / f"{name}_readme.md").read_bytes()
    return dict(sorted(files.items()))


def write_folder(files: dict[str, bytes], folder: Path) -> None:
    """Write an edition's files into a folder, which it replaces."""
    if folder.exists():
        shutil.rmtree(folder)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(_mode(name))


def write_zip(files: dict[str, bytes], path: Path, top: str) -> None:
    """Write an archive that depends on the files' names and content alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{top}/{name}", DATE)
            entry.create_system, entry.external_attr = 3, _mode(name) << 16  # 3: Unix
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=9)


def _mode(name: str) -> int:
    return 0o755 if name == "postBuild" else 0o644


def make(folder: Path = DIST) -> None:
    """Make both editions in a folder, and say what there is."""
    for name in ("student", "teacher"):
        files, top = edition(name), NAME.format(name)
        write_folder(files, folder / name)
        write_zip(files, folder / f"{top}.zip", top)
        unpacked = sum(map(len, files.values())) / 1e6
        packed = (folder / f"{top}.zip").stat().st_size / 1e6
        print(f"{folder.name}/{name}: {len(files)} files, {unpacked:.1f} MB; ", end="")
        print(f"{folder.name}/{top}.zip: {packed:.1f} MB")


if __name__ == "__main__":
    try:
        make()
    except Unclear as reason:
        sys.exit(f"error: {reason}")
