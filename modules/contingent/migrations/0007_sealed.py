"""Numbers, documents, health, phones and addresses of people are closed with the school's own key."""

import django.core.validators
import kernel.db.sealed
from django.db import migrations, models

# What stands in the columns in plain text is not carried over (decision 0023): a demo is filled anew. Nothing is lost silently.
EMPTY = """
DO $$ BEGIN
  IF EXISTS (SELECT FROM contingent_pupil) THEN
    RAISE EXCEPTION 'people of the release before stand in plain text: fill anew (make clean-demo demo)';
  END IF;
END $$
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contingent', '0006_history_planned_anew'),
    ]

    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='guardian',
            name='contingent_guardian_iin_once',
        ),
        migrations.RemoveConstraint(
            model_name='pupil',
            name='contingent_iin_once',
        ),
        migrations.AlterField(
            model_name='guardian',
            name='email',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=254, validators=[django.core.validators.EmailValidator()], verbose_name='e-mail'),
        ),
        migrations.AlterField(
            model_name='guardian',
            name='iin',
            field=kernel.db.sealed.SealedTextField(blank=True, findable=True, max_length=12, verbose_name='IIN'),
        ),
        migrations.AlterField(
            model_name='guardian',
            name='phone',
            field=kernel.db.sealed.SealedTextField(blank=True, findable=True, max_length=16, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='guardian',
            name='second_phone',
            field=kernel.db.sealed.SealedTextField(blank=True, db_default='', default='', max_length=16, verbose_name='second phone'),
        ),
        migrations.AlterField(
            model_name='healthgroup',
            name='advice',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=300, verbose_name='recommendations'),
        ),
        migrations.AlterField(
            model_name='healthgroup',
            name='ground',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=200, verbose_name='ground'),
        ),
        migrations.AlterField(
            model_name='healthnote',
            name='action',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=300, verbose_name='what the class teacher must know and do'),
        ),
        migrations.AlterField(
            model_name='healthnote',
            name='ground',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=200, verbose_name='ground'),
        ),
        migrations.AlterField(
            model_name='healthnote',
            name='name',
            field=kernel.db.sealed.SealedTextField(max_length=200, verbose_name='what it is'),
        ),
        migrations.AlterField(
            model_name='homeschooling',
            name='paper_number',
            field=kernel.db.sealed.SealedTextField(max_length=40, verbose_name='conclusion No.'),
        ),
        migrations.AlterField(
            model_name='pupil',
            name='address',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=250, verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='pupil',
            name='iin',
            field=kernel.db.sealed.SealedTextField(blank=True, findable=True, max_length=12, verbose_name='IIN'),
        ),
        migrations.AlterField(
            model_name='pupil',
            name='phone',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=16, verbose_name='phone'),
        ),
        migrations.AlterField(
            model_name='pupiladdress',
            name='text',
            field=kernel.db.sealed.SealedTextField(max_length=250, verbose_name='address'),
        ),
        migrations.AlterField(
            model_name='pupildocument',
            name='number',
            field=kernel.db.sealed.SealedTextField(max_length=30, verbose_name='number'),
        ),
        migrations.AlterField(
            model_name='pupildocument',
            name='series',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=10, verbose_name='series'),
        ),
        migrations.AlterField(
            model_name='pupilstatus',
            name='ground',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=200, verbose_name='ground'),
        ),
        migrations.AlterField(
            model_name='sightban',
            name='ground',
            field=kernel.db.sealed.SealedTextField(max_length=300, verbose_name='ground'),
        ),
        migrations.AlterField(
            model_name='sightban',
            name='lifted_ground',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=300, verbose_name='ground of lifting'),
        ),
        migrations.AlterField(
            model_name='specialneed',
            name='advice',
            field=kernel.db.sealed.SealedTextField(blank=True, max_length=500, verbose_name='recommendations'),
        ),
        migrations.AlterField(
            model_name='specialneed',
            name='paper_number',
            field=kernel.db.sealed.SealedTextField(max_length=40, verbose_name='conclusion No.'),
        ),
        migrations.AddIndex(
            model_name='guardian',
            index=models.Index(kernel.db.sealed.Digest('phone'), condition=models.Q(('phone', ''), _negated=True), name='contingent_guardian_phone'),
        ),
        migrations.AddConstraint(
            model_name='guardian',
            constraint=models.UniqueConstraint(kernel.db.sealed.Digest('iin'), condition=models.Q(('iin', ''), _negated=True), name='contingent_guardian_iin_once'),
        ),
        migrations.AddConstraint(
            model_name='pupil',
            constraint=models.UniqueConstraint(kernel.db.sealed.Digest('iin'), condition=models.Q(models.Q(('iin', ''), _negated=True), ('removed_at', None)), name='contingent_iin_once'),
        ),
    ]
