"""The living parts of the built pages: "Try the model" and "Watch it happen".

A page asks for one by an empty container, `<div class="imdb-try">` or `<div class="imdb-watch">`,
which holds what a reader without JavaScript sees. This extension puts the part's words (a template
beside this file) and its scripts (`assets/living/`) on that page, and on no other, and makes the
data that they need from the package's own files: each a script, since a page that was opened from
a folder cannot fetch anything.
"""

import base64
import gzip
import json
from pathlib import Path

import numpy as np
from sphinx.application import Sphinx

HERE = Path(__file__).parent
PACKAGE = HERE.parents[1] / "imdb_helpers"
CURVES = HERE.parent / "assets" / "curves.json"
# In the order in which the browser runs them.
SCRIPTS = {
    "try": "data_model tokenise sha256 unpack judge link say try",
    "watch": "data_reviews data_curves unpack network settings run link say chart scores watch",
}
# What the page trains on: enough to overfit, few enough to be sent to a phone.
WORDS, LEARN, VALIDATE = 5000, 2000, 1000
SHOWN_WORDS = 12


def add_living_parts(
    app: Sphinx, pagename: str, _: str, context: dict, __: object
) -> None:
    """Give a page that has a container the part's words and scripts."""
    for part, scripts in SCRIPTS.items():
        if f'class="imdb-{part}"' not in context.get("body", ""):
            continue
        app.env.metadata[pagename]["living"] = part
        context["body"] += (HERE / f"{part}.html").read_text(encoding="utf-8")
        app.add_css_file("living/living.css")
        for script in scripts.split():
            app.add_js_file(f"living/{script}.js", defer="defer")


def write_data(app: Sphinx, exception: Exception | None) -> None:
    """Write the data scripts into the built site."""
    has_part = any("living" in known for known in app.env.metadata.values())
    if exception or app.builder.format != "html" or not has_part:
        return
    folder = Path(app.outdir) / "_static" / "living"
    folder.mkdir(parents=True, exist_ok=True)
    curves = json.loads(CURVES.read_text(encoding="utf-8"))
    for name, value in (
        ("model", model_data()),
        ("reviews", reviews_data()),
        ("curves", curves),
    ):
        text = json.dumps(value, separators=(",", ":"))
        script = (
            '"use strict";\nwindow.imdbBook = window.imdbBook || {};\n'
            "imdbBook.data = imdbBook.data || {};\n"
            f"imdbBook.data.{name} = {text};\n"
        )
        (folder / f"data_{name}.js").write_text(script, encoding="utf-8")


def model_data() -> dict:
    """Return the package's trained network, packed."""
    with np.load(PACKAGE / "shipped.npz", allow_pickle=False) as archive:
        arrays = {name: archive[name].ravel() for name in archive.files}
    for name in ("digest", "reference"):
        del arrays[name]
    arrays["scale"] = arrays["scale"].astype(
        "<f4"
    )  # JavaScript has no array of float16
    return packed(arrays)


def reviews_data() -> dict:
    """Return made-up reviews with their labels, packed, and some words to watch.

    A review is the columns of its words among the most frequent ones, in rising order. What is
    stored are the steps from one to the next, as bytes; a step of 255 goes on with the next byte.
    """
    with np.load(PACKAGE / "sample.npz", allow_pickle=False) as archive:
        ranks, lengths, labels = (
            archive[f"train_{what}"] for what in ("ranks", "lengths", "labels")
        )
        words = archive["words"].tobytes().decode("utf-8").split("\n")
    # The file has the positive reviews first.
    chosen = np.random.default_rng(0).permutation(len(labels))[: LEARN + VALIDATE]
    every, labels = np.split(ranks.astype(int), np.cumsum(lengths)[:-1]), labels[chosen]
    reviews = [np.unique(every[place]) - 1 for place in chosen]
    reviews = [review[review < WORDS] for review in reviews]
    arrays = {
        "steps": np.concatenate([steps_of(review) for review in reviews]),
        "sizes": np.array([len(review) for review in reviews], dtype="<u2"),
        "labels": labels.astype("u1"),
    }
    telling = telling_words(reviews[:LEARN], labels[:LEARN], words)
    return packed(arrays) | {
        "learn": LEARN,
        "columns": WORDS,
        "words": [[words[column], column] for column in telling],
    }


def steps_of(review: np.ndarray) -> np.ndarray:
    """Return the steps between rising columns, from -1 on, as bytes."""
    found = []
    for step in np.diff(review, prepend=-1).tolist():
        found += [255] * (step // 255) + [step % 255]
    return np.array(found, dtype="u1")


def telling_words(
    reviews: list[np.ndarray], labels: np.ndarray, words: list[str]
) -> list[int]:
    """Return the columns of words that stand in many more reviews of one kind than of the other."""
    counts = np.zeros((2, WORDS))
    for review, label in zip(reviews, labels, strict=True):
        counts[label, review] += 1
    leaning = (counts[1] - counts[0]) / np.sqrt(counts.sum(axis=0) + 1)
    order = [column for column in np.argsort(leaning) if words[column].isalpha()]
    half = SHOWN_WORDS // 2
    return [int(column) for column in [*order[:half], *order[-half:]]]


def packed(arrays: dict[str, np.ndarray]) -> dict:
    """Return arrays as one base64 text of a gzip file, and how to take it apart."""
    data = b"".join(array.tobytes() for array in arrays.values())
    layout = [[name, array.dtype.name, array.size] for name, array in arrays.items()]
    zipped = gzip.compress(data, compresslevel=9, mtime=0)
    return {"layout": layout, "data": base64.b64encode(zipped).decode("ascii")}


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("html-page-context", add_living_parts)
    app.connect("build-finished", write_data)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
