"""What the database itself refuses of the audit, whoever asks: to change a sealed entry, other than by emptying it.

On PostgreSQL entries cannot be deleted either. On SQLite they can: there, emptying a whole table, as a demonstration
that begins anew does, is a DELETE like any other. Whoever may change the schema can take this away, too; it keeps slips
and simple tricks out, and the chain shows the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

# A sealed entry may become an emptied one, once; all that its seal follows from stays.
_EMPTIED: Final = """
    OLD.redaction IS NULL AND NEW.redaction IS NOT NULL
    AND NEW.actor = '' AND NEW.object_id = '' AND NEW.division_id IS NULL AND NEW.nonce = '' AND NEW.detail = '{}'
    AND NEW.id = OLD.id AND NEW.at = OLD.at AND NEW.kind = OLD.kind AND NEW.act = OLD.act
    AND NEW.object_type = OLD.object_type AND NEW.commitment = OLD.commitment
    AND NEW.seal = OLD.seal AND NEW.position IS NOT NULL AND NEW.position = OLD.position
"""
_REFUSED: Final = "a sealed entry of the audit is not changed"
_NOT_DELETED: Final = "entries of the audit are not deleted"

_GUARDS: Final = {
    "sqlite": (
        f"""
        CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry FOR EACH ROW
        WHEN OLD.position IS NOT NULL AND NOT ({_EMPTIED})
        BEGIN SELECT RAISE(ABORT, '{_REFUSED}'); END
        """,
    ),
    "postgresql": (
        f"""
        CREATE FUNCTION audit_entry_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'DELETE' THEN
                RAISE EXCEPTION '{_NOT_DELETED}' USING ERRCODE = 'integrity_constraint_violation';
            END IF;
            RAISE EXCEPTION '{_REFUSED}' USING ERRCODE = 'integrity_constraint_violation';
        END $$
        """,
        f"""
        CREATE TRIGGER audit_entry_unchanged BEFORE UPDATE ON audit_entry FOR EACH ROW
        WHEN (OLD.position IS NOT NULL AND NOT ({_EMPTIED})) EXECUTE FUNCTION audit_entry_refuse()
        """,
        """
        CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry FOR EACH ROW
        EXECUTE FUNCTION audit_entry_refuse()
        """,
    ),
}
_AWAY: Final = {
    "sqlite": ("DROP TRIGGER IF EXISTS audit_entry_unchanged",),
    "postgresql": (
        "DROP TRIGGER IF EXISTS audit_entry_kept ON audit_entry",
        "DROP TRIGGER IF EXISTS audit_entry_unchanged ON audit_entry",
        "DROP FUNCTION IF EXISTS audit_entry_refuse()",
    ),
}


def guard(connection: BaseDatabaseWrapper) -> None:
    """Set the guards; those that are there are set anew."""
    unguard(connection)
    _run(connection, _GUARDS)


def unguard(connection: BaseDatabaseWrapper) -> None:
    """Take the guards away."""
    _run(connection, _AWAY)


def _run(connection: BaseDatabaseWrapper, statements: Mapping[str, Sequence[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
