"""What a meeting's run knows of places that are lent, and beside which run each decision was taken."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0009_waits_foretold"),
    ]

    operations = [
        migrations.AddField(
            model_name="matchingmeeting",
            name="act",
            field=models.CharField(
                choices=[("first", "The meeting began"), ("lock", "A pair was locked"), ("forbid", "A pair was ruled out"), ("lift", "A lock or a prohibition was lifted"), ("settings", "The weights or the floor were changed"), ("decided", "A decision was made"), ("rest", "All that was left was decided as the set has it"), ("taken_back", "A decision was taken back"), ("sent", "Proposals were sent"), ("data", "The best set was looked for anew"), ("closed", "The meeting was closed"), ("reopened", "The meeting was opened again")],
                default="first",
                max_length=10,
                verbose_name="last act",
            ),
        ),
        migrations.AddField(
            model_name="matchingmeeting",
            name="acted_by",
            field=models.CharField(blank=True, max_length=60, verbose_name="last act by"),
        ),
        migrations.AddField(
            model_name="matchingmeeting",
            name="actor_name",
            field=models.CharField(blank=True, max_length=150, verbose_name="name of whoever acted last"),
        ),
        migrations.AddField(
            model_name="meetingsnapshot",
            name="kept",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.AddField(
            model_name="meetingdecision",
            name="run",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="run"),
        ),
    ]
