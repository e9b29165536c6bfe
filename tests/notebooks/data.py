"""Which reviews this test session runs on: decided once, for every kernel it starts."""

import os
import warnings
from functools import cache

from imdb_helpers import sources


@cache
def why_sample() -> str:
    """Say why the sample corpus is in use, or nothing if the real reviews are.

    The decision goes into the environment, so that no kernel of this session makes another one, or
    waits for the network again.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sources.SampleCorpusWarning)
        reason = sources.why_sample()
    os.environ[sources.SOURCE] = "sample" if reason else "real"
    return reason
