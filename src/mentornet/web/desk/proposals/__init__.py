"""Proposals and their answers."""
