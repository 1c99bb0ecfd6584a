"""What the vendor may see of tenants. Nothing of what is inside a schema; nobody else gets a row."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.tenants_overview() RETURNS TABLE (
  code text, kind text, mode text, state text, name_kk text, name_ru text, under text, host text, "position" integer,
  newest integer, refreshed_at timestamptz, recounted_at timestamptz, mismatches integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT t.code::text, t.kind::text, t.mode::text, t.state::text, t.name_kk::text, t.name_ru::text,
         coalesce(p.code, '')::text, coalesce(h.domain, '')::text, coalesce(s.position, 0), coalesce(l.newest, 0),
         f.refreshed_at, f.recounted_at, coalesce(f.mismatches, 0)
  FROM public.tenants_tenant t
  LEFT JOIN public.tenants_tenant p ON p.id = t.parent_id
  LEFT JOIN LATERAL (SELECT domain FROM public.tenants_host WHERE tenant_id = t.id ORDER BY is_primary DESC, domain
                     LIMIT 1) h ON true
  LEFT JOIN public.tenants_schemastate s ON s.schema = t.schema_name
  LEFT JOIN (SELECT kind, max(position) AS newest FROM public.tenants_ledgerentry GROUP BY kind) l ON l.kind = t.kind
  LEFT JOIN public.tenants_rollupfreshness f ON f.school_id = t.id
  WHERE EXISTS (SELECT 1 FROM public.tenants_tenant me
                WHERE me.db_role = session_user AND me.kind = 'vendor' AND me.state = 'active')
  ORDER BY t.kind, t.code
$$;
REVOKE EXECUTE ON FUNCTION public.tenants_overview() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_rollup_fold")]
    operations = [migrations.RunSQL(FORWARD, "DROP FUNCTION public.tenants_overview()")]
