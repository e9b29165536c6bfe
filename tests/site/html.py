"""Build a book, and check its pages: links, images, headings, and what loads from elsewhere."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

# What a browser does not fetch by itself when it opens a page.
NOT_LOADED = {"canonical", "next", "prev", "search", "index", "author", "license", "alternate"}
REMOTE_IN_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""")
REMOTE_IN_SCRIPT = re.compile(r"""["'`]((?:https?:)?//[\w.-]+\.\w+/[^"'`\s]*\.(?:js|mjs|css))\b""")
IMAGE_FILE_NAME = re.compile(r"[\w/.-]+\.(?:png|jpe?g|svg|gif|webp)$", re.IGNORECASE)


def build(project: Path, output: Path) -> subprocess.CompletedProcess:
    """Build a project's book as ``make book`` does; `stdout` has all that it prints."""
    # Beside the interpreter first, so that the test of an environment uses that environment.
    program = shutil.which("jupyter-book", path=str(Path(sys.executable).parent)) or "jupyter-book"
    return subprocess.run(
        [program, "build", "book/", "-n", "-W", "--keep-going", "--path-output", str(output)],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


@cache
def read_page(path: Path) -> BeautifulSoup:
    """Return a parsed page."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return everything on a page that a link's fragment can name."""
    found = read_page(path).select("[id], a[name]")
    return frozenset(tag[key] for tag in found for key in ("id", "name") if tag.get(key))


def broken_links(path: Path) -> Iterator[str]:
    """Yield the links of a page that lead to no file or no place within a file."""
    tags = read_page(path).select("a[href], link[href], [src]")
    for link in filter(None, [*(tag.get("href") or tag["src"] for tag in tags), redirection(path)]):
        parts = urlsplit(link)
        if parts.scheme or parts.netloc:
            continue
        target = path.parent / unquote(parts.path) if parts.path else path
        place = unquote(parts.fragment)
        if not target.is_file():
            yield f"{path.name}: {link} leads to no file"
        elif place and target.suffix == ".html" and place not in anchors(target):
            yield f"{path.name}: {link} leads to no place in {target.name}"


def redirection(path: Path) -> str | None:
    """Return where a page sends its readers at once, as the book's index page does."""
    refresh = read_page(path).select_one('meta[http-equiv="refresh" i]')
    return refresh["content"].partition("url=")[2] if refresh else None


def remote_loads(path: Path) -> Iterator[str]:
    """Yield what a page or a style sheet loads from another host when it is opened."""
    text, found = path.read_text(encoding="utf-8", errors="replace"), []
    if path.suffix == ".html":
        page = read_page(path)
        found = [tag.get("src") or tag.get("data") for tag in page.select("[src], object[data]")]
        for tag in page.select("link[href]"):
            found += [tag["href"]] * NOT_LOADED.isdisjoint(tag.get("rel", ()))
        for tag in page.select("[srcset]"):
            found += [candidate.split()[0] for candidate in tag["srcset"].split(",")]
        for tag in page.select("script:not([src])"):
            found += REMOTE_IN_SCRIPT.findall(tag.get_text())
        text = "\n".join(
            tag.get("style") or tag.get_text() for tag in page.select("style, [style]")
        )
    for link in [*found, *REMOTE_IN_CSS.findall(text)]:
        if urlsplit(link).netloc:
            yield f"{path.name}: loads {link}"


def buttons(path: Path) -> list[str]:
    """Return the links in a page's header that lead to other sites."""
    links = read_page(path).select(".bd-header-article a[href]")
    return [tag["href"] for tag in links if "//" in tag["href"]]


def undescribed_images(path: Path) -> Iterator[str]:
    """Yield the images whose alternative text is missing, empty or a file's name."""
    for tag in read_page(path).select("img"):
        words = tag.get("alt", "").strip()
        if not words or IMAGE_FILE_NAME.match(words):
            yield f"{path.name}: image {tag.get('src', '')[:80]} has the alt text {words!r}"


def missing_headings(path: Path) -> Iterator[str]:
    """Yield a page without one first-level heading, besides the theme's own for print."""
    found = read_page(path).select("h1:not(.onlyprint *)")
    if len(found) != 1 and redirection(path) is None:
        yield f"{path.name}: has {len(found)} main headings"
