"""How far the security log has left by each feed; and a digest in which no field can be taken for another."""

from django.db import migrations, models

DIGEST = """
CREATE OR REPLACE FUNCTION kernel_audit_digest(row_ kernel_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(jsonb_build_array(row_.previous_hash, row_.id,
    extract(epoch FROM row_.at)::numeric(20,6), row_.actor_id, row_.actor_name, row_.action, row_.outcome,
    row_.object_type, row_.object_id, row_.address, row_.session_id, row_.request_id, row_.details)::text, 'UTF8')), 'hex')
$$;
"""
DIGEST_BEFORE = """
CREATE OR REPLACE FUNCTION kernel_audit_digest(row_ kernel_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws('|', row_.previous_hash, row_.id, extract(epoch FROM row_.at)::numeric(20,6),
    coalesce(row_.actor_id::text, ''), row_.actor_name, row_.action, row_.outcome, row_.object_type, row_.object_id,
    row_.address, coalesce(row_.session_id::text, ''), row_.request_id, row_.details::text), 'UTF8')), 'hex')
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0004_no_handled_events")]

    operations = [
        migrations.CreateModel(
            name="FeedPosition",
            fields=[
                ("feed", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("position", models.BigIntegerField(default=0)),
                ("moved_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=100)),
            ],
        ),
        migrations.RunSQL(DIGEST, DIGEST_BEFORE),
    ]
