"""What `judge` returns, and how it looks in a terminal and in a notebook."""

import re
from dataclasses import dataclass
from html import escape

from imdb_helpers.text import SEPARATORS, words_of

_WORD = re.compile(f"[^ {re.escape(SEPARATORS)}]+")
NOTED = 0.005  # a smaller change would be written as 0.00
STRONGEST = 4  # words that the sentence names for each side
# Blue and orange of the book's figures. At most this opaque, text stays readable on a light page
# and on a dark one.
UP, DOWN, OPACITY = (0, 114, 178), (213, 94, 0), 0.45
LEGEND = (
    "Solid underline: pushes towards positive. Dashed: towards negative. Dotted: not known one by "
    "one. Point at a word to see how much the probability would lose without it."
)


@dataclass(frozen=True, repr=False)
class Judgement:
    """The network's answer to one text.

    Attributes:
        text: as it was given.
        probability: of "positive".
        words: for each known word, in order of first appearance, the probability minus the
            probability of the text without this word. Positive: it speaks for "positive".
        rare: words of IMDB's index that are too rare for the network; all count as one.
        unknown: words that IMDB's index lacks; the network does not see them.
    """

    text: str
    probability: float
    words: dict[str, float]
    rare: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def label(self) -> str:
        """Return "positive" above a probability of one half, else "negative"."""
        return "positive" if self.probability > 0.5 else "negative"

    def __repr__(self) -> str:
        """Return the answer and its reasons as sentences."""
        answer = f"{self.label} (probability of positive: {self.probability:.2f})"
        if self.words:
            parts = [f"The network says {answer}."]
        else:
            parts = [f"The network knows none of the words; without any, it says {answer}."]
        ranked = sorted(self.words.items(), key=lambda item: -abs(item[1]))
        noted = [(word, change) for word, change in ranked if abs(change) >= NOTED]
        for side, sign in (("positive", 1), ("negative", -1)):
            named = [f"{word} ({change:+.2f})" for word, change in noted if change * sign > 0]
            if named:
                parts.append(f"Towards {side}: {', '.join(named[:STRONGEST])}.")
        for reason, words in (
            ("Too rare", self.rare),
            ("Not in the index", self.unknown),
        ):
            if words:
                parts.append(f"{reason}: {', '.join(words)}.")
        return " ".join(parts)

    def _repr_html_(self) -> str:
        """Return the text with its words marked, for a notebook."""
        pieces, end = [], 0
        for match in _WORD.finditer(self.text):
            pieces += [
                escape(self.text[end : match.start()]),
                self._marked(match.group()),
            ]
            end = match.end()
        pieces.append(escape(self.text[end:]))
        return (
            f"<div><p>{escape(repr(self))}</p>"
            f'<div class="judged" style="white-space: pre-wrap">{"".join(pieces)}</div>'
            f"<p><small>{LEGEND}</small></p></div>"
        )

    def _marked(self, written: str) -> str:
        """Return one word of the text as HTML."""
        (word,) = words_of(written)
        if word not in self.words:
            title = "too rare" if word in self.rare else "not in the index"
            style = "border-bottom: 2px dotted"
        else:
            change = self.words[word]
            title, style = f"{change:+.3f}", ""
            if abs(change) >= NOTED:
                red, green, blue = UP if change > 0 else DOWN
                share = abs(change) / max(map(abs, self.words.values()))
                line = "solid" if change > 0 else "dashed"
                style = (
                    f"background: rgba({red}, {green}, {blue}, {OPACITY * share:.2f}); "
                    f"border-bottom: 2px {line}"
                )
        style = f' style="{style}"' if style else ""
        return f'<span title="{title}"{style}>{escape(written)}</span>'
