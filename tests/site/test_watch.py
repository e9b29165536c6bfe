"""Training in "Watch it happen": the losses of the package, and buttons that do what they say."""

import json
from itertools import pairwise, product

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from imdb_helpers import Network
from tests.book.pages import BOOK, ROOT
from tests.site.axe import faults_in_states

PAGE = "07_overfitting.html"
QUICK = "watch=1&l=1&u=4&n=1000&v=1"  # the settings with which training takes least
SAMPLE = ROOT / "imdb_helpers" / "sample.npz"
WORDS = 5000  # the inputs of the network in the page
# As text, in which the numbers travel some times as fast as one by one.
TRAIN = """async (given) => {
  const { weights, settings } = JSON.parse(given);
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
  return JSON.stringify({
    losses,
    rows: [...data.learn, ...data.held].map((review) => [...review]),
    labels: [...data.learnLabels, ...data.heldLabels],
    learn: data.learn.length,
  });
}"""
OPEN = "document.querySelectorAll('.imdb-watch details').forEach((d) => (d.open = true))"
PLAY = '.imdb-watch [data-do="play"]'
FINDING = ".imdb-watch .imdb-answer"
GUESS = ".imdb-watch [data-out=guess]"
NOTE = ".imdb-watch [data-out=note]"
RESET = '.imdb-watch [data-do="reset"]'
ANOTHER = '.imdb-watch [data-do="another"]'


def epochs(page):
    """A row for each epoch for which the network in the page has been trained."""
    return page.locator(".imdb-watch tbody tr")


def play(page):
    page.click(RESET)
    page.click(PLAY)
    epochs(page).nth(1).wait_for(state="attached")


def pause(page):
    play(page)
    page.click(PLAY)


def ten_seeds(page):
    page.evaluate(f"location.hash = '#{QUICK}'")
    page.click('.imdb-watch [data-do="seeds"]')
    loss = page.locator(".imdb-watch [data-out=loss]")
    loss.locator(".imdb-thin").nth(8).wait_for(state="attached", timeout=60_000)
    page.wait_for_selector(f"{NOTE}:has-text('Ten seeds')")
    assert loss.locator(".imdb-thin").count() == 9
    assert len(loss.locator(".imdb-band").get_attribute("points").split()) == 2 * 20
    assert "all seeds" in page.inner_text(".imdb-watch [data-out=shade]")


def diverge(page):
    page.evaluate(
        """() => Object.assign(imdbBook.Network.prototype, {
          evaluate: () => ({ loss: NaN, accuracy: 0.5 }),
          logit: () => NaN,
        })"""
    )
    page.click(ANOTHER)
    assert "too high" in page.inner_text(FINDING)


