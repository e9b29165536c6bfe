"""What the benchmark compares computes the same, and the floor learns; on data made in place."""

from types import SimpleNamespace

import keras
import numpy as np
import pytest
from scipy import sparse

import imdb_helpers
from imdb_helpers import multi_hot
from tests.book.pages import BOOK
from tests.figures_of_bench import CHAPTER, bench_floor, bench_profile, bench_ways
from tests.nbproof.notebook import code_cells, read_notebook

WAYS = ("classic", "sparse", "bytes")


@pytest.fixture
def tiny(monkeypatch):
    """Let the measuring functions find forty reviews, and train for one epoch."""
    rng = np.random.default_rng(0)
    reviews = np.empty(40, dtype=object)
    reviews[:] = [rng.integers(1, 50, 12).tolist() for _ in range(40)]
    half = reviews, np.array([int(sum(review) > 300) for review in reviews])

    def load_data(num_words):
        return half, half

    monkeypatch.setattr(imdb_helpers, "load_data", load_data, raising=False)
    monkeypatch.setattr(bench_ways, "load_as_keras", load_data)
    for module in (bench_ways, bench_profile):
        monkeypatch.setattr(module, "EPOCHS", 1)
    return half


@pytest.mark.usefixtures("full_session")
def test_all_ways_compute_the_same(tiny):
    found = {way: bench_ways.chapter(way) for way in WAYS}
    assert {figures["predicted"] for figures in found.values()} == {40}
    for way in ("sparse", "bytes"):
        assert found[way]["results"] == pytest.approx(found["classic"]["results"], abs=1e-5)
    assert set(found["classic"]["parts"]) == set(CHAPTER)


@pytest.mark.usefixtures("full_session")
def test_all_ways_are_asked_for_the_same(tiny, monkeypatch):
    asked, fit = [], keras.Sequential.fit

    def recording(model, x, y, **arguments):
        held = arguments.pop("validation_data", ([], []))
        asked.append((way, x.shape, len(held[1]), sorted(arguments.items())))
        return fit(model, x, y, **arguments | ({"validation_data": held} if len(held[1]) else {}))

    monkeypatch.setattr(keras.Sequential, "fit", recording)
    for way in WAYS:
        bench_ways.chapter(way)
    classic, sparse_way, bytes_way = ([a[1:] for a in asked if a[0] == w] for w in WAYS)
    assert classic == sparse_way == bytes_way
    assert [shape for shape, *_ in classic] == [(24, 10_000), (40, 10_000)]
    assert [held for _, held, _ in classic] == [16, 0]


def test_the_loop_is_the_helper(tiny):
    assert np.array_equal(bench_ways.multi_hot_by_loop(tiny[0], 50), multi_hot(tiny[0], 50))
    assert bench_ways.vectorize("classic")["rows"] == 80
    assert bench_ways.held_out(25_000) == 10_000


def test_the_batches_are_those_of_chapter_3(tiny):
    chapter = read_notebook(BOOK / "03_vectorizing.ipynb")
    assert [cell.id for cell in code_cells(chapter)].count("batches") == 1
    figures = bench_ways.batches("batches")
    assert figures["predicted"] == bench_ways.held_out(40)
    assert "20 epochs" in figures["parts"]


@pytest.mark.usefixtures("full_session")
def test_the_stopwatch_covers_the_training(tiny):
    figures = bench_profile.profile("sparse")
    names = {"beginning and ending epochs", "first steps"}
    assert names <= set(figures["parts"])
    assert "keras" in figures["libraries"]


def test_the_profile_gives_c_functions_to_their_callers():
    caller = ("/x/site-packages/keras/src/a.py", 1, "fit")
    own = {
        ("~", 0, "<built-in method builtins.sorted>"): (1, 1, 2.0, 2.0, {caller: (1, 1, 2.0, 2.0)}),
        caller: (1, 1, 1.0, 3.0, {}),
        ("/x/json/decoder.py", 1, "decode"): (1, 1, 0.5, 0.5, {caller: (1, 1, 0.5, 0.5)}),
    }
    seconds = bench_profile.by_library(SimpleNamespace(stats=own))
    assert seconds == {"keras": 3.0, "Python and others": 0.5}
    assert bench_profile.library_of("C:\\x\\site-packages\\jax\\a.py", "f") == "jax"
    assert bench_profile.library_of("~", "<method of numpy.ndarray>") == "numpy"


def test_the_slopes_of_the_floor_are_those_of_its_loss():
    rng = np.random.default_rng(1)
    x = sparse.random(6, 9, density=0.4, format="csr", random_state=1)
    y = rng.integers(0, 2, (6, 1)).astype(float)
    weights = [rng.normal(size=shape) for shape in ((9, 4), (4, 4), (4, 1), (4,), (4,), (1,))]

    def loss():
        return bench_floor._validate(weights, x, y[:, 0])["loss"]

    slopes = bench_floor._slopes(weights, x, y)
    for weight, slope in zip(weights, slopes, strict=True):
        place = (0,) * weight.ndim
        before, step = weight[place], 1e-6
        weight[place] = before + step
        above = loss()
        weight[place] = before - step
        below = loss()
        weight[place] = before
        assert slope[place] == pytest.approx((above - below) / (2 * step), abs=1e-6)


def test_the_floor_learns():
    rng = np.random.default_rng(2)
    x = sparse.csr_matrix((rng.random((600, 40)) < 0.3).astype("float32"))
    y = (x[:, :3].sum(axis=1) > x[:, 3:6].sum(axis=1)).A1.astype(int)
    history = bench_floor.train_by_hand(x[200:], y[200:], x[:200], y[:200], epochs=60, size=32)
    assert len(history) == 60
    assert history[-1]["accuracy"] > max(0.9, history[0]["accuracy"])
    assert history[-1]["loss"] < history[0]["loss"]
