"""Questionnaires: what both sides of a pair are asked while it runs and when it has ended, and what they answered."""
