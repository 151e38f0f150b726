import django.db.models.deletion
import uuid
from django.db import migrations, models


def forget_words_for_acts(apps, schema_editor):
    """Going back: the version before knows a second person's word for looking and for lifting alone."""
    reveals = apps.get_model('people', 'Reveal').objects.using(schema_editor.connection.alias)
    reveals.filter(kind__in=('copy', 'erase')).delete()


class Migration(migrations.Migration):

    dependencies = [
        ('divisions', '0007_who_gave_a_role'),
        ('people', '0008_restriction_and_objection'),
    ]

    operations = [
        migrations.CreateModel(
            name='WrittenReach',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='former e-mail address')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='former telephone')),
                ('written_by', models.CharField(max_length=60, verbose_name='by')),
            ],
            options={
                'verbose_name': 'address written anew',
                'verbose_name_plural': 'addresses written anew',
            },
        ),
        migrations.RemoveConstraint(
            model_name='reveal',
            name='people_reveal_kind',
        ),
        migrations.AddField(
            model_name='protectedidentity',
            name='reach_written_at',
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='reveal',
            name='used_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='done'),
        ),
        migrations.AlterField(
            model_name='reveal',
            name='kind',
            field=models.CharField(choices=[('see', 'to see who she is'), ('copy', 'to make a copy of all that is kept of her'), ('erase', 'to erase her for good'), ('lift', 'to lift her protection')], max_length=5, verbose_name='what for'),
        ),
        migrations.AddConstraint(
            model_name='reveal',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['see', 'copy', 'erase', 'lift'])), name='people_reveal_kind'),
        ),
        migrations.AddField(
            model_name='writtenreach',
            name='person',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='written_reaches', to='people.person', verbose_name='person'),
        ),
        migrations.AddIndex(
            model_name='writtenreach',
            index=models.Index(fields=['person', 'created_at'], name='people_writtenreach_newest'),
        ),
        migrations.AddConstraint(
            model_name='writtenreach',
            constraint=models.CheckConstraint(condition=models.Q(('written_by', ''), _negated=True), name='people_writtenreach_by'),
        ),
        # The last of these, and so the first on the way back, before the old constraint holds again.
        migrations.RunPython(migrations.RunPython.noop, forget_words_for_acts),
    ]
