"""Alphabetical order, as a Dane expects it, on both databases.

People are listed by a key that is stored beside their names (:func:`name_key`): the database then pages by an index,
however many there are. Lists of a few dozen rows (divisions, programmes) are sorted by a collation instead.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from django.db import connection
from django.db.models.functions import Collate

DANISH: Final = "danish"
"""The collation as the embedded database is taught it (:mod:`mentornet.common.receivers`)."""
_AFTER_Z: Final = str.maketrans(
    # Danish letters after z, in their order; ä and ő are sorted as their Danish sisters, and ü is y, as in directories.
    {"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "ő": "{b", "å": "{c", "ü": "y", "ű": "y"}
    # Letters that no decomposition takes a stroke from.
    | {"đ": "d", "ð": "d", "ł": "l", "þ": "th", "ı": "i"}
)
_PART: Final = 80


def _plain(text: str) -> str:
    """Return text without case and accents, its letters so that their code points stand in Danish order."""
    # Composed first: an å may be written as an a and a ring.
    composed = unicodedata.normalize("NFC", text.casefold())
    folded = composed.replace("aa", "å").translate(_AFTER_Z)
    return "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))


def danish_key(text: str) -> str:
    """Return a key by which texts stand in Danish alphabetical order, whatever their case and accents."""
    return f"{_plain(text)}\0{text}"


def name_key(first_name: str, last_name: str) -> bytes:
    """Return a key by which people stand in Danish alphabetical order of first names, then of last names.

    Bytes, since both databases compare them alike, whatever language they were set up in. A shorter first name stands
    before a longer one that begins with it: Anna Sørensen before Anna Lise Berg. Case and accents decide at last.
    """
    # Each part is cut: PostgreSQL's indexes take 2,700 bytes, and a sign of four may come apart into eighteen.
    parts = (_plain(first_name), _plain(last_name), first_name, last_name)
    return "\0".join(part[:_PART] for part in parts).encode()


def in_danish(field: str) -> Collate:
    """Return ``field`` as something to order a short list by, in Danish alphabetical order."""
    return Collate(field, DANISH if connection.vendor == "sqlite" else "da-x-icu")


def folded(text: str) -> str:
    """Return text as it is kept for searching: one case, single spaces."""
    return " ".join(text.casefold().split())
