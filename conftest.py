"""Make the comparison of chapters part of every test session, wherever it is started."""

pytest_plugins = ["tests.notebooks.plugin"]
