
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('school', '0002_requisites'),
    ]

    operations = [
        migrations.CreateModel(
            name='SkippedStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, unique=True)),
                ('reason', models.CharField(max_length=200, verbose_name='why it is not needed')),
                ('skipped_at', models.DateTimeField()),
                ('skipped_by_id', models.BigIntegerField(null=True)),
                ('skipped_by_name', models.CharField(blank=True, max_length=150)),
            ],
        ),
    ]
