"""Whom the bank lacks: the shortage map, and a text with which such a mentor is looked for."""
