"""Broken links, loads from elsewhere and undescribed images of a built page are found."""

import pytest

from tests.site import html as pages

PAGE = """<html><head><link rel="stylesheet" href="a.css"></head><body><h1>T</h1>
<img src="a.css" alt="A falling line"><a id="here" href="#here">x</a>{}</body></html>"""
BAD = {  # a fault in each line
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


@pytest.mark.parametrize("check", BAD, ids=lambda check: check.__name__)
def test_every_fault_of_a_page_is_noticed(tmp_path, check):
    (tmp_path / "a.css").write_text("")
    for name, content in (("good", ""), ("page", BAD[check])):
        page = tmp_path / f"{name}.html"
        page.write_text(PAGE.format(content))
        assert len(list(check(page))) == len(content.splitlines())


def test_a_stylesheet_from_elsewhere_is_noticed(tmp_path):
    sheet = tmp_path / "a.css"
    sheet.write_text("@font-face { src: url(https://f.example/x.woff2) } a { src: url(x.png) }")
    assert len(list(pages.remote_loads(sheet))) == 1
