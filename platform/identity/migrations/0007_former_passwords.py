"""Hashes of earlier passwords, so that they do not come again."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0006_visits'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerPassword',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('password', models.CharField(max_length=128)),
                ('until', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='former_passwords', to='identity.user')),
            ],
            options={
                'indexes': [models.Index(fields=['user', '-id'], name='identity_former_of_user')],
            },
        ),
    ]
