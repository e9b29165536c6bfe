"""Make a new chapter from `tools/template.ipynb`, which keeps the rules for chapters.

    python -m tools.new_chapter 09_attention "Which words it looks at"
    python -m tools.new_chapter --renew    # run the template itself again, and store its outputs

The template's cells need no reviews and take seconds. Only its prose is shorter than a chapter's.
"""

import argparse
import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "book"
TEMPLATE = ROOT / "tools" / "template.ipynb"
NAME = re.compile(r"(?P<number>\d\d)_[a-z][a-z0-9_]*")
NEXT_STEPS = """book/{name}.ipynb is made. What is next:
1. Name it in book/_toc.yml, or no reader finds it, and in the map in README.md.
2. Write it (`make lab`): replace the parts, and keep their order.
3. `make run ARGS={number}` executes it and stores its outputs.
4. `make test ARGS="tests/test_chapters.py tests/test_prose.py"` says in seconds what it lacks.
5. `make stability ARGS="--store {number}"` measures its policies, at the end, and registers them.
CONTRIBUTING.md says how outputs, figures and the numbers in the prose are checked."""


def next_number(book: Path) -> str:
    """Return the number of the next chapter; a chapter may be a notebook or a page."""
    taken = [int(path.name[:2]) for path in book.glob("[0-9][0-9]_*") if path.suffix]
    return f"{max(taken, default=-1) + 1:02}"


def make_chapter(name: str, title: str, book: Path) -> Path:
    """Copy the template into the book under a name and a title; return the new file's path."""
    number, title = next_number(book), title.strip()
    found = NAME.fullmatch(name)
    if not found:
        raise SystemExit(
            f"error: {name!r} cannot be a chapter's name: write its number, an underscore, and "
            f"lower-case letters or digits, as in {number}_attention."
        )
    path = book / f"{name}.ipynb"
    if path.exists():
        raise SystemExit(f"error: {path.name} is there already: edit it, or take {number}_...")
    if found["number"] != number:
        raise SystemExit(f"error: the next number is {number}: name it {number}{name[2:]}.")
    if not title or "\n" in title:
        raise SystemExit("error: a title is words on one line, as in 'Which words it looks at'.")
    chapter = nbformat.read(TEMPLATE, as_version=4)
    opening = chapter.cells[0]
    opening.source = "\n".join([f"# {title}", *opening.source.splitlines()[1:]])
    path.write_text(nbformat.writes(chapter) + "\n", encoding="utf-8", newline="\n")
    return path


def renew() -> None:
    """Run the template and store its outputs, as `make run` does with chapters."""
    from tools.run_chapters import run_chapter, store  # slow to import, and needed only here

    print("stored" if store(TEMPLATE, run_chapter(TEMPLATE).notebook) else "unchanged")


def main() -> None:
    """Make the chapter named on the command line, and say what to do next."""
    parser = argparse.ArgumentParser(description="Make a new chapter from the template.")
    parser.add_argument("name", nargs="?", help="such as 09_attention")
    parser.add_argument("title", nargs="?", help="such as 'Which words it looks at'")
    parser.add_argument("--renew", action="store_true", help="run the template, make nothing")
    wanted = parser.parse_args()
    if wanted.renew:
        renew()
    elif wanted.name is None or wanted.title is None:
        parser.error("name the chapter, then its title: 09_attention 'Which words it looks at'")
    else:
        make_chapter(wanted.name, wanted.title, BOOK)
        print(NEXT_STEPS.format(name=wanted.name, number=wanted.name[:2]))


if __name__ == "__main__":
    main()
