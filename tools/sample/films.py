"""Invented films: who made them and what they are about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tools.sample.names import Names
from tools.sample.stock import Facts, Stock, draw, with_article

MOST_REVIEWS = 30
# So many minor actors and members of crews there are. Credits put dozens of them into most
# reviews: words that say nothing of the label, so that a network that learns them by heart errs
# elsewhere. Without them it would take twice as long to overfit.
_OTHERS = 10_000
_HOMES = 18_000  # so many that most are named once
_CREDITS = ("crew", "cast", "place")
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
        title: what no other film is called.
        facts: what the slots of a sentence ask for: `title`, `actor`, `hero`, `town`...
        story: the sentences with which its reviewers retell it.
        credits: who made it, as its reviewers copy it from each other.
        reviews: how many reviews it gets at most.
    """

    title: str
    facts: Facts
    story: list[str]
    credits: str
    reviews: int


class People:
    """Those who make films: each of them makes several, in both halves.

    Args:
        names: where theirs come from.
    """

    def __init__(self, names: Names) -> None:
        self.women = [names.woman() for _ in range(500)]
        self.men = [names.man() for _ in range(800)]
        self.directors = [names.man() for _ in range(250)]
        self.directors += [names.woman() for _ in range(100)]
        self.homes = [names.surname() for _ in range(_HOMES)]
        self.others = [names.surname() for _ in range(_OTHERS)]


def make_films(
    stock: Stock, names: Names, people: People, random: Callable[[], float]
) -> Iterator[Film]:
    """Invent film after film, with characters and towns that no other film has."""
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
        actor = draw(people.men, random)
        facts: Facts = {
            "title": title,
            "actor": actor,
            "star": actor.split()[1],
            "hero": hero.split()[int(random() * 2)],
            "heroine": heroine.split()[0],
            "villain": villain.split()[1],
            "town": town,
            "actress": draw(people.women, random),
            "director": draw(people.directors, random),
            "third": draw(people.men, random),
            "anybody": people.others,
            "friend": people.homes,
            "home": people.homes,
            "year": str(1931 + int(75 * (1 - random() * random()))),
            "genre": genre,
            "a genre": with_article(genre),
            "genres": genre[:-1] + "ies" if genre[-1] == "y" else genre + "s",
        }
        told = [f"plot.{theme}"] * 3 + ["plot0"] * 4
        story = [stock.sentence(section, facts, random) for section in told]
        parts = [stock.sentence(f"credits.{part}", facts, random) for part in _CREDITS]
        credits = ". ".join(part[0].upper() + part[1:] for part in parts)
        size = 1 + int((MOST_REVIEWS - 1) * random() ** 1.5 + 0.5)
        yield Film(title, facts, story, credits, size)
