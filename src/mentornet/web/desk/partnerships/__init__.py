"""Partnerships and their timelines."""
