"""Which of the languages that :mod:`reference` speaks fits the reader."""

from __future__ import annotations

from django.utils.translation import get_language

from reference.translation import SPOKEN, Language


def reference_language(code: str | None = None) -> Language:
    """Return the language of names and sentences from ``reference`` and ``pairing``: the reader's, or English."""
    wanted = (code or get_language() or "en").split("-")[0]
    return next((language for language in SPOKEN if language == wanted), "en")
