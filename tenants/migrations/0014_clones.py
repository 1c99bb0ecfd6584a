"""Copies for trials; and a tenant for trials stays one for ever, whoever asks."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

STAYS = """
CREATE FUNCTION public.tenants_test_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the tenant % is for trials and stays so', OLD.code USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER tenants_test_stays BEFORE UPDATE OF mode ON public.tenants_tenant FOR EACH ROW
  WHEN (OLD.mode = 'test' AND NEW.mode <> 'test') EXECUTE FUNCTION public.tenants_test_stays();
"""
BACK = """
DROP TRIGGER tenants_test_stays ON public.tenants_tenant;
DROP FUNCTION public.tenants_test_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0013_backups")]

    operations = [
        migrations.CreateModel(
            name="Clone",
            fields=[
                (
                    "tenant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="tenants.tenant",
                    ),
                ),
                ("source_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("letter", models.CharField(blank=True, max_length=150)),
                ("is_exact", models.BooleanField(default=False)),
                ("expires_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": '"public"."tenants_clone"',
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_exact", False), ("expires_at__isnull", False), _connector="OR"),
                        name="tenants_exact_clone_expires",
                    )
                ],
            },
        ),
        migrations.RunSQL(STAYS, BACK),
    ]
