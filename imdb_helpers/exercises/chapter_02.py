"""The exercises of chapter 2, "Decoding the reviews"."""

from imdb_helpers.exercises.base import Exercise, Mistake
from imdb_helpers.exercises.kinds import Number, Sequence

SENTENCE = "a great and brilliant film"
START, OFFSET = 1, 3


def _ranks() -> list[int]:
    from imdb_helpers.data import get_word_index

    index = get_word_index()
    return [index.get(word, 0) for word in SENTENCE.split()]


def _encoded() -> list[int]:
    return [START, *(rank + OFFSET for rank in _ranks())]


EXERCISES: tuple[Exercise, ...] = (
    Number(
        name="great",
        expected=lambda: _ranks()[1] + OFFSET,
        tolerance=0,
        offset=True,
        mistakes=(
            Mistake(
                lambda: _ranks()[1], "That is the word's rank. What stands in a review for it?"
            ),
        ),
        hints=(
            "The word index gives the rank. What do the first few integers mean?",
            "Look at the table: which integer does the most frequent word get?",
        ),
        remark="The first integers are taken by padding, start and unknown, so every word "
        "comes later than its rank.",
    ),
    Sequence(
        name="sentence",
        expected=_encoded,
        mistakes=(
            Mistake(
                lambda: [START, *_ranks()],
                "Those are ranks. Decode the list, and read what it says.",
            ),
            Mistake(
                lambda: _encoded()[1:],
                "The words are right. What does every review in the data begin with?",
            ),
            Mistake(
                lambda: [START + OFFSET, *_encoded()[1:]],
                "The start marker is no word: it is not shifted.",
            ),
        ),
        hints=(
            "Decode your list with decode_review. Is it the sentence?",
            "Compare it, integer by integer, with encode_review's.",
        ),
        remark="An offset that is forgotten raises no error: the network is shown other "
        "words, and answers all the same.",
    ),
)
