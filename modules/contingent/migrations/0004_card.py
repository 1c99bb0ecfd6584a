"""The lines of a pupil's card with their history, and bans to see a child in place of a bare mark.

Statement triggers with transition tables, as for marks: whoever changes a card, and by whatever statement, leaves a
line. Who it was is told by kernel.audit.sign; a line without an author went past the product.

The column may_see stays in the schema until a later release: schools that are served by the release before still read
it while the wave runs.
"""

import django.db.models.deletion
import kernel.ids
from django.db import migrations, models

FOLD = """
CREATE FUNCTION contingent_card_changes(before jsonb, after jsonb, fields text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(f, jsonb_build_array(before -> f, after -> f)) FROM unnest(fields) f
  WHERE coalesce(nullif(before -> f, 'null'), '""') <> coalesce(nullif(after -> f, 'null'), '""')
$$;
CREATE FUNCTION contingent_card_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  part text := TG_ARGV[0];
  named text := TG_ARGV[1];
  fields text[] := string_to_array(TG_ARGV[2], ' ');
  author bigint := nullif(current_setting('mektep.author_id', true), '')::bigint;
  author_name text := coalesce(current_setting('mektep.author_name', true), '');
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO contingent_cardchange (at, pupil_id, part, row_id, action, changes, author_id, author_name)
    SELECT clock_timestamp(), (n.r ->> 'pupil_id')::uuid, part, (n.r ->> named)::uuid, 'added', c, author, author_name
    FROM (SELECT to_jsonb(new_rows) AS r FROM new_rows) n, contingent_card_changes('{}', n.r, fields) c;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO contingent_cardchange (at, pupil_id, part, row_id, action, changes, author_id, author_name)
    SELECT clock_timestamp(), coalesce(n.r ->> 'pupil_id', n.r ->> 'id')::uuid, part, (n.r ->> named)::uuid,
           'changed', c, author, author_name
    FROM (SELECT id, to_jsonb(new_rows) AS r FROM new_rows) n
    JOIN (SELECT id, to_jsonb(old_rows) AS r FROM old_rows) o ON o.id = n.id,
    contingent_card_changes(o.r, n.r, fields) c WHERE c IS NOT NULL;
  ELSE
    INSERT INTO contingent_cardchange (at, pupil_id, part, row_id, action, changes, author_id, author_name)
    SELECT clock_timestamp(), (o.r ->> 'pupil_id')::uuid, part, (o.r ->> named)::uuid, 'removed', c, author, author_name
    FROM (SELECT to_jsonb(old_rows) AS r FROM old_rows) o, contingent_card_changes(o.r, '{}', fields) c;
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION contingent_guardian_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO contingent_cardchange (at, pupil_id, part, row_id, action, changes, author_id, author_name)
  SELECT clock_timestamp(), tie.pupil_id, 'guardian', n.id, 'changed', c,
         nullif(current_setting('mektep.author_id', true), '')::bigint,
         coalesce(current_setting('mektep.author_name', true), '')
  FROM (SELECT id, to_jsonb(new_rows) AS r FROM new_rows) n
  JOIN (SELECT id, to_jsonb(old_rows) AS r FROM old_rows) o ON o.id = n.id
  JOIN contingent_guardianship tie ON tie.guardian_id = n.id,
  contingent_card_changes(o.r, n.r, string_to_array(TG_ARGV[0], ' ')) c WHERE c IS NOT NULL;
  RETURN NULL;
END $$;
"""
PUPIL = "surname name patronymic iin sex birth_date birth_place nationality citizenship file_number address phone photo_id"
GUARDIAN = "surname name patronymic iin phone second_phone email work_place post language"
# Table: its part of the card, the column that names the line, the columns that are followed.
LINES = {
    "pupildocument": ("document", "id", "kind series number issued_by issued_date valid_until scan_id"),
    "pupiladdress": ("address", "id", "kind kato text distance_km since until"),
    "transport": ("transport", "id", "route stop since until ground"),
    "guardianship": ("tie", "guardian_id", "relation lives_together may_collect"),
    "sightban": ("ban", "guardian_id", "since until ground paper_id lifted_ground"),
    "pupilstatus": ("status", "id", "code since until ground"),
    "specialneed": ("need", "id", "paper_number paper_date issued_by programme advice since until"),
    "homeschooling": ("home", "id", "paper_number paper_date issued_by order_number order_date since until"),
    "healthgroup": ("health", "id", "group physical_education advice since until ground"),
    "healthnote": ("health_note", "id", "kind name action since until ground"),
}


def _trigger(table: str, verb: str, call: str) -> str:
    rows = {
        "insert": "NEW TABLE AS new_rows",
        "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "delete": "OLD TABLE AS old_rows",
    }[verb]
    return (
        f"CREATE TRIGGER contingent_{table}_{verb} AFTER {verb} ON contingent_{table} "
        f"REFERENCING {rows} FOR EACH STATEMENT EXECUTE FUNCTION {call};\n"
    )


