import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0007_who_gave_a_role"),
        ("people", "0009_who_was_told_and_for_what"),
        ("privacy", "0003_oversight"),
    ]

    operations = [
        migrations.CreateModel(
            name="Demand",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("asked_on", models.DateField(verbose_name="on which day")),
                ("asked_by", models.CharField(max_length=200, verbose_name="who asked")),
                ("asked", models.TextField(max_length=2000, verbose_name="what they wanted")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("refused", "Refused: nothing was handed out"),
                            ("ordered", "Handed out, as a court has ordered it"),
                            ("waits", "Not answered yet"),
                        ],
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                ("answer_words", models.TextField(blank=True, max_length=2000, verbose_name="what they were told")),
                ("written_by", models.CharField(max_length=60, verbose_name="written by")),
                ("author_name", models.CharField(max_length=150, verbose_name="written by")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="division",
                    ),
                ),
            ],
            options={
                "verbose_name": "demand for a list",
                "verbose_name_plural": "demands for lists",
                "indexes": [models.Index(fields=["division", "asked_on"], name="privacy_demand_when")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["refused", "ordered", "waits"])),
                        name="privacy_demand_answer",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Disclosure",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(verbose_name="made")),
                ("told_on", models.DateField(verbose_name="on which day")),
                ("told_to", models.CharField(max_length=200, verbose_name="who was told")),
                ("told", models.TextField(max_length=2000, verbose_name="what was told")),
                ("reason", models.CharField(max_length=500, verbose_name="why")),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("consent", "She has agreed to it"),
                            ("vital", "Her life or health was at stake"),
                            ("law", "The law demands it"),
                            ("contract", "It is needed for what she has asked us to do"),
                            ("interest", "We had a good reason that weighs more than hers"),
                        ],
                        max_length=10,
                        verbose_name="on which ground",
                    ),
                ),
                (
                    "held_back_reason",
                    models.CharField(blank=True, max_length=500, verbose_name="why she does not read it yet"),
                ),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="look again on")),
                ("written_by", models.CharField(max_length=60, verbose_name="written by")),
                ("author_name", models.CharField(max_length=150, verbose_name="written by")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="division",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disclosures",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "disclosure",
                "verbose_name_plural": "disclosures",
                "indexes": [models.Index(fields=["division", "told_on"], name="privacy_disclosure_when")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ground__in", ["consent", "vital", "law", "contract", "interest"])),
                        name="privacy_disclosure_ground",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("held_back_reason", ""), ("review_on__isnull", True)),
                            models.Q(models.Q(("held_back_reason", ""), _negated=True), ("review_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="privacy_disclosure_held_back",
                        violation_error_message="Give both: why she does not read it yet, and when you look again.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(verbose_name="made")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("access", "a copy of what is kept"),
                            ("correction", "a correction"),
                            ("restriction", "to let her data rest"),
                            ("objection", "to stop using her data for something"),
                            ("erasure", "to be forgotten"),
                            ("withdrawal", "to take back what she agreed to"),
                        ],
                        max_length=12,
                        verbose_name="what she asks for",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("portal", "on her own page"),
                            ("letter", "by letter or mail"),
                            ("telephone", "by telephone"),
                            ("in_person", "face to face"),
                        ],
                        max_length=10,
                        verbose_name="how it came",
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=4000, verbose_name="in her words")),
                ("received_on", models.DateField(verbose_name="received")),
                ("due_on", models.DateField(verbose_name="answer by")),
                ("extended_on", models.DateField(blank=True, null=True, verbose_name="given more time")),
                ("extension_reason", models.CharField(blank=True, max_length=500, verbose_name="why it takes longer")),
                ("taken_by", models.CharField(max_length=60, verbose_name="taken down by")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("done", "It was done"),
                            ("refused", "It was refused"),
                            ("taken_back", "She has taken it back"),
                        ],
                        max_length=10,
                        verbose_name="what came of it",
                    ),
                ),
                ("answer", models.TextField(blank=True, max_length=4000, verbose_name="what she is told")),
                ("closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed")),
                ("closed_by", models.CharField(blank=True, max_length=60, verbose_name="closed by")),
                (
                    "division",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="divisions.division",
                        verbose_name="division",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="requests",
                        to="people.person",
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "request",
                "verbose_name_plural": "requests",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_at__isnull", True)), fields=["due_on"], name="privacy_request_due"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["access", "correction", "restriction", "objection", "erasure", "withdrawal"])
                        ),
                        name="privacy_request_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("way__in", ["portal", "letter", "telephone", "in_person"])),
                        name="privacy_request_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["", "done", "refused", "taken_back"])),
                        name="privacy_request_outcome",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("received_on"))), name="privacy_request_clock"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at__isnull", True), ("closed_by", ""), ("outcome", "")),
                            models.Q(
                                models.Q(("outcome", ""), _negated=True),
                                ("closed_at__isnull", False),
                                models.Q(("closed_by", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="privacy_request_closed",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("person", "kind"),
                        name="privacy_request_open",
                    ),
                ],
            },
        ),
    ]
