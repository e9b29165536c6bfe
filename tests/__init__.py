"""The tests of the helpers, the chapters, the prose and the built book."""
