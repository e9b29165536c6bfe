"""The tests of the helpers."""
