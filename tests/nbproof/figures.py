"""What a Matplotlib figure shows, as numbers and words that can be compared.

A picture says little to a test: where text is a hair wider, everything moves. This module
describes the drawn data instead (series, limits, labels, notes) and puts the description into the
metadata of the figure's output, where front ends and builders of books ignore it.

The text of this file is sent to the kernel before the first cell of a notebook. So it may import
nothing of this repository, and it imports Matplotlib only once the notebook has done so.
"""

import hashlib
import json
import sys
from itertools import groupby
from pathlib import Path

METADATA_KEY = "nbproof"
LARGEST_DESCRIPTION = 30_000  # characters; a longer one would make the notebook hard to review
# Formatters whose tick labels are the numbers at the ticks, which follow from the limits.
PLAIN_TICKS = {"ScalarFormatter", "LogFormatter", "LogFormatterSciNotation", "NullFormatter"}
SERIES_LENGTHS = (400, 200, 100, 50, 20)  # numbers kept of a series, tried until it fits


def startup_code() -> str:
    """Return one line of code that registers the description and leaves no name behind."""
    source = Path(__file__).read_text(encoding="utf-8") + "\ndescribe_displayed_figures()\n"
    return f"exec(compile({source!r}, 'figures.py', 'exec'), {{'__name__': 'figures'}})"


def describe_displayed_figures() -> None:
    """Make the running IPython draw figures as SVG and PNG, and add the description to each.

    SVG is sharp at any size, small, and the same bytes for the same drawing where
    `svg.hashsalt` is set. JupyterLab shows it only in a notebook that it trusts, so it gets a PNG.
    """
    from IPython import get_ipython
    from IPython.core.formatters import JSONFormatter
    from traitlets import Unicode

    class FigureDataFormatter(JSONFormatter):
        """Answers by the object's class: Matplotlib's backend empties the registered types."""

        format_type = Unicode(METADATA_KEY)

        def __call__(self, obj: object) -> tuple[None, dict] | None:
            module = sys.modules.get("matplotlib.figure")
            if not module or not isinstance(obj, module.Figure):
                return None
            return None, describe(obj)  # nothing to display, only metadata

    backend = get_ipython().config.InlineBackend
    backend.figure_formats = {"svg", "png"}
    undated = {"Date": None, "Creator": None}
    backend.print_figure_kwargs = {"bbox_inches": "tight", "metadata": undated}
    formatter = get_ipython().display_formatter
    formatter.formatters[METADATA_KEY] = FigureDataFormatter(parent=formatter)


def describe(figure) -> dict:
    """Return what the figure shows, shortening long series until the description is small."""
    for length in SERIES_LENGTHS:
        description = {
            "texts": [text.get_text() for text in (*figure.texts, *_legend_texts(figure.legends))],
            "axes": [_axes(axes, length) for axes in figure.axes],
        }
        if len(json.dumps(description)) <= LARGEST_DESCRIPTION:
            break
    return description


def _axes(axes, length: int) -> dict:
    """Return the labels, limits and series of one pair of axes."""
    titles = (axes.get_title(loc) for loc in ("left", "center", "right"))
    legend = axes.get_legend()
    return {
        "title": " | ".join(title for title in titles if title),
        "x": _axis(axes.xaxis, axes.get_xlim(), axes.get_xscale()),
        "y": _axis(axes.yaxis, axes.get_ylim(), axes.get_yscale()),
        "legend": [text.get_text() for text in _legend_texts([legend] if legend else [])],
        "notes": [_note(text) for text in axes.texts],
        "series": [
            *(_line(line, length) for line in axes.lines),
            *_patches(axes.patches, length),
            *(_collection(collection, length) for collection in axes.collections),
            *(_image(image, length) for image in axes.images),
        ],
    }


def _axis(axis, limits: tuple, scale: str) -> dict:
    """Return an axis's label, scale and limits, and its tick labels unless they are plain."""
    described = {"label": axis.label.get_text(), "scale": scale, "limits": _numbers(limits, 2)}
    if type(axis.get_major_formatter()).__name__ not in PLAIN_TICKS:
        described["ticks"] = [label.get_text() for label in axis.get_ticklabels()]
    return described


def _legend_texts(legends: list) -> list:
    """Return the text artists of the legends, titles included."""
    return [text for legend in legends for text in (legend.get_title(), *legend.get_texts())]


