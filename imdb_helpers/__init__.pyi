from .data import get_word_index, load_data
from .errors import DataError, DataNotFoundError, SampleCorpusWarning
from .exercises import check
from .experiments import compare
from .explain import word_contributions
from .network import Network
from .shipped import judge
from .text import decode_review, encode_review
from .vectorize import multi_hot, multi_hot_sparse

__all__ = [
    "DataError",
    "DataNotFoundError",
    "Network",
    "SampleCorpusWarning",
    "check",
    "compare",
    "decode_review",
    "encode_review",
    "get_word_index",
    "judge",
    "load_data",
    "multi_hot",
    "multi_hot_sparse",
    "word_contributions",
]
