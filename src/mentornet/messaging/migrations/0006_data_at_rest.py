from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def forget_rest(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Going back: the version before knows of no data at rest; it says that she does not want such letters."""
    letters = apps.get_model("messaging", "Letter").objects.using(schema_editor.connection.alias)
    letters.filter(problem="restricted").update(problem="unwanted")


class Migration(migrations.Migration):
    dependencies = [
        ("messaging", "0005_trial_letters"),
    ]

    operations = [
        migrations.AlterField(
            model_name="letter",
            name="problem",
            field=models.CharField(
                blank=True,
                choices=[
                    ("no_address", "There is no e-mail address. Call instead, or add an address and send it again."),
                    (
                        "no_phone",
                        "She wants text messages, and there is no telephone number. Add one and send it again.",
                    ),
                    ("no_texts", "She wants text messages, and this installation cannot send any. Call her instead."),
                    ("calls", "She wants to be called, and nothing is to be written to her. Call her and tell her."),
                    ("refused", "The mail server refused the address. Check how it is spelled, and send it again."),
                    (
                        "number",
                        "No text message can be sent to this number. Check how it is written, and send it again.",
                    ),
                    ("server", "The mail server did not take the letter. Tell whoever looks after the program."),
                    (
                        "text_server",
                        "The provider of text messages did not take the message. Tell whoever looks after the program.",
                    ),
                    (
                        "unanswered",
                        "The provider of text messages did not say whether it took the message. She may have got it; ask her.",
                    ),
                    ("broken", "The letter could not be written. Tell whoever looks after the program."),
                    ("interrupted", "The program stopped while sending. She may have got the letter; ask her."),
                    ("unwanted", "She has said no to letters of this kind. Call her if it matters."),
                    (
                        "restricted",
                        "Her data rest: she is written to about nothing but what she has asked. Call her if it matters.",
                    ),
                    (
                        "gone",
                        "What the letter was to lead to was no longer open, so it was not sent. Nothing is left to do.",
                    ),
                    (
                        "late",
                        "The code in it was no longer good when it could leave, so it was not sent. She can ask again.",
                    ),
                ],
                max_length=12,
                verbose_name="what went wrong",
            ),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_rest),
    ]
