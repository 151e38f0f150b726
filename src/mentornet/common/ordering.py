"""Alphabetical order, as a Dane expects it, on both databases."""

from __future__ import annotations

from django.db import connection
from django.db.models.functions import Collate

from mentornet.common.receivers import DANISH


def in_danish(field: str) -> Collate:
    """Return ``field`` as something to order by, in Danish alphabetical order."""
    return Collate(field, DANISH if connection.vendor == "sqlite" else "da-x-icu")


def folded(text: str) -> str:
    """Return text as it is kept for searching: one case, single spaces."""
    return " ".join(text.casefold().split())
