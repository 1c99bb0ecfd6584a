"""An approved plan stays as it was approved, with its lines: whoever asks."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION plans_plan_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state IN ('approved', 'replaced') THEN
    IF TG_OP = 'DELETE' THEN
      RAISE EXCEPTION 'an approved plan is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF to_jsonb(NEW) - '{state,is_shared}'::text[] <> to_jsonb(OLD) - '{state,is_shared}'::text[]
        OR (OLD.state, NEW.state) NOT IN (('approved', 'approved'), ('approved', 'replaced'), ('replaced', 'replaced')) THEN
      RAISE EXCEPTION 'an approved plan is never changed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER plans_plan_frozen BEFORE UPDATE OR DELETE ON plans_plan
  FOR EACH ROW EXECUTE FUNCTION plans_plan_frozen();

CREATE FUNCTION plans_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM plans_plan p WHERE p.state IN ('approved', 'replaced')
      AND p.id IN (COALESCE(NEW.plan_id, OLD.plan_id), COALESCE(OLD.plan_id, NEW.plan_id))) THEN
    RAISE EXCEPTION 'lines of an approved plan are never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER plans_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON plans_line
  FOR EACH ROW EXECUTE FUNCTION plans_line_frozen();
"""
BACKWARD = """
DROP TRIGGER plans_line_frozen ON plans_line;
DROP FUNCTION plans_line_frozen();
DROP TRIGGER plans_plan_frozen ON plans_plan;
DROP FUNCTION plans_plan_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
