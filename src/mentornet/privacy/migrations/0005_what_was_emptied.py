import hashlib

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def note_what_was_emptied(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Let erasures of the versions before say which entries they have emptied: those that are so now."""
    alias = schema_editor.connection.alias
    entries = apps.get_model("audit", "Entry").objects.using(alias)
    for erasure in apps.get_model("privacy", "Erasure").objects.using(alias):
        count, digest = 0, hashlib.sha256(b"mentornet emptied 1")
        for key in entries.filter(redaction=erasure.number).order_by("pk").values_list("pk", flat=True).iterator():
            digest.update(f":{key}".encode())
            count += 1
        erasure.emptied = f"{count}:{digest.hexdigest()}" if count else "0:"
        erasure.save(update_fields=["emptied"])


class Migration(migrations.Migration):

    dependencies = [
        ("audit", "0003_head_and_guards"),
        ("privacy", "0004_requests_and_disclosures"),
    ]

    operations = [
        migrations.AddField(
            model_name="erasure",
            name="emptied",
            field=models.CharField(blank=True, default="", editable=False, max_length=90, verbose_name="emptied entries"),
            preserve_default=False,
        ),
        migrations.RunPython(note_what_was_emptied, migrations.RunPython.noop, elidable=False),
    ]
