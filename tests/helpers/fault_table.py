"""The table of faults in the book: what it quotes is what a reader is told."""

import re

from tests.book.pages import BOOK

PAGE = (BOOK / "a6_faults.md").read_text("utf-8")
ROWS = dict(re.findall(r"(?m)^\| (?!fault|---)(.+?) \| (.+?) \|", PAGE))


def quoted(row):
    """Return a pattern of the sentence that the page quotes for a fault."""
    (sentence,) = re.findall(r'"(.+?)"', ROWS[row])
    return ".*".join(map(re.escape, sentence.split(" … ")))
