from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0003_ties'),
    ]

    operations = [
        migrations.AddField(
            model_name='importbatch',
            name='told',
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.CreateModel(
            name='RememberedWord',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('importer', models.CharField(max_length=40)),
                ('column', models.CharField(max_length=40)),
                ('said', models.CharField(max_length=120)),
                ('means', models.CharField(max_length=200)),
                ('used_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('importer', 'column', 'said'), name='imports_word_once')],
            },
        ),
    ]
