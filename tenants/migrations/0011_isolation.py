"""The third wall in its strict form, and the results of the report on isolation.

Restrictive policies are joined to all others with AND: no later, more generous policy opens what they close. Each
command of each public table that a tenant's role may write is held to `current_user`. The owner of the tables is let
through by name: definer functions act as it.
"""

import uuid

from django.db import migrations, models

ME = "(SELECT public.tenants_me())"
BOTH_ENDS = f"{ME} IN (sender_id, receiver_id)"
COVER = "EXISTS (SELECT 1 FROM public.tenants_envelope e WHERE e.id = envelope_id AND "
# Table: who sees a row, who may write it, who may remove it.
RULES = {
    "tenants_rollupfact": (
        f"{ME} IN (school_id, district_id, region_id)",
        f"school_id = {ME}",
        f"school_id = {ME}",
    ),
    "tenants_rollupfreshness": (
        f"{ME} IN (school_id, district_id, region_id)",
        f"school_id = {ME}",
        f"school_id = {ME}",
    ),
    "tenants_publickey": ("true", f"tenant_id = {ME}", f"tenant_id = {ME}"),
    "tenants_envelope": (BOTH_ENDS, f"sender_id = {ME}", BOTH_ENDS),
    "tenants_envelopecontent": (f"{COVER} {BOTH_ENDS})", f"{COVER} e.sender_id = {ME})", "false"),
}
OWNER = "current_user = %1$L"


def strict() -> str:
    lines = ["DO $do$ BEGIN"]
    for table, (sees, writes, removes) in RULES.items():
        using, check = f"USING ({OWNER} OR {writes})", f"WITH CHECK ({OWNER} OR {writes})"
        for command, clause in (
            ("SELECT", f"USING ({OWNER} OR {sees})"),
            ("INSERT", check),
            ("UPDATE", f"{using} {check}"),
            ("DELETE", f"USING ({OWNER} OR {removes})"),
        ):
            lines.append(
                f"EXECUTE format($p$CREATE POLICY strict_{command.lower()} ON public.{table}"
                f" AS RESTRICTIVE FOR {command} {clause}$p$, current_user);"
            )
    return "\n".join([*lines, "END $do$"])


BACKWARD = ";\n".join(
    f"DROP POLICY strict_{command} ON public.{table}"
    for table in RULES
    for command in ("select", "insert", "update", "delete")
)


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_life")]
    operations = [
        migrations.CreateModel(
            name="IsolationRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("at", models.DateTimeField(db_index=True)),
                ("version", models.CharField(max_length=40)),
                ("is_quick", models.BooleanField(default=False)),
                ("is_clean", models.BooleanField()),
                ("seconds", models.PositiveIntegerField()),
                ("counts", models.JSONField()),
            ],
            options={"db_table": '"public"."tenants_isolationrun"'},
        ),
        migrations.RunSQL(strict(), BACKWARD),
    ]
