from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def forget_warnings(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Going back: the version before knows no tasks of this kind."""
    tasks = apps.get_model("agenda", "Task").objects.using(schema_editor.connection.alias)
    tasks.filter(kind__in=("retention",)).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("agenda", "0009_second_person_kinds"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="task",
            name="agenda_task_kind",
        ),
        migrations.AlterField(
            model_name="task",
            name="kind",
            field=models.CharField(
                choices=[
                    ("interview", "Interview"),
                    ("decide", "Decide on an application"),
                    ("promise", "Keep a promise"),
                    ("call_for_answer", "Call for an answer"),
                    ("meet_first", "A first meeting"),
                    ("after_meeting", "Ask both after the meeting"),
                    ("proposal_ended", "A proposal came to nothing"),
                    ("not_met", "Matched, not met"),
                    ("question", "Answer a question"),
                    ("import", "An import to finish"),
                    ("wish", "A participant asks for something"),
                    ("return", "Ask whether she is back"),
                    ("changed", "A profile changed during a proposal"),
                    ("corrected", "A participant has corrected her profile"),
                    ("paused", "A pair has paused"),
                    ("to_end", "A pair wants to end"),
                    ("contact_person", "Call a contact person"),
                    ("apart_proposed", "Must not meet: an open proposal"),
                    ("apart_paired", "Must not meet: a partnership"),
                    ("no_consent", "Agrees no longer"),
                    ("protect", "Asks to be protected"),
                    ("reveal", "A second person is asked for"),
                    ("revealed", "A protected person was revealed"),
                    ("retention", "Whose time is over soon"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "interview",
                            "decide",
                            "promise",
                            "call_for_answer",
                            "meet_first",
                            "after_meeting",
                            "proposal_ended",
                            "not_met",
                            "question",
                            "import",
                            "wish",
                            "return",
                            "changed",
                            "corrected",
                            "paused",
                            "to_end",
                            "contact_person",
                            "apart_proposed",
                            "apart_paired",
                            "no_consent",
                            "protect",
                            "reveal",
                            "revealed",
                            "retention",
                        ],
                    )
                ),
                name="agenda_task_kind",
            ),
        ),
        # The last of these, and so the first on the way back, before the old constraint holds again.
        migrations.RunPython(migrations.RunPython.noop, forget_warnings),
    ]
