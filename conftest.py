"""Make the comparison of notebooks part of every test session, wherever it is started."""

pytest_plugins = ["tests.nbproof.plugin"]


def pytest_nbproof_settings() -> object:
    """Tell the comparison what this session runs on."""
    from tests.book import session  # slow to import, and not needed for every run

    return session.settings()
