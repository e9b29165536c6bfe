"""Invented names, put together from syllables; no two alike."""

from collections.abc import Callable

from tools.sample.stock import Stock

# A prime that divides no count of names: steps of it visit every name once.
_STEP = 15_485_863


class Names:
    """Hands out invented names, each surname once.

    Args:
        stock: holds the syllables and the first names.
        random: gives a float in [0, 1), anew at each call.
    """

    def __init__(self, stock: Stock, random: Callable[[], float]) -> None:
        self._heads = stock.words["syllable.head"]
        self._hearts = stock.words["syllable.heart"]
        self._tails = stock.words["syllable.tail"]
        self._women = stock.words["name.woman"]
        self._men = stock.words["name.man"]
        self._random = random
        self._given = 0

    def surname(self) -> str:
        """A surname, or the name of a town, that nobody else has."""
        self._given += 1
        count = len(self._heads) * len(self._hearts) * len(self._tails)
        rest, head = divmod(self._given * _STEP % count, len(self._heads))
        tail, heart = divmod(rest, len(self._hearts))
        return self._heads[head] + self._hearts[heart] + self._tails[tail]

    def woman(self) -> str:
        """First name and surname of a woman."""
        return self._full_name(self._women)

    def man(self) -> str:
        """First name and surname of a man."""
        return self._full_name(self._men)

    def _full_name(self, first_names: list[str]) -> str:
        first = first_names[int(self._random() * len(first_names))]
        return f"{first} {self.surname()}"
