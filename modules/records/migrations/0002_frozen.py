"""Numbers of the book stay as they were given, and an issued certificate says what it said: whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION records_alphabet_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'an entry of the alphabetical book is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER records_alphabet_frozen BEFORE UPDATE OR DELETE ON records_alphabetentry
  FOR EACH ROW EXECUTE FUNCTION records_alphabet_frozen();

CREATE FUNCTION records_certificate_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a certificate is never deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.number IS NOT NULL AND (
      to_jsonb(NEW) - '{state,closed_on,closed_by_name,reason}'::text[]
        <> to_jsonb(OLD) - '{state,closed_on,closed_by_name,reason}'::text[]
      OR (OLD.state, NEW.state) NOT IN (('issued', 'issued'), ('issued', 'withdrawn'), ('withdrawn', 'withdrawn'))) THEN
    RAISE EXCEPTION 'an issued certificate is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER records_certificate_frozen BEFORE UPDATE OR DELETE ON records_certificate
  FOR EACH ROW EXECUTE FUNCTION records_certificate_frozen();
"""
BACKWARD = """
DROP TRIGGER records_certificate_frozen ON records_certificate;
DROP FUNCTION records_certificate_frozen();
DROP TRIGGER records_alphabet_frozen ON records_alphabetentry;
DROP FUNCTION records_alphabet_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
