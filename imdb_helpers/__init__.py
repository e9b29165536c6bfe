"""The helpers of the IMDB book, thin over Keras and NumPy.

| room | what is in it | chapter |
| --- | --- | --- |
| `backend` | whether Keras has what it computes with | |
| `archive`, `corpus` | reading the file safely, verifying and caching it | 1 |
| `files`, `download`, `real`, `sources` | finding it, fetching it, choosing real or sample | 1 |
| `sample` | made-up reviews, for when the real ones cannot be had | 1 |
| `data` | `load_data`, `get_word_index` | 1 |
| `text` | `decode_review`, `encode_review` | 2 |
| `vectorize` | `multi_hot`, `multi_hot_sparse` | 3 |
| `models` | `build_model`, `set_seed` | 4 |
| `plots` | `plot_history` | 5 |
| `explain` | `word_contributions` | 6 |

Importing the package is quick: each name loads its module (and Keras, or matplotlib) at first use.
"""

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

from imdb_helpers.backend import missing_backend

if TYPE_CHECKING:
    from imdb_helpers.archive import DataError
    from imdb_helpers.data import get_word_index, load_data
    from imdb_helpers.explain import word_contributions
    from imdb_helpers.files import DataNotFoundError
    from imdb_helpers.models import build_model, set_seed
    from imdb_helpers.plots import plot_history
    from imdb_helpers.sources import SampleCorpusWarning
    from imdb_helpers.text import decode_review, encode_review
    from imdb_helpers.vectorize import multi_hot, multi_hot_sparse

_ROOMS = {
    "DataError": "archive",
    "DataNotFoundError": "files",
    "SampleCorpusWarning": "sources",
    "build_model": "models",
    "decode_review": "text",
    "encode_review": "text",
    "get_word_index": "data",
    "load_data": "data",
    "multi_hot": "vectorize",
    "multi_hot_sparse": "vectorize",
    "plot_history": "plots",
    "set_seed": "models",
    "word_contributions": "explain",
}

__all__ = [
    "DataError",
    "DataNotFoundError",
    "SampleCorpusWarning",
    "build_model",
    "decode_review",
    "encode_review",
    "get_word_index",
    "load_data",
    "multi_hot",
    "multi_hot_sparse",
    "plot_history",
    "set_seed",
    "word_contributions",
]


_missing_backend = missing_backend()
if (
    _missing_backend
):  # a chapter that imports Keras by itself would stop without this sentence
    warnings.warn(_missing_backend, stacklevel=2)


def __getattr__(name: str) -> object:
    if name not in _ROOMS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        room = import_module(f"{__name__}.{_ROOMS[name]}")
    except ModuleNotFoundError as error:
        if _missing_backend:
            raise ModuleNotFoundError(_missing_backend, name=error.name) from None
        raise
    return getattr(room, name)


def __dir__() -> list[str]:
    return sorted(__all__)
