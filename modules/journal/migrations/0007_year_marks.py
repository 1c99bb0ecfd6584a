"""Marks after the teaching of a year, with the history that the database itself writes of them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kernel.ids

_FIELDS = """INSERT INTO journal_markevent (at, action, field, lesson_id, course_id, period_id, pupil_id, old, new, version,
                                 by_user, by_session, operation_id, reason, source)
  SELECT clock_timestamp(),"""
FORWARD = f"""
CREATE FUNCTION journal_yearmark_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    {_FIELDS} 'insert', n.kind, NULL, n.course_id, NULL, n.pupil_id, NULL, n.mark, n.version,
           n.set_by, n.set_session, n.operation_id, '', 'product'
    FROM new_rows n;
  ELSIF TG_OP = 'UPDATE' THEN
    {_FIELDS} 'update', n.kind, NULL, n.course_id, NULL, n.pupil_id, o.mark, n.mark, n.version,
           CASE WHEN s.signed THEN n.set_by END, CASE WHEN s.signed THEN n.set_session END,
           CASE WHEN s.signed THEN n.operation_id END, '', CASE WHEN s.signed THEN 'product' ELSE 'sql' END
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    CROSS JOIN LATERAL (SELECT n.operation_id IS NOT NULL AND n.operation_id IS DISTINCT FROM o.operation_id AS signed) s
    WHERE (n.mark, n.pupil_id, n.kind, n.course_id) IS DISTINCT FROM (o.mark, o.pupil_id, o.kind, o.course_id);
  ELSE
    {_FIELDS} 'delete', o.kind, NULL, o.course_id, NULL, o.pupil_id, o.mark, NULL, o.version,
           NULL, NULL, NULL, '', 'sql'
    FROM old_rows o;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_yearmark_history_insert AFTER INSERT ON journal_yearmark
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_yearmark_history();
CREATE TRIGGER journal_yearmark_history_update AFTER UPDATE ON journal_yearmark
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_yearmark_history();
CREATE TRIGGER journal_yearmark_history_delete AFTER DELETE ON journal_yearmark
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_yearmark_history();
"""
BACKWARD = """
DROP TRIGGER journal_yearmark_history_insert ON journal_yearmark;
DROP TRIGGER journal_yearmark_history_update ON journal_yearmark;
DROP TRIGGER journal_yearmark_history_delete ON journal_yearmark;
DROP FUNCTION journal_yearmark_history();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0008_comments"),
        ("schedule", "0009_day_wishes"),
    ]
    operations = [
        migrations.CreateModel(
            name="YearMark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("pupil_id", models.UUIDField(db_index=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("exam", "exam"),
                            ("year", "summative assessment for the year"),
                            ("extra", "additional summative assessment"),
                        ],
                        max_length=5,
                    ),
                ),
                ("mark", models.CharField(max_length=1, null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                ("set_by", models.BigIntegerField(null=True)),
                ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("set_session", models.BigIntegerField(null=True)),
                ("operation_id", models.UUIDField(null=True)),
                (
                    "course",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schedule.course",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("course", "pupil_id", "kind"), name="journal_one_year_mark"
                    ),
                    models.CheckConstraint(
                        name="journal_year_mark_is_a_mark",
                        condition=models.Q(("mark", None), ("mark__in", ["2", "3", "4", "5"]), _connector="OR"),
                    ),
                    models.CheckConstraint(
                        name="journal_year_kind_known",
                        condition=models.Q(("kind__in", ["exam", "year", "extra"])),
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
