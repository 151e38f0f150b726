"""Laying the policies of :mod:`mentornet.privacy.isolation` on PostgreSQL, lifting them, and what a role may do.

They follow from the tables as they are, so they are laid anew after every migration, and lifted before it: no migration
has to know of them, and none of them depends on a column that a migration takes away. While they are lifted the tables
stay closed: whoever does not own them is given nothing.
"""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from mentornet.common.answers import RefusedError
from mentornet.privacy.isolation import FUNCTIONS, POLICIES, POLICY, VIEWS, fingerprint, statements

READ_ONLY: Final = ("django_migrations", "audit_head", "backups_run", "common_workerbeat", "demo_demonetwork")
"""What only commands and the worker write."""
WRITTEN_ONCE: Final = ("audit_entry", "privacy_erasure")
"""What is added to and never taken away from."""
EMPTIED: Final = {
    "audit_entry": ("actor", "object_id", "division_id", "detail", "nonce", "redaction"),
    "privacy_erasure": ("emptied",),
}
"""The columns of those that an erasure writes in its own transaction; the audit's own guards say how."""
_MARK: Final = "mentornet_divisions()"


class NoSuchRoleError(RefusedError):
    """The role that is to serve is not there."""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _one(cursor: Any, question: str, *values: object) -> Any:
    cursor.execute(question, list(values))
    found = cursor.fetchone()
    return None if found is None else found[0]


def are_laid(connection: Any) -> bool:
    """Tell whether these very policies lie on the tables."""
    if connection.vendor != "postgresql":
        return False
    with connection.cursor() as cursor:
        said = _one(cursor, "SELECT obj_description(to_regprocedure(%s), 'pg_proc')", _MARK)
    return bool(said == fingerprint())


def lift(connection: Any) -> None:
    """Take away all policies that lie here, also those of another release."""
    if connection.vendor != "postgresql":
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid"
            " WHERE p.polname = %s AND c.relnamespace = current_schema()::regnamespace ORDER BY 1",
            [POLICY],
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP POLICY {POLICY} ON {_quoted(table)}")
        for view in VIEWS:
            cursor.execute(f"DROP VIEW IF EXISTS {view}")
        for function in FUNCTIONS:
            cursor.execute(f"DROP FUNCTION IF EXISTS {function}")


def lay(connection: Any) -> None:
    """Let these policies lie on the tables, unless they do; nothing on tables that are not as this release knows them.

    Only the tables' owner can.
    """
    if connection.vendor != "postgresql" or are_laid(connection):
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if not there >= set(POLICIES):
            return
        lift(connection)
        for statement in statements():
            cursor.execute(statement)
        cursor.execute(f"COMMENT ON FUNCTION {_MARK} IS '{fingerprint()}'")


def let_serve(connection: Any, role: str) -> None:
    """Give a role what serving needs, and no more: no table is its own, none can be emptied, nothing is redefined.

    Raises:
        NoSuchRoleError: there is no such role, or it stands above the policies; says what to do.
    """
    if connection.vendor != "postgresql":
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        is_above = _one(cursor, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", role)
        if is_above is not False:
            raise NoSuchRoleError(
                _(
                    "The database has no role “%(role)s” that is held to its rules. Let the server’s administrator "
                    "run: CREATE ROLE %(quoted)s LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD '…';"
                )
                % {"role": role, "quoted": _quoted(role)}
            )
        schema, name = _quoted(str(_one(cursor, "SELECT current_schema()"))), _quoted(role)
        there = connection.introspection.table_names(cursor)
        cursor.execute(f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {name}")
        cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {name}")
        cursor.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {name}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {name}")
        written = [table for table in there if table not in {*READ_ONLY, *WRITTEN_ONCE}]
        for rights, tables in (
            ("INSERT, UPDATE, DELETE", written),
            ("INSERT", [table for table in WRITTEN_ONCE if table in there]),
            *((f"UPDATE ({', '.join(columns)})", [table]) for table, columns in EMPTIED.items()),
        ):
            cursor.execute(f"GRANT {rights} ON {', '.join(map(_quoted, tables))} TO {name}")
