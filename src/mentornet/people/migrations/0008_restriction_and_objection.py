import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0007_protected_person"),
    ]

    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(verbose_name="made")),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("ranking", "being put in an order by the program"),
                            ("statistics", "being counted in figures"),
                            ("news", "letters that are not needed"),
                        ],
                        max_length=10,
                        verbose_name="what she objects to",
                    ),
                ),
                ("noted_by", models.CharField(max_length=60, verbose_name="by")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["ranking", "statistics", "news"])),
                        name="people_objection_purpose",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("purpose", "person"),
                        name="people_objection_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Restriction",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
                ("restricted_by", models.CharField(max_length=60, verbose_name="by")),
                ("lifts_on", models.DateField(blank=True, null=True, verbose_name="ends")),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="lifted")),
                ("lifted_by", models.CharField(blank=True, max_length=60, verbose_name="lifted by")),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="restrictions",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "restriction",
                "verbose_name_plural": "restrictions",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="people_restriction_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lifted_at__isnull", True), ("lifted_by", "")),
                            models.Q(("lifted_at__isnull", False), models.Q(("lifted_by", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="people_restriction_lifted",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("lifted_at__isnull", True)),
                        fields=("person",),
                        name="people_restriction_once",
                    ),
                ],
            },
        ),
    ]
