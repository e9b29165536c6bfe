"""Tests of the book: its chapters, its prose, and what they claim."""
