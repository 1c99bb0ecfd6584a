"""By which session or token each look came, and the order in which a breach is looked up."""

import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0006_sealed_files")]

    operations = [
        migrations.AddField("viewentry", "session_id", models.BigIntegerField(null=True)),
        migrations.AddField("viewentry", "token_id", models.BigIntegerField(null=True)),
        migrations.AddIndex(
            "viewentry", models.Index(fields=["actor_id", "at"], name="kernel_view_actor")
        ),
        migrations.AddIndex(
            "viewentry", django.contrib.postgres.indexes.BrinIndex(fields=["at"], name="kernel_view_at")
        ),
    ]
