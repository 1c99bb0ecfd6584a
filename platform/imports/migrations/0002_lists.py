
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='importbatch',
            name='left_out',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='remembered_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='importbatch',
            name='taken',
            field=models.JSONField(default=list),
        ),
        migrations.CreateModel(
            name='Repair',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('column', models.CharField(max_length=40)),
                ('code', models.CharField(blank=True, max_length=40)),
                ('before', models.JSONField()),
                ('created_at', models.DateTimeField()),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='repairs', to='imports.importbatch')),
            ],
            options={
                'indexes': [models.Index(fields=['batch', '-id'], name='imports_repair_newest')],
            },
        ),
    ]
