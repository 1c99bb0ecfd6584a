"""The place of the week from which a lesson was moved names that lesson."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schedule', '0009_day_wishes'),
    ]

    operations = [
        migrations.AddField(
            model_name='lesson',
            name='moved_to',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='left', to='schedule.lesson'),
        ),
        migrations.AddIndex(
            model_name='lesson',
            index=models.Index(condition=models.Q(('moved_to__isnull', False)), fields=['moved_to'], name='schedule_lesson_left'),
        ),
        migrations.AddConstraint(
            model_name='lesson',
            constraint=models.CheckConstraint(condition=models.Q(('moved_to', None), ('state', 'cancelled'), _connector='OR'), name='schedule_left_is_cancelled'),
        ),
    ]
