"""Every file has a key of its own, which stands in its row sealed."""

import kernel.db.sealed
from django.db import migrations

# What lies in plain bytes is not carried over (decision 0023): a demo is filled anew. Nothing is lost silently.
EMPTY = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM kernel_storedfile) THEN
    RAISE EXCEPTION 'files of the release before lie in plain bytes: fill anew (make clean-demo demo)';
  END IF;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("kernel", "0005_feeds"),
    ]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="storedfile",
            name="key",
            field=kernel.db.sealed.SealedTextField(default="", max_length=44),
            preserve_default=False,
        ),
    ]
