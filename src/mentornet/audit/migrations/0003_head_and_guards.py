"""The head of the chain, which knows the last row from before there was one; and what the database refuses."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from mentornet.audit.chain import signed
from mentornet.audit.guards import guard, unguard


def begin(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Begin the chain. What stands is sealed later, by the worker; what comes without a commitment is foreign."""
    last = apps.get_model("audit", "Entry").objects.aggregate(last=models.Max("pk"))["last"] or 0
    apps.get_model("audit", "Head").objects.create(
        pk=1, adopted_through=last, mark=signed(sealed=0, seal="", adopted_through=last)
    )


def forget(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Forget the chain: its columns go with the migration before this one."""
    apps.get_model("audit", "Head").objects.all().delete()


def set_guards(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let the database refuse changes of sealed rows."""
    guard(editor.connection)


def take_guards(_apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Let the database take any change."""
    unguard(editor.connection)


class Migration(migrations.Migration):
    """Going back forgets the chain: going forward again seals every row anew."""

    dependencies = [
        ("audit", "0002_chain"),
    ]

    operations = [
        migrations.RunPython(begin, forget),
        migrations.RunPython(set_guards, take_guards),
    ]
