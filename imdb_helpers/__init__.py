"""The helpers of the IMDB book, thin over Keras and NumPy.

| module | what is in it | chapter |
| --- | --- | --- |
| `data` | `load_data`, `get_word_index`: Keras's recipe over a `dataset` | 1 |
| `dataset` | the reviews and their words: found, read, kept | 1 |
| `text` | `decode_review`, `encode_review` | 2 |
| `vectorize` | `multi_hot`, `multi_hot_sparse` | 3 |
| `network`, over `network_checks` | `Network`: what `fit` does, by hand | 8 |
| `explain` | `word_contributions` | 9 |
| `experiments`, over `comparison`, `signflips` | `compare`: variants, fairly | 10 |
| `ngrams` | n-grams, hashed and weighted, and a linear model over them | 11 |
| `exercises` | `check`: answers to the reader's answers | all |
| `shipped`, `judgement` | `judge`: a trained network that comes with the package | |
| `backend`, `errors`, `progress` | what Keras computes with; what can be wrong; bars | |

Importing the package is quick: each name of `__init__.pyi` loads its module (and Keras) at first
use.
"""

import warnings

import lazy_loader

from imdb_helpers.backend import missing_backend

_load, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

if _missing_backend := missing_backend():
    # A chapter that imports Keras by itself would stop without this sentence.
    warnings.warn(_missing_backend, stacklevel=2)


def __getattr__(name: str) -> object:
    try:
        return _load(name)
    except ModuleNotFoundError as error:
        if _missing_backend:
            raise ModuleNotFoundError(_missing_backend, name=error.name) from None
        raise
