from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0004_faster_lists'),
    ]

    operations = [
        # After the keys have been filled: an index that stands before is written once more with each of them. It may
        # be there already, since an earlier 0002 made it.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    'CREATE INDEX IF NOT EXISTS people_person_order ON people_person (sort_key, id)',
                    'DROP INDEX IF EXISTS people_person_order',
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name='person',
                    index=models.Index(fields=['sort_key', 'id'], name='people_person_order'),
                ),
            ],
        ),
    ]
