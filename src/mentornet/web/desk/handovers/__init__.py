"""Handing cases to colleagues: whose, to whom, and what has come of it."""
