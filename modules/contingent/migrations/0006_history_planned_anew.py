"""The history of cards is planned anew for each statement.

PostgreSQL keeps the plan of a function's query. Made when one guardian was changed, or while the table of ties was thought
to be empty, it compared the rows over and over, all with all: a change of a thousand took seconds, once more than a
minute. Now each statement is planned for as many rows as it has, and a row is compared once.
"""

from django.db import migrations

CARD = """
CREATE OR REPLACE FUNCTION contingent_card_history() RETURNS trigger LANGUAGE plpgsql AS $$
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
    EXECUTE $q$
      INSERT INTO contingent_cardchange (at, pupil_id, part, row_id, action, changes, author_id, author_name)
      SELECT clock_timestamp(), coalesce(j.r ->> 'pupil_id', j.r ->> 'id')::uuid, $1, (j.r ->> $2)::uuid,
             'changed', c, $4, $5
      FROM new_rows n JOIN old_rows o ON o.id = n.id,
      LATERAL (SELECT to_jsonb(n) AS r) j,
      contingent_card_changes(to_jsonb(o), j.r, $3) c WHERE c IS NOT NULL
    $q$ USING part, named, fields, author, author_name;
  ELSE
    INSERT INTO contingent_cardchange (at, pupil_id, part, row_id, action, changes, author_id, author_name)
    SELECT clock_timestamp(), (o.r ->> 'pupil_id')::uuid, part, (o.r ->> named)::uuid, 'removed', c, author, author_name
    FROM (SELECT to_jsonb(old_rows) AS r FROM old_rows) o, contingent_card_changes(o.r, '{}', fields) c;
  END IF;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION contingent_guardian_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE $q$
    WITH changed AS MATERIALIZED (
      SELECT n.id, c FROM new_rows n JOIN old_rows o ON o.id = n.id,
      contingent_card_changes(to_jsonb(o), to_jsonb(n), $1) c WHERE c IS NOT NULL
    )
    INSERT INTO contingent_cardchange (at, pupil_id, part, row_id, action, changes, author_id, author_name)
    SELECT clock_timestamp(), tie.pupil_id, 'guardian', changed.id, 'changed', changed.c,
           nullif(current_setting('mektep.author_id', true), '')::bigint,
           coalesce(current_setting('mektep.author_name', true), '')
    FROM changed JOIN contingent_guardianship tie ON tie.guardian_id = changed.id
  $q$ USING string_to_array(TG_ARGV[0], ' ');
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("contingent", "0005_class_room"),
    ]

    operations = [
        # What was there before writes the same lines, only slower.
        migrations.RunSQL(CARD, migrations.RunSQL.noop),
    ]
