"""Sums without a queue at the sums: schools append deltas, one fold at a time adds them up (decision 0004).

A trigger that updated the sums in the school's own transaction let two schools of a district take the same rows in
different orders (deadlock), and made a region's schools wait for each other's commits.
"""

from django.db import migrations

FORWARD = """
DROP TRIGGER tenants_fact_fold ON public.tenants_rollupfact;
DROP FUNCTION public.tenants_fact_fold();
DROP FUNCTION public.tenants_node_add(uuid, uuid, public.tenants_rollupfact, integer);

-- The smallest cell that leaves a school is a rule of the database, whatever the school's code says.
CREATE OR REPLACE FUNCTION public.tenants_fact_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  SELECT s.parent_id, d.parent_id INTO NEW.district_id, NEW.region_id
  FROM public.tenants_tenant s LEFT JOIN public.tenants_tenant d ON d.id = s.parent_id WHERE s.id = NEW.school_id;
  NEW.is_open := NEW.is_open AND NEW.people >= 5;
  RETURN NEW;
END $$;
CREATE FUNCTION public.tenants_freshness_place() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  SELECT s.parent_id, d.parent_id INTO NEW.district_id, NEW.region_id
  FROM public.tenants_tenant s LEFT JOIN public.tenants_tenant d ON d.id = s.parent_id WHERE s.id = NEW.school_id;
  RETURN NEW;
END $$;
CREATE TRIGGER tenants_freshness_place BEFORE INSERT OR UPDATE ON public.tenants_rollupfreshness
  FOR EACH ROW EXECUTE FUNCTION public.tenants_freshness_place();

DROP POLICY authority_reads ON public.tenants_rollupfact;
CREATE POLICY authority_reads ON public.tenants_rollupfact FOR SELECT
  USING (is_open AND people >= 5
         AND (district_id = (SELECT public.tenants_me()) OR region_id = (SELECT public.tenants_me())));

ALTER TABLE public.tenants_rollupdelta ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_rollupdelta FORCE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_rollupfreshness ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_rollupfreshness FORCE ROW LEVEL SECURITY;
CREATE POLICY school_own ON public.tenants_rollupfreshness
  USING (school_id = (SELECT public.tenants_me())) WITH CHECK (school_id = (SELECT public.tenants_me()));
CREATE POLICY authority_reads ON public.tenants_rollupfreshness FOR SELECT
  USING (district_id = (SELECT public.tenants_me()) OR region_id = (SELECT public.tenants_me()));

-- The owner of the tables folds; policies are forced on it too where it is no superuser.
CREATE POLICY keeper ON public.tenants_rollupfact TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY keeper ON public.tenants_rollupnode TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY keeper ON public.tenants_rollupdelta TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY keeper ON public.tenants_rollupfreshness TO CURRENT_USER USING (true) WITH CHECK (true);

CREATE FUNCTION public.tenants_fact_delta() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.tenants_rollupdelta (district_id, region_id, metric, version, year, period, dimension, value,
                                            numerator, denominator, people, schools, hidden, as_of)
    SELECT district_id, region_id, metric, version, year, period, dimension, value,
           coalesce(sum(numerator) FILTER (WHERE is_open), 0), coalesce(sum(denominator) FILTER (WHERE is_open), 0),
           coalesce(sum(people) FILTER (WHERE is_open), 0), count(*) FILTER (WHERE is_open),
           count(*) FILTER (WHERE NOT is_open), max(as_of)
    FROM new_rows WHERE district_id IS NOT NULL
    GROUP BY district_id, region_id, metric, version, year, period, dimension, value;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO public.tenants_rollupdelta (district_id, region_id, metric, version, year, period, dimension, value,
                                            numerator, denominator, people, schools, hidden, as_of)
    SELECT district_id, region_id, metric, version, year, period, dimension, value,
           -coalesce(sum(numerator) FILTER (WHERE is_open), 0), -coalesce(sum(denominator) FILTER (WHERE is_open), 0),
           -coalesce(sum(people) FILTER (WHERE is_open), 0), -count(*) FILTER (WHERE is_open),
           -count(*) FILTER (WHERE NOT is_open), max(as_of)
    FROM old_rows WHERE district_id IS NOT NULL
    GROUP BY district_id, region_id, metric, version, year, period, dimension, value;
  ELSE
    INSERT INTO public.tenants_rollupdelta (district_id, region_id, metric, version, year, period, dimension, value,
                                            numerator, denominator, people, schools, hidden, as_of)
    SELECT district_id, region_id, metric, version, year, period, dimension, value,
           coalesce(sum(sign * numerator) FILTER (WHERE is_open), 0),
           coalesce(sum(sign * denominator) FILTER (WHERE is_open), 0),
           coalesce(sum(sign * people) FILTER (WHERE is_open), 0),
           coalesce(sum(sign) FILTER (WHERE is_open), 0), coalesce(sum(sign) FILTER (WHERE NOT is_open), 0), max(as_of)
    FROM (SELECT 1 AS sign, n.* FROM new_rows n UNION ALL SELECT -1, o.* FROM old_rows o) both_sides
    WHERE district_id IS NOT NULL
    GROUP BY district_id, region_id, metric, version, year, period, dimension, value;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tenants_fact_added AFTER INSERT ON public.tenants_rollupfact
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tenants_fact_delta();
CREATE TRIGGER tenants_fact_changed AFTER UPDATE ON public.tenants_rollupfact
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION public.tenants_fact_delta();
CREATE TRIGGER tenants_fact_gone AFTER DELETE ON public.tenants_rollupfact
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION public.tenants_fact_delta();

-- Add everything that waits to the sums. One at a time in the cell: it alone writes the sums, so nothing can lock
-- in another order. Whoever waits longer than a second leaves the work to the next fold and gets -1.
CREATE FUNCTION public.tenants_rollup_fold() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = pg_catalog SET lock_timeout = '1s' AS $$
DECLARE taken integer; emptied integer;
BEGIN
  BEGIN
    PERFORM pg_advisory_xact_lock(7001, 0);
  EXCEPTION WHEN lock_not_available THEN
    RETURN -1;
  END;
  WITH waiting AS (DELETE FROM public.tenants_rollupdelta RETURNING *),
  placed AS (
    SELECT district_id AS node_id, w.* FROM waiting w
    UNION ALL
    SELECT region_id, w.* FROM waiting w WHERE region_id IS NOT NULL),
  sums AS (
    SELECT node_id, metric, version, year, period, dimension, value, sum(numerator) AS numerator,
           sum(denominator) AS denominator, sum(people) AS people, sum(schools) AS schools, sum(hidden) AS hidden,
           max(as_of) AS as_of
    FROM placed GROUP BY node_id, metric, version, year, period, dimension, value),
  kept AS (
    INSERT INTO public.tenants_rollupnode AS n (node_id, parent_id, metric, version, year, period, dimension, value,
                                                numerator, denominator, people, schools, hidden, as_of)
    SELECT s.node_id, t.parent_id, s.metric, s.version, s.year, s.period, s.dimension, s.value,
           s.numerator, s.denominator, s.people, s.schools, s.hidden, s.as_of
    FROM sums s JOIN public.tenants_tenant t ON t.id = s.node_id
    ON CONFLICT (node_id, metric, version, year, period, dimension, value) DO UPDATE SET
      parent_id = excluded.parent_id, numerator = n.numerator + excluded.numerator,
      denominator = n.denominator + excluded.denominator, people = n.people + excluded.people,
      schools = n.schools + excluded.schools, hidden = n.hidden + excluded.hidden,
      as_of = greatest(n.as_of, excluded.as_of)
    RETURNING 1)
  SELECT count(*) INTO taken FROM waiting;
  IF taken > 0 THEN
    DELETE FROM public.tenants_rollupnode WHERE schools = 0 AND hidden = 0;
  END IF;
  RETURN taken;
END $$;

-- That a cell exists and is too small to show, without its figures. The caller is known by its login role.
CREATE FUNCTION public.tenants_rollup_closed(of_metric text, of_year text, of_period text, of_dimension text)
  RETURNS TABLE (school_id uuid, value text) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT f.school_id, f.value::text FROM public.tenants_rollupfact f
  WHERE f.district_id = (SELECT id FROM public.tenants_tenant WHERE db_role = session_user)
    AND f.metric = of_metric AND f.year = of_year AND f.period = of_period AND f.dimension = of_dimension
    AND NOT f.is_open
$$;

-- How many sums differ from the facts below them: nought, or somebody has to look. The owner alone may ask.
CREATE FUNCTION public.tenants_rollup_mismatches() RETURNS bigint LANGUAGE sql SECURITY DEFINER
  SET search_path = pg_catalog AS $$
  WITH placed AS (
    SELECT district_id AS node_id, metric, version, year, period, dimension, value, is_open, numerator, denominator,
           people FROM public.tenants_rollupfact WHERE district_id IS NOT NULL
    UNION ALL
    SELECT region_id, metric, version, year, period, dimension, value, is_open, numerator, denominator, people
    FROM public.tenants_rollupfact WHERE region_id IS NOT NULL),
  sums AS (
    SELECT node_id, metric, version, year, period, dimension, value,
           coalesce(sum(numerator) FILTER (WHERE is_open), 0) AS numerator,
           coalesce(sum(denominator) FILTER (WHERE is_open), 0) AS denominator,
           coalesce(sum(people) FILTER (WHERE is_open), 0) AS people,
           count(*) FILTER (WHERE is_open) AS schools, count(*) FILTER (WHERE NOT is_open) AS hidden
    FROM placed GROUP BY node_id, metric, version, year, period, dimension, value)
  SELECT count(*) FROM sums s
  FULL JOIN public.tenants_rollupnode n USING (node_id, metric, version, year, period, dimension, value)
  WHERE (s.numerator, s.denominator, s.people, s.schools, s.hidden)
        IS DISTINCT FROM (n.numerator, n.denominator, n.people, n.schools, n.hidden)
$$;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0003_rollup_deltas")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
