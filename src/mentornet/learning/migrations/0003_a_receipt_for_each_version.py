"""A receipt for each version of a chapter, and whether whoever gave it knew that her coordinators see it."""

from django.db import migrations, models


def keep_the_latest(apps, schema_editor):
    """Back to one receipt for a chapter: the latest stays."""
    receipts = apps.get_model("learning", "ReadReceipt").objects.using(schema_editor.connection.alias)
    kept = set()
    for one in receipts.order_by("-read_at", "-pk"):
        if (one.chapter_id, one.person_id) in kept:
            one.delete()
        kept.add((one.chapter_id, one.person_id))


class Migration(migrations.Migration):
    dependencies = [
        ("learning", "0002_progress_and_who_came_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="readreceipt",
            name="is_told",
            field=models.BooleanField(default=False, verbose_name="seen by the office"),
        ),
        migrations.RemoveConstraint(model_name="readreceipt", name="learning_readreceipt_once"),
        migrations.AddConstraint(
            model_name="readreceipt",
            constraint=models.UniqueConstraint(
                fields=("chapter", "person", "language", "number"), name="learning_readreceipt_version"
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, keep_the_latest),
    ]
