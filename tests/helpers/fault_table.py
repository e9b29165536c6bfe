"""The table of faults: what it quotes is what a reader is told."""

import re
from pathlib import Path

TABLE = Path(__file__).with_name("faults.md").read_text("utf-8")
ROWS = dict(re.findall(r"(?m)^\| (?!fault|---)(.+?) \| (.+?) \|", TABLE))


def quoted(row: str) -> str:
    """Return a pattern of the sentence that the table quotes for a fault."""
    (sentence,) = re.findall(r'"(.+?)"', ROWS[row])
    return ".*".join(map(re.escape, sentence.split(" … ")))
