"""Tables of the staff."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Lower
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from kernel.names import KK_COLLATION, PersonName


class Employee(models.Model):
    """Somebody who works or worked here."""

    class Sex(models.TextChoices):
        MALE = "m", _("male")
        FEMALE = "f", _("female")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    iin = models.CharField(_("IIN"), max_length=12, blank=True)
    surname = models.CharField(_("surname"), max_length=80, db_collation=KK_COLLATION)
    name = models.CharField(_("name"), max_length=80, db_collation=KK_COLLATION)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True, db_collation=KK_COLLATION)
    folded = models.GeneratedField(
        expression=models.Func(
            Lower(Concat(F("surname"), Value(" "), F("name"), Value(" "), F("patronymic"))),
            Value("әғқңөұүһіёъь’'ʼ"),
            Value("агкноуухие"),
            function="TRANSLATE",
            output_field=models.TextField(db_collation=KK_COLLATION),
        ),
        output_field=models.TextField(db_collation=KK_COLLATION),
        db_persist=True,
        editable=False,
    )
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    phone = models.CharField(_("phone"), max_length=16, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    education = models.CharField(_("education"), max_length=30, blank=True)
    category = models.CharField(_("qualification category"), max_length=20, blank=True)
    category_date = models.DateField(_("category given on"), null=True, blank=True)
    teaching_since = models.DateField(_("teaching since"), null=True, blank=True)
    left_date = models.DateField(_("left on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("employee"), _("employees")
        constraints = [
            models.UniqueConstraint(fields=["iin"], condition=~Q(iin=""), name="staff_iin_once"),
            models.CheckConstraint(condition=Q(sex__in=["m", "f"]), name="staff_sex_m_or_f"),
        ]
        indexes = [models.Index(fields=["surname", "name", "patronymic", "id"], name="staff_order")]

    def __str__(self) -> str:
        return self.person_name.full

    @property
    def person_name(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)


class Position(models.Model):
    """A post held for a term at a rate; several at once are possible."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="positions")
    post_code = models.CharField(_("post"), max_length=40)
    rate = models.DecimalField(
        _("rate"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("1"),
        validators=[MinValueValidator(Decimal("0.05")), MaxValueValidator(Decimal("2.5"))],
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "post_code"], condition=Q(until=None), name="staff_post_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="staff_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0, rate__lte=Decimal("2.5")), name="staff_rate_bounds"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.post_code} {self.since}"


class EmployeeSubject(models.Model):
    """A subject that the employee can teach; codes are those of tenants' reference "subjects"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="subjects")
    subject_code = models.CharField(_("subject"), max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["employee", "subject_code"], name="staff_subject_once")
        ]

    def __str__(self) -> str:
        return self.subject_code
