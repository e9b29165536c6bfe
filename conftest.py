"""Make the comparison of notebooks part of every test session, wherever it is started."""

from pathlib import Path

pytest_plugins = ["tests.nbproof.plugin"]


def pytest_nbproof_settings() -> object:
    """Tell the comparison what this session runs on."""
    from tests.book import session  # slow to import, and not needed for every run

    return session.settings()


def pytest_nbproof_stored(path: Path, before: str) -> None:
    """Keep for the colophon when, and with what, a chapter's outputs were computed."""
    from tests.book import runs

    runs.keep(path, before)
