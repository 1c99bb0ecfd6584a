"""The vendor's own list of tenants says until when each is paid for: its role reads contracts, nobody else's do."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION public.tenants_i_am_vendor() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM public.tenants_tenant WHERE db_role = current_user AND kind = 'vendor')
$$;
REVOKE EXECUTE ON FUNCTION public.tenants_i_am_vendor() FROM PUBLIC;
CREATE POLICY vendor_reads ON public.tenants_contract FOR SELECT USING ((SELECT public.tenants_i_am_vendor()));
"""
BACKWARD = """
DROP POLICY vendor_reads ON public.tenants_contract;
DROP FUNCTION public.tenants_i_am_vendor();
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0011_isolation")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
