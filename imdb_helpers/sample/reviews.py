"""From films to reviews: who writes what about a film, and in which tone."""

from bisect import bisect
from collections.abc import Callable
from itertools import accumulate
from random import Random

from imdb_helpers.sample.films import Film, make_films
from imdb_helpers.sample.names import Names
from imdb_helpers.sample.slips import slip
from imdb_helpers.sample.stock import Stock, fill

Half = tuple[list[str], list[int]]

SEED = 7
REVIEWS_PER_LABEL = 3_000

# How many words a review has: the lengths at equal steps of the share of reviews.
_LENGTHS = (8, 22, 36, 48, 59, 70, 81, 92, 103, 115, 129, 146, 168, 197, 240, 315, 640)

# The tones: its share of the reviews, the share of its sentences that judge, and the
# share of those that agree with the stars.
_TONES = {
    "plain": (0.80, 0.89, 0.99),
    "mixed": (0.05, 0.70, 0.65),
    "retelling": (0.04, 0.25, 0.85),
    "ironic": (0.04, 0.75, 0.10),
    "contrary": (0.07, 0.89, 0.02),
}
_TONE_NAMES = tuple(_TONES)
_TONE_LIMITS = list(accumulate(share for share, _, _ in _TONES.values()))[:-1]

_JUDGING = ("craft", "view", "acting", "craft", "view")
_ENDS = (".", ".", ".", ".", ".", ".", ".", "!", "...", "!!")
_OTHER = {"+": "-", "-": "+"}
_SLIPS = 0.75  # of the sentences
_LEADS = 0.12  # "Anyway, ..."
_ELSEWHERE = 0.04  # of the sentences that judge: they judge another film


def write_reviews() -> tuple[Half, Half]:
    """Write the training half and the test half, about films that they do not share.

    Returns:
        Each half: the texts and the labels, positive reviews first.
    """
    random = Random(SEED).random
    stock = Stock()
    names = Names(stock, random)
    return _write_half(stock, names, random), _write_half(stock, names, random)


def _write_half(stock: Stock, names: Names, random: Callable[[], float]) -> Half:
    texts: tuple[list[str], list[str]] = ([], [])
    previous: list[Film] = []
    for film in make_films(stock, names, random):
        if previous:
            for _ in range(film.reviews):
                label = int(random() < film.quality)
                if len(texts[label]) < REVIEWS_PER_LABEL:
                    other = previous[int(random() * len(previous))]
                    writer = _Writer(stock, names, random, film, other, label)
                    texts[label].append(writer.write())
        previous.append(film)
        if sum(map(len, texts)) == 2 * REVIEWS_PER_LABEL:
            break
    return texts[1] + texts[0], [1] * REVIEWS_PER_LABEL + [0] * REVIEWS_PER_LABEL


class _Writer:
    """One person, writing about one film, having given it many stars or few."""

    def __init__(
        self,
        stock: Stock,
        names: Names,
        random: Callable[[], float],
        film: Film,
        other: Film,
        label: int,
    ) -> None:
        self.stock = stock
        self.random = random
        self.theme = film.theme
        self.facts = film.facts | {
            "other": other.facts["title"],
            "rival": other.facts["actor"],
            "friend": names.surname(),
            "home": names.surname(),
        }
        self.stars = "-+"[label]
        self.tone = _TONE_NAMES[bisect(_TONE_LIMITS, random())]
        _, self.judges, self.agrees = _TONES[self.tone]
        self.used: set[int] = set()

    def write(self) -> str:
        """The whole text."""
        random = self.random
        place = random() * (len(_LENGTHS) - 1)
        below = int(place)
        step = _LENGTHS[below + 1] - _LENGTHS[below]
        words = int(_LENGTHS[below] + step * (place - below))
        excited = random() < 0.15
        breaks = 0.16 if random() < 0.3 else 0.0

        parts = [self.opening()]
        written = parts[0].count(" ") + 1
        while written < words:
            sentence = self.middle()
            written += sentence.count(" ") + 1
            if random() < _SLIPS:
                sentence = slip(sentence, random)
            parts.append(sentence)
        chance = random()
        if chance < 0.5 and words > 20:
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
        else:
            chance = random()
            if chance < 0.3:
                sentence = self.draw("plot0")
            elif chance < 0.6:
                sentence = self.draw(self.theme)
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
