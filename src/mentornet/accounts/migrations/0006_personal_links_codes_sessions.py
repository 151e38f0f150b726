"""Personal links, one-time codes, a list of signed-in browsers; and users who have a telephone and no e-mail address."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


def give_addresses(apps, _schema_editor):
    """Give who has no e-mail address one that leads nowhere, on the way back to where everybody has one."""
    user = apps.get_model("accounts", "User")
    for one in user.objects.filter(email__isnull=True).iterator():
        one.email = f"{one.pk}@nobody.invalid"
        one.save(update_fields=["email"])


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0005_any_language'),
    ]

    operations = [
        migrations.CreateModel(
            name='OneTimeCode',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('purpose', models.CharField(choices=[('draft', 'go on with an application'), ('status', 'see how an application stands'), ('interview', 'choose a time for a talk'), ('confirm', 'read and correct what is written'), ('proposal', 'answer a proposal'), ('partnership', 'a partnership'), ('return', 'come back after a rest'), ('sign_in', 'sign in')], max_length=12, verbose_name='for')),
                ('subject', models.CharField(blank=True, max_length=100, verbose_name='opens')),
                ('recipient', models.CharField(blank=True, max_length=60, verbose_name='to')),
                ('salt', models.CharField(editable=False, max_length=32)),
                ('expires_at', models.DateTimeField(verbose_name='until')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='used')),
            ],
            options={
                'verbose_name': 'one-time code',
                'verbose_name_plural': 'one-time codes',
            },
        ),
        migrations.CreateModel(
            name='PersonalLink',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('purpose', models.CharField(choices=[('draft', 'go on with an application'), ('status', 'see how an application stands'), ('interview', 'choose a time for a talk'), ('confirm', 'read and correct what is written'), ('proposal', 'answer a proposal'), ('partnership', 'a partnership'), ('return', 'come back after a rest'), ('sign_in', 'sign in')], max_length=12, verbose_name='for')),
                ('subject', models.CharField(max_length=100, verbose_name='opens')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('person_key', models.CharField(blank=True, max_length=60, verbose_name='of')),
                ('language', models.CharField(blank=True, max_length=10, verbose_name='language')),
                ('expires_at', models.DateTimeField(verbose_name='until')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('first_opened_at', models.DateTimeField(blank=True, null=True, verbose_name='first opened')),
            ],
            options={
                'verbose_name': 'personal link',
                'verbose_name_plural': 'personal links',
            },
        ),
        migrations.CreateModel(
            name='SignInSession',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(verbose_name='made')),
                ('session_key', models.CharField(editable=False, max_length=40, unique=True)),
                ('door', models.CharField(choices=[('staff', 'for staff'), ('portal', 'for participants')], max_length=6, verbose_name='signed in')),
                ('seen_at', models.DateTimeField(verbose_name='last used')),
                ('browser', models.CharField(blank=True, max_length=60, verbose_name='browser')),
            ],
            options={
                'verbose_name': 'signed-in browser',
                'verbose_name_plural': 'signed-in browsers',
            },
        ),
        migrations.AddField(
            model_name='user',
            name='phone',
            field=models.CharField(blank=True, max_length=30, verbose_name='telephone'),
        ),
        migrations.AlterField(
            model_name='user',
            name='email',
            field=models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name='e-mail address'),
        ),
        migrations.RunPython(migrations.RunPython.noop, give_addresses),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email__isnull', False), models.Q(('email', ''), _negated=True)), models.Q(('phone', ''), _negated=True), _connector='OR'), name='accounts_user_reachable', violation_error_message='Give an e-mail address or a telephone number.'),
        ),
        migrations.AddIndex(
            model_name='onetimecode',
            index=models.Index(fields=['recipient', 'created_at'], name='accounts_code_recipient'),
        ),
        migrations.AddIndex(
            model_name='onetimecode',
            index=models.Index(fields=['expires_at'], name='accounts_code_expiry'),
        ),
        migrations.AddConstraint(
            model_name='onetimecode',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['draft', 'status', 'interview', 'confirm', 'proposal', 'partnership', 'return', 'sign_in'])), name='accounts_onetimecode_purpose'),
        ),
        migrations.AddIndex(
            model_name='personallink',
            index=models.Index(fields=['purpose', 'subject'], name='accounts_link_subject'),
        ),
        migrations.AddIndex(
            model_name='personallink',
            index=models.Index(fields=['person_key'], name='accounts_link_person'),
        ),
        migrations.AddIndex(
            model_name='personallink',
            index=models.Index(fields=['expires_at'], name='accounts_link_expiry'),
        ),
        migrations.AddConstraint(
            model_name='personallink',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['draft', 'status', 'interview', 'confirm', 'proposal', 'partnership', 'return', 'sign_in'])), name='accounts_personallink_purpose'),
        ),
        migrations.AddField(
            model_name='signinsession',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_in_sessions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddIndex(
            model_name='signinsession',
            index=models.Index(fields=['seen_at'], name='accounts_session_seen'),
        ),
        migrations.AddConstraint(
            model_name='signinsession',
            constraint=models.CheckConstraint(condition=models.Q(('door__in', ['staff', 'portal'])), name='accounts_signinsession_door'),
        ),
    ]
