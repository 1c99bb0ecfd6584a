"""Tables of the staff."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.db.sealed import Digest, SealedTextField
from kernel.ids import uuid7
from kernel.names import KK_COLLATION, PersonName, folded_name
from modules.staff.rules.service import Kind


class Employee(models.Model):
    """Somebody who works or worked here."""

    class Sex(models.TextChoices):
        MALE = "m", _("male")
        FEMALE = "f", _("female")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    iin = SealedTextField(_("IIN"), max_length=12, blank=True, findable=True)
    surname = models.CharField(_("surname"), max_length=80, db_collation=KK_COLLATION)
    name = models.CharField(_("name"), max_length=80, db_collation=KK_COLLATION)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True, db_collation=KK_COLLATION)
    folded = folded_name()
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"), null=True, blank=True)
    phone = SealedTextField(_("phone"), max_length=16, blank=True)
    email = SealedTextField(_("e-mail"), max_length=254, blank=True, validators=[validate_email])
    second_phone = SealedTextField(_("second phone"), max_length=16, blank=True, db_default="")
    address = SealedTextField(_("address"), max_length=250, blank=True, db_default="")
    nationality = models.CharField(_("nationality"), max_length=30, blank=True, db_default="")
    photo_id = models.UUIDField(null=True, editable=False)
    retirement_ground = models.CharField(
        _("ground of early retirement"), max_length=30, blank=True, db_default=""
    )
    teaching_since = models.DateField(_("teaching since"), null=True, blank=True)
    left_date = models.DateField(_("left on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("employee"), _("employees")
        constraints = [
            models.UniqueConstraint(Digest("iin"), condition=~Q(iin=""), name="staff_iin_once"),
            models.CheckConstraint(condition=Q(sex__in=["m", "f"]), name="staff_sex_m_or_f"),
        ]
        indexes = [models.Index(fields=["surname", "name", "patronymic", "id"], name="staff_order")]

    def __str__(self) -> str:
        return self.person_name.full

    @property
    def person_name(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)


class Position(models.Model):
    """A post held for a term at a rate; several at once are possible.

    `order` began it and `end_order` ended it; a post that came from a spreadsheet has neither. `agreed_until` is the
    last day of a contract for a term; `until` is the last day in fact.
    """

    class Form(models.TextChoices):
        MAIN = "main", _("main place of work")
        INTERNAL = "internal", _("internal part-time")
        EXTERNAL = "external", _("external part-time")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="positions")
    form = models.CharField(
        _("form of employment"), max_length=10, choices=Form.choices, default=Form.MAIN, db_default=Form.MAIN
    )
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
    agreed_until = models.DateField(_("contract until"), null=True, blank=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")
    end_order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "post_code", "form"], condition=Q(until=None), name="staff_post_form_once"
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


class EmployeeLanguage(models.Model):
    """A language that the employee knows, and whether lessons are given in it; codes of the reference "languages"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="languages")
    code = models.CharField(_("language"), max_length=8)
    teaches = models.BooleanField(_("teaches in it"), default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["employee", "code"], name="staff_language_once")]

    def __str__(self) -> str:
        return self.code


