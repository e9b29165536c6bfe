"""Between integers and words: `decode_review` and `encode_review`."""

from collections.abc import Iterable
from numbers import Integral

from imdb_helpers.data import dataset_in_use

# What the recipe behind Keras's file turned into spaces. The apostrophe is not among them.
SEPARATORS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'

# The recipe ran on bytes, so it lower-cased the ASCII letters only: "É" stays "É".
_TO_WORDS = str.maketrans(
    {chr(code): chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    | dict.fromkeys(SEPARATORS, " ")
)


def decode_review(sequence: Iterable[int], *, index_from: int = 3, oov: str = "?") -> str:
    """Turn a review's integers back into words, those of the data that was loaded last.

    Args:
        sequence: the integers of one review, as `load_data` gives them.
        index_from: the shift that `load_data` used; index = rank + `index_from`.
        oov: written for every integer that is no word: 0 (padding), 1 (start),
            2 (unknown), 3 (never used), and any index beyond the vocabulary.

    Returns:
        The words, in lower case, with a space between each two. Punctuation is gone
        for good.

    Raises:
        ValueError: an element is no integer, or negative.
    """
    words = dataset_in_use().words
    decoded = []
    for position, index in enumerate(sequence):
        if isinstance(index, bool) or not isinstance(index, Integral) or index < 0:
            raise ValueError(
                f"position {position} of the review is {index!r}; expected an integer "
                "of 0 or more. Pass one review (train_data[0]), not several."
            )
        decoded.append(words.get(int(index) - index_from, oov))
    return " ".join(decoded)


def words_of(text: str) -> list[str]:
    """Split English text into words, by the recipe that made the data set.

    Lower-case the ASCII letters, turn punctuation (all but the apostrophe), tabs and newlines into
    spaces, and split at the spaces.
    """
    return [word for word in text.translate(_TO_WORDS).split(" ") if word]


def encode_review(
    text: str,
    num_words: int = 10_000,
    *,
    start_char: int = 1,
    oov_char: int = 2,
    index_from: int = 3,
) -> list[int]:
    """Turn English text into integers, by the recipe that made the data set.

    Split it into words, look up each word's rank, add `index_from`, and put `start_char` in front.
    A word that is in the index but too rare for `num_words` becomes `oov_char`; a word
    that is not in the index at all is skipped, as it was when the test reviews were made.

    Args:
        text: one review.
        num_words: indices from here on become `oov_char`, as in `load_data`.
        start_char: index put before the review.
        oov_char: index for a word that is too rare.
        index_from: shift added to each rank.

    Returns:
        The integers, each below `num_words`. `encode_review(decode_review(s)) == s` for
        every review `s` that holds no `oov_char`.

    Raises:
        ValueError: `text` is no string, or `num_words` leaves no room for a single word.
    """
    if not isinstance(text, str):
        raise ValueError(
            f"expected the text of one review as a string, got {type(text).__name__}. "
            "Encode several reviews one at a time."
        )
    if num_words <= index_from + 1:
        raise ValueError(
            f"num_words={num_words} leaves no word: indices start at {index_from + 1}. "
            "Use the num_words that load_data was given, for instance 10000."
        )
    ranks = dataset_in_use().word_index
    indices = [ranks[word] + index_from for word in words_of(text) if word in ranks]
    return [start_char] + [index if index < num_words else oov_char for index in indices]
