"""Mentors lent to and by other divisions."""
