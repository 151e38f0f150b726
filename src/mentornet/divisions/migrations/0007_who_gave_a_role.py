from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("divisions", "0006_hidden_people"),
    ]

    operations = [
        migrations.AddField(
            model_name="staffrole",
            name="given_by",
            field=models.CharField(blank=True, default="", editable=False, max_length=60, verbose_name="given by"),
        ),
    ]
