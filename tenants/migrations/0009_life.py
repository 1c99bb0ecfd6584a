"""The life of a tenant: states, contracts, and how it came into each state (decision 0021).

A tenant sees its own contract and its own passages, nobody else's.
"""

import django.db.models.deletion
from django.db import migrations, models

import kernel.ids

STATES = [
    ("active", "works"),
    ("warned", "works, the contract is ending"),
    ("read_only", "reading only"),
    ("closed", "closed"),
    ("archived", "in the archive"),
    ("destroyed", "destroyed"),
]
FORWARD = """
ALTER TABLE public.tenants_contract ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_contract FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON public.tenants_contract FOR SELECT USING (tenant_id = (SELECT public.tenants_me()));
CREATE POLICY keeper ON public.tenants_contract TO CURRENT_USER USING (true) WITH CHECK (true);
ALTER TABLE public.tenants_passage ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.tenants_passage FORCE ROW LEVEL SECURITY;
CREATE POLICY own ON public.tenants_passage FOR SELECT USING (tenant_id = (SELECT public.tenants_me()));
CREATE POLICY keeper ON public.tenants_passage TO CURRENT_USER USING (true) WITH CHECK (true);
"""
BACKWARD = """
DROP POLICY own ON public.tenants_contract;
DROP POLICY keeper ON public.tenants_contract;
DROP POLICY own ON public.tenants_passage;
DROP POLICY keeper ON public.tenants_passage;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0008_post_walls")]
    operations = [
        migrations.AddField("tenant", "is_held", models.BooleanField(db_default=False, default=False)),
        migrations.AlterField(
            "tenant", "state", models.CharField(choices=STATES, default="active", max_length=10)
        ),
        migrations.CreateModel(
            name="Contract",
            fields=[
                ("id", models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ("number", models.CharField(blank=True, max_length=60)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("warning_days", models.PositiveSmallIntegerField(default=30)),
                ("read_only_days", models.PositiveSmallIntegerField(default=90)),
                ("made_at", models.DateTimeField()),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contracts",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={
                "db_table": '"public"."tenants_contract"',
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))), name="tenants_contract_in_order"
                    ),
                    models.UniqueConstraint(fields=("tenant", "until"), name="tenants_contract_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("state", models.CharField(choices=STATES, max_length=10)),
                ("at", models.DateTimeField()),
                ("by_hand", models.BooleanField()),
                ("letter", models.CharField(blank=True, max_length=150)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to="tenants.tenant",
                    ),
                ),
            ],
            options={"db_table": '"public"."tenants_passage"'},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
