"""Training in "Watch it happen": the losses of the package, and buttons that do what they say."""

import base64
import gzip
import json
from itertools import pairwise

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from imdb_helpers import Network
from tests.book.pages import BOOK
from tests.site.living import epochs_of, faults_in_states, wait_for, wait_for_epochs

PAGE = "07_overfitting.html"
TRAIN = """async ({ weights, settings }) => {
  const data = imdbBook.unfold(await imdbBook.unpack(imdbBook.data.reviews));
  const network = new imdbBook.Network({ inputs: imdbBook.data.reviews.columns, ...settings });
  network.layers.forEach((layer, i) => {
    layer.kernel.set(weights[2 * i].flat());
    layer.bias.set(weights[2 * i + 1]);
  });
  const order = data.learn.map((_, i) => i);
  const losses = [1, 2].flatMap(() => [
    network.epoch(data.learn, data.learnLabels, { order }).loss,
    network.evaluate(data.held, data.heldLabels).loss,
  ]);
  return { losses, rows: data.learn.slice(0, 50).map((review) => [...review]) };
}"""
OPEN = "document.querySelectorAll('.imdb-watch details').forEach((d) => (d.open = true))"
PLAY = '.imdb-watch [data-do="play"]'
FINDING = ".imdb-watch .imdb-answer"
GUESS = ".imdb-watch [data-out=guess]"
NOTE = ".imdb-watch [data-out=note]"


def reset(page):
    page.click('.imdb-watch [data-do="reset"]')


def play(page):
    reset(page)
    page.click(PLAY)
    wait_for_epochs(page, 2)


def pause(page):
    play(page)
    page.click(PLAY)


def ten_seeds(page):
    page.evaluate("location.hash = '#watch=1&l=1&u=4&n=1000&v=1'")  # the quickest network
    page.click('.imdb-watch [data-do="seeds"]')
    lines = "document.querySelectorAll('.imdb-watch [data-out=loss] .imdb-thin').length"
    page.wait_for_function(f"{lines} === 9", timeout=60_000)


def diverge(page):
    page.evaluate(
        "() => { imdbBook.Network.prototype.evaluate = () => ({ loss: NaN, accuracy: 0.5 }); }"
    )
    page.evaluate("() => { imdbBook.Network.prototype.logit = () => NaN; }")
    page.click('.imdb-watch [data-do="another"]')
    assert "too high" in page.inner_text(FINDING)


# What a reader can bring about, in an order in which one page goes through all of it.
STATES = {
    "finished": lambda page: None,
    "reset": reset,
    "running": play,
    "paused": pause,
    "guessed": lambda page: page.fill(GUESS, "3"),
    "ten seeds": ten_seeds,
    "bad link": lambda page: page.evaluate("location.hash = '#watch=1&u=5&v=1'"),
    "diverged": diverge,
}


@pytest.fixture
def page(visit):
    """Return the open page, whose network has been trained once."""
    page = visit().open(PAGE)
    wait_for(page, "watch")
    return page


def reviews_in_the_site(html):
    """Return the multi-hot matrix, the labels and the number to learn from, as in the site."""
    text = (html / "_static" / "living" / "data_reviews.js").read_text(encoding="utf-8")
    data = json.loads(text.partition("imdbBook.data.reviews = ")[2].rstrip(";\n"))
    raw, arrays = gzip.decompress(base64.b64decode(data["data"])), {}
    for name, kind, length in data["layout"]:
        end = length * np.dtype(kind).itemsize
        arrays[name], raw = np.frombuffer(raw[:end], kind), raw[end:]
    whole = np.add.accumulate(arrays["steps"], dtype=int)[arrays["steps"] < 255]
    indptr = np.concatenate([[0], np.cumsum(arrays["sizes"], dtype=int)])
    base = np.concatenate([[0], whole[indptr[1:-1] - 1]])
    columns = whole - np.repeat(base, arrays["sizes"]) - 1
    shape = (len(arrays["sizes"]), data["columns"])
    return (
        csr_matrix((np.ones(len(columns)), columns, indptr), shape),
        arrays["labels"],
        data["learn"],
    )


@pytest.mark.parametrize(("loss", "hidden"), [("bce", (16, 16)), ("mse", (4,))])
def test_the_page_and_the_package_learn_alike(page, site, record_property, loss, hidden):
    x, y, learn = reviews_in_the_site(site[0])
    luck = np.random.default_rng(0)
    widths = (x.shape[1], *hidden, 1)
    shapes = [shape for pair in pairwise(widths) for shape in (pair, pair[1:])]
    weights = [luck.normal(0, 0.05, shape) for shape in shapes]
    network = Network(hidden=hidden, loss="mse" if loss == "mse" else "binary_crossentropy")
    network.set_weights(weights)
    held_out = (x[learn:], y[learn:])
    history = network.fit(x[:learn], y[:learn], epochs=2, shuffle=False, validation_data=held_out)
    settings = {"hidden": hidden, "loss": loss}
    found = page.evaluate(TRAIN, {"weights": [w.tolist() for w in weights], "settings": settings})
    assert [x[i].indices.tolist() for i in range(50)] == found["rows"]
    pairs = zip(history["loss"], history["val_loss"], strict=True)
    apart = np.abs(np.ravel(list(pairs)) - found["losses"]).max()
    record_property("nbproof-note", f"{loss} of page and package apart by at most {apart:.1e}")
    assert apart < 1e-4


def test_it_opens_finished_and_says_what_it_shows(page):
    assert epochs_of(page) == 20
    assert "Lowest validation loss" in page.inner_text(FINDING)
    assert "Lowest" in page.text_content(".imdb-watch [data-out=loss] title")


