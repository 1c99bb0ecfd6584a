from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    """What an event's handlers did is committed with its being delivered: no second record is needed."""

    dependencies = [("kernel", "0003_post_keys")]

    operations = [migrations.DeleteModel(name="HandledEvent")]
