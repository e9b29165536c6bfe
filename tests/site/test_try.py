"""Typing into "Try the model": the package's answers, and nothing typed becomes markup."""

import json
import os
import random
from pathlib import Path
from statistics import median

import pytest

from imdb_helpers import decode_review, judge, load_data
from imdb_helpers.dataset.find import VARIABLE
from tests.site.axe import faults_in_states

PREDICT = "(text) => imdbBook.predict(text)"
TEXT = ".imdb-try textarea"
# What a reader can bring about, in an order in which one page goes through all of it.
STATES = {
    "easy": lambda page: None,
    "struck": lambda page: page.click(".imdb-text >> text=wonderful"),
    "copied": lambda page: page.click('[data-do="copy"]'),
    "all colours": lambda page: page.click("[data-example]:nth-of-type(4)"),
    "nothing known": lambda page: page.click("[data-example]:nth-of-type(6)"),
    "empty": lambda page: page.fill(TEXT, ""),
    "cut": lambda page: page.fill(TEXT, "good " + "a" * 5000),
    "bad link": lambda page: page.evaluate("location.hash = '#try=1&t=%E0%A4%A&v=1'"),
}
HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<script>document.title='taken'</script>",
    "</p><h1>good</h1>",
    "{{7*7}} ${7*7} %s %n",
    "😀 👩‍👩‍👧 wonderful",
    "\u202ewonderful\u202c \u0000 awful",
    "\ud800 half a pair \udc00",
    "constructor __proto__ toString hasOwnProperty",
    "É ÀB İstanbul ﬁlm\r\n\u00a0good",
    "&lt;b&gt; &amp;amp; 'good' \"bad\"",
    "good <!--> bad </> <?> <!>",
    "-" * 5000,
    "a" * 1_000_000,
)


def reviews(count=200):
    """Return texts to judge: original ones if they are there, or decoded ones."""
    path = Path(os.environ.get(VARIABLE, "")) / "raw_reviews.jsonl"
    if path.is_file():
        return [json.loads(line)["text"] for line in path.read_text("utf-8").split("\n")[:count]]
    (data, _), _ = load_data(num_words=None)
    return [decode_review(review) for review in data[:count]]


@pytest.fixture
def page(visit):
    """Return the open page, with its model unpacked."""
    return visit().open("try.html", "try")


def answer(page):
    return page.inner_text(".imdb-try .imdb-answer")


def test_the_page_gives_the_packages_answers(page, record_property):
    texts = [*reviews(), *(text for text in HOSTILE if len(text) < 10_000 and "\ud800" not in text)]
    worst = 0.0
    for text in texts:
        found, expected = page.evaluate(PREDICT, text), judge(text)
        tokens = {kind: {} for kind in ("known", "rare", "unknown")}
        for token in found["tokens"]:
            tokens[token["kind"]][token["word"]] = token["change"]
        assert list(tokens["known"]) == list(expected.words)
        assert tuple(tokens["rare"]) == expected.rare
        assert tuple(tokens["unknown"]) == expected.unknown
        apart = [abs(tokens["known"][word] - expected.words[word]) for word in expected.words]
        worst = max(worst, abs(found["probability"] - expected.probability), *apart)
    record_property("nbproof-note", f"page and package apart by at most {worst:.1e}")
    assert worst < 1e-6
    half = page.evaluate("() => imdbBook.predict('\\ud800 good')")  # half a surrogate pair
    assert half["probability"] == pytest.approx(judge("\ud800 good").probability, abs=1e-9)


def test_nothing_that_is_typed_becomes_markup_or_leaves_the_page(visit):
    here = visit()
    page = here.open("try.html", "try")
    luck = random.Random(0)
    pieces = [text for text in HOSTILE if len(text) < 100]
    made = [" ".join(luck.choices(pieces, k=luck.randint(1, 4))) for _ in range(1000)]
    title, loaded = page.title(), list(here.loaded)
    found = page.evaluate(
        """(texts) => {
          const area = document.querySelector(".imdb-try textarea");
          const shown = document.querySelector(".imdb-text");
          const names = new Set();
          for (const text of texts) {
            area.value = text;
            area.dispatchEvent(new Event("input", { bubbles: true }));
            if (shown.textContent !== area.value.slice(0, 4000)) names.add(text);
            const made = document.querySelectorAll(".imdb-text *, .imdb-try tbody *");
            made.forEach((node) => names.add(node.tagName));
          }
          return [...names];
        }""",
        [*made, *HOSTILE],
    )
    assert set(found) <= {"BUTTON", "SPAN", "TR", "TH", "TD"}
    assert page.title() == title
    assert here.loaded == loaded
    page.fill(TEXT, "A wonderful film.")
    assert "positive" in answer(page)


