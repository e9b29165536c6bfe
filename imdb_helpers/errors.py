"""What can be wrong with the data, each with a name that a reader can catch."""

import sys
import warnings
from types import FrameType

# Where a call of ours goes through before a warning: the package, and what reads its properties.
_INSIDE = ("imdb_helpers", "functools")


class DataError(ValueError):
    """The data was found but cannot be used; the message says why and what to do."""


class DataNotFoundError(DataError, FileNotFoundError):
    """There is no data where it was looked for; the message says what to do."""


class DownloadError(Exception):
    """A file could not be fetched; the text is the end of a sentence that says why."""


class UnreachableError(DataNotFoundError):
    """There is no data on this machine, and none could be fetched; `reason` says why not."""

    def __init__(self, reason: str, what_to_do: str) -> None:
        self.reason, self.what_to_do = reason, what_to_do
        super().__init__(
            f"The IMDB data is not on this machine and could not be downloaded: {reason}. "
            f"{what_to_do}"
        )

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        """Let another process pass the error on."""
        return type(self), (self.reason, self.what_to_do)


class SampleCorpusWarning(UserWarning):
    """The reviews in use are the sample corpus and not IMDB's."""


def warn_reader(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn at the line outside of this package that asked for the data."""
    level, frame = 1, sys._getframe()
    while frame.f_back and _package(frame) in _INSIDE:
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)


def _package(frame: FrameType) -> str:
    return frame.f_globals.get("__name__", "").partition(".")[0]
