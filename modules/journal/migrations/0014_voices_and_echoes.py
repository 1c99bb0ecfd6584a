"""Recordings have a history as words beside a cell have (the trigger is that of 0008 with another table), and an operation
that changed nothing is remembered.
"""

import django.db.models.functions.datetime
from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION journal_voice_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO journal_markevent (at, action, field, lesson_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'insert', 'voice-' || n.kind, n.lesson_id, n.pupil_id, NULL, n.seconds::text, n.version,
           n.set_by, n.set_session, n.operation_id, '', 'product'
    FROM new_rows n;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO journal_markevent (at, action, field, lesson_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'update', 'voice-' || n.kind, n.lesson_id, n.pupil_id, o.seconds::text, n.seconds::text,
           n.version, CASE WHEN s.signed THEN n.set_by END, CASE WHEN s.signed THEN n.set_session END,
           CASE WHEN s.signed THEN n.operation_id END, '', CASE WHEN s.signed THEN 'product' ELSE 'sql' END
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    CROSS JOIN LATERAL (SELECT n.operation_id IS NOT NULL AND n.operation_id IS DISTINCT FROM o.operation_id AS signed) s
    WHERE n.file_id IS DISTINCT FROM o.file_id OR n.seconds IS DISTINCT FROM o.seconds
       OR (n.pupil_id, n.lesson_id, n.kind) <> (o.pupil_id, o.lesson_id, o.kind);
  ELSE
    INSERT INTO journal_markevent (at, action, field, lesson_id, pupil_id, old, new, version, reason, source)
    SELECT clock_timestamp(), 'delete', 'voice-' || o.kind, o.lesson_id, o.pupil_id, o.seconds::text, NULL, o.version, '',
           'sql'
    FROM old_rows o;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_voice_history_insert AFTER INSERT ON journal_voice
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_voice_history();
CREATE TRIGGER journal_voice_history_update AFTER UPDATE ON journal_voice
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_voice_history();
CREATE TRIGGER journal_voice_history_delete AFTER DELETE ON journal_voice
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_voice_history();
"""
BACKWARD = """
DROP TRIGGER journal_voice_history_insert ON journal_voice;
DROP TRIGGER journal_voice_history_update ON journal_voice;
DROP TRIGGER journal_voice_history_delete ON journal_voice;
DROP FUNCTION journal_voice_history();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0013_conclusions")]

    operations = [
        migrations.AddField("voice", "version", models.PositiveIntegerField(db_default=1, default=1)),
        migrations.AddField("voice", "set_session", models.BigIntegerField(null=True)),
        migrations.AddField("voice", "operation_id", models.UUIDField(null=True)),
        migrations.AlterField("voice", "file_id", models.UUIDField(editable=False, null=True)),
        migrations.AlterField(
            "voice", "seconds", models.PositiveSmallIntegerField(null=True, verbose_name="seconds")
        ),
        migrations.AddConstraint(
            "voice",
            models.CheckConstraint(
                condition=models.Q(file_id=None, seconds=None)
                | models.Q(file_id__isnull=False, seconds__isnull=False),
                name="journal_voice_whole_or_gone",
            ),
        ),
        migrations.RunSQL(TRIGGER, BACKWARD),
        migrations.CreateModel(
            name="IdleOperation",
            fields=[
                ("operation_id", models.UUIDField(primary_key=True, serialize=False)),
                (
                    "at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
            ],
        ),
    ]
