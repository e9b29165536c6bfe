"""Checks of built HTML pages: links, images, headings, and what a page loads from elsewhere."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

LINKS = {"a": "href", "link": "href", "img": "src", "script": "src", "iframe": "src"}
# What a browser fetches by itself when it opens a page, in contrast to what a reader clicks on.
LOADED = {
    **{"img": "src", "script": "src", "iframe": "src", "source": "src", "video": "src"},
    **{
        "audio": "src",
        "embed": "src",
        "object": "data",
        "track": "src",
        "input": "src",
    },
}
LINKS_NOT_LOADED = {
    "canonical",
    "next",
    "prev",
    "search",
    "index",
    "author",
    "license",
    "alternate",
}
REMOTE_IN_CSS = re.compile(r"""(?:url\(\s*|@import\s+)["']?((?:https?:)?//[^"')\s]+)""")
REMOTE_IN_SCRIPT = re.compile(r"""["'`]((?:https?:)?//[\w.-]+\.\w+/[^"'`\s]*\.(?:js|mjs|css))\b""")
IMAGE_FILE_NAME = re.compile(r"[\w/.-]+\.(?:png|jpe?g|svg|gif|webp)$", re.IGNORECASE)


@cache
def read_page(path: Path) -> BeautifulSoup:
    """Return a parsed page."""
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(path: Path) -> frozenset[str]:
    """Return everything on a page that a link's fragment can name."""
    page = read_page(path)
    return frozenset(
        {tag["id"] for tag in page.find_all(id=True)}
        | {tag["name"] for tag in page.find_all("a", attrs={"name": True})}
    )


def broken_links(path: Path, site: Path) -> list[str]:
    """Return the links of a page that lead to no file or no place within a file."""
    problems = []
    links = [tag.get(LINKS[tag.name]) for tag in read_page(path).find_all(list(LINKS))]
    for link in [*links, redirection(path)]:
        parts = urlsplit(link or "")
        if link is None or parts.scheme or parts.netloc:
            continue
        base = site if parts.path.startswith("/") else path.parent
        target = (base / unquote(parts.path).lstrip("/")) if parts.path else path
        target = target / "index.html" if target.is_dir() else target
        fragment = unquote(parts.fragment)
        if not target.is_file():
            problems.append(f"{path.name}: {link} leads to no file")
        elif fragment and target.suffix == ".html" and fragment not in anchors(target):
            problems.append(f"{path.name}: {link} leads to no place in {target.name}")
    return problems


def redirection(path: Path) -> str | None:
    """Return where a page sends its readers at once, as the book's index page does."""
    refresh = read_page(path).find("meta", attrs={"http-equiv": re.compile("refresh", re.I)})
    return refresh["content"].partition("url=")[2] if refresh else None


def remote_loads(path: Path) -> list[str]:
    """Return what a page loads from another host when it is opened."""
    page = read_page(path)
    found = [tag.get(LOADED[tag.name], "") for tag in page.find_all(list(LOADED))]
    found += [
        candidate.split()[0]
        for tag in page.find_all(srcset=True)
        for candidate in tag["srcset"].split(",")
    ]
    found += [
        tag.get("href", "")
        for tag in page.find_all("link")
        if not LINKS_NOT_LOADED & set(tag.get("rel", ()))
    ]
    remote = [link for link in found if urlsplit(link).netloc]
    for tag in page.find_all("style"):
        remote += REMOTE_IN_CSS.findall(tag.get_text())
    for tag in page.find_all(style=True):
        remote += REMOTE_IN_CSS.findall(tag["style"])
    for tag in page.find_all("script", src=False):
        remote += REMOTE_IN_SCRIPT.findall(tag.get_text())
    return [f"{path.name}: loads {link}" for link in remote]


def remote_loads_of_stylesheet(path: Path) -> list[str]:
    """Return what a stylesheet loads from another host."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return [f"{path.name}: loads {link}" for link in REMOTE_IN_CSS.findall(text)]


def buttons(path: Path) -> list[str]:
    """Return the links in a page's header that lead to other sites."""
    headers = read_page(path).find_all(class_="bd-header-article")
    links = [tag["href"] for header in headers for tag in header.find_all("a", href=True)]
    return [link for link in links if "//" in link]


def undescribed_images(path: Path) -> list[str]:
    """Return the images whose alternative text is missing, empty or a file's name."""
    return [
        f"{path.name}: image {str(tag.get('src'))[:80]} has the alt text {tag.get('alt')!r}"
        for tag in read_page(path).find_all("img")
        if not (tag.get("alt") or "").strip() or IMAGE_FILE_NAME.match(tag["alt"].strip())
    ]


def main_headings(path: Path) -> list[str]:
    """Return the words of the page's first-level headings, without the theme's one for print."""
    found = read_page(path).find_all("h1")
    return [tag.get_text(strip=True) for tag in found if not tag.find_parent(class_="onlyprint")]
