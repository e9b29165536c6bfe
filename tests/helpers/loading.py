"""What a load finds, and the words in which it warns or fails."""

import re
import warnings
from contextlib import contextmanager

import pytest

from imdb_helpers import DataError
from imdb_helpers.dataset import cache
from imdb_helpers.dataset.find import find_dataset
from tests.helpers.corpora import RANKS, WORDS
from tests.helpers.fault_table import sentence

CACHE = cache.FILE_NAME
AGAIN = sentence("a cache of zero bytes") + "."


def contents(folder):
    return {file.name: (file.read_bytes(), file.stat().st_mtime_ns) for file in folder.iterdir()}


def load():
    """Return the ranks of the training half and the word index, as the next load finds them."""
    dataset = find_dataset()
    return dataset.train.ranks.tolist(), dataset.word_index


def without_digests(text):
    return re.sub(r"\b[0-9a-f]{12}\b", "DIGEST", str(text))


@contextmanager
def warns(*texts):
    """Expect warnings of these texts to a reader, and no other one."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    said = [warning.message for warning in caught if issubclass(warning.category, UserWarning)]
    assert list(map(without_digests, said)) == [*texts]


@contextmanager
def fails(text, kind=DataError):
    """Expect an error of this text, in which … stands for anything."""
    with pytest.raises(kind) as caught:
        yield
    pattern = ".*".join(map(re.escape, text.split("…")))
    assert re.fullmatch(pattern, without_digests(caught.value), re.DOTALL)


def is_as_ever(*warnings):
    """Assert that a load finds what it must, and says nothing but these warnings."""
    with warns(*warnings):
        assert load() == (RANKS, WORDS)
