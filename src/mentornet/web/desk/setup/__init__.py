"""Programmes, divisions, staff."""
