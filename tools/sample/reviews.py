"""From films to reviews: who writes what about a film, and in which tone."""

from bisect import bisect
from collections.abc import Callable, Iterator
from itertools import accumulate
from random import Random
from typing import NamedTuple

from tools.sample.films import Film, People, make_films
from tools.sample.names import Names
from tools.sample.slips import slip
from tools.sample.stock import Facts, Stock, fill

SEED = 4

# How many words a review has: the lengths at equal steps of the share of reviews.
_LENGTHS = (14, 50, 74, 90, 103, 117, 131, 145, 159, 173, 190, 212, 239, 275, 330, 424, 826)

# The tones: each one's share of the reviews, the share of its sentences that judge, and the
# share of those that agree with the stars.
_TONES = {
    "plain": (0.82, 0.85, 0.99),
    "mixed": (0.01, 0.70, 0.65),
    "retelling": (0.02, 0.25, 0.85),
    "ironic": (0.01, 0.75, 0.10),
    "contrary": (0.14, 0.85, 0.02),
}
_TONE_NAMES = tuple(_TONES)
_TONE_LIMITS = list(accumulate(share for share, _, _ in _TONES.values()))[:-1]

_JUDGING = ("craft", "view", "acting", "craft", "view")
_ENDS = (".", ".", ".", ".", ".", ".", ".", "!", "...", "!!")
_OTHER = {"+": "-", "-": "+"}
_LONG = 70  # words: a shorter review is plain and leaves out the credits
_RETOLD = 0.7  # of the sentences that do not judge: the others chat
_SLIPS = 0.06  # of the sentences
_LEADS = 0.12  # "Anyway, ..."
_ELSEWHERE = 0.04  # of the sentences that judge: they judge another film


class Half(NamedTuple):
    """The reviews of one half, in file order.

    Attributes:
        texts: as their writers typed them.
        labels: 1 for the positive ones, which come first, and 0 for the negative ones.
        titles: of the films that they are about.
    """

    texts: list[str]
    labels: list[int]
    titles: list[str]


def write_reviews(train: int = 7_500, test: int = 3_000) -> tuple[Half, Half]:
    """Write the training half and the test half, about films that they do not share.

    Args:
        train: how many reviews of each label the training half gets.
        test: the same of the test half.
    """
    random = Random(SEED).random
    stock = Stock()
    names = Names(stock, random)
    films = make_films(stock, names, People(names), random)
    return _write_half(stock, films, train, random), _write_half(stock, films, test, random)


def _write_half(
    stock: Stock, films: Iterator[Film], count: int, random: Callable[[], float]
) -> Half:
    reviews: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    previous = [next(films)]  # nobody reviews it: it is there to compare the second one with
    while sum(map(len, reviews)) < 2 * count:
        film = next(films)
        for _ in range(film.reviews):
            label = int(random() < 0.5)
            if len(reviews[label]) < count:
                other = previous[int(random() * len(previous))]
                text = _Writer(stock, random, film, other, label).write()
                reviews[label].append((text, film.title))
        previous.append(film)
    texts, titles = zip(*reviews[1], *reviews[0], strict=True)
    return Half(list(texts), [1] * count + [0] * count, list(titles))


class _Writer:
    """One person, writing about one film, having given it many stars or few."""

    def __init__(
        self, stock: Stock, random: Callable[[], float], film: Film, other: Film, label: int
    ) -> None:
        self.stock = stock
        self.random = random
        self.story = list(film.story)
        self.credits = film.credits
        self.facts: Facts = film.facts | {
            "other": other.facts["title"],
            "rival": other.facts["actor"],
        }
        self.stars = "-+"[label]
        place = random() * (len(_LENGTHS) - 1)
        below = int(place)
        step = _LENGTHS[below + 1] - _LENGTHS[below]
        self.words = int(_LENGTHS[below] + step * (place - below))
        # Who writes little says what they mean: nobody could learn the others by heart.
        tone = _TONE_NAMES[bisect(_TONE_LIMITS, random())]
        self.tone = tone if self.words >= _LONG else "plain"
        _, self.judges, self.agrees = _TONES[self.tone]
        self.used: set[int] = set()

    def write(self) -> str:
        """The whole text."""
        random = self.random
        excited = random() < 0.15
        breaks = 0.16 if random() < 0.3 else 0.0

        parts = [self.opening()]
        written = parts[0].count(" ") + 1
        if self.words >= _LONG:
            written += self.credits.count(" ") + 1
        while written < self.words:
            sentence = self.middle()
            written += sentence.count(" ") + 1
            if random() < _SLIPS:
                sentence = slip(sentence, random)
            parts.append(sentence)
        if self.words >= _LONG:
            parts.append(self.credits)
        chance = random()
        if chance < 0.5 and self.words > 20:
            parts.append(self.closing())
        # Who says the opposite of the stars often begins with them, so that a reader sees it.
        if chance > (0.7 if self.agrees > 0.5 else 0.5):
            place = len(parts) if self.agrees > 0.5 else 0
            parts.insert(place, self.draw("rate" + self.stars))

        text = []
        for part in parts:
            text.append(part[0].upper() + part[1:])
            if part[-1] not in ".?!":
                text.append("!" if excited else _ENDS[int(random() * len(_ENDS))])
            text.append("<br /><br />" if random() < breaks else " ")
        return "".join(text[:-1])

    def draw(self, section: str) -> str:
        """A sentence of a section, if possible one that this review does not have yet."""
        sentences = self.stock.sentences[section]
        for _ in range(3):
            number = int(self.random() * len(sentences))
            sentence = sentences[number]
            if id(sentence) not in self.used:
                break
        self.used.add(id(sentence))
        return fill(sentence, self.facts, self.random)

    def side(self) -> str:
        """The stars' side, or the other one, as often as the tone has it."""
        if self.random() < self.agrees:
            return self.stars
        return _OTHER[self.stars]

    def opening(self) -> str:
        """The first sentence."""
        if self.random() < self.judges:
            return self.draw("open" + self.side())
        return self.draw("open0")

    def middle(self) -> str:
        """A sentence that judges, tells or chats."""
        random = self.random
        if random() < self.judges:
            if self.tone == "ironic" and random() < 0.1:
                sentence = self.draw("irony" + self.stars)
            elif random() < _ELSEWHERE:
                sentence = self.draw("elsewhere" + self.side())
            else:
                side = self.side()
                # Blame, for one, is "mixed+": what a lover of the film concedes.
                concedes = side != self.stars and self.agrees > 0.5
                if random() < (0.5 if concedes else 0.05):
                    sentence = self.draw("mixed" + _OTHER[side])
                else:
                    sentence = self.draw(_JUDGING[int(random() * 5)] + side)
        elif random() < _RETOLD and self.story:
            sentence = self.story.pop(int(random() * len(self.story)))
        else:
            sentence = self.draw("chat0")
        if random() < _LEADS:
            return f"{self.draw('lead')} {sentence}"
        return sentence

    def closing(self) -> str:
        """The last sentence but the stars."""
        if self.random() < self.judges:
            return self.draw("close" + self.side())
        return self.draw("close0")
