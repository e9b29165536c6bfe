"""A corpus in IMDB's form, made on the spot: invented reviews of invented films.

It stands in when the real data cannot be had. Every sentence is our own, every film,
actor and town is made up. The same call gives the same integers on every machine.

| room | what is in it |
| --- | --- |
| `words.txt`, `opinions.txt`, `stories.txt`, `themes.txt` | the stock of phrases |
| `stock` | reading the stock, drawing from it |
| `names`, `films` | invented names; films and what they are about |
| `slips` | the spelling mistakes of people who type fast |
| `reviews` | from films to the texts of reviews |
| `indexing` | from texts to ranks, by IMDB's recipe |
"""

from functools import lru_cache

from imdb_helpers.corpus import Corpus
from imdb_helpers.sample.indexing import make_corpus
from imdb_helpers.sample.reviews import write_reviews

__all__ = ["sample_corpus", "sample_reviews", "sample_word_index"]


@lru_cache(maxsize=1)
def sample_reviews() -> tuple[list[str], list[int], list[str], list[int]]:
    """The texts as their writers typed them, in file order.

    Returns:
        `texts_train, labels_train, texts_test, labels_test`: 6,000 texts in each half,
        the positive ones (label 1) first, then as many negative ones (label 0). Do not
        change the lists: every caller gets the same ones.
    """
    train, test = write_reviews()
    return (*train, *test)


@lru_cache(maxsize=1)
def _made() -> tuple[Corpus, dict[str, int]]:
    return make_corpus(*sample_reviews())


def sample_corpus() -> Corpus:
    """The corpus as integers, in the form in which IMDB is stored.

    Returns:
        Two halves of 6,000 reviews, each a `Split` of flat int32 ranks, int32 lengths
        and int64 labels. The first call takes about a second, later ones nothing.
    """
    return _made()[0]


def sample_word_index() -> dict[str, int]:
    """The rank of each word by frequency in the training texts, 1 the most frequent."""
    return dict(_made()[1])
