"""The cache's table: what would go soonest anyway goes first when there is too much of it.

Django's own throws out by the order of the keys, so that whoever fills the table with tries of one kind makes room
among the counts of another.
"""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router
from django.utils import timezone


class SoonestFirstCache(DatabaseCache):
    """A cache in the database that forgets in the order in which its entries expire."""

    _table: str

    def forget_expired(self) -> int:
        """Delete what has expired; returns how many. Reading passes over it, but nothing else deletes it."""
        connection = connections[router.db_for_write(self.cache_model_class)]
        with connection.cursor() as cursor:
            return self._forget(connection, cursor, timezone.now().replace(microsecond=0))

    def _forget(self, connection: Any, cursor: Any, before: Any) -> int:
        quote = connection.ops.quote_name
        cursor.execute(
            f"DELETE FROM {quote(self._table)} WHERE {quote('expires')} < %s",  # noqa: S608 - the table's name alone
            [connection.ops.adapt_datetimefield_value(before)],
        )
        return int(cursor.rowcount)

    def _cull(self, db: str, cursor: Any, now: Any, num: int) -> None:
        connection = connections[db]
        left = num - self._forget(connection, cursor, now)
        if left <= self._max_entries:
            return
        quote = connection.ops.quote_name
        table, key, expires = quote(self._table), quote("cache_key"), quote("expires")
        cursor.execute(
            f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM {table} ORDER BY {expires}, {key} LIMIT %s)",  # noqa: S608 - names of the table and its columns alone
            [left // self._cull_frequency],
        )