# What a reader can bring about, in an order in which one page goes through all of it.
STATES = {
    "finished": lambda page: None,
    "reset": lambda page: page.click(RESET),
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
    return visit().open(f"{PAGE}#{QUICK}", "watch")


def made_up_reviews():
    """Return the label of each review of the package, by the columns of its frequent words."""
    with np.load(SAMPLE) as file:
        reviews = np.split(file["train_ranks"], np.cumsum(file["train_lengths"])[:-1])
        columns = [np.unique(review) - 1 for review in reviews]
        labels = file["train_labels"].tolist()
    return {tuple(c[c < WORDS]): label for c, label in zip(columns, labels, strict=True)}


@pytest.mark.parametrize(("loss", "hidden"), [("bce", (16, 16)), ("mse", (4,))])
def test_the_page_and_the_package_learn_alike(page, record_property, loss, hidden):
    luck = np.random.default_rng(0)
    shapes = [shape for pair in pairwise((WORDS, *hidden, 1)) for shape in (pair, pair[1:])]
    weights = [luck.normal(0, 0.05, shape) for shape in shapes]
    settings = {"hidden": hidden, "loss": loss}
    given = {"weights": [w.tolist() for w in weights], "settings": settings}
    found = json.loads(page.evaluate(TRAIN, json.dumps(given)))
    rows, y, learn = found["rows"], np.array(found["labels"]), found["learn"]
    known = made_up_reviews()
    assert [known[tuple(row)] for row in rows] == y.tolist()
    indptr = np.cumsum([0, *map(len, rows)])
    columns = np.concatenate(rows)
    x = csr_matrix((np.ones(len(columns)), columns, indptr), (len(rows), WORDS))
    network = Network(hidden=hidden, loss="mse" if loss == "mse" else "binary_crossentropy")
    network.set_weights(weights)
    held_out = (x[learn:], y[learn:])
    history = network.fit(x[:learn], y[:learn], epochs=2, shuffle=False, validation_data=held_out)
    losses = np.transpose([history["loss"], history["val_loss"]]).ravel()
    apart = np.abs(losses - found["losses"]).max()
    record_property("nbproof-note", f"{loss} of page and package apart by at most {apart:.1e}")
    assert apart < 1e-4


def test_it_opens_finished_then_plays_pauses_steps_and_resets(visit):
    page = visit().open(PAGE, "watch")
    assert epochs(page).count() == 20
    assert "Lowest validation loss" in page.inner_text(FINDING)
    assert "Lowest" in page.text_content(".imdb-watch [data-out=loss] title")
    page.click(RESET)
    assert epochs(page).count() == 0
    play(page)
    assert page.inner_text(PLAY) == "Pause"
    page.keyboard.press("Enter")  # the focus is still on the button
    paused = epochs(page).count()
    assert 2 <= paused < 20
    assert page.inner_text(PLAY) == "Play"
    page.click('.imdb-watch [data-do="step"]')
    assert epochs(page).count() == paused + 1


def test_a_reader_who_wants_no_motion_sees_the_end_at_once(visit):
    page = visit(reduced_motion="reduce").open(f"{PAGE}#{QUICK}", "watch")
    page.click(RESET)
    page.click(PLAY)
    assert epochs(page).count() == 20


def test_a_guess_is_marked_before_the_run(page):
    page.click(RESET)
    page.fill(GUESS, "6")
    page.wait_for_selector(".imdb-watch [data-out=loss] >> text=guess: 6")
    page.fill(GUESS, "99")
    assert "guess" not in page.text_content(".imdb-watch [data-out=loss]")


def test_everything_can_be_done_with_the_keyboard(page):
    page.evaluate(OPEN)
    page.evaluate("document.addEventListener('focusin', (e) => (e.target.reached = true))")
    page.focus(".imdb-watch [data-question]")
    for _ in range(40):
        page.keyboard.press("Tab")
    controls = page.locator(".imdb-watch :is(button, select, input)")
    assert controls.evaluate_all("(all) => all.length && all.every((node) => node.reached)")
    page.focus('.imdb-watch [data-set="u"]')
    before = page.text_content(FINDING)
    page.keyboard.press("ArrowDown")
    page.wait_for_function(f"document.querySelector('{FINDING}').textContent !== `{before}`")
    assert "u=16" in page.url


def test_a_question_is_a_setting_in_the_address(visit):
    page = visit(reduced_motion="reduce").open(PAGE, "watch")
    page.click("text=Does dropout cure it?")
    assert "d=0.5" in page.url
    assert page.input_value('.imdb-watch [data-set="d"]') == "0.5"


def test_everybody_can_use_it_in_every_state(page):
    page.evaluate(OPEN)
    found = faults_in_states(page, "watch", STATES)
    assert not found, "\n".join(found)


def test_the_same_seed_gives_the_same_curves(visit, record_property):
    page = visit().open(PAGE, "watch")
    first = epochs(page).all_text_contents()
    page.click(".imdb-watch summary >> nth=0")
    started = page.evaluate("performance.now()")
    page.click(ANOTHER)
    taken = page.evaluate("performance.now()") - started  # a busy machine is no fault of the page's
    record_property("nbproof-note", f"20 epochs in the page: {taken / 1000:.2f} s")
    assert epochs(page).all_text_contents() != first
    page.fill('.imdb-watch [data-set="s"]', "1")
    page.keyboard.press("Tab")
    assert epochs(page).all_text_contents() == first


def test_every_choice_has_its_curves_on_the_real_reviews(page):
    stored = json.loads((BOOK / "assets" / "curves.json").read_text(encoding="utf-8"))["runs"]
    options = page.evaluate(
        """() => [..."lurdfn"].map((key) =>
          [...document.querySelectorAll(`.imdb-watch [data-set=${key}] option`)]
            .map((option) => option.value))"""
    )
    settings = sorted(" ".join(values) for values in product(*options))
    assert settings == sorted(stored)
    assert len(settings) >= 40
    assert all(len(curve) == 20 for curves in stored.values() for curve in curves)


@pytest.mark.parametrize("hash_", ["watch=1&l=10&u=1e9&v=1", "watch=1&s=-1", "watch=1&u=%E0%A4%A"])
def test_a_bad_link_gets_the_usual_settings(visit, hash_):
    page = visit().open(f"{PAGE}#{hash_}", "watch")
    assert "usual one" in page.inner_text(NOTE)
    assert page.input_value('.imdb-watch [data-set="l"]') == "2"


def test_a_link_brings_the_settings_back(visit):
    page = visit().open(f"{PAGE}#watch=1&l=1&u=4&r=0.01&d=0.5&f=mse&n=1000&s=7&v=1", "watch")
    keys = ("l", "u", "r", "d", "f", "n", "s")
    values = [page.input_value(f'.imdb-watch [data-set="{key}"]') for key in keys]
    assert values == ["1", "4", "0.01", "0.5", "mse", "1000", "7"]