def test_twenty_epochs_are_timed(page, record_property):
    """Nothing is asserted: a busy machine is no fault of the page's."""
    page.click(".imdb-watch summary >> nth=0")
    started = page.evaluate("performance.now()")
    page.click('.imdb-watch [data-do="another"]')
    taken = page.evaluate("performance.now()") - started
    record_property("nbproof-note", f"20 epochs in the page: {taken / 1000:.2f} s")


def test_it_plays_pauses_steps_and_resets(page):
    reset(page)
    assert epochs_of(page) == 0
    page.click(PLAY)
    assert page.inner_text(PLAY) == "Pause"
    wait_for_epochs(page, 2)
    page.keyboard.press("Enter")  # the focus is still on the button
    paused = epochs_of(page)
    assert 2 <= paused < 20
    assert page.inner_text(PLAY) == "Play"
    page.click('.imdb-watch [data-do="step"]')
    assert epochs_of(page) == paused + 1


def test_a_reader_who_wants_no_motion_sees_the_end_at_once(visit):
    page = visit(reduced_motion="reduce").open(PAGE)
    wait_for(page, "watch")
    reset(page)
    page.click(PLAY)
    assert epochs_of(page) == 20


def test_ten_seeds_are_drawn(page):
    ten_seeds(page)
    assert "Ten seeds" in page.inner_text(NOTE)
    band = page.get_attribute(".imdb-watch [data-out=loss] .imdb-band", "points").split()
    assert len(band) == 2 * 20
    assert "all seeds" in page.inner_text(".imdb-watch [data-out=shade]")


def test_a_guess_is_marked_before_the_run(page):
    reset(page)
    page.fill(GUESS, "6")
    page.wait_for_selector(".imdb-watch [data-out=loss] >> text=guess: 6")
    page.fill(GUESS, "99")
    assert "guess" not in page.text_content(".imdb-watch [data-out=loss]")


def test_everything_can_be_done_with_the_keyboard(page):
    page.evaluate(OPEN)
    page.focus(".imdb-watch [data-question]")
    reached = []
    for _ in range(40):
        reached += [page.evaluate("JSON.stringify(document.activeElement.dataset)")]
        page.keyboard.press("Tab")
        if not page.evaluate("document.activeElement.closest('.imdb-watch') !== null"):
            break
    names = (
        "JSON.stringify([...document.querySelectorAll('.imdb-watch :is(button, select, input)')]"
    )
    wanted = json.loads(page.evaluate(f"{names}.map((node) => JSON.stringify(node.dataset)))"))
    assert [name for name in wanted if name not in reached] == []
    page.focus('.imdb-watch [data-set="u"]')
    before = page.text_content(FINDING)
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"document.querySelector('{FINDING}').textContent !== `{before}`")
    assert "u=32" in page.url


def test_a_question_is_a_setting_in_the_address(visit):
    page = visit(reduced_motion="reduce").open(PAGE)
    wait_for(page, "watch")
    page.click("text=Does dropout cure it?")
    assert "d=0.5" in page.url
    said, link = page.text_content(FINDING), page.url.rpartition("/")[2]
    reset(page)
    page.reload()
    wait_for(page, "watch")
    assert page.text_content(FINDING) == said, link


def test_everybody_can_use_it_in_every_state(page):
    page.evaluate(OPEN)
    found = faults_in_states(page, "watch", STATES)
    assert not found, "\n".join(found)


def test_the_same_seed_gives_the_same_curves(page):
    def values():
        return page.text_content(".imdb-watch tbody")

    first = values()
    page.click(".imdb-watch summary >> nth=0")
    page.click('.imdb-watch [data-do="another"]')
    assert values() != first
    page.fill('.imdb-watch [data-set="s"]', "1")
    page.keyboard.press("Tab")
    assert values() == first


def test_every_choice_has_its_curves_on_the_real_reviews(page):
    stored = json.loads((BOOK / "assets" / "curves.json").read_text(encoding="utf-8"))["runs"]
    options = page.evaluate(
        """() => [..."lurdfn"].map((key) =>
          [...document.querySelectorAll(`.imdb-watch [data-set=${key}] option`)]
            .map((option) => option.value))"""
    )
    settings = [""]
    for values in options:
        settings = [f"{setting} {value}".strip() for setting in settings for value in values]
    assert sorted(settings) == sorted(stored)
    assert len(settings) >= 40
    assert all(len(curve) == 20 for curves in stored.values() for curve in curves)


@pytest.mark.parametrize("hash_", ["watch=1&l=10&u=1e9&v=1", "watch=1&s=-1", "watch=1&u=%E0%A4%A"])
def test_a_bad_link_gets_the_usual_settings(visit, hash_):
    page = visit().open(f"{PAGE}#{hash_}")
    wait_for(page, "watch")
    assert "usual one" in page.inner_text(NOTE)
    assert page.input_value('.imdb-watch [data-set="l"]') == "2"


def test_a_link_brings_the_settings_back(visit):
    page = visit().open(f"{PAGE}#watch=1&l=1&u=4&r=0.01&d=0.5&f=mse&n=1000&s=7&v=1")
    wait_for(page, "watch")
    keys = ("l", "u", "r", "d", "f", "n", "s")
    values = [page.input_value(f'.imdb-watch [data-set="{key}"]') for key in keys]
    assert values == ["1", "4", "0.01", "0.5", "mse", "1000", "7"]


def test_without_scripts_there_are_a_sentence_and_a_picture(visit):
    page = visit(java_script_enabled=False).open(PAGE)
    assert "JupyterLab" in page.inner_text(".imdb-watch")
    assert page.locator(".imdb-watch img").evaluate("(image) => image.naturalWidth") > 0
