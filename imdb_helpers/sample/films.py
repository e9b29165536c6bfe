"""Invented films: who made them, what they are about, and how people liked them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from imdb_helpers.sample.names import Names
from imdb_helpers.sample.stock import Stock, draw, with_article

MOST_REVIEWS = 30
_LEAN = 0.2  # so far from one half are the positive shares of most films
_THEMES = [
    *("love", "crime", "comedy", "horror", "family"),
    *("war", "space", "western", "music", "truth"),
]
_TITLES = (
    "{town}",
    "Return to {town}",
    "The {noun} of {town}",
    "Midnight in {town}",
    "The {name} Affair",
    "{name} and the {noun}",
    "The {adj} {noun} of {town}",
    "Waiting for {name}",
    "A {noun} for {name}",
    "The Last {noun} of {town}",
    "{name}'s {noun}",
    "Farewell, {name}",
    "The Secret of {name}",
    "{name} 2",
    "The {name} Letters",
    "Nobody Knows {name}",
)


@dataclass(frozen=True)
class Film:
    """A film.

    Attributes:
        facts: what the slots of a sentence ask for: `title`, `actor`, `hero`, `town`...
        theme: the section of `themes.txt` that tells its plot.
        quality: the share of its reviews that are positive.
        reviews: how many reviews it gets at most.
    """

    facts: dict[str, str]
    theme: str
    quality: float
    reviews: int


def make_films(
    stock: Stock, names: Names, random: Callable[[], float]
) -> Iterator[Film]:
    """Invent film after film, with actors, directors and towns that no other call has."""
    women = [names.woman() for _ in range(500)]
    men = [names.man() for _ in range(800)]
    directors = [names.man() for _ in range(250)]
    directors += [names.woman() for _ in range(100)]
    while True:
        theme = draw(_THEMES, random)
        genre = draw(stock.words[f"kind.{theme}"], random)
        hero, heroine, villain = names.man(), names.woman(), names.man()
        town, name = names.surname(), hero.split()[1]
        pattern = _TITLES[int(random() * len(_TITLES))]
        title = pattern.format(
            town=town,
            name=name,
            noun=draw(stock.words["thing"], random).title(),
            adj=draw(stock.words["old"], random).title(),
        )
        actor, third = draw(men, random), draw(men, random)
        facts = {
            "title": title,
            "actor": actor,
            "star": actor.split()[1],
            "third": third,
            "actress": draw(women, random),
            "director": draw(directors, random),
            "hero": hero.split()[int(random() * 2)],
            "heroine": heroine.split()[0],
            "villain": villain.split()[1],
            "town": town,
            "year": str(1931 + int(75 * (1 - random() * random()))),
            "genre": genre,
            "a genre": with_article(genre),
            "genres": genre[:-1] + "ies" if genre[-1] == "y" else genre + "s",
        }
        # Few films are good or bad for everybody, and few have many reviews.
        lean = random() - 0.5
        quality = 0.5 + _LEAN * (1 if lean > 0 else -1) * (1 - 4 * lean * lean)
        size = 1 + int((MOST_REVIEWS - 1) * random() * random() * random() + 0.5)
        yield Film(facts, f"plot.{theme}", quality, size)
