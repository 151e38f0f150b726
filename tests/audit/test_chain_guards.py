"""What the database itself refuses of the audit."""

from __future__ import annotations

from typing import Any, Final

import pytest
from django.db import IntegrityError, connection, transaction

from audit.tampering import COLUMNS, change, fault, off_guard, write_sealed

pytestmark = pytest.mark.django_db

TRIED: Final = {**COLUMNS, "position": 77, "redaction": 1}


@pytest.mark.parametrize("column", TRIED)
def test_database_refuses_to_change_a_sealed_entry(column: str) -> None:
    entries = write_sealed(2)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(entries[0], **{column: TRIED[column]})
    with pytest.raises(IntegrityError), transaction.atomic():
        change(entries[0], position=None)
    # The control: without the guard it would have done it.
    with off_guard():
        change(entries[0], **{column: TRIED[column]})
    assert fault() is not None


@pytest.mark.parametrize("column", [column for column in TRIED if column != "redaction"])
def test_database_refuses_to_change_what_stays_under_the_name_of_emptying(column: str) -> None:
    entries = write_sealed(2)
    emptied: dict[str, Any] = {
        "actor": "",
        "object_id": "",
        "division_id": None,
        "detail": {},
        "nonce": "",
        "redaction": 1,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        change(entries[0], **emptied | {column: TRIED[column]})
    change(entries[0], **emptied)
    with pytest.raises(IntegrityError), transaction.atomic():
        change(entries[0], redaction=2)


def test_guard_is_there() -> None:
    # A migration that makes the table anew on SQLite loses it: such a one ends with guards.guard.
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'")
        else:
            cursor.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = 'audit_entry'::regclass AND NOT tgisinternal")
        found = {name for (name,) in cursor.fetchall()}
    assert found == {"audit_entry_unchanged", *({"audit_entry_kept"} if connection.vendor == "postgresql" else ())}
