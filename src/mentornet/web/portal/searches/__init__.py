"""Whoever is asked in a search: a contact person, or an expert from a list; and what her help has led to."""
