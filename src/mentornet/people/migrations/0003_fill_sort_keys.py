from itertools import islice

from django.db import migrations

from mentornet.common.ordering import name_key

_AT_ONCE = 2_000


def fill_sort_keys(apps, schema_editor):
    """Give everybody the key that the services write with a name from now on.

    The key is made by the program's own function, so that it is the same as that of names written later. Keys stay as
    they were made: whoever changes ``name_key`` adds a migration that fills them anew, as this one does.
    """
    connection = schema_editor.connection
    Person = apps.get_model('people', 'Person')
    column = Person._meta.get_field('sort_key').get_db_prep_save
    key = Person._meta.pk.get_db_prep_save
    rows = (
        (column(name_key(first, last), connection), key(pk, connection))
        for pk, first, last in list(Person.objects.values_list('pk', 'first_name', 'last_name'))
    )
    with connection.cursor() as cursor:
        while some := list(islice(rows, _AT_ONCE)):
            cursor.executemany('UPDATE people_person SET sort_key = %s WHERE id = %s', some)


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_person_sort_key'),
    ]

    operations = [
        # Backwards nothing: the column goes with the migration before.
        migrations.RunPython(fill_sort_keys, migrations.RunPython.noop),
    ]
