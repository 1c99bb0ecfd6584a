"""Phones of accounts are closed with the tenant's own key."""

import kernel.db.sealed
from django.db import migrations, models

# What stands in the columns in plain text is not carried over (decision 0023): a demo is filled anew. Nothing is lost silently.
EMPTY = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM identity_user WHERE phone <> '' OR phone_wanted <> '') THEN
    RAISE EXCEPTION 'people of the release before stand in plain text: fill anew (make clean-demo demo)';
  END IF;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0003_phone_wanted'),
    ]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.RemoveIndex(
            model_name='user',
            name='identity_user_phone',
        ),
        migrations.RemoveIndex(
            model_name='user',
            name='identity_user_wanted',
        ),
        migrations.AlterField(
            model_name='user',
            name='phone',
            field=kernel.db.sealed.SealedTextField(blank=True, by_ending=True, findable=True, max_length=16, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='user',
            name='phone_wanted',
            field=kernel.db.sealed.SealedTextField(blank=True, by_ending=True, db_default='', default='', findable=True, max_length=16),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(kernel.db.sealed.Digest('phone'), condition=models.Q(('phone', ''), _negated=True), name='identity_user_phone'),
        ),
        migrations.AddIndex(
            model_name='user',
            index=models.Index(kernel.db.sealed.Digest('phone_wanted'), condition=models.Q(('phone_wanted', ''), _negated=True), name='identity_user_wanted'),
        ),
    ]
