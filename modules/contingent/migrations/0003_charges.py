"""Class teachers and educators with their terms, in place of a bare field of the class.

The column class_teacher_id stays in the schema until a later release: schools that are served by the release before
still read it while the wave runs.
"""

import django.db.models.deletion
from django.db import migrations, models

import kernel.ids

CARRY_OVER = """
INSERT INTO contingent_charge (id, school_class_id, employee_id, duty, "group", since, until, order_number)
SELECT gen_random_uuid(), id, class_teacher_id, 'class_teacher', '', make_date(left(year, 4)::int, 9, 1), NULL, ''
FROM contingent_schoolclass WHERE class_teacher_id IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [("contingent", "0002_movement")]

    operations = [
        migrations.CreateModel(
            name="Charge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("employee_id", models.UUIDField()),
                (
                    "duty",
                    models.CharField(
                        choices=[("class_teacher", "class teacher"), ("educator", "educator")],
                        max_length=15,
                        verbose_name="duty",
                    ),
                ),
                ("group", models.CharField(blank=True, max_length=60, verbose_name="group")),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="order")),
                (
                    "school_class",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="charges",
                        to="contingent.schoolclass",
                    ),
                ),
            ],
            options={
                "verbose_name": "charge of a class",
                "verbose_name_plural": "charges of classes",
                "indexes": [models.Index(fields=["employee_id"], name="contingent_charge_of")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("duty", "class_teacher"), ("until", None)),
                        fields=("school_class",),
                        name="contingent_one_class_teacher",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("duty", "educator"), ("until", None)),
                        fields=("school_class", "employee_id", "group"),
                        name="contingent_educator_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until", None), ("until__gte", models.F("since")), _connector="OR"
                        ),
                        name="contingent_charge_term",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("duty", "educator"), ("group", ""), _connector="OR"),
                        name="contingent_group_of_educator",
                    ),
                ],
            },
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="schoolclass", name="contingent_class_teacher"),
                migrations.RemoveField(model_name="schoolclass", name="class_teacher_id"),
            ]
        ),
    ]
