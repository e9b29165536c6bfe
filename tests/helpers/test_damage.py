"""Hundreds of damaged archives: never a crash, never much memory, always our error or the data."""

import re
import subprocess
import sys

import pytest

from tests.book.pages import ROOT
from tests.helpers import damage

COUNT = 200  # the weekly proof reads 20,000


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_hundreds_of_damaged_archives(full_session):
    command = [sys.executable, "-m", "tests.helpers.damage", str(COUNT)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout
    assert run.stdout.count("\n") == COUNT
    harmful = set(re.findall(r"(?m)^\d+ (.+): error$", run.stdout))
    kinds = len(set(damage.IN_A_MEMBER)) + len(damage.IN_THE_ZIP) + 1
    assert len(harmful) == kinds, "each kind does harm"
