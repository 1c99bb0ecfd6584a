"""The home room of a class, and the direction of a senior one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contingent", "0004_card")]

    operations = [
        migrations.AddField(
            model_name="schoolclass",
            name="direction",
            field=models.CharField(
                blank=True,
                choices=[
                    ("natural", "natural sciences and mathematics"),
                    ("social", "social sciences and humanities"),
                ],
                db_default="",
                default="",
                max_length=10,
                verbose_name="direction",
            ),
        ),
        migrations.AddField(
            model_name="schoolclass",
            name="room",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=20, verbose_name="home room"
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolclass",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("direction", ""),
                    models.Q(("direction__in", ["natural", "social"]), ("grade__gte", 10)),
                    _connector="OR",
                ),
                name="contingent_direction_of_seniors",
            ),
        ),
    ]
