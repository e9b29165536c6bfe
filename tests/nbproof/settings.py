"""What a suite tells the plugin about itself: the plugin knows nothing of any book."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Settings:
    """The answer to the hook ``pytest_nbproof_settings``; the defaults ask for nothing."""

    marks: frozenset[str] = frozenset()  # what a cell's metadata may say that its output needs
    lacking: frozenset[str] = frozenset()  # those of the marks that this session has not
    notice: re.Pattern | None = None  # what may stand on standard error, and is not compared
    may_not_store: str = ""  # why the outputs of this session must not be stored
    memory_limit: int = 0  # megabytes that a kernel may have needed; 0 for any
    lines: Sequence[str] = ()  # below the table at the end: on what the session ran


KEY = pytest.StashKey[Settings]()


class Hooks:
    """The hooks that the plugin adds to pytest."""

    @pytest.hookspec(firstresult=True)
    def pytest_nbproof_settings(self, config: pytest.Config) -> Settings | None:
        """Return the settings of this session; it is called once, when they are first needed."""

    def pytest_nbproof_stored(self, path: Path, before: str) -> None:
        """Do what is to be done when a notebook was stored; the text before may be the same."""


def settings_of(config: pytest.Config) -> Settings:
    """Return the settings of a session."""
    if KEY not in config.stash:
        config.stash[KEY] = config.hook.pytest_nbproof_settings(config=config) or Settings()
    return config.stash[KEY]
