"""The stock of phrases: reading it, and drawing sentences from it.

A file has sections, `[name]`, of words (with commas between) or of sentences (one per
line) with slots, `{name}`, for a word of that section or for something of the film.
"""

import re
from collections.abc import Callable
from pathlib import Path

# What a film knows: a name, or names to draw from.
Facts = dict[str, str | list[str]]
# A slot is a list to draw from, or the name of something that the film knows.
Slot = list[str] | str
Sentence = tuple[str, list[Slot]]

_SLOT = re.compile(r"(\ba )?\{([^}]+)\}")
_AN = re.compile(r"[aeiou]|honest\b|8|11\b|18\b")


def with_article(word: str) -> str:
    """`word` with "a" or "an" before it."""
    return f"an {word}" if _AN.match(word) else f"a {word}"


def draw(words: list[str], random: Callable[[], float]) -> str:
    """One of `words`, the first ones far more often: a language has few common words."""
    chance = random()
    return words[int(len(words) * chance * (0.3 + 0.7 * chance))]


def fill(sentence: Sentence, facts: Facts, random: Callable[[], float]) -> str:
    """Fill the slots of a sentence: words by chance, names from the film."""
    form, slots = sentence
    found = []
    for slot in slots:
        words = facts[slot] if isinstance(slot, str) else slot
        found.append(words if isinstance(words, str) else draw(words, random))
    return form % tuple(found) if found else form


class Stock:
    """All words and sentences, ready to draw from.

    Attributes:
        words: the words of each section.
        sentences: the sentences of each section, each a format and its slots.
    """

    def __init__(self) -> None:
        self.words = {
            name: [" ".join(w.split()) for w in body.split(",")]
            for name, body in _sections("words.txt")
        }
        articles = {
            name: [with_article(word) for word in words] for name, words in self.words.items()
        }
        self.sentences: dict[str, list[Sentence]] = {}

        def slot(article: str, name: str) -> Slot:
            lists = articles if article else self.words
            return lists.get(name, f"a {name}" if article else name)

        for source in ("opinions.txt", "stories.txt", "themes.txt"):
            for name, body in _sections(source):
                self.sentences[name] = [
                    (_SLOT.sub("%s", line), [slot(*f) for f in _SLOT.findall(line)])
                    for line in body.splitlines()
                ]

    def sentence(self, section: str, facts: Facts, random: Callable[[], float]) -> str:
        """A sentence of a section, its slots filled."""
        sentences = self.sentences[section]
        return fill(sentences[int(random() * len(sentences))], facts, random)


def _sections(name: str) -> list[tuple[str, str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    text = re.sub(r"^#.*\n", "", text, flags=re.M)
    parts = re.split(r"^\[(.+)\]\n", text, flags=re.M)
    return [(n, b.strip()) for n, b in zip(parts[1::2], parts[2::2], strict=True)]
