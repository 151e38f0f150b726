"""Whose rows PostgreSQL hands out on this thread's connection, beneath every query that the program makes.

The program's queries narrow what somebody sees to her divisions. On PostgreSQL, rows of people lie beneath policies
besides (:mod:`mentornet.privacy.isolation`), which read one variable of the connection; where nobody has set it, there
are no rows. So a query that forgets its filter finds nothing of another division. The embedded database knows no
policies, and the owner of the tables stands above them: there all of this does nothing.

One thread works on one connection. A scope is entered as a block (:func:`within`), and what was before holds again
after it, whatever happened inside; a connection that is opened anew is told the scope of its thread first.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import DatabaseError, connection

VARIABLE: Final = "mentornet.scope"
"""The connection's variable that the policies read."""
_TELL: Final = f"SELECT set_config('{VARIABLE}', %s, false)"
_ABORTED: Final = 3
"""What the driver calls a transaction in which a statement has failed: nothing can be asked until it is rolled back."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rows there are.

    Attributes:
        value: what the connection's variable says: nothing, ``*`` for everything, or an array of divisions.
    """

    value: str


NOTHING: Final = Scope("")
EVERYTHING: Final = Scope("*")


def of_divisions(divisions: Collection[UUID]) -> Scope:
    """Return the scope of somebody who works with the people of these divisions."""
    return Scope("{" + ",".join(sorted(map(str, divisions))) + "}") if divisions else NOTHING


class _Held(threading.local):
    scope: Scope | None = None


_held: Final = _Held()
_usual: Final[list[Scope]] = [NOTHING]


def scope_now() -> Scope:
    """Return the scope of this thread."""
    return _usual[0] if _held.scope is None else _held.scope


def begin_with(scope: Scope) -> None:
    """Let the threads of this process begin with a scope: a worker or a command, which serve nobody's requests."""
    _usual[0] = scope
    tell(connection)


def take(scope: Scope) -> None:
    """Go on in another scope until the block ends in which this is called (:func:`within`)."""
    _held.scope = scope
    tell(connection)


@contextmanager
def within(scope: Scope) -> Iterator[None]:
    """Work in a scope; afterwards the former one holds."""
    before = _held.scope
    try:
        take(scope)
        yield
    finally:
        _held.scope = before
        try:
            tell(connection)
        except DatabaseError:
            # What cannot be told is not used again: the next connection is told when it is opened.
            connection.close()


@contextmanager
def beyond_division(*, reason: str) -> Iterator[None]:
    """Look beyond the divisions of whoever is at work; ``reason`` says why the program must, not she.

    The places are few, and a test knows each of them.
    """
    assert reason
    if scope_now() == EVERYTHING:
        yield
        return
    with within(EVERYTHING):
        yield


def tell(link: Any) -> None:
    """Tell a connection this thread's scope, if it is open; past Django's cursors, which count for tests and logs.

    Within a transaction that has failed nothing can be said. It is rolled back to before this block began, and the
    variable with it.
    """
    if link.vendor != "postgresql":
        return
    # As Django itself before its first statement: a server that was started anew is reached again.
    link.close_if_health_check_failed()
    raw = link.connection
    if raw is None or raw.closed or int(raw.info.transaction_status) == _ABORTED:
        return
    with link.wrap_database_errors:
        raw.execute(_TELL, [scope_now().value])
