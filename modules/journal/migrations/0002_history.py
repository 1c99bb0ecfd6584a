"""Every change of a mark, an absence or a period mark leaves a line, whoever makes it and by whatever statement.

Statement triggers with transition tables: a bulk change costs one INSERT … SELECT. Whoever changes a row without a
new operation id went past the product: the line then names nobody and says source = 'sql'.
"""

from django.db import migrations

_BODY = """
CREATE FUNCTION journal_{table}_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO journal_markevent (at, action, field, lesson_id, course_id, period_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'insert', {field_n}, {place_n}, n.pupil_id, NULL, n.{value}::text, n.version,
           n.set_by, n.set_session, n.operation_id, n.reason, 'product'
    FROM new_rows n;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO journal_markevent (at, action, field, lesson_id, course_id, period_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'update', {field_n}, {place_n}, n.pupil_id, o.{value}::text, n.{value}::text, n.version,
           CASE WHEN s.signed THEN n.set_by END, CASE WHEN s.signed THEN n.set_session END,
           CASE WHEN s.signed THEN n.operation_id END, CASE WHEN s.signed THEN n.reason ELSE '' END,
           CASE WHEN s.signed THEN 'product' ELSE 'sql' END
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    CROSS JOIN LATERAL (SELECT n.operation_id IS NOT NULL AND n.operation_id IS DISTINCT FROM o.operation_id AS signed) s
    WHERE n.{value} IS DISTINCT FROM o.{value} OR n.pupil_id <> o.pupil_id OR ({place_n}) IS DISTINCT FROM ({place_o});
  ELSE
    INSERT INTO journal_markevent (at, action, field, lesson_id, course_id, period_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'delete', {field_o}, {place_o}, o.pupil_id, o.{value}::text, NULL, o.version,
           NULL, NULL, NULL, '', 'sql'
    FROM old_rows o;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_{table}_history_insert AFTER INSERT ON journal_{table}
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_{table}_history();
CREATE TRIGGER journal_{table}_history_update AFTER UPDATE ON journal_{table}
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_{table}_history();
CREATE TRIGGER journal_{table}_history_delete AFTER DELETE ON journal_{table}
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_{table}_history();
"""
_DROP = """
DROP TRIGGER journal_{table}_history_insert ON journal_{table};
DROP TRIGGER journal_{table}_history_update ON journal_{table};
DROP TRIGGER journal_{table}_history_delete ON journal_{table};
DROP FUNCTION journal_{table}_history();
"""
_LESSON = "{row}.lesson_id, NULL::uuid, NULL::uuid"
_PERIOD = "NULL::uuid, {row}.course_id, {row}.period_id"


def _sql(table: str, value: str, field: str, place: str) -> str:
    return _BODY.format(
        table=table,
        value=value,
        field_n=field.format(row="n"),
        field_o=field.format(row="o"),
        place_n=place.format(row="n"),
        place_o=place.format(row="o"),
    )


FORWARD = (
    _sql("mark", "points", "{row}.kind", _LESSON)
    + _sql("absence", "code", "'absence'", _LESSON)
    + _sql("periodmark", "final", "'final'", _PERIOD)
)
BACKWARD = "".join(_DROP.format(table=table) for table in ("periodmark", "absence", "mark"))


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
