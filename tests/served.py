"""For tests on PostgreSQL: every request is answered by the role that serves, whoever has prepared its rows.

The tests' own connection is the server's owner, who stands above every policy. Within a request it is another role,
which is given what ``mentornet migrate`` gives it, and no more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse

from mentornet.privacy.policies import let_serve

ROLE: Final = "mentornet_served"
_ABORTED: Final = 3
_MAKE: Final = f"""
DO $$ BEGIN CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""


class _Held(threading.local):
    is_serving = False


_held: Final = _Held()


def prepare_role() -> None:
    """Make the role, and give it its rights; tables that a test makes anew are given to it too."""
    with connection.cursor() as cursor:
        cursor.execute(_MAKE)
        let_serve(connection, ROLE)
        cursor.execute(f"ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {ROLE}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES GRANT USAGE ON SEQUENCES TO {ROLE}")


@contextmanager
def served_role() -> Iterator[None]:
    """Be the role that serves, on this thread's connection."""
    before, _held.is_serving = _held.is_serving, True
    _become(connection)
    try:
        yield
    finally:
        _held.is_serving = before
        _become(connection)


def _become(link: Any) -> None:
    raw = link.connection
    if raw is None or raw.closed or int(raw.info.transaction_status) == _ABORTED:
        return
    raw.execute(f"SET ROLE {ROLE}" if _held.is_serving else "RESET ROLE")


def _opened(connection: Any, **_: Any) -> None:
    if _held.is_serving:
        _become(connection)


connection_created.connect(_opened, dispatch_uid="served-role")


class ServedByRole:
    """Answers every request as the role that serves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        with served_role():
            return self.get_response(request)
