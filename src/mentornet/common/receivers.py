"""What each new connection of the embedded database is taught, so that it sorts as PostgreSQL does."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from mentornet.common.ordering import DANISH, danish_key


def _compared(one: str, other: str) -> int:
    first, second = danish_key(one), danish_key(other)
    return (first > second) - (first < second)


@receiver(connection_created, dispatch_uid="danish-collation")
def teach_collation(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Register the Danish collation on an SQLite connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(DANISH, _compared)
