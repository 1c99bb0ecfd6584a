"""Row-level security on the public tables that schools write, and the sums that authorities read.

Policies ask `current_user`, which no statement of the tenant can forge: its role is member of nothing.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.tenants_me() RETURNS uuid LANGUAGE sql STABLE AS $$
  SELECT id FROM public.tenants_tenant WHERE db_role = current_user
$$;

ALTER TABLE public.tenants_rollupfact ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_rollupfact FORCE ROW LEVEL SECURITY;
CREATE POLICY school_own ON public.tenants_rollupfact
  USING (school_id = (SELECT public.tenants_me())) WITH CHECK (school_id = (SELECT public.tenants_me()));
CREATE POLICY authority_reads ON public.tenants_rollupfact FOR SELECT
  USING (people >= 5 AND (district_id = (SELECT public.tenants_me()) OR region_id = (SELECT public.tenants_me())));

ALTER TABLE public.tenants_rollupnode ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_rollupnode FORCE ROW LEVEL SECURITY;
CREATE POLICY authority_own ON public.tenants_rollupnode FOR SELECT
  USING (people >= 5 AND (node_id = (SELECT public.tenants_me()) OR parent_id = (SELECT public.tenants_me())));

-- The school says what its figures are; whose sums they enter is read from the register, never from the school.
CREATE FUNCTION public.tenants_fact_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  SELECT s.parent_id, d.parent_id INTO NEW.district_id, NEW.region_id
  FROM public.tenants_tenant s LEFT JOIN public.tenants_tenant d ON d.id = s.parent_id WHERE s.id = NEW.school_id;
  RETURN NEW;
END $$;
CREATE TRIGGER tenants_fact_place BEFORE INSERT OR UPDATE ON public.tenants_rollupfact
  FOR EACH ROW EXECUTE FUNCTION public.tenants_fact_place();

CREATE FUNCTION public.tenants_node_add(node uuid, parent uuid, f public.tenants_rollupfact, sign integer) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO public.tenants_rollupnode AS n
    (node_id, parent_id, metric, version, year, period, dimension, value, numerator, denominator, people, schools, as_of)
  SELECT node, parent, f.metric, f.version, f.year, f.period, f.dimension, f.value,
         sign * f.numerator, sign * f.denominator, sign * f.people, sign, f.as_of
  WHERE node IS NOT NULL
  ON CONFLICT (node_id, metric, version, year, period, dimension, value) DO UPDATE SET
    numerator = n.numerator + excluded.numerator, denominator = n.denominator + excluded.denominator,
    people = n.people + excluded.people, schools = n.schools + excluded.schools, as_of = excluded.as_of
$$;
CREATE FUNCTION public.tenants_fact_fold() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    PERFORM public.tenants_node_add(OLD.district_id, OLD.region_id, OLD, -1);
    PERFORM public.tenants_node_add(OLD.region_id, NULL, OLD, -1);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    PERFORM public.tenants_node_add(NEW.district_id, NEW.region_id, NEW, 1);
    PERFORM public.tenants_node_add(NEW.region_id, NULL, NEW, 1);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tenants_fact_fold AFTER INSERT OR UPDATE OR DELETE ON public.tenants_rollupfact
  FOR EACH ROW EXECUTE FUNCTION public.tenants_fact_fold();

CREATE FUNCTION public.tenants_rename(new_kk text, new_ru text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  IF length(trim(new_kk)) NOT BETWEEN 1 AND 250 OR length(trim(new_ru)) NOT BETWEEN 1 AND 250 THEN
    RAISE EXCEPTION 'a name is 1 to 250 letters' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE public.tenants_tenant SET name_kk = trim(new_kk), name_ru = trim(new_ru) WHERE db_role = session_user;
END $$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
"""
BACKWARD = """
DROP FUNCTION public.tenants_rename(text, text);
DROP TRIGGER tenants_fact_fold ON public.tenants_rollupfact;
DROP FUNCTION public.tenants_fact_fold();
DROP FUNCTION public.tenants_node_add(uuid, uuid, public.tenants_rollupfact, integer);
DROP TRIGGER tenants_fact_place ON public.tenants_rollupfact;
DROP FUNCTION public.tenants_fact_place();
DROP POLICY authority_own ON public.tenants_rollupnode;
DROP POLICY authority_reads ON public.tenants_rollupfact;
DROP POLICY school_own ON public.tenants_rollupfact;
DROP FUNCTION public.tenants_me();
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
