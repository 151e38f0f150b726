"""Talks with a pair: noted in twenty seconds on a telephone."""
