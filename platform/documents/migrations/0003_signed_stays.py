"""A decided signature and the document under it stay as they are, whoever asks: a correction is another version."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION documents_signature_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'waiting' THEN
    RAISE EXCEPTION 'a decided signature is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER documents_signature_stays BEFORE UPDATE OR DELETE ON documents_signature
  FOR EACH ROW EXECUTE FUNCTION documents_signature_stays();

CREATE FUNCTION documents_frozen_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' OR EXISTS (SELECT 1 FROM documents_signature s WHERE s.document_id = OLD.id) THEN
    RAISE EXCEPTION 'a frozen document is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER documents_frozen_stays BEFORE UPDATE OR DELETE ON documents_frozendocument
  FOR EACH ROW EXECUTE FUNCTION documents_frozen_stays();
"""
BACKWARD = """
DROP TRIGGER documents_frozen_stays ON documents_frozendocument;
DROP FUNCTION documents_frozen_stays();
DROP TRIGGER documents_signature_stays ON documents_signature;
DROP FUNCTION documents_signature_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_signing")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
