import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('learning', '0001_initial'),
        ('people', '0006_how_she_may_be_reached'),
    ]

    operations = [
        migrations.AddField(
            model_name='attendance',
            name='brought_in',
            field=models.BooleanField(default=False, verbose_name='brought her into the bank'),
        ),
        migrations.CreateModel(
            name='ModuleProgress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('right', models.JSONField(blank=True, default=list, verbose_name='answered right')),
                ('changed_at', models.DateTimeField(verbose_name='last answered')),
                ('module', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='progress', to='learning.module')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='module_progress', to='people.person')),
            ],
            options={
                'verbose_name': 'progress in a module',
                'verbose_name_plural': 'progress in modules',
                'constraints': [models.UniqueConstraint(fields=('module', 'person'), name='learning_moduleprogress_once')],
            },
        ),
    ]
