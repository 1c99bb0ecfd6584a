"""Words beside a cell, kept in the history as marks are: the trigger is that of 0002 with another table.

The history's columns grow to hold words; a longer varchar rewrites no table.
"""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import kernel.ids
import modules.journal.data

TRIGGER = """
CREATE FUNCTION journal_comment_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO journal_markevent (at, action, field, lesson_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'insert', 'comment-' || n.kind, n.lesson_id, n.pupil_id, NULL, n.text, n.version,
           n.set_by, n.set_session, n.operation_id, n.reason, 'product'
    FROM new_rows n;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO journal_markevent (at, action, field, lesson_id, pupil_id, old, new, version,
                                   by_user, by_session, operation_id, reason, source)
    SELECT clock_timestamp(), 'update', 'comment-' || n.kind, n.lesson_id, n.pupil_id, o.text, n.text, n.version,
           CASE WHEN s.signed THEN n.set_by END, CASE WHEN s.signed THEN n.set_session END,
           CASE WHEN s.signed THEN n.operation_id END, CASE WHEN s.signed THEN n.reason ELSE '' END,
           CASE WHEN s.signed THEN 'product' ELSE 'sql' END
    FROM new_rows n JOIN old_rows o ON o.id = n.id
    CROSS JOIN LATERAL (SELECT n.operation_id IS NOT NULL AND n.operation_id IS DISTINCT FROM o.operation_id AS signed) s
    WHERE n.text IS DISTINCT FROM o.text OR (n.pupil_id, n.lesson_id, n.kind) <> (o.pupil_id, o.lesson_id, o.kind);
  ELSE
    INSERT INTO journal_markevent (at, action, field, lesson_id, pupil_id, old, new, version, reason, source)
    SELECT clock_timestamp(), 'delete', 'comment-' || o.kind, o.lesson_id, o.pupil_id, o.text, NULL, o.version, '', 'sql'
    FROM old_rows o;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER journal_comment_history_insert AFTER INSERT ON journal_comment
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_comment_history();
CREATE TRIGGER journal_comment_history_update AFTER UPDATE ON journal_comment
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_comment_history();
CREATE TRIGGER journal_comment_history_delete AFTER DELETE ON journal_comment
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION journal_comment_history();
"""
BACKWARD = """
DROP TRIGGER journal_comment_history_insert ON journal_comment;
DROP TRIGGER journal_comment_history_update ON journal_comment;
DROP TRIGGER journal_comment_history_delete ON journal_comment;
DROP FUNCTION journal_comment_history();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_sheets"), ("schedule", "0009_day_wishes")]

    operations = [
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("version", models.PositiveIntegerField(default=1)),
                ("set_by", models.BigIntegerField(null=True)),
                ("set_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("set_session", models.BigIntegerField(null=True)),
                ("operation_id", models.UUIDField(null=True)),
                ("reason", models.CharField(blank=True, db_default="", default="", max_length=300)),
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
                            ("fo", modules.journal.data.KIND_LABELS["fo"]),
                            ("sor", modules.journal.data.KIND_LABELS["sor"]),
                            ("soch", modules.journal.data.KIND_LABELS["soch"]),
                        ],
                        max_length=4,
                    ),
                ),
                ("text", models.CharField(max_length=500, null=True)),
                (
                    "lesson",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="schedule.lesson",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lesson", "pupil_id", "kind"), name="journal_one_comment_a_cell"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", None), ("text__regex", "\\S"), _connector="OR"),
                        name="journal_comment_says_something",
                    ),
                ],
            },
        ),
        migrations.AlterField("markevent", "field", models.CharField(max_length=12)),
        migrations.AlterField("markevent", "old", models.CharField(max_length=500, null=True)),
        migrations.AlterField("markevent", "new", models.CharField(max_length=500, null=True)),
        migrations.RunSQL(TRIGGER, BACKWARD),
    ]
