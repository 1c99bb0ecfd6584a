"""Recordings beside cells: the file itself is among the school's files."""

import django.db.models.deletion
import django.db.models.functions.datetime
import kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('journal', '0010_proof'),
        ('schedule', '0017_turns_of_cards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Voice',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('pupil_id', models.UUIDField(db_index=True)),
                ('kind', models.CharField(choices=[('fo', 'FO'), ('sor', 'SOR'), ('soch', 'SOCH')], max_length=4)),
                ('file_id', models.UUIDField(editable=False)),
                ('seconds', models.PositiveSmallIntegerField(verbose_name='seconds')),
                ('set_by', models.BigIntegerField()),
                ('set_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('lesson', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='schedule.lesson')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('lesson', 'pupil_id', 'kind'), name='journal_one_voice_a_cell'), models.CheckConstraint(condition=models.Q(('seconds__gte', 1), ('seconds__lte', 60)), name='journal_voice_is_short')],
            },
        ),
    ]
