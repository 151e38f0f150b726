"""Searches for the mentor who is not in the bank."""
