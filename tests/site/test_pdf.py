"""The book as one PDF, and single pages on paper."""

from types import SimpleNamespace

import pikepdf
import pytest
import yaml

from book._ext import pdf_link
from tests.book.pages import BOOK
from tests.site.html import read_page
from tools import pdf

A4 = (595, 842)  # points
PAPER = {"width": 658, "height": 900}  # CSS pixels: what the margins leave of 210 mm
# Words that stand out of the article, by more than a space at a line's end; and closed solutions.
CUT = """() => {
  const edge = document.querySelector("article").getBoundingClientRect().right + 8;
  const walker = document.createTreeWalker(document.querySelector("article"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node; (node = walker.nextNode());) {
    const range = document.createRange();
    range.selectNodeContents(node);
    if (range.getBoundingClientRect().right > edge) found.push(node.data.slice(0, 60));
  }
  return found;
}"""
CLOSED = """() => [...document.querySelectorAll("details")].filter(
  (node) => !node.lastElementChild.checkVisibility({contentVisibilityAuto: true})
).map((node) => node.textContent.slice(0, 60))"""


@pytest.fixture(scope="module")
def printed(full_session, browser, site, tmp_path_factory):
    """Print the book; return the single page, the PDF's path, and the PDF."""
    # Where the pages were built, whose chapters need not be read again.
    page, path = pdf.build(site.parents[1]), tmp_path_factory.mktemp("pdf") / "book.pdf"
    pdf.make(page, path, browser)
    with pikepdf.open(path) as opened:
        yield page, path, opened


def pages_in_order():
    contents = yaml.safe_load((BOOK / "_toc.yml").read_text("utf-8"))
    files = [chapter["file"] for part in contents["parts"] for chapter in part["chapters"]]
    return [contents["root"], *files]


def test_the_outline_has_the_headings_of_the_pages(printed, site):
    headings = []
    for name in pages_in_order():
        page = read_page(site / f"{name}.html")
        headings += [pdf.words(each) for each in page.article.find_all(["h1", "h2", "h3"])]
    with printed[2].open_outline() as outline:
        assert [item.title for item in pdf.flat(outline.root)] == headings
        assert len(outline.root) == len(pages_in_order())


def test_every_sheet_is_a4_and_tagged(printed):
    sizes = {tuple(round(float(x)) for x in page.mediabox[2:]) for page in printed[2].pages}
    assert sizes == {A4}
    root = printed[2].Root
    assert root.MarkInfo.Marked
    assert "/K" in root.StructTreeRoot
    assert root.Lang == "en"


def test_every_link_within_the_book_leads_somewhere(printed):
    links = [link for page in printed[2].pages for link in page.get("/Annots", [])]
    actions = [link.get("/A", {}) for link in links]
    elsewhere = [str(action.URI) for action in actions if "/URI" in action]
    assert [address for address in elsewhere if not address.startswith("https://")] == []
    places = [link.get("/Dest", link.get("/A", {}).get("/D")) for link in links]
    within = [place for place in places if place is not None]
    known = printed[2].Root.Dests
    assert [p for p in within if not isinstance(p, pikepdf.Array) and p not in known] == []
    assert len(within) == len(links) - len(elsewhere) > 200


def test_the_contents_name_the_sheets_on_which_the_chapters_begin(printed):
    places = read_page(printed[0]).select(".imdb-contents span")
    named = [int(place.get_text()) for place in places]
    assert named == pdf.chapter_pages(printed[1])
    assert len(named) == len(pages_in_order())


def on_paper(here, name):
    """Open a page as it is laid out for paper; nothing of it is cut, and no solution closed."""
    page = here.open(name)
    page.emulate_media(media="print")
    assert page.evaluate(CUT) == []
    assert page.evaluate(CLOSED) == []
    return page


def test_the_book_is_whole_on_paper(visit, printed):
    page, *_ = printed
    here = visit(page.parent.as_uri(), java_script_enabled=False, viewport=PAPER)
    summary = on_paper(here, page.name).locator("summary", has_text="Show the solution").first
    assert summary.inner_text() == ""


def test_a_page_that_is_dark_on_the_screen_is_light_on_paper(visit):
    page = visit(color_scheme="dark").open("02_decoding.html")
    theme = "document.documentElement.dataset.theme"
    assert page.evaluate(theme) == "dark"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(theme) == "light"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(theme) == "dark"


@pytest.mark.parametrize("name", ["02_decoding", "try", "a2_pitfalls"])
def test_a_single_page_is_whole_on_paper(visit, name):
    page = on_paper(visit(viewport=PAPER), f"{name}.html")
    assert page.locator("h1:visible").count() == 1


def test_without_chromium_it_says_what_is_missing(monkeypatch, tmp_path):
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    absent = SimpleNamespace(chromium=SimpleNamespace(executable_path=tmp_path / "none"))
    with pytest.raises(SystemExit, match="this needs Chromium, and none is installed"):
        pdf.launch(absent)


def test_the_pages_link_to_the_pdf_only_where_it_is(built_pages, tmp_path):
    assert pdf.PDF.name == pdf_link.NAME
    assert not any(pdf_link.NAME in page.read_text("utf-8") for page in built_pages)
    app, options = SimpleNamespace(outdir=tmp_path), {"extra_footer": "Words."}
    config = SimpleNamespace(html_theme_options=options)
    pdf_link.link_to_pdf(app, config)
    assert options["extra_footer"] == "Words."
    (tmp_path / pdf_link.NAME).write_bytes(bytes(2_100_000))
    pdf_link.link_to_pdf(app, config)
    assert f'href="{pdf_link.NAME}"' in options["extra_footer"]
    assert "(2.1 MB, made on " in options["extra_footer"]
