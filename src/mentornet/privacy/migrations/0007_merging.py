import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0010_own_criteria"),
        ("privacy", "0006_requests_of_each_division"),
    ]

    operations = [
        migrations.CreateModel(
            name="Merge",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("gone_id", models.UUIDField(verbose_name="the other row")),
                ("gone_user_id", models.UUIDField(blank=True, null=True, verbose_name="the other sign-in")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("merged_by", models.CharField(max_length=60, verbose_name="by")),
                ("author_name", models.CharField(max_length=150, verbose_name="author’s name")),
                ("undo_until", models.DateField(verbose_name="can be undone until")),
                ("steps", models.JSONField(blank=True, default=list, editable=False)),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="undone")),
                ("undone_by", models.CharField(blank=True, max_length=60, verbose_name="undone by")),
                ("undone_name", models.CharField(blank=True, max_length=150, verbose_name="undone by")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="people.person",
                        verbose_name="kept",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge of two rows",
                "verbose_name_plural": "merges of two rows",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="privacy_merge_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("undone_at__isnull", True), ("undone_by", "")),
                            models.Q(("undone_at__isnull", False), models.Q(("undone_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="privacy_merge_undone",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)), fields=("gone_id",), name="privacy_merge_once"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NotTheSame",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("noted_by", models.CharField(max_length=60, verbose_name="by")),
                ("author_name", models.CharField(max_length=150, verbose_name="author’s name")),
                (
                    "one",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="one",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.person",
                        verbose_name="the other",
                    ),
                ),
            ],
            options={
                "verbose_name": "two who are not one",
                "verbose_name_plural": "two who are not one",
                "constraints": [
                    models.UniqueConstraint(fields=("one", "other"), name="privacy_notthesame_once"),
                    models.CheckConstraint(
                        condition=models.Q(("one__lt", models.F("other"))), name="privacy_notthesame_order"
                    ),
                ],
            },
        ),
    ]
