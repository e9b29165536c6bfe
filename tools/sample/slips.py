"""The spelling mistakes of people who type fast, made by rule."""

from collections.abc import Callable

_SHORTEST = 6


def slip(text: str, random: Callable[[], float]) -> str:
    """Misspell one word of `text`.

    A letter is left out, doubled or swapped with the next one, or a space is missing.
    Short words and words with an apostrophe stay as they are, and so may `text`.
    """
    words = text.split(" ")
    place = int(random() * len(words))
    word = words[place]
    how, where = random(), random()
    if len(word) >= _SHORTEST and word.isalpha():
        # Never the first letter nor the last: those are what one gets right.
        at = 1 + int(where * (len(word) - 3))
        if how < 0.15 and place + 1 < len(words):
            word += words.pop(place + 1)
        elif how < 0.4:
            word = word[:at] + word[at + 1 :]
        elif how < 0.65:
            word = word[:at] + word[at] + word[at:]
        else:
            word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        words[place] = word
        return " ".join(words)
    return text
