"""The built book: no warning, no broken link, nothing from another host, every image described."""

import pytest
import yaml

from tests.book.pages import ROOT
from tests.site import html as pages

OLD_PAGES = [
    "04_training",
    "05_overfitting",
    "06_predicting",
    "07_exercises",
    "08_takeaways",
    "a6_faults",
    "a7_hosts",
    "a8_backends",
]


def test_the_book_builds_without_a_warning(site):
    _, returncode, report = site
    assert returncode == 0, report


def test_every_internal_link_leads_somewhere(site, built_pages):
    problems = [problem for page in built_pages for problem in pages.broken_links(page, site[0])]
    assert not problems, "\n".join(problems)


def test_every_page_that_was_leads_to_one_that_is(site, built_pages):
    found = {page.stem: pages.redirection(page) for page in built_pages}
    for name in OLD_PAGES:
        assert (site[0] / found[name]).is_file(), f"{name} leads to {found[name]}"


def test_without_a_url_there_is_no_button_that_leads_nowhere(built_pages):
    config = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
    if config["repository"]["url"]:
        pytest.skip("the book says where it is: tests/setup/test_hosts.py tries the buttons")
    found = [pages.buttons(page) for page in built_pages if pages.redirection(page) is None]
    assert found == [[]] * len(found)


def test_no_page_loads_anything_from_another_host(site, built_pages):
    problems = [problem for page in built_pages for problem in pages.remote_loads(page)]
    for stylesheet in sorted(site[0].rglob("*.css")):
        problems += pages.remote_loads_of_stylesheet(stylesheet)
    assert not problems, "\n".join(problems)


def test_every_image_is_described(built_pages):
    problems = [problem for page in built_pages for problem in pages.undescribed_images(page)]
    assert not problems, "\n".join(problems)


def test_every_page_has_one_main_heading(built_pages):
    headings = {
        page.name: pages.main_headings(page)
        for page in built_pages
        if pages.redirection(page) is None
    }
    assert {name: found for name, found in headings.items() if len(found) != 1} == {}


def test_solutions_are_announced_by_the_words_on_them(built_pages):
    texts = [page.read_text("utf-8") for page in built_pages]
    assert sum(text.count("Show the solution") for text in texts) >= 15
    assert not any("Toggle hidden content" in text for text in texts)
