from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def forget_officers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Going back: the version before knows no such role."""
    roles = apps.get_model("divisions", "StaffRole").objects.using(schema_editor.connection.alias)
    roles.filter(role="data_protection_officer").delete()


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0004_office_address"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="staffrole",
            name="divisions_staffrole_place",
        ),
        migrations.AlterField(
            model_name="staffrole",
            name="role",
            field=models.CharField(
                choices=[
                    ("coordinator", "coordinator"),
                    ("division_lead", "division lead"),
                    ("national_lead", "national lead"),
                    ("administrator", "administrator"),
                    ("data_protection_officer", "data-protection officer"),
                ],
                max_length=30,
                verbose_name="role",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffrole",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("division__isnull", False), ("role__in", ("coordinator", "division_lead"))),
                    models.Q(
                        ("division__isnull", True),
                        ("role__in", ("national_lead", "administrator", "data_protection_officer")),
                    ),
                    _connector="OR",
                ),
                name="divisions_staffrole_place",
                violation_error_message="Coordinators and division leads have a division, the others have none.",
            ),
        ),
        # The last of these, and so the first on the way back, before the old constraint holds again.
        migrations.RunPython(migrations.RunPython.noop, forget_officers),
    ]
