"""Hypothesis draws the same examples on every run and every machine; ``--hypothesis-profile explore`` looks further."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("suite", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, database=None, max_examples=2000, print_blob=True)
settings.load_profile("suite")