FOLLOW = (
    FOLD
    + "".join(
        _trigger(table, verb, "contingent_card_history('{}', '{}', '{}')".format(*told))
        for table, told in LINES.items()
        for verb in ("insert", "update", "delete")
    )
    + _trigger("pupil", "update", f"contingent_card_history('pupil', 'id', '{PUPIL}')")
    + _trigger("guardian", "update", f"contingent_guardian_history('{GUARDIAN}')")
)
UNFOLLOW = """
DROP FUNCTION contingent_card_history() CASCADE;
DROP FUNCTION contingent_guardian_history() CASCADE;
DROP FUNCTION contingent_card_changes(jsonb, jsonb, text[]);
"""
CARRY_OVER = """
INSERT INTO contingent_sightban (id, pupil_id, guardian_id, since, until, ground, paper_id, lifted_ground)
SELECT gen_random_uuid(), pupil_id, guardian_id, current_date, NULL, '', NULL, '' FROM contingent_guardianship WHERE NOT may_see
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contingent', '0003_charges'),
    ]

    operations = [
        migrations.AddField(
            model_name='guardian',
            name='post',
            field=models.CharField(blank=True, default='', db_default='', max_length=120, verbose_name='post'),
        ),
        migrations.AddField(
            model_name='guardian',
            name='second_phone',
            field=models.CharField(blank=True, default='', db_default='', max_length=16, verbose_name='second phone'),
        ),
        migrations.AddField(
            model_name='guardian',
            name='work_place',
            field=models.CharField(blank=True, default='', db_default='', max_length=200, verbose_name='place of work'),
        ),
        migrations.AddField(
            model_name='guardianship',
            name='lives_together',
            field=models.BooleanField(db_default=True, default=True, verbose_name='lives with the child'),
        ),
        migrations.AddField(
            model_name='guardianship',
            name='may_collect',
            field=models.BooleanField(db_default=True, default=True, verbose_name='may collect the child'),
        ),
        migrations.AddField(
            model_name='pupil',
            name='birth_place',
            field=models.CharField(blank=True, default='', db_default='', max_length=200, verbose_name='place of birth'),
        ),
        migrations.AddField(
            model_name='pupil',
            name='photo_id',
            field=models.UUIDField(editable=False, null=True, verbose_name='photo'),
        ),
        migrations.CreateModel(
            name='CardChange',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('pupil_id', models.UUIDField()),
                ('part', models.CharField(max_length=12)),
                ('row_id', models.UUIDField()),
                ('action', models.CharField(choices=[('added', 'added'), ('changed', 'changed'), ('removed', 'removed')], max_length=8)),
                ('changes', models.JSONField()),
                ('author_id', models.BigIntegerField(null=True)),
                ('author_name', models.CharField(blank=True, max_length=150)),
            ],
            options={
                'indexes': [models.Index(fields=['pupil_id', '-id'], name='contingent_change_of_pupil')],
            },
        ),
        migrations.CreateModel(
            name='HealthGroup',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('group', models.PositiveSmallIntegerField(choices=[(1, 'I'), (2, 'II'), (3, 'III'), (4, 'IV'), (5, 'V')], verbose_name='health group')),
                ('physical_education', models.CharField(choices=[('basic', 'basic'), ('preparatory', 'preparatory'), ('special', 'special medical'), ('exempt', 'exempt')], max_length=12, verbose_name='physical education group')),
                ('advice', models.CharField(blank=True, max_length=300, verbose_name='recommendations')),
                ('since', models.DateField(verbose_name='from the day')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('ground', models.CharField(blank=True, max_length=200, verbose_name='ground')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='health_groups', to='contingent.pupil')),
            ],
            options={
                'verbose_name': 'health group',
                'verbose_name_plural': 'health groups',
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='contingent_health_term'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('pupil',), name='contingent_one_health'), models.CheckConstraint(condition=models.Q(('group__gte', 1), ('group__lte', 5)), name='contingent_group_1_to_5')],
            },
        ),
        migrations.CreateModel(
            name='HealthNote',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('allergy', 'allergy'), ('chronic', 'chronic illness'), ('disability', 'disability'), ('other', 'other')], max_length=12, verbose_name='kind')),
                ('name', models.CharField(max_length=200, verbose_name='what it is')),
                ('action', models.CharField(blank=True, max_length=300, verbose_name='what the class teacher must know and do')),
                ('since', models.DateField(verbose_name='from the day')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('ground', models.CharField(blank=True, max_length=200, verbose_name='ground')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='health_notes', to='contingent.pupil')),
            ],
            options={
                'verbose_name': 'health note',
                'verbose_name_plural': 'health notes',
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='contingent_note_term')],
            },
        ),
        migrations.CreateModel(
            name='HomeSchooling',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('paper_number', models.CharField(max_length=40, verbose_name='conclusion No.')),
                ('paper_date', models.DateField(verbose_name='date of the conclusion')),
                ('issued_by', models.CharField(blank=True, max_length=200, verbose_name='medical organisation')),
                ('order_number', models.CharField(blank=True, max_length=40, verbose_name='order No.')),
                ('order_date', models.DateField(blank=True, null=True, verbose_name='date of the order')),
                ('since', models.DateField(verbose_name='from the day')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='home_schoolings', to='contingent.pupil')),
            ],
            options={
                'verbose_name': 'schooling at home',
                'verbose_name_plural': 'schooling at home',
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='contingent_home_term'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('pupil',), name='contingent_one_home')],
            },
        ),
        migrations.CreateModel(
            name='PupilAddress',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('actual', 'where the child lives'), ('registered', 'where the child is registered')], max_length=10, verbose_name='kind')),
                ('kato', models.CharField(blank=True, max_length=9, verbose_name='district or city')),
                ('text', models.CharField(max_length=250, verbose_name='address')),
                ('distance_km', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='kilometres to the school')),
                ('since', models.DateField(verbose_name='from the day')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='contingent.pupil')),
            ],
            options={
                'verbose_name': 'address',
                'verbose_name_plural': 'addresses',
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='contingent_address_term'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('pupil', 'kind'), name='contingent_one_address')],
            },
        ),
        migrations.CreateModel(
            name='PupilDocument',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('birth_certificate', 'birth certificate'), ('id_card', 'identity card'), ('passport', 'passport'), ('residence_permit', 'residence permit'), ('stateless', 'certificate of a stateless person'), ('other', 'another document')], max_length=20, verbose_name='kind')),
                ('series', models.CharField(blank=True, max_length=10, verbose_name='series')),
                ('number', models.CharField(max_length=30, verbose_name='number')),
                ('issued_by', models.CharField(blank=True, max_length=200, verbose_name='issued by')),
                ('issued_date', models.DateField(blank=True, null=True, verbose_name='issued on')),
                ('valid_until', models.DateField(blank=True, null=True, verbose_name='valid until')),
                ('scan_id', models.UUIDField(editable=False, null=True, verbose_name='scan')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='contingent.pupil')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'constraints': [models.CheckConstraint(condition=models.Q(('valid_until', None), ('issued_date', None), ('valid_until__gte', models.F('issued_date')), _connector='OR'), name='contingent_document_term')],
            },
        ),
        migrations.CreateModel(
            name='SightBan',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('since', models.DateField(verbose_name='from the day')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('ground', models.CharField(max_length=300, verbose_name='ground')),
                ('paper_id', models.UUIDField(editable=False, null=True, verbose_name='scan')),
                ('lifted_ground', models.CharField(blank=True, max_length=300, verbose_name='ground of lifting')),
                ('guardian', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sight_bans', to='contingent.guardian')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sight_bans', to='contingent.pupil')),
            ],
            options={
                'verbose_name': 'ban to see the child',
                'verbose_name_plural': 'bans to see the child',
                'indexes': [models.Index(fields=['guardian', 'pupil'], name='contingent_ban_of_guardian')],
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='contingent_ban_term'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('pupil', 'guardian'), name='contingent_one_ban')],
            },
        ),
        migrations.CreateModel(
            name='SpecialNeed',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('paper_number', models.CharField(max_length=40, verbose_name='conclusion No.')),
                ('paper_date', models.DateField(verbose_name='date of the conclusion')),
                ('issued_by', models.CharField(blank=True, max_length=200, verbose_name='consultation')),
                ('programme', models.CharField(choices=[('general', 'general programme with support'), ('shortened', 'shortened programme'), ('individual', 'individual programme'), ('special', 'special programme')], max_length=12, verbose_name='programme')),
                ('advice', models.CharField(blank=True, max_length=500, verbose_name='recommendations')),
                ('since', models.DateField(verbose_name='from the day')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='special_needs', to='contingent.pupil')),
            ],
            options={
                'verbose_name': 'special needs',
                'verbose_name_plural': 'special needs',
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='contingent_need_term'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('pupil',), name='contingent_one_need')],
            },
        ),
        migrations.CreateModel(
            name='Transport',
            fields=[
                ('id', models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('route', models.CharField(max_length=80, verbose_name='route')),
                ('stop', models.CharField(blank=True, max_length=120, verbose_name='stop')),
                ('since', models.DateField(verbose_name='from the day')),
                ('until', models.DateField(blank=True, null=True, verbose_name='last day')),
                ('ground', models.CharField(blank=True, max_length=200, verbose_name='ground')),
                ('pupil', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='transports', to='contingent.pupil')),
            ],
            options={
                'verbose_name': 'school transport',
                'verbose_name_plural': 'school transport',
                'constraints': [models.CheckConstraint(condition=models.Q(('until', None), ('until__gte', models.F('since')), _connector='OR'), name='contingent_transport_term'), models.UniqueConstraint(condition=models.Q(('until', None)), fields=('pupil',), name='contingent_one_transport')],
            },
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField(model_name="guardianship", name="may_see")],
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE contingent_guardianship ALTER COLUMN may_see SET DEFAULT true",
                    migrations.RunSQL.noop,
                )
            ],
        ),
        migrations.RunSQL(FOLLOW, UNFOLLOW),
    ]
