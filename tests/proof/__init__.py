"""Proof that the suite bites: what damages the book is noticed, what is harmless is not."""
