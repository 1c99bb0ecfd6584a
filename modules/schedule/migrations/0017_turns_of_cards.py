from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('schedule', '0016_rooms_and_wishes'),
    ]

    operations = [
        migrations.AddField(
            model_name='card',
            name='weeks',
            field=models.CharField(choices=[('every', 'every week'), ('odd', 'odd weeks'), ('even', 'even weeks')], db_default='every', default='every', max_length=5, verbose_name='weeks'),
        ),
        migrations.AddField(
            model_name='timetable',
            name='version',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='timetable',
            name='changed_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
    ]
