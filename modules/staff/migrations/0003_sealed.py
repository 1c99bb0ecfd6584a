"""Numbers, phones, addresses and diplomas of the staff are closed with the school's own key."""

import django.core.validators
import kernel.db.sealed
from django.db import migrations, models

# What stands in the columns in plain text is not carried over (decision 0023): a demo is filled anew. Nothing is lost silently.
EMPTY = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM staff_employee) THEN
    RAISE EXCEPTION 'people of the release before stand in plain text: fill anew (make clean-demo demo)';
  END IF;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0002_roster'),
    ]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='employee',
            name='staff_iin_once',
        ),
        migrations.AlterField(
            model_name='education',
            name='diploma',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=60, verbose_name='diploma No.'),
        ),
        migrations.AlterField(
            model_name='employee',
            name='address',
            field=kernel.db.sealed.SealedTextField(blank=True, db_default='', max_length=250, verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='employee',
            name='email',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=254, validators=[django.core.validators.EmailValidator()], verbose_name='e-mail'),
        ),
        migrations.AlterField(
            model_name='employee',
            name='iin',
            field=kernel.db.sealed.SealedTextField(blank=True, findable=True, max_length=12, verbose_name='IIN'),
        ),
        migrations.AlterField(
            model_name='employee',
            name='phone',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=16, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='employee',
            name='second_phone',
            field=kernel.db.sealed.SealedTextField(blank=True, db_default='', max_length=16, verbose_name='second phone'),
        ),
        migrations.AddConstraint(
            model_name='employee',
            constraint=models.UniqueConstraint(kernel.db.sealed.Digest('iin'), condition=models.Q(('iin', ''), _negated=True), name='staff_iin_once'),
        ),
    ]
