"""Hundreds of damaged archives: never a crash, never much memory, always our error or the data."""

import sys

import pytest

from tests.helpers import damage

COUNT = 200  # the weekly proof reads 20,000


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_hundreds_of_damaged_archives(full_session):
    counts, failures = damage.run(COUNT)
    assert failures == []
    assert sum(counts.values()) == COUNT
    kinds = {how for how, said in counts if said == "error"}
    assert len(kinds) == len(set(damage.IN_A_MEMBER)) + len(damage.IN_THE_ZIP) + 1, (
        "each kind does harm"
    )
