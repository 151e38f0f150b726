"""Seal the second factors that were set up before there was a seal."""

from __future__ import annotations

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mentornet.accounts.sealing import opened, seal, with_secrets


def _change_all(apps: Apps, change: Callable[[str], str]) -> None:
    for row in apps.get_model("mfa", "Authenticator").objects.filter(type__in=("totp", "recovery_codes")).iterator():
        row.data = with_secrets(row.data, change)
        row.save(update_fields=["data"])


def seal_all(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Seal each secret; one that is sealed already is sealed anew."""
    _change_all(apps, lambda text: seal(opened(text)))


def open_all(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Write the secrets readable again, as the program before this one expects them."""
    _change_all(apps, opened)


class Migration(migrations.Migration):
    """Data alone; the column stays as it is."""

    dependencies = [
        ("accounts", "0001_initial"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal_all, open_all)]
