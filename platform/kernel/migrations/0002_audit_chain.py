"""Each row of the security log carries the hash of the one before it; the log's own role may not change rows."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kernel_audit_digest(row_ kernel_auditentry) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(concat_ws('|', row_.previous_hash, row_.id, extract(epoch FROM row_.at)::numeric(20,6),
    coalesce(row_.actor_id::text, ''), row_.actor_name, row_.action, row_.outcome, row_.object_type, row_.object_id,
    row_.address, coalesce(row_.session_id::text, ''), row_.request_id, row_.details::text), 'UTF8')), 'hex')
$$;
CREATE FUNCTION kernel_audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- One writer at a time, so that every row has exactly one before it.
  PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_SCHEMA || '.kernel_auditentry'));
  SELECT hash INTO NEW.previous_hash FROM kernel_auditentry ORDER BY id DESC LIMIT 1;
  NEW.previous_hash := coalesce(NEW.previous_hash, '');
  NEW.id := nextval(pg_get_serial_sequence(TG_TABLE_SCHEMA || '.kernel_auditentry', 'id'));
  NEW.hash := kernel_audit_digest(NEW);
  RETURN NEW;
END
$$;
CREATE TRIGGER kernel_audit_chain BEFORE INSERT ON kernel_auditentry FOR EACH ROW EXECUTE FUNCTION kernel_audit_chain();
"""
BACKWARD = """
DROP TRIGGER kernel_audit_chain ON kernel_auditentry;
DROP FUNCTION kernel_audit_chain();
DROP FUNCTION kernel_audit_digest(kernel_auditentry);
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
