"""Signatures, and the certificates in them, are closed with the tenant's own key."""

import kernel.db.sealed
from django.db import migrations

# What stands in the columns in plain text is not carried over (decision 0023): a demo is filled anew. Nothing is lost silently.
EMPTY = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM documents_signature WHERE cms IS NOT NULL) THEN
    RAISE EXCEPTION 'signatures of the release before stand in plain text: fill anew (make clean-demo demo)';
  END IF;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0004_phone'),
    ]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='signature',
            name='cms',
            field=kernel.db.sealed.SealedBytesField(null=True),
        ),
    ]
