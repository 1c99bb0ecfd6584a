"""Exams in the calendar; the dates of a period before its last change."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schedule', '0014_moved_lessons'),
    ]

    operations = [
        migrations.AddField(
            model_name='period',
            name='was_end',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='period',
            name='was_order_date',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='period',
            name='was_order_number',
            field=models.CharField(blank=True, db_default='', editable=False, max_length=40),
        ),
        migrations.AddField(
            model_name='period',
            name='was_start',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='specialdays',
            name='kind',
            field=models.CharField(choices=[('public', 'public holiday'), ('holidays', 'holidays of pupils'), ('frost', 'frost or bad weather'), ('quarantine', 'quarantine'), ('other', 'other days without lessons'), ('moved', 'school day moved to another date'), ('short', 'shortened lessons'), ('exams', 'exams')], max_length=12),
        ),
    ]
