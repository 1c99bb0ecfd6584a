from __future__ import annotations

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0014_clones")]

    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=20,
                        primary_key=True,
                        serialize=False,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z][a-z0-9-]{0,38}[a-z0-9]$", "Small Latin letters, digits and hyphens, 2 to 40."
                            )
                        ],
                    ),
                ),
                ("host", models.CharField(max_length=250)),
                ("port", models.PositiveIntegerField()),
                ("database", models.CharField(max_length=63)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("full", "full")], default="open", max_length=10
                    ),
                ),
                ("capacity", models.PositiveIntegerField()),
                ("added_at", models.DateTimeField()),
            ],
            options={"db_table": '"public"."tenants_cell"'},
        ),
        migrations.AddField(
            model_name="tenant",
            name="cell",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tenants.cell",
            ),
        ),
    ]
