"""Seal the second factors for the rows that they lie in: a secret moved into another row opens nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mentornet.accounts.sealing import (
    CannotOpenError,
    is_sealed_for_a_row,
    opened,
    opened_for,
    owner_of,
    seal,
    seal_for,
    with_secrets,
)


def _change_all(apps: Apps, change: Callable[[str, str], str]) -> None:
    """Change every secret; what was sealed with a secret key that is lost stays as it is, and unopened."""

    def changed(owner: str, text: str) -> str:
        try:
            return change(owner, text)
        except CannotOpenError:
            return text

    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=("totp", "recovery_codes")).iterator():
        owner = owner_of(row.user_id, row.type)
        row.data = with_secrets(row.data, lambda text, owner=owner: changed(owner, text))
        row.save(update_fields=["data"])


def _for_row(owner: str, text: str) -> str:
    return text if is_sealed_for_a_row(text) else seal_for(owner, opened(text))


def _for_none(owner: str, text: str) -> str:
    return seal(opened_for(owner, text)) if is_sealed_for_a_row(text) else text


def seal_for_rows(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Seal each secret for the row that it lies in now."""
    _change_all(apps, _for_row)


def seal_for_none(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Seal each secret as the program before this one did."""
    _change_all(apps, _for_none)


class Migration(migrations.Migration):
    """Data alone; the column stays as it is."""

    dependencies = [
        ("accounts", "0003_user_sessions_ended_at"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal_for_rows, seal_for_none)]
