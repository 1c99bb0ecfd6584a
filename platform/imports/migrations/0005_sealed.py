"""What files said of people, and what loads did, is closed with the tenant's own key."""

import kernel.db.sealed
from django.db import migrations, models

# What stands in the columns in plain text is not carried over (decision 0023): a demo is filled anew. Nothing is lost silently.
EMPTY = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM imports_importbatch) THEN
    RAISE EXCEPTION 'people of the release before stand in plain text: fill anew (make clean-demo demo)';
  END IF;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('imports', '0004_words'),
    ]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='importrow',
            name='codes',
            field=models.JSONField(default=list),
        ),
        migrations.AlterField(
            model_name='importbatch',
            name='told',
            field=kernel.db.sealed.SealedJSONField(default=list),
        ),
        migrations.AlterField(
            model_name='importchange',
            name='after',
            field=kernel.db.sealed.SealedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='importchange',
            name='before',
            field=kernel.db.sealed.SealedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='decisions',
            field=kernel.db.sealed.SealedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='parsed',
            field=kernel.db.sealed.SealedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='problems',
            field=kernel.db.sealed.SealedJSONField(default=list),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='raw',
            field=kernel.db.sealed.SealedJSONField(),
        ),
        migrations.AlterField(
            model_name='importrow',
            name='ties',
            field=kernel.db.sealed.SealedJSONField(null=True),
        ),
        migrations.AlterField(
            model_name='repair',
            name='before',
            field=kernel.db.sealed.SealedJSONField(),
        ),
    ]
