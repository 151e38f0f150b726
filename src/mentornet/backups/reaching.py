"""Connections with a database beside the one that the program works with."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db.utils import load_backend

ALIAS: Final = "backups"
SQLITE: Final = "sqlite"
POSTGRESQL: Final = "postgresql"

Database = Mapping[str, Any]
"""What Django's settings say of a database."""


def live() -> dict[str, Any]:
    """Return the database that the program works with."""
    return copy.deepcopy(dict(settings.DATABASES["default"]))


def kind_of(database: Database) -> str:
    """Return which kind of database it is."""
    return SQLITE if database["ENGINE"].endswith("sqlite3") else POSTGRESQL


def named(database: Database, name: object) -> dict[str, Any]:
    """Return the same server's or folder's database of another name."""
    return copy.deepcopy(dict(database)) | {"NAME": str(name)}


def at_schema(database: Database, schema: str) -> dict[str, Any]:
    """Return the same database as it is seen by whoever looks into one schema alone."""
    options = dict(database.get("OPTIONS", {}))
    return copy.deepcopy(dict(database)) | {"OPTIONS": options | {"options": f"-c search_path={schema}"}}


@contextmanager
def connected(database: Database) -> Iterator[Any]:
    """Yield a connection of our own, closed afterwards; no pool and no other thread has it."""
    usual: dict[str, Any] = {
        "ATOMIC_REQUESTS": False,
        "AUTOCOMMIT": True,
        "CONN_HEALTH_CHECKS": False,
        "HOST": "",
        "NAME": "",
        "OPTIONS": {},
        "PASSWORD": "",
        "PORT": "",
        "TEST": {},
        "TIME_ZONE": None,
        "USER": "",
    }
    wanted = usual | copy.deepcopy(dict(database)) | {"CONN_MAX_AGE": 0}
    wrapper = load_backend(wanted["ENGINE"]).DatabaseWrapper(wanted, ALIAS)
    wrapper.inc_thread_sharing()
    try:
        wrapper.ensure_connection()
        yield wrapper
    finally:
        wrapper.close()
