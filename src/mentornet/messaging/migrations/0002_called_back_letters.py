"""Letters that were called back are not tried again; letters that a dead worker held may have arrived."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Q


def note_lost_attempts(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the letters that a dead worker held.

    They were given up as interrupted; or they are back in the queue with an attempt counted and nothing told of it,
    which nothing else leaves behind.
    """
    recovered = Q(state="queued", attempts__gt=0, problem="")
    letters = apps.get_model("messaging", "Letter").objects
    letters.filter(Q(problem="interrupted") | recovered).update(may_have_arrived=True)


class Migration(migrations.Migration):
    """Both columns begin empty; what is known of the second is filled in."""

    dependencies = [("messaging", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="letter",
            name="is_called_back",
            field=models.BooleanField(default=False, verbose_name="called back"),
        ),
        migrations.AddField(
            model_name="letter",
            name="may_have_arrived",
            field=models.BooleanField(default=False, verbose_name="she may have got it"),
        ),
        migrations.RunPython(note_lost_attempts, migrations.RunPython.noop, elidable=True),
    ]
