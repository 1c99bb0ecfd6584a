from __future__ import annotations

from django.db import migrations, models

import kernel.ids


class Migration(migrations.Migration):
    dependencies = [("tenants", "0012_vendor_reads")]

    operations = [
        migrations.CreateModel(
            name="Backup",
            fields=[
                (
                    "id",
                    models.UUIDField(default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False),
                ),
                ("tenant_id", models.UUIDField()),
                (
                    "act",
                    models.CharField(
                        choices=[("taken", "taken"), ("restored", "restored"), ("drilled", "tried")], max_length=10
                    ),
                ),
                ("folder", models.CharField(max_length=40)),
                ("at", models.DateTimeField()),
                ("seconds", models.FloatField(default=0)),
                ("rows", models.BigIntegerField(default=0)),
                ("bytes", models.BigIntegerField(default=0)),
                ("outcome", models.CharField(max_length=10)),
                ("fault", models.CharField(blank=True, max_length=60)),
            ],
            options={
                "db_table": '"public"."tenants_backup"',
                "indexes": [models.Index(fields=["tenant_id", "act", "-at"], name="tenants_backup_last")],
            },
        ),
    ]
