"""A meeting weighs a programme's own criteria too, and a run says that the programme was changed."""

import mentornet.programmes.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0011_five_more'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='meetingrun',
            name='matching_meetingrun_cause',
        ),
        migrations.AddField(
            model_name='matchingmeeting',
            name='own_weights',
            field=models.JSONField(blank=True, default=dict, validators=[mentornet.programmes.validators.check_own_weights], verbose_name='weights of own criteria'),
        ),
        migrations.AlterField(
            model_name='meetingrun',
            name='cause',
            field=models.CharField(choices=[('first', 'The meeting began'), ('lock', 'A pair was locked'), ('forbid', 'A pair was ruled out'), ('lift', 'A lock or a prohibition was lifted'), ('settings', 'The weights or the floor were changed'), ('decision', 'A decision was made or taken back'), ('sent', 'Proposals were sent'), ('data', 'What is known of people has changed'), ('programme', 'The programme was changed')], max_length=10, verbose_name='why'),
        ),
        migrations.AddConstraint(
            model_name='meetingrun',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['first', 'lock', 'forbid', 'lift', 'settings', 'decision', 'sent', 'data', 'programme'])), name='matching_meetingrun_cause'),
        ),
    ]
