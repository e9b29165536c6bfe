"""Broken links, loads from elsewhere and undescribed images of a built page are found."""

import pytest

from tests.site import html as pages

PAGE = """<html><head><link rel="stylesheet" href="a.css"></head><body><h1>T</h1>
<img src="a.css" alt="A falling line"><a id="here" href="#here">x</a>{}</body></html>"""


@pytest.mark.parametrize(
    ("check", "extra"),
    [
        (pages.broken_links, '<a href="missing.html">x</a>'),
        (pages.broken_links, '<a href="page.html#missing">x</a>'),
        (pages.broken_links, '<img src="missing.png" alt="A line">'),
        (
            pages.broken_links,
            '<meta http-equiv="Refresh" content="0; url=missing.html">',
        ),
        (pages.remote_loads, '<script src="https://cdn.example/x.js"></script>'),
        (pages.remote_loads, '<script src="//cdn.example/x.js"></script>'),
        (pages.remote_loads, '<link rel="preload" href="https://f.example/x.woff2">'),
        (pages.remote_loads, "<style>@import 'https://f.example/x.css';</style>"),
        (pages.remote_loads, '<script>load("https://cdn.example/x.js")</script>'),
        (pages.remote_loads, '<img srcset="https://i.example/x.png 2x" alt="A line">'),
        (pages.undescribed_images, '<img src="a.css">'),
        (pages.undescribed_images, '<img src="a.css" alt="">'),
        (pages.undescribed_images, '<img src="a.css" alt="_images/8f17.png">'),
    ],
)
def test_a_bad_page_is_noticed(tmp_path, check, extra):
    (tmp_path / "a.css").write_text("")
    arguments = [tmp_path] if check is pages.broken_links else []
    for name, content, expected in (("good", "", 0), ("page", extra, 1)):
        page = tmp_path / f"{name}.html"
        page.write_text(PAGE.format(content))
        assert len(check(page, *arguments)) == expected
        assert pages.main_headings(page) == ["T"]


def test_a_stylesheet_from_elsewhere_is_noticed(tmp_path):
    sheet = tmp_path / "a.css"
    sheet.write_text("@font-face { src: url(https://f.example/x.woff2) } a { src: url(x.png) }")
    assert len(pages.remote_loads_of_stylesheet(sheet)) == 1
