"""Who sees what of the post: both ends see the cover, the receiver alone the sealed bytes, a third tenant nothing.

Policies ask `current_user`, which no statement of the tenant can forge: its role is member of nothing.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE public.tenants_publickey ADD CONSTRAINT tenants_key_length
  CHECK (octet_length(sealing) = 32 AND octet_length(signing) = 32);
ALTER TABLE public.tenants_envelopecontent ADD CONSTRAINT tenants_sealed_length
  CHECK (octet_length(sealed) BETWEEN 16384 AND 1049600);
CREATE INDEX tenants_envelope_sender ON public.tenants_envelope (sender_id);

ALTER TABLE public.tenants_publickey ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_publickey FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody_reads ON public.tenants_publickey FOR SELECT USING (true);
CREATE POLICY own_adds ON public.tenants_publickey FOR INSERT
  WITH CHECK (tenant_id = (SELECT public.tenants_me()));

ALTER TABLE public.tenants_envelope ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_envelope FORCE ROW LEVEL SECURITY;
CREATE POLICY both_ends_see ON public.tenants_envelope FOR SELECT
  USING ((SELECT public.tenants_me()) IN (sender_id, receiver_id));
CREATE POLICY both_ends_remove ON public.tenants_envelope FOR DELETE
  USING ((SELECT public.tenants_me()) IN (sender_id, receiver_id));
CREATE POLICY sender_posts ON public.tenants_envelope FOR INSERT
  WITH CHECK (sender_id = (SELECT public.tenants_me()) AND receiver_id <> sender_id);

ALTER TABLE public.tenants_envelopecontent ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_envelopecontent FORCE ROW LEVEL SECURITY;
CREATE POLICY receiver_fetches ON public.tenants_envelopecontent FOR SELECT
  USING (EXISTS (SELECT 1 FROM public.tenants_envelope e
                 WHERE e.id = envelope_id AND e.receiver_id = (SELECT public.tenants_me())));
CREATE POLICY sender_posts ON public.tenants_envelopecontent FOR INSERT
  WITH CHECK (EXISTS (SELECT 1 FROM public.tenants_envelope e
                      WHERE e.id = envelope_id AND e.sender_id = (SELECT public.tenants_me())));

-- The owner of the tables removes contents and counts; policies are forced on it too where it is no superuser.
CREATE POLICY keeper ON public.tenants_publickey TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY keeper ON public.tenants_envelope TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY keeper ON public.tenants_envelopecontent TO CURRENT_USER USING (true) WITH CHECK (true);

CREATE FUNCTION public.tenants_envelope_gone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  DELETE FROM public.tenants_envelopecontent WHERE envelope_id = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER tenants_envelope_gone AFTER DELETE ON public.tenants_envelope
  FOR EACH ROW EXECUTE FUNCTION public.tenants_envelope_gone();

-- A tenant that has gone wrong cannot fill the post for the others.
CREATE FUNCTION public.tenants_envelope_limit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  IF (SELECT count(*) FROM public.tenants_envelope WHERE sender_id = NEW.sender_id) >= 1000 THEN
    RAISE EXCEPTION 'too many letters wait already' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tenants_envelope_limit BEFORE INSERT ON public.tenants_envelope
  FOR EACH ROW EXECUTE FUNCTION public.tenants_envelope_limit();
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
"""
BACKWARD = """
DROP TRIGGER tenants_envelope_limit ON public.tenants_envelope;
DROP FUNCTION public.tenants_envelope_limit();
DROP TRIGGER tenants_envelope_gone ON public.tenants_envelope;
DROP FUNCTION public.tenants_envelope_gone();
DROP POLICY sender_posts ON public.tenants_envelopecontent;
DROP POLICY receiver_fetches ON public.tenants_envelopecontent;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0007_post")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
