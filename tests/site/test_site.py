"""The built book: no warning, no broken link, nothing from another host, every image described."""

import pytest
import yaml

from tests.book.pages import ROOT
from tests.site import html as pages

OLD_PAGES = """04_training 05_overfitting 06_predicting 07_exercises 08_takeaways
a6_faults a7_hosts a8_backends"""
GOOD = """<html><head><link rel="stylesheet" href="a.css"></head><body><h1>T</h1>
<img src="a.css" alt="A falling line"><a id="here" href="#here">x</a>{}</body></html>"""
# What no page has: a fault in each line, and which check notices it.
BAD = {
    pages.broken_links: """<a href="missing.html">x</a>
        <a href="page.html#missing">x</a>
        <img src="missing.png" alt="A line">
        <meta http-equiv="Refresh" content="0; url=missing.html">""",
    pages.remote_loads: """<script src="https://cdn.example/x.js"></script>
        <script src="//cdn.example/x.js"></script>
        <link rel="preload" href="https://f.example/x.woff2">
        <style>@import 'https://f.example/x.css';</style>
        <p style="background: url(https://f.example/x.png)"></p>
        <script>load("https://cdn.example/x.js")</script>
        <img srcset="https://i.example/x.png 2x" alt="A line">""",
    pages.undescribed_images: """<img src="a.css">
        <img src="a.css" alt="">
        <img src="a.css" alt="_images/8f17.png">""",
    pages.missing_headings: "<h1>Another</h1>",
}


def test_the_book_builds_without_a_warning(built, built_pages):
    _, build = built
    lines = build.stdout.splitlines()
    report = [line for line in lines if "WARNING" in line or "ERROR" in line] + lines[-20:]
    assert build.returncode == 0, "\n".join(report)
    assert len(built_pages) > 20


@pytest.mark.parametrize("check", BAD, ids=lambda check: check.__name__)
def test_no_page_has(check, built_pages):
    problems = [problem for page in built_pages for problem in check(page)]
    assert not problems, "\n".join(problems)


def test_no_stylesheet_loads_anything_from_another_host(site):
    problems = [p for sheet in site.rglob("*.css") for p in pages.remote_loads(sheet)]
    assert not problems, "\n".join(problems)


def test_every_page_that_was_leads_to_one_that_is(site):
    for name in OLD_PAGES.split():
        leads_to = pages.redirection(site / f"{name}.html")
        assert (site / leads_to).is_file(), f"{name} leads to {leads_to}"


def test_without_a_url_there_is_no_button_that_leads_nowhere(built_pages):
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    if config["repository"]["url"]:
        pytest.skip("the book says where it is: tests/setup/test_hosts.py tries the buttons")
    assert [button for page in built_pages for button in pages.buttons(page)] == []


def test_the_colophon_is_filled_in(site):
    text = pages.read_page(site / "a7_colophon.html").article.get_text()
    for known in ("TensorFlow", "processor cores", "Jupyter Book 1.", "contributors: The IMDB"):
        assert known in text


def test_solutions_are_announced_by_the_words_on_them(built_pages):
    texts = [page.read_text("utf-8") for page in built_pages]
    assert sum(text.count("Show the solution") for text in texts) >= 15
    assert not any("Toggle hidden content" in text for text in texts)


@pytest.mark.parametrize("check", BAD, ids=lambda check: check.__name__)
def test_every_fault_of_a_page_is_noticed(tmp_path, check):
    (tmp_path / "a.css").write_text("")
    for name, content in (("good", ""), ("page", BAD[check])):
        page = tmp_path / f"{name}.html"
        page.write_text(GOOD.format(content))
        assert len(list(check(page))) == len(content.splitlines())


def test_a_stylesheet_from_elsewhere_is_noticed(tmp_path):
    sheet = tmp_path / "a.css"
    sheet.write_text("@font-face { src: url(https://f.example/x.woff2) } a { src: url(x.png) }")
    assert len(list(pages.remote_loads(sheet))) == 1
