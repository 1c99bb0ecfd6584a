"""The whole card of an employee: diplomas, categories, courses, awards, work before, leaves; posts with their orders.

The columns education, category and category_date become rows of their own tables. They stay in the schema until a
later release, since schools served by the release before still read them while the wave runs; a default lets the new
release leave them out.
"""

import django.core.validators
import django.db.models.deletion
import kernel.ids
from decimal import Decimal
from django.db import migrations, models


CARRY_OVER = """
INSERT INTO staff_education (id, employee_id, level, institution, speciality, diploma, year)
SELECT gen_random_uuid(), id, education, '', '', '', NULL FROM staff_employee WHERE education <> '';
INSERT INTO staff_attestation (id, employee_id, category, date, order_number, due_date)
SELECT gen_random_uuid(), id, category, category_date, '', NULL FROM staff_employee WHERE category <> '';
ALTER TABLE staff_employee ALTER COLUMN education SET DEFAULT '', ALTER COLUMN category SET DEFAULT ''
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_frozen"),
        ("staff", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Acting",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(verbose_name="until")),
            ],
        ),
        migrations.CreateModel(
            name="Attestation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("category", models.CharField(max_length=20, verbose_name="qualification category")),
                ("date", models.DateField(blank=True, null=True, verbose_name="given on")),
                ("order_number", models.CharField(blank=True, max_length=40, verbose_name="order")),
                (
                    "due_date",
                    models.DateField(blank=True, null=True, verbose_name="next attestation moved to"),
                ),
            ],
            options={
                "verbose_name": "qualification category",
                "verbose_name_plural": "qualification categories",
            },
        ),
        migrations.CreateModel(
            name="Award",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=30, verbose_name="award")),
                ("name", models.CharField(blank=True, max_length=200, verbose_name="other award")),
                ("date", models.DateField(blank=True, null=True, verbose_name="given on")),
                ("order_number", models.CharField(blank=True, max_length=60, verbose_name="order")),
            ],
            options={
                "verbose_name": "award",
                "verbose_name_plural": "awards",
            },
        ),
        migrations.CreateModel(
            name="Dismissal",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("last_day", models.DateField(verbose_name="last working day")),
                ("ground", models.CharField(blank=True, max_length=30, verbose_name="ground")),
                (
                    "closing",
                    models.CharField(
                        choices=[
                            ("at_once", "as soon as the last day has come"),
                            ("evening", "when the last day is over"),
                        ],
                        default="at_once",
                        max_length=10,
                        verbose_name="the login closes",
                    ),
                ),
                ("closed_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Education",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.CharField(blank=True, max_length=30, verbose_name="level")),
                ("institution", models.CharField(blank=True, max_length=250, verbose_name="place of study")),
                ("speciality", models.CharField(blank=True, max_length=200, verbose_name="speciality")),
                ("diploma", models.CharField(blank=True, max_length=60, verbose_name="diploma No.")),
                ("year", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="finished in")),
            ],
            options={
                "verbose_name": "education",
                "verbose_name_plural": "education",
            },
        ),
        migrations.CreateModel(
            name="EmployeeLanguage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=8, verbose_name="language")),
                ("teaches", models.BooleanField(default=False, verbose_name="teaches in it")),
            ],
        ),
        migrations.CreateModel(
            name="Leave",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="kind of leave")),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("paper", models.CharField(blank=True, max_length=120, verbose_name="paper")),
            ],
            options={
                "verbose_name": "leave",
                "verbose_name_plural": "leaves",
            },
        ),
        migrations.CreateModel(
            name="Staffing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("post_code", models.CharField(max_length=40, verbose_name="post")),
                (
                    "rates",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=6,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="approved rates",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("ground", models.CharField(blank=True, max_length=120, verbose_name="ground")),
            ],
            options={
                "verbose_name": "line of the staffing table",
                "verbose_name_plural": "staffing table",
            },
        ),
        migrations.CreateModel(
            name="Training",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("theme", models.CharField(blank=True, max_length=250, verbose_name="theme")),
                ("provider", models.CharField(blank=True, max_length=200, verbose_name="held by")),
                ("hours", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="hours")),
                ("since", models.DateField(blank=True, null=True, verbose_name="begun on")),
                ("until", models.DateField(verbose_name="ended on")),
                ("certificate", models.CharField(blank=True, max_length=60, verbose_name="certificate No.")),
            ],
            options={
                "verbose_name": "course",
                "verbose_name_plural": "courses",
            },
        ),
        migrations.CreateModel(
            name="WorkPeriod",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=kernel.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pedagogical", "pedagogical work"),
                            ("other", "other work"),
                            ("military", "military service"),
                            ("child_care", "care of a child"),
                        ],
                        max_length=12,
                        verbose_name="what it was",
                    ),
                ),
                ("organisation", models.CharField(blank=True, max_length=250, verbose_name="organisation")),
                ("post", models.CharField(blank=True, max_length=120, verbose_name="post there")),
                (
                    "post_code",
                    models.CharField(blank=True, max_length=40, verbose_name="the same post as here"),
                ),
                ("since", models.DateField(verbose_name="since")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                ("ground", models.CharField(blank=True, max_length=120, verbose_name="paper")),
            ],
            options={
                "verbose_name": "work before",
                "verbose_name_plural": "work before",
            },
        ),
        migrations.RemoveConstraint(
            model_name="position",
            name="staff_post_once",
        ),
        migrations.AddField(
            model_name="employee",
            name="address",
            field=models.CharField(blank=True, db_default="", max_length=250, verbose_name="address"),
        ),
        migrations.AddField(
            model_name="employee",
            name="nationality",
            field=models.CharField(blank=True, db_default="", max_length=30, verbose_name="nationality"),
        ),
        migrations.AddField(
            model_name="employee",
            name="photo_id",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="employee",
            name="retirement_ground",
            field=models.CharField(
                blank=True, db_default="", max_length=30, verbose_name="ground of early retirement"
            ),
        ),
        migrations.AddField(
            model_name="employee",
            name="second_phone",
            field=models.CharField(blank=True, db_default="", max_length=16, verbose_name="second phone"),
        ),
        migrations.AddField(
            model_name="position",
            name="agreed_until",
            field=models.DateField(blank=True, null=True, verbose_name="contract until"),
        ),
        migrations.AddField(
            model_name="position",
            name="end_order",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="position",
            name="form",
            field=models.CharField(
                choices=[
                    ("main", "main place of work"),
                    ("internal", "internal part-time"),
                    ("external", "external part-time"),
                ],
                db_default="main",
                default="main",
                max_length=10,
                verbose_name="form of employment",
            ),
        ),
        migrations.AddField(
            model_name="position",
            name="order",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
            ),
        ),
        migrations.AddConstraint(
            model_name="position",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)),
                fields=("employee", "post_code", "form"),
                name="staff_post_form_once",
            ),
        ),
        migrations.AddField(
            model_name="acting",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="actings", to="staff.employee"
            ),
        ),
        migrations.AddField(
            model_name="acting",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="attestation",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="attestations", to="staff.employee"
            ),
        ),
        migrations.AddField(
            model_name="award",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="awards", to="staff.employee"
            ),
        ),
        migrations.AddField(
            model_name="dismissal",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="dismissals", to="staff.employee"
            ),
        ),
        migrations.AddField(
            model_name="dismissal",
            name="order",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
            ),
        ),
        migrations.AddField(
            model_name="education",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="educations", to="staff.employee"
            ),
        ),
        migrations.AddField(
            model_name="employeelanguage",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="languages", to="staff.employee"
            ),
        ),
        migrations.AddField(
            model_name="leave",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="leaves", to="staff.employee"
            ),
        ),
        migrations.AddField(
            model_name="leave",
            name="order",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
            ),
        ),
        migrations.AddConstraint(
            model_name="staffing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("post_code",), name="staff_staffing_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="staffing",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="staff_staffing_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="staffing",
            constraint=models.CheckConstraint(
                condition=models.Q(("rates__gte", 0)), name="staff_staffing_rates"
            ),
        ),
        migrations.AddField(
            model_name="training",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="trainings", to="staff.employee"
            ),
        ),
        migrations.AddField(
            model_name="workperiod",
            name="employee",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="work_periods", to="staff.employee"
            ),
        ),
        migrations.AddConstraint(
            model_name="acting",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gte", models.F("since"))), name="staff_acting_in_order"
            ),
        ),
        migrations.AddIndex(
            model_name="attestation",
            index=models.Index(fields=["employee", "-date"], name="staff_attestation_of"),
        ),
        migrations.AddIndex(
            model_name="award",
            index=models.Index(fields=["employee"], name="staff_award_of"),
        ),
        migrations.AddConstraint(
            model_name="award",
            constraint=models.CheckConstraint(
                condition=models.Q(("code", ""), ("name", ""), _negated=True), name="staff_award_has_a_name"
            ),
        ),
        migrations.AddIndex(
            model_name="dismissal",
            index=models.Index(
                condition=models.Q(("closed_at", None)), fields=["last_day"], name="staff_dismissal_open"
            ),
        ),
        migrations.AddIndex(
            model_name="dismissal",
            index=models.Index(fields=["employee"], name="staff_dismissal_of"),
        ),
        migrations.AddConstraint(
            model_name="dismissal",
            constraint=models.UniqueConstraint(fields=("order",), name="staff_dismissal_of_order"),
        ),
        migrations.AddIndex(
            model_name="education",
            index=models.Index(fields=["employee"], name="staff_education_of"),
        ),
        migrations.AddConstraint(
            model_name="employeelanguage",
            constraint=models.UniqueConstraint(fields=("employee", "code"), name="staff_language_once"),
        ),
        migrations.AddIndex(
            model_name="leave",
            index=models.Index(fields=["employee", "-since"], name="staff_leave_of"),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="staff_leave_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="training",
            index=models.Index(fields=["employee", "-until"], name="staff_training_of"),
        ),
        migrations.AddConstraint(
            model_name="training",
            constraint=models.CheckConstraint(
                condition=models.Q(("since", None), ("until__gte", models.F("since")), _connector="OR"),
                name="staff_training_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="workperiod",
            index=models.Index(fields=["employee", "since"], name="staff_work_of"),
        ),
        migrations.AddConstraint(
            model_name="workperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("since")), _connector="OR"),
                name="staff_work_in_order",
            ),
        ),
        migrations.RunSQL(CARRY_OVER, migrations.RunSQL.noop),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name="employee", name=name)
                for name in ("education", "category", "category_date")
            ]
        ),
    ]