def _note(text) -> dict:
    """Return the words of a note, the place they stand at, and the one that they point to."""
    described = {"text": text.get_text(), "at": _numbers(text.get_position(), 2)}
    if hasattr(text, "xy"):
        described["to"] = _numbers(text.xy, 2)
    return described


def _label(artist) -> str:
    """Return the artist's label, without the names Matplotlib makes up itself."""
    label = str(artist.get_label())
    return "" if label.startswith("_") else label


def _line(line, length: int) -> dict:
    """Describe a line: its look is part of it, since captions say "the dashed line"."""
    from matplotlib.colors import to_hex

    look = f"{to_hex(line.get_color())} {line.get_linestyle()} {line.get_marker()}"
    x, y = (_numbers(values, length) for values in line.get_data(orig=False))
    return {"kind": "line", "label": _label(line), "look": look, "x": x, "y": y}


def _patches(patches: list, length: int) -> list[dict]:
    """Describe neighbouring rectangles of one colour as one series, other shapes one by one."""
    from matplotlib.colors import to_hex
    from matplotlib.patches import Rectangle

    def group_key(numbered: tuple) -> tuple:
        number, patch = numbered
        place = -1 if isinstance(patch, Rectangle) else number
        return place, to_hex(patch.get_facecolor())

    series = []
    for (place, colour), group in groupby(enumerate(patches), key=group_key):
        members = [patch for _, patch in group]
        if place < 0:
            columns = zip(*(bar.get_bbox().bounds for bar in members), strict=True)
            values = dict(zip(("x", "y", "width", "height"), columns, strict=True))
        else:
            shape = members[0]
            values = {"outline": shape.get_patch_transform().transform(shape.get_path().vertices)}
        described = {name: _numbers(column, length) for name, column in values.items()}
        kind = "bars" if place < 0 else "shape"
        series.append({"kind": kind, "label": _label(members[0]), "look": colour, **described})
    return series


def _collection(collection, length: int) -> dict:
    """Describe points, filled areas and meshes by places, outlines, colours or colour values."""
    described = {"kind": type(collection).__name__, "label": _label(collection)}
    described["places"] = _numbers(collection.get_offsets(), length)
    if type(collection).__name__ != "PathCollection":  # there the outline is only the marker
        corners = [corner for path in collection.get_paths() for corner in path.vertices]
        described["outlines"] = _numbers(corners, length)
    if collection.get_array() is None:
        colours = (collection.get_facecolor(), collection.get_edgecolor())
        described["look"] = " on ".join(_colours(several) for several in colours)
    else:
        described["look"] = collection.get_cmap().name
        described["values"] = _numbers(collection.get_array(), length)
    return described


def _image(image, length: int) -> dict:
    """Describe an image by its shape, extent, colours and values; if these are whole, by all."""
    import numpy as np

    values = np.ma.filled(image.get_array(), 0)
    is_whole = values.dtype.kind in "biu" or bool((values == np.round(values)).all())
    digest = hashlib.sha256(values.astype("<i8").tobytes()).hexdigest()[:16] if is_whole else ""
    return {
        "kind": "image",
        "label": _label(image),
        "look": image.get_cmap().name,
        "digest": digest,
        "shape": "x".join(str(size) for size in values.shape),
        "extent": _numbers(image.get_extent(), 4),
        "range": _numbers([edge for edge in image.get_clim() if edge is not None], 2),
        "values": _numbers(values, length),
    }


def _colours(colours: object) -> str:
    """Return the colours of a collection, transparency included; of very many, a digest."""
    from matplotlib.colors import to_hex

    names = list(dict.fromkeys(to_hex(colour, keep_alpha=True) for colour in colours))
    digest = hashlib.sha256(" ".join(names).encode()).hexdigest()[:16]
    return " ".join(names) if len(names) <= 8 else f"{len(names)} colours, {digest}"


def _numbers(values: object, length: int) -> str:
    """Return numbers as one string, which takes one line of the notebook and not one per number.

    A series longer than ``length`` becomes its count (glued to a letter, so that it is compared
    exactly), mean, spread, smallest and largest value, and evenly spaced samples.
    """
    import numpy as np

    flat = np.ma.filled(np.ma.asarray(values, dtype=float), np.nan).ravel()
    if flat.size <= length:
        return " ".join(f"{value:.6g}" for value in flat)
    summary = [flat.mean(), flat.std(), flat.min(), flat.max()]
    samples = flat[np.linspace(0, flat.size - 1, length).astype(int)]
    return f"N{flat.size}: " + " ".join(f"{value:.6g}" for value in (*summary, *samples))
