"""Columns for the chain. Rows that stand are sealed afterwards by the worker, in batches, not here."""

from __future__ import annotations

import mentornet.audit.chain
import mentornet.audit.models
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Head',
            fields=[
                ('id', models.PositiveSmallIntegerField(default=1, editable=False, primary_key=True, serialize=False)),
                ('sealed', models.PositiveBigIntegerField(default=0, verbose_name='sealed entries')),
                ('seal', models.CharField(default='', max_length=64, verbose_name='last seal')),
                ('adopted_through', models.PositiveBigIntegerField(default=0, verbose_name='last entry before the chain')),
                ('mark', models.CharField(max_length=400, verbose_name='signature')),
                ('sealed_at', models.DateTimeField(null=True, verbose_name='last sealed')),
            ],
            options={
                'verbose_name': "head of the audit's chain",
                'verbose_name_plural': "heads of the audit's chain",
            },
        ),
        # Rows that stand all get the same number here, and one of their own when they are sealed.
        migrations.AddField(
            model_name='entry',
            name='nonce',
            field=models.CharField(default=mentornet.audit.chain.new_nonce, editable=False, max_length=32, verbose_name='random number'),
        ),
        migrations.AddField(
            model_name='entry',
            name='commitment',
            field=mentornet.audit.models.CommitmentField(default='', editable=False, max_length=64, verbose_name='hash'),
        ),
        migrations.AddField(
            model_name='entry',
            name='position',
            field=models.PositiveBigIntegerField(editable=False, null=True, unique=True, verbose_name='place in the chain'),
        ),
        migrations.AddField(
            model_name='entry',
            name='redaction',
            field=models.PositiveIntegerField(editable=False, null=True, verbose_name='emptied by erasure number'),
        ),
        migrations.AddField(
            model_name='entry',
            name='seal',
            field=models.CharField(default='', editable=False, max_length=64, verbose_name='seal'),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('position', None)), fields=['id'], name='audit_entry_unsealed'),
        ),
        migrations.AddConstraint(
            model_name='head',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='audit_head_one'),
        ),
    ]
