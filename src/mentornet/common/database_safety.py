"""What makes a database unsafe for real people, read from the connection itself: that is what counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils.translation import gettext as _

from mentornet.common.safety import Finding, Place, is_home, place_of

_ENCRYPTED: Final = frozenset({"require", "verify-ca", "verify-full"})
_SQLITE: Final = ("journal_mode", "synchronous", "foreign_keys")
_POSTGRESQL: Final = ("fsync", "full_page_writes", "synchronous_commit")
_OWNS: Final = (
    "SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user)"
)
_FULL: Final = 2
"""SQLite's number for ``synchronous=FULL``; one more is stricter still."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a connection says of itself.

    Attributes:
        vendor: ``sqlite`` or ``postgresql``.
        told: the database's own settings, as it tells them.
        is_superuser: the program's role may do everything, or is held back by no row's policy.
        is_owner: it owns the program's tables, and so stands above the policies on their rows.
        host: the machine that the database is on; empty or a folder for this one.
        is_encrypted: nobody between reads along, or can make both ends talk in the open.
    """

    vendor: str
    told: Mapping[str, str] = field(default_factory=dict)
    is_superuser: bool = False
    is_owner: bool = False
    host: str = ""
    is_encrypted: bool = True


def facts() -> Facts:
    """Ask the database that the program uses.

    Raises:
        DatabaseError: it cannot be asked.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return Facts("sqlite", {name: str(_asked(cursor, f"PRAGMA {name}")) for name in _SQLITE})
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        is_superuser = bool(cursor.fetchone()[0])
        is_owner = bool(_asked(cursor, _OWNS))
        told = {name: str(_asked(cursor, f"SHOW {name}")) for name in _POSTGRESQL}
        link: Any = connection.connection
        return Facts(
            "postgresql",
            told,
            is_superuser=is_superuser,
            is_owner=is_owner,
            host=link.info.host,
            is_encrypted=bool(link.pgconn.ssl_in_use)
            and str(link.info.get_parameters().get("sslmode", "prefer")) in _ENCRYPTED,
        )


def _asked(cursor: Any, question: str) -> object:
    cursor.execute(question)
    return cursor.fetchone()[0]


def _sqlite(known: Facts) -> Iterator[tuple[str, str, str, str]]:
    told = known.told
    if told["journal_mode"].lower() != "wal" or int(told["synchronous"]) < _FULL:
        yield (
            "durable",
            "journal_mode, synchronous",
            _("What the program has confirmed may be gone after a power cut."),
            _("Let the program open the database with its own settings: journal_mode WAL and synchronous FULL."),
        )
    if told["foreign_keys"] != "1":
        yield (
            "foreign_keys",
            "foreign_keys",
            _("The database does not hold together what belongs together."),
            _("Let the program open the database with its own settings: foreign_keys ON."),
        )


def _postgresql(known: Facts) -> Iterator[tuple[str, str, str, str]]:
    off = [name for name in _POSTGRESQL if known.told.get(name) == "off"]
    if off:
        yield (
            "durable",
            ", ".join(off),
            _("What the program has confirmed may be gone after a power cut."),
            _("Switch %(settings)s on in postgresql.conf.") % {"settings": ", ".join(off)},
        )
    if known.is_superuser:
        yield (
            "superuser",
            "MENTORNET_DATABASE_URL",
            _("The program signs in to PostgreSQL as somebody who may do everything there, past every rule."),
            _(
                "Let it sign in with a role of its own that is no superuser and owns this database alone: "
                "CREATE ROLE mentornet LOGIN NOSUPERUSER NOBYPASSRLS."
            ),
        )
    if not (is_home(known.host) or known.host.startswith("/")) and not known.is_encrypted:
        yield (
            "database_link_open",
            "MENTORNET_DATABASE_URL",
            _("People’s data travel to the database on another machine as everybody between can read them."),
            _("Add ?sslmode=verify-full to the address (or sslmode=require, which does not ask who answers)."),
        )


def faults_of(known: Facts, place: Place) -> Iterator[Finding]:
    """Return what is unsafe about a database of which this is known."""
    look = _sqlite if known.vendor == "sqlite" else _postgresql
    for code, about, what, to_do in look(known):
        yield Finding(code, about, what, to_do, is_unsafe=not place.is_trying)


def _served_as_owner(known: Facts) -> Iterator[Finding]:
    """Yield that the database itself holds back no division's rows: one role does everything, as before there were two.

    Told, and not refused: the program's own rules hold without it.
    """
    if known.is_owner and not known.is_superuser:
        yield Finding(
            "owner",
            "MENTORNET_DATABASE_URL",
            _("The program serves as the owner of its tables, so the database itself keeps no division’s rows apart."),
            _(
                "Let the server’s administrator make a second role, name it here, and the owner in "
                "MENTORNET_OWNER_DATABASE_URL: see docs/operations.md, “Two roles”."
            ),
            is_unsafe=False,
        )


def database_findings(*, host: str | None = None) -> list[Finding]:
    """Return what is unsafe about the database that the program uses; nothing of a demonstration's."""
    if settings.DEMO:
        return []
    try:
        known = facts()
    except DatabaseError:
        return [
            Finding(
                "database_away",
                "MENTORNET_DATABASE_URL",
                _("The database does not answer."),
                _("See whether it runs, and whether MENTORNET_DATABASE_URL is right."),
            )
        ]
    return [*faults_of(known, place_of(host)), *_served_as_owner(known)]
