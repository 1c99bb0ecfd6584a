"""What the antivirus said of each file; those that wait for it are found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0007_view_ways'),
    ]

    operations = [
        migrations.AddField(
            model_name='storedfile',
            name='verdict',
            field=models.CharField(choices=[('ours', 'Ours'), ('unscanned', 'Unscanned'), ('waiting', 'Waiting'), ('clean', 'Clean'), ('infected', 'Infected')], db_default='unscanned', default='unscanned', max_length=10),
        ),
        migrations.AddIndex(
            model_name='storedfile',
            index=models.Index(condition=models.Q(('verdict', 'waiting')), fields=['created_at', 'id'], name='kernel_file_waiting'),
        ),
    ]
