"""Two roles at one database: one that owns its tables and brings them up to date, one that serves visitors.

The settings begin with the one that serves, so that whatever forgets to choose, such as another WSGI server, is held to
the database's policies. Commands and the worker go on as the owner. Where one role does everything, as with the
embedded database, nothing changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from django.conf import settings
from django.db import connection, connections

from mentornet.common.row_scope import EVERYTHING, begin_with
from mentornet.privacy.policies import lay, let_serve

_DIFFER: Final = ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")


def _go_on_as(database: Mapping[str, Any]) -> None:
    """Let whatever is connected from now on, in any thread, be connected so."""
    connections.close_all()
    # Django's connections hold on to this very mapping.
    settings.DATABASES["default"].update({name: database[name] for name in _DIFFER if name in database})


def become_owner() -> None:
    """Go on as the tables' owner for as long as this process lives: a command, or the worker."""
    if settings.OWNER_DATABASE is not None:
        _go_on_as(settings.OWNER_DATABASE)
    # Where there is no owner to become, a worker reaches what it must nevertheless.
    begin_with(EVERYTHING)


@contextmanager
def as_owner() -> Iterator[None]:
    """Work as the tables' owner for a while, then go on as before."""
    before = dict(settings.DATABASES["default"])
    if settings.OWNER_DATABASE is None:
        yield
        return
    _go_on_as(settings.OWNER_DATABASE)
    try:
        yield
    finally:
        _go_on_as(before)


def keep_policies() -> None:
    """Let the policies lie on the tables, and the role that serves do what it must; as the owner.

    At every start: a restored database has forgotten which role serves it.

    Raises:
        RefusedError: there is no role of that name.
    """
    lay(connection)
    if settings.OWNER_DATABASE is not None:
        let_serve(connection, settings.INSTALLATION.served_as)