def test_no_link_breaks_the_page(page):
    luck = random.Random(0)
    link = "try=1&x=dull&t=A%20dull%20film&v=1"
    for _ in range(100):
        letters = list(link)
        for place in luck.sample(range(5, len(link)), 3):
            letters[place] = luck.choice('%&=+#<"\u0000\ud800\u202e😀')
        page.evaluate("(hash) => { location.hash = hash; }", "".join(letters))
        page.wait_for_timeout(1)
    page.fill(TEXT, "A wonderful film.")
    assert "positive" in answer(page)


def test_a_word_can_be_struck_out_and_put_back(page):
    page.click("[data-example]:nth-of-type(3)")
    before = answer(page)
    page.click(".imdb-text >> text=dull")
    assert answer(page) != before
    assert page.get_attribute(".imdb-text >> text=dull", "aria-pressed") == "true"
    page.click('.imdb-try tbody [aria-label*="put back"]')
    assert answer(page) == before
    page.click(".imdb-text >> text=wonderful")
    page.click(".imdb-try [data-out=restore]")
    assert answer(page) == before
    assert page.locator(".imdb-try [data-out=restore]").is_hidden()


def test_everything_can_be_done_with_the_keyboard(page):
    page.focus("[data-example]:nth-of-type(3)")
    page.keyboard.press("Enter")
    before = answer(page)
    for _ in range(7):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.imdb-text') !== null"):
            break
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == "wonderful"
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    assert "wonderful" in page.inner_text(".imdb-word")
    page.keyboard.press("Enter")
    assert answer(page) != before
    assert page.evaluate("document.activeElement.textContent") == "wonderful"
    page.keyboard.press("Escape")
    assert answer(page) == before


def test_a_link_brings_the_example_back(visit):
    here = visit(own=True)
    here.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = here.open("try.html", "try")
    text = "A dull film (100 % dull), but <b>wonderful</b> & über-good. 😀"
    page.fill(TEXT, text)
    assert "#" not in page.url  # nothing that is typed goes there unasked
    page.click(".imdb-text >> text=dull >> nth=0")
    before = answer(page)
    page.click('[data-do="copy"]')
    page.wait_for_function("location.hash.length > 1")
    page = here.open(f"try.html#{page.url.partition('#')[2]}", "try")
    assert page.input_value(TEXT) == text
    assert answer(page) == before


@pytest.mark.parametrize("hash_", ["try=1&t=%E0%A4%A&v=1", "try=1&x=&t=&v=9", "try=1", "summary"])
def test_a_damaged_link_leaves_the_page_working(visit, hash_):
    page = visit().open(f"try.html#{hash_}", "try")
    assert "damaged" in page.inner_text(".imdb-try [data-out=note]") or "%E0" not in hash_
    page.fill(TEXT, "A wonderful film.")
    assert "positive" in answer(page)


def test_a_long_text_is_cut_and_that_is_said(page):
    page.fill(TEXT, "good " * 900)
    assert "4,000" in page.inner_text(".imdb-try [data-out=note]")


def test_a_key_press_is_timed(page, record_property):
    """Nothing is asserted: a busy machine is no fault of the page's."""
    page.fill(TEXT, " ".join(" ".join(reviews(5)).split()[:500]))
    times = page.evaluate(
        """() => {
          const area = document.querySelector(".imdb-try textarea");
          return Array.from({ length: 15 }, () => {
            area.value += "x";
            const start = performance.now();
            area.dispatchEvent(new Event("input", { bubbles: true }));
            return performance.now() - start;
          });
        }"""
    )
    found = f"median {median(times):.1f} ms, worst {max(times):.1f}"
    record_property("nbproof-note", f"a key press in a review of 500 words: {found}")


def test_everybody_can_use_it_in_every_state(page):
    found = faults_in_states(page, "try", STATES)
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("delete window.DecompressionStream", "JupyterLab"),  # in a browser that is too old
        ("delete String.prototype.toWellFormed", "JupyterLab"),
        ("window.atob = () => 'no gzip'", "Load the page again"),  # a damaged model
    ],
)
def test_where_it_cannot_work_there_is_a_sentence(visit, script, sentence):
    here = visit(own=True)
    here.page.add_init_script(script)
    page = here.open("try.html")
    page.wait_for_selector(f".imdb-try :text('{sentence}')")
    assert page.query_selector(TEXT) is None
