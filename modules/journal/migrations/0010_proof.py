"""Another reason for the same mark of a period leaves a line too: what was said for a mark is part of its history."""

from django.db import migrations

_FUNCTION = """
CREATE OR REPLACE FUNCTION journal_periodmark_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO journal_markevent (at, action, field, lesson_id, course_id, period_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'insert', 'final', NULL, n.course_id, n.period_id, n.pupil_id, NULL, n.final::text,
           n.version, n.set_by, n.set_session, n.operation_id, n.reason, 'product'
    FROM new_rows n;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO journal_markevent (at, action, field, lesson_id, course_id, period_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'update', 'final', NULL, n.course_id, n.period_id, n.pupil_id, o.final::text,
           n.final::text, n.version,
           CASE WHEN s.signed THEN n.set_by END, CASE WHEN s.signed THEN n.set_session END,
           CASE WHEN s.signed THEN n.operation_id END, CASE WHEN s.signed THEN n.reason ELSE '' END,
           CASE WHEN s.signed THEN 'product' ELSE 'sql' END
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    CROSS JOIN LATERAL (SELECT n.operation_id IS NOT NULL AND n.operation_id IS DISTINCT FROM o.operation_id AS signed) s
    WHERE n.final IS DISTINCT FROM o.final OR n.pupil_id <> o.pupil_id {reason}
       OR (n.course_id, n.period_id) IS DISTINCT FROM (o.course_id, o.period_id);
  ELSE
    INSERT INTO journal_markevent (at, action, field, lesson_id, course_id, period_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'delete', 'final', NULL, o.course_id, o.period_id, o.pupil_id, o.final::text, NULL,
           o.version, NULL, NULL, NULL, '', 'sql'
    FROM old_rows o;
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0005_reports")]
    operations = [
        migrations.RunSQL(
            _FUNCTION.format(reason="OR n.reason <> o.reason"), _FUNCTION.format(reason="")
        )
    ]
