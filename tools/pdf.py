"""Print the whole book as one PDF: Sphinx's single page, by a headless Chromium.

    make pdf     # into _build/html/imdb-book.pdf; then the pages link to it

`book/assets/print.css` is the look, of single pages as well; here is what only the whole needs:
chapters of the same rank, a cover, and contents with page numbers, which take a second print.
"""

import shutil
import subprocess
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any

import pikepdf
import yaml
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Playwright, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PDF = ROOT / "_build" / "html" / "imdb-book.pdf"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
COVER = """<section class="imdb-cover"><p class="imdb-cover-title">{title}</p><p>{abstract}</p>
<p>{authors}<br>Version {version}</p></section>"""


def build(folder: Path) -> Path:
    """Build the book as a single page, warnings as errors; return the page."""
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "book/", "-n", "-W"]
    command += ["--keep-going", "--builder", "singlehtml", "--path-output", folder]
    if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
        sys.exit("error: the book cannot be built, see above.")  # its warnings stand there
    contents = yaml.safe_load((ROOT / "book/_toc.yml").read_text("utf-8"))
    # Its name must stay: links between chapters have it.
    return folder / "_build/singlehtml" / f"{contents['root']}.html"


def whole_book(page: BeautifulSoup) -> list[Tag]:
    """Give the chapters below the welcome its rank, and put a cover and contents before them.

    Returns the places for the page numbers in the contents.
    """
    page.html["data-theme"] = "light"  # a script of the theme's would say so
    article = page.find("article")
    for mark in page.select('span[id^="document-"]'):
        chapter = mark.find_next_sibling("section")
        for heading in chapter.find_all(["h2", "h3", "h4", "h5"]):
            heading.name = f"h{int(heading.name[1]) - 1}"
        chapter.insert(0, mark)
        article.append(chapter)
    rows = "".join(
        f'<li><a href="#{section["id"]}">{escape(words(section.h1))}</a><span></span></li>'
        for section in article.find_all("section", recursive=False)
    )
    contents = f'<nav class="imdb-contents"><p>Contents</p><ol>{rows}</ol></nav>'
    about = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    about["authors"] = ", ".join(author["name"] for author in about["authors"])
    cover = COVER.format(**{name: escape(str(value)) for name, value in about.items()})
    article.insert(0, BeautifulSoup(cover + contents, "html.parser"))
    return article.select(".imdb-contents span")


def words(heading: Tag) -> str:
    """Return a heading's text, without the sign that links to it."""
    parts = [text for text in heading.strings if not text.find_parent(class_="headerlink")]
    return " ".join("".join(parts).split())


def chapter_pages(path: Path) -> list[int]:
    """Return the pages on which the chapters begin, as the outline has them."""
    with pikepdf.open(path) as pdf, pdf.open_outline() as outline:
        return [pikepdf.Page(item.destination[0]).index + 1 for item in outline.root]


def mend(path: Path, titles: list[str]) -> None:
    """Write the headings into the outline, where Chromium doubles some, and pack the file."""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        with pdf.open_outline() as outline:
            items = list(flat(outline.root))
            for item, title in zip(items, titles, strict=True):
                item.title = title
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def flat(items: list[pikepdf.OutlineItem]) -> list[pikepdf.OutlineItem]:
    """Return the items of an outline in the order of their pages."""
    return [one for item in items for one in (item, *flat(item.children))]


def make(html: Path, path: Path, browser: Browser) -> None:
    """Print the single page, once for the page numbers, and once with them."""
    page = BeautifulSoup(html.read_text("utf-8"), "html.parser")
    places = whole_book(page)
    # Without scripts, "Try the model" and "Watch it happen" are the pictures that stand there.
    with browser.new_context(java_script_enabled=False) as context:
        opened = context.new_page()
        for _ in range(2):
            html.write_text(str(page), "utf-8")
            opened.goto(html.as_uri())
            opened.pdf(path=path, prefer_css_page_size=True, tagged=True, outline=True)
            for place, number in zip(places, chapter_pages(path), strict=True):
                place.string = str(number)
    mend(path, [words(heading) for heading in page.article.find_all(["h1", "h2", "h3", "h4"])])


def launch(playwright: Playwright, **options: Any) -> Browser:
    """Start Playwright's own Chromium, or the machine's."""
    own = Path(playwright.chromium.executable_path)
    found = own if own.exists() else next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        names = ", ".join(BROWSERS)
        sys.exit(f"error: this needs Chromium, and none is installed: no {names} is found.")
    return playwright.chromium.launch(executable_path=found, args=["--no-sandbox"], **options)


def main() -> None:
    """Make the PDF beside its place, then move it there."""
    PDF.parent.mkdir(parents=True, exist_ok=True)
    with (
        sync_playwright() as playwright,
        launch(playwright) as browser,
        tempfile.TemporaryDirectory(dir=PDF.parents[1]) as folder,
    ):
        made = Path(folder) / PDF.name
        make(build(Path(folder)), made, browser)
        made.replace(PDF)
    with pikepdf.open(PDF) as pdf:
        print(f"{PDF}: {len(pdf.pages)} pages, {PDF.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
