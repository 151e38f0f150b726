"""What new connections are taught: the embedded database to sort as PostgreSQL, which is told whose rows to give."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from mentornet.common.ordering import DANISH, danish_key
from mentornet.common.row_scope import tell


def _compared(one: str, other: str) -> int:
    first, second = danish_key(one), danish_key(other)
    return (first > second) - (first < second)


@receiver(connection_created, dispatch_uid="danish-collation")
def teach_collation(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Register the Danish collation on an SQLite connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_collation(DANISH, _compared)


@receiver(connection_created, dispatch_uid="row-scope")
def tell_scope(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Tell a PostgreSQL connection whose rows are wanted, before its first statement."""
    tell(connection)
