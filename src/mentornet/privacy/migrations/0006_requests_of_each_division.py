from django.db import migrations, models


class Migration(migrations.Migration):
    """One open request of a kind for each division that was asked, not one for all of them.

    Going back is refused by the database while somebody has one open in two divisions: answer one of them first.
    """

    dependencies = [("privacy", "0005_what_was_emptied")]

    operations = [
        migrations.RemoveConstraint(model_name="request", name="privacy_request_open"),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                name="privacy_request_open_here",
                fields=["person", "division", "kind"],
                condition=models.Q(closed_at__isnull=True),
            ),
        ),
    ]
