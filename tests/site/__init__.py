"""Tests of the built site: links, images, and what its pages load."""
