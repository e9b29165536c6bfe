"""The table of faults: what it quotes is what a reader is told."""

import re
from pathlib import Path

import pytest

TABLE = Path(__file__).with_name("faults.md").read_text("utf-8")
ROWS = dict(re.findall(r"(?m)^\| (?!fault|---)(.+?) \| (.+?) \|", TABLE))


def fault(row, *values):
    """Return a case for `pytest.mark.parametrize` that tests a row."""
    return pytest.param(*values, marks=pytest.mark.fault(row), id=row)


def sentence(row):
    """Return the sentence that the table quotes for a fault."""
    return re.findall(r'"(.+?)"', ROWS[row])[-1]
