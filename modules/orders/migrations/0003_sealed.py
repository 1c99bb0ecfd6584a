"""What forms of orders ask of people is closed with the school's own key."""

import kernel.db.sealed
from django.db import migrations

# What stands in the columns in plain text is not carried over (decision 0023): a demo is filled anew. Nothing is lost silently.
EMPTY = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM orders_order) THEN
    RAISE EXCEPTION 'people of the release before stand in plain text: fill anew (make clean-demo demo)';
  END IF;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0002_frozen'),
    ]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='order',
            name='values',
            field=kernel.db.sealed.SealedJSONField(default=dict),
        ),
        migrations.AlterField(
            model_name='orderline',
            name='values',
            field=kernel.db.sealed.SealedJSONField(default=dict),
        ),
    ]
