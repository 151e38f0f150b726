"""What each new connection of the embedded database is taught, so that it sorts as PostgreSQL does."""

from __future__ import annotations

import unicodedata
from typing import Any, Final

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

DANISH: Final = "danish"
# Danish letters after z, in their order; aa is å, ü is y, ä is æ and ö is ø, as in Danish directories.
_AFTER_Z: Final = str.maketrans({"æ": "{a", "ä": "{a", "ø": "{b", "ö": "{b", "å": "{c", "ü": "y"})


def danish_key(text: str) -> str:
    """Return a key by which texts stand in Danish alphabetical order, whatever their case and accents."""
    folded = text.casefold().replace("aa", "å").translate(_AFTER_Z)
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(sign))
    return f"{plain}\0{text}"


def _compared(one: str, other: str) -> int:
    first, second = danish_key(one), danish_key(other)
    return (first > second) - (first < second)


@receiver(connection_created, dispatch_uid="danish-collation")
def teach_collation(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Register the Danish collation on an SQLite connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(DANISH, _compared)