class Education(models.Model):
    """A diploma. The level is a code of the reference, or "higher" where a file says no more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="educations")
    level = models.CharField(_("level"), max_length=30, blank=True)
    institution = models.CharField(_("place of study"), max_length=250, blank=True)
    speciality = models.CharField(_("speciality"), max_length=200, blank=True)
    diploma = SealedTextField(_("diploma No."), max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(_("finished in"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("education"), _("education")
        indexes = [models.Index(fields=["employee"], name="staff_education_of")]

    def __str__(self) -> str:
        return f"{self.level} {self.year or ''}"


class Attestation(models.Model):
    """A qualification category from the day it was given. `due_date` is set only when the usual term was moved."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="attestations")
    category = models.CharField(_("qualification category"), max_length=20)
    date = models.DateField(_("given on"), null=True, blank=True)
    order_number = models.CharField(_("order"), max_length=40, blank=True)
    due_date = models.DateField(_("next attestation moved to"), null=True, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("qualification category"), _("qualification categories")
        indexes = [models.Index(fields=["employee", "-date"], name="staff_attestation_of")]

    def __str__(self) -> str:
        return f"{self.category} {self.date or ''}"


class Training(models.Model):
    """A course of further training that has ended."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="trainings")
    theme = models.CharField(_("theme"), max_length=250, blank=True)
    provider = models.CharField(_("held by"), max_length=200, blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"), null=True, blank=True)
    since = models.DateField(_("begun on"), null=True, blank=True)
    until = models.DateField(_("ended on"))
    certificate = models.CharField(_("certificate No."), max_length=60, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("course"), _("courses")
        constraints = [
            models.CheckConstraint(
                condition=Q(since=None) | Q(until__gte=F("since")), name="staff_training_in_order"
            )
        ]
        indexes = [models.Index(fields=["employee", "-until"], name="staff_training_of")]

    def __str__(self) -> str:
        return f"{self.theme} {self.until}"


class Award(models.Model):
    """An award: one of the reference by its code, or any other by its name."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="awards")
    code = models.CharField(_("award"), max_length=30, blank=True)
    name = models.CharField(_("other award"), max_length=200, blank=True)
    date = models.DateField(_("given on"), null=True, blank=True)
    order_number = models.CharField(_("order"), max_length=60, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("award"), _("awards")
        constraints = [models.CheckConstraint(condition=~Q(code="", name=""), name="staff_award_has_a_name")]
        indexes = [models.Index(fields=["employee"], name="staff_award_of")]

    def __str__(self) -> str:
        return self.code or self.name


class WorkPeriod(models.Model):
    """Work before this school or beside it, military service, care of a child: both ends included."""

    KINDS = (
        (Kind.PEDAGOGICAL, _("pedagogical work")),
        (Kind.OTHER, _("other work")),
        (Kind.MILITARY, _("military service")),
        (Kind.CHILD_CARE, _("care of a child")),
    )

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="work_periods")
    kind = models.CharField(_("what it was"), max_length=12, choices=KINDS)
    organisation = models.CharField(_("organisation"), max_length=250, blank=True)
    post = models.CharField(_("post there"), max_length=120, blank=True)
    post_code = models.CharField(_("the same post as here"), max_length=40, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ground = models.CharField(_("paper"), max_length=120, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("work before"), _("work before")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="staff_work_in_order"
            )
        ]
        indexes = [models.Index(fields=["employee", "since"], name="staff_work_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.since}"


class Leave(models.Model):
    """A leave or another absence, both ends included; of one whose end is not known yet there is no last day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="leaves")
    kind = models.CharField(_("kind of leave"), max_length=20)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    paper = models.CharField(_("paper"), max_length=120, blank=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural = _("leave"), _("leaves")
        constraints = [
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="staff_leave_in_order"
            )
        ]
        indexes = [models.Index(fields=["employee", "-since"], name="staff_leave_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.since}"


class Acting(models.Model):
    """Somebody stands in for the director for a term, by an order."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="actings")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="staff_acting_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.since}"


class Dismissal(models.Model):
    """The end of somebody's employment: when, why, and when the login closes. It is done when `closed_at` is set."""

    class Closing(models.TextChoices):
        AT_ONCE = "at_once", _("as soon as the last day has come")
        EVENING = "evening", _("when the last day is over")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    employee = models.ForeignKey(Employee, on_delete=models.PROTECT, related_name="dismissals")
    last_day = models.DateField(_("last working day"))
    ground = models.CharField(_("ground"), max_length=30, blank=True)
    closing = models.CharField(
        _("the login closes"), max_length=10, choices=Closing.choices, default=Closing.AT_ONCE
    )
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order"], name="staff_dismissal_of_order")]
        indexes = [
            models.Index(fields=["last_day"], condition=Q(closed_at=None), name="staff_dismissal_open"),
            models.Index(fields=["employee"], name="staff_dismissal_of"),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.last_day}"


class Staffing(models.Model):
    """How many rates of a post are approved for a term; the running line of a post has no end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    post_code = models.CharField(_("post"), max_length=40)
    rates = models.DecimalField(
        _("approved rates"), max_digits=6, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ground = models.CharField(_("ground"), max_length=120, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("line of the staffing table"), _("staffing table")
        constraints = [
            models.UniqueConstraint(
                fields=["post_code"], condition=Q(until=None), name="staff_staffing_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="staff_staffing_in_order"
            ),
            models.CheckConstraint(condition=Q(rates__gte=0), name="staff_staffing_rates"),
        ]

    def __str__(self) -> str:
        return f"{self.post_code} {self.rates}"
