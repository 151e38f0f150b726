"""Questionnaires: setting them up, and what both sides have answered."""
