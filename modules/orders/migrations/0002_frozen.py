"""A signed order stays as it was signed, whoever asks: only its state may still change, from signed to cancelled."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION orders_order_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF OLD.state <> 'draft' THEN
      RAISE EXCEPTION 'a signed order is never deleted' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
  END IF;
  IF OLD.state <> 'draft' AND (
      to_jsonb(NEW) - 'state' - 'changed_at' <> to_jsonb(OLD) - 'state' - 'changed_at'
      OR (OLD.state, NEW.state) NOT IN (('signed', 'signed'), ('signed', 'cancelled'), ('cancelled', 'cancelled'))) THEN
    RAISE EXCEPTION 'a signed order is never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER orders_order_frozen BEFORE UPDATE OR DELETE ON orders_order
  FOR EACH ROW EXECUTE FUNCTION orders_order_frozen();

CREATE FUNCTION orders_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM orders_order o WHERE o.state <> 'draft'
             AND o.id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.order_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.order_id END)) THEN
    RAISE EXCEPTION 'the lines of a signed order are never changed' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER orders_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON orders_orderline
  FOR EACH ROW EXECUTE FUNCTION orders_line_frozen();

CREATE FUNCTION orders_template_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a version of a template is never changed' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER orders_template_frozen BEFORE UPDATE OR DELETE ON orders_ordertemplate
  FOR EACH ROW EXECUTE FUNCTION orders_template_frozen();
"""
BACKWARD = """
DROP TRIGGER orders_template_frozen ON orders_ordertemplate;
DROP FUNCTION orders_template_frozen();
DROP TRIGGER orders_line_frozen ON orders_orderline;
DROP FUNCTION orders_line_frozen();
DROP TRIGGER orders_order_frozen ON orders_order;
DROP FUNCTION orders_order_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
