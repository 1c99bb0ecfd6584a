"""Tables of the contingent. A pupil's place in a class is a period with two ends, never a field of the pupil."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.db.sealed import Digest, SealedTextField
from kernel.ids import uuid7
from kernel.names import KK_COLLATION, PersonName, folded_name


class Sex(models.TextChoices):
    MALE = "m", pgettext_lazy("pupil", "male")
    FEMALE = "f", pgettext_lazy("pupil", "female")


class SchoolClass(models.Model):
    """A class of one school year; the next year it is another row."""

    class Language(models.TextChoices):
        KAZAKH = "kk", _("Kazakh")
        RUSSIAN = "ru", _("Russian")

    class Kind(models.TextChoices):
        GENERAL = "general", _("general")
        GYMNASIUM = "gymnasium", _("gymnasium")
        LYCEUM = "lyceum", _("lyceum")
        PRESCHOOL = "preschool", _("preschool")
        SPECIAL = "special", _("special")

    class Direction(models.TextChoices):
        NATURAL = "natural", _("natural sciences and mathematics")
        SOCIAL = "social", _("social sciences and humanities")

    SENIOR = 10  # from this grade on a class has a direction; without one it is of no profile

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(_("school year"), max_length=7)
    grade = models.PositiveSmallIntegerField(_("grade"), validators=[MaxValueValidator(12)])
    letter = models.CharField(_("letter"), max_length=3, blank=True, db_collation=KK_COLLATION)
    language = models.CharField(_("language of teaching"), max_length=2, choices=Language.choices)
    shift = models.PositiveSmallIntegerField(
        _("shift"), default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )
    kind = models.CharField(_("kind of class"), max_length=12, choices=Kind.choices, default=Kind.GENERAL)
    direction = models.CharField(
        _("direction"), max_length=10, choices=Direction.choices, blank=True, default="", db_default=""
    )
    room = models.CharField(_("home room"), max_length=20, blank=True, default="", db_default="")
    capacity = models.PositiveSmallIntegerField(_("capacity"), null=True, blank=True)
    set_code = models.CharField(_("joined with"), max_length=12, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("class"), _("classes")
        constraints = [
            models.UniqueConstraint(fields=["year", "grade", "letter"], name="contingent_class_once_a_year"),
            models.CheckConstraint(condition=Q(grade__lte=12), name="contingent_grade_to_12"),
            models.CheckConstraint(condition=Q(shift__gte=1, shift__lte=3), name="contingent_shift_1_to_3"),
            models.CheckConstraint(
                condition=Q(direction="") | Q(direction__in=["natural", "social"], grade__gte=10),
                name="contingent_direction_of_seniors",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        return f"{self.grade}{self.letter}"


class Charge(models.Model):
    """An employee answers for a class for a term: as its class teacher, or as an educator of it or of a group in it.

    The running one has no end; it ends by itself with the school year. `employee_id` is an employee of the staff.
    """

    class Duty(models.TextChoices):
        CLASS_TEACHER = "class_teacher", _("class teacher")
        EDUCATOR = "educator", _("educator")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school_class = models.ForeignKey(SchoolClass, on_delete=models.CASCADE, related_name="charges")
    employee_id = models.UUIDField()
    duty = models.CharField(_("duty"), max_length=15, choices=Duty.choices)
    group = models.CharField(_("group"), max_length=60, blank=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    order_number = models.CharField(_("order"), max_length=40, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("charge of a class"), _("charges of classes")
        constraints = [
            models.UniqueConstraint(
                fields=["school_class"],
                condition=Q(until=None, duty="class_teacher"),
                name="contingent_one_class_teacher",
            ),
            models.UniqueConstraint(
                fields=["school_class", "employee_id", "group"],
                condition=Q(until=None, duty="educator"),
                name="contingent_educator_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="contingent_charge_term"
            ),
            models.CheckConstraint(
                condition=Q(duty="educator") | Q(group=""), name="contingent_group_of_educator"
            ),
        ]
        indexes = [models.Index(fields=["employee_id"], name="contingent_charge_of")]

    def __str__(self) -> str:
        return f"{self.duty} {self.school_class_id} {self.since}"


class Pupil(models.Model):
    """A child who learns or learned here. Never deleted: `removed_at` takes back what should not have been written."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    iin = SealedTextField(_("IIN"), max_length=12, blank=True, findable=True)
    surname = models.CharField(_("surname"), max_length=80, db_collation=KK_COLLATION)
    name = models.CharField(_("name"), max_length=80, db_collation=KK_COLLATION)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True, db_collation=KK_COLLATION)
    folded = folded_name()
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"))
    birth_place = models.CharField(_("place of birth"), max_length=200, blank=True, default="", db_default="")
    nationality = models.CharField(_("nationality"), max_length=30, blank=True)
    citizenship = models.CharField(_("citizenship"), max_length=40, blank=True)
    file_number = models.CharField(_("personal file No."), max_length=20, blank=True)
    address = SealedTextField(_("address"), max_length=250, blank=True)
    phone = SealedTextField(_("phone"), max_length=16, blank=True)
    enrolled_date = models.DateField(_("enrolled on"), null=True, blank=True)
    enrolled_order = models.CharField(_("order of enrolment"), max_length=40, blank=True)
    left_date = models.DateField(_("left on"), null=True, blank=True)
    left_reason = models.CharField(_("reason of leaving"), max_length=40, blank=True)
    photo_id = models.UUIDField(_("photo"), null=True, editable=False)
    removed_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("pupil"), _("pupils")
        constraints = [
            models.UniqueConstraint(
                Digest("iin"), condition=~Q(iin="") & Q(removed_at=None), name="contingent_iin_once"
            ),
            models.CheckConstraint(condition=Q(sex__in=["m", "f"]), name="contingent_sex_m_or_f"),
            models.CheckConstraint(
                condition=Q(left_date=None) | Q(enrolled_date=None) | Q(left_date__gte=F("enrolled_date")),
                name="contingent_leaves_after_coming",
            ),
        ]
        indexes = [
            models.Index(fields=["surname", "name", "patronymic", "id"], name="contingent_pupil_order")
        ]

    def __str__(self) -> str:
        return self.person_name.full

    @property
    def person_name(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)


class Membership(models.Model):
    """A pupil's time in a class, both ends included; the running one has no end."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="memberships")
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, related_name="memberships")
    year = models.CharField(max_length=7)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    order_number = models.CharField(_("order"), max_length=40, blank=True)
    order_date = models.DateField(null=True, blank=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=40, blank=True, db_default="")
    end_order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "year"], condition=Q(until=None), name="contingent_one_open_class"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="contingent_term_in_order"
            ),
        ]
        indexes = [
            models.Index(fields=["school_class", "since"], name="contingent_members"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.school_class_id} {self.since}"


class Guardian(models.Model):
    """A mother, a father or another lawful representative; one row for all her children here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    iin = SealedTextField(_("IIN"), max_length=12, blank=True, findable=True)
    surname = models.CharField(_("surname"), max_length=80, db_collation=KK_COLLATION)
    name = models.CharField(_("name"), max_length=80, db_collation=KK_COLLATION)
    patronymic = models.CharField(_("patronymic"), max_length=80, blank=True, db_collation=KK_COLLATION)
    folded = folded_name()
    phone = SealedTextField(_("phone"), max_length=16, blank=True, findable=True)
    second_phone = SealedTextField(_("second phone"), max_length=16, blank=True, default="", db_default="")
    email = SealedTextField(_("e-mail"), max_length=254, blank=True, validators=[validate_email])
    work_place = models.CharField(_("place of work"), max_length=200, blank=True, default="", db_default="")
    post = models.CharField(_("post"), max_length=120, blank=True, default="", db_default="")
    language = models.CharField(max_length=2, choices=SchoolClass.Language.choices, default="kk")
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name, verbose_name_plural = _("guardian"), _("guardians")
        constraints = [
            models.UniqueConstraint(Digest("iin"), condition=~Q(iin=""), name="contingent_guardian_iin_once")
        ]
        indexes = [models.Index(Digest("phone"), condition=~Q(phone=""), name="contingent_guardian_phone")]

    def __str__(self) -> str:
        return self.person_name.full

    @property
    def person_name(self) -> PersonName:
        return PersonName(self.surname, self.name, self.patronymic)


class Guardianship(models.Model):
    """Who answers for a pupil. Whether she may see him is asked of queries.custody and of nothing else."""

    class Relation(models.TextChoices):
        MOTHER = "mother", _("mother")
        FATHER = "father", _("father")
        GUARDIAN = "guardian", _("lawful guardian")
        RELATIVE = "relative", _("relative")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="guardianships")
    guardian = models.ForeignKey(Guardian, on_delete=models.PROTECT, related_name="guardianships")
    relation = models.CharField(_("who it is to the child"), max_length=10, choices=Relation.choices)
    lives_together = models.BooleanField(_("lives with the child"), default=True, db_default=True)
    may_collect = models.BooleanField(_("may collect the child"), default=True, db_default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pupil", "guardian"], name="contingent_guardian_once")]

    def __str__(self) -> str:
        return f"{self.guardian_id} {self.relation} {self.pupil_id}"


class PupilStatus(models.Model):
    """A privilege, a need or a mark of record, for a term; codes are those of tenants' reference "privileges"."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="statuses")
    code = models.CharField(_("status"), max_length=40)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ground = SealedTextField(_("ground"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "code"], condition=Q(until=None), name="contingent_status_once"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="contingent_status_term"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.since}"


class Movement(models.Model):
    """A pupil came to the school or left it. `date` is the first day here, or the last one; both are facts.

    Moves inside the school are memberships. Who came before the school had orders here has no row until he leaves:
    the card says when he came.
    """

    class Direction(models.TextChoices):
        IN = "in", _("arrived")
        OUT = "out", _("departed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="movements")
    direction = models.CharField(max_length=3, choices=Direction.choices)
    date = models.DateField(_("date"))
    school_class = models.ForeignKey(SchoolClass, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=40, blank=True)
    country = models.CharField(_("country"), max_length=40, blank=True)
    region = models.CharField(_("region"), max_length=120, blank=True)
    district = models.CharField(_("district or city"), max_length=120, blank=True)
    organisation = models.CharField(_("school or college"), max_length=250, blank=True)
    slip_number = models.CharField(_("slip No."), max_length=40, blank=True)
    slip_date = models.DateField(_("date of the slip"), null=True, blank=True)
    confirmation = models.CharField(_("confirmation of arrival"), max_length=80, blank=True)
    confirmed_date = models.DateField(_("arrival confirmed on"), null=True, blank=True)
    file_given_date = models.DateField(_("personal file given out on"), null=True, blank=True)
    order_number = models.CharField(_("order"), max_length=40, blank=True)
    order_date = models.DateField(_("date of the order"), null=True, blank=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name, verbose_name_plural = _("movement"), _("movements")
        indexes = [
            models.Index(fields=["direction", "date"], name="contingent_movement_book"),
            models.Index(fields=["pupil", "date"], name="contingent_movement_of_pupil"),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.pupil_id} {self.date}"


class AcademicLeave(models.Model):
    """A pupil who belongs to the school and does not learn for a time; `until` is what the order expects."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="leaves")
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    ended_date = models.DateField(_("came back on"), null=True, blank=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(ended_date=None), name="contingent_one_running_leave"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="contingent_leave_term"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.since}"


class PeriodDecision(models.Model):
    """Whether a pupil who came or went within a quarter is attested for it here. The date of arrival stays a fact."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="period_decisions")
    year = models.CharField(max_length=7)
    quarter = models.PositiveSmallIntegerField()
    attested_here = models.BooleanField(_("attested here"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    decided_at = models.DateTimeField()
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "year", "quarter"], name="contingent_decided_once_a_quarter"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.year} {self.quarter}"


class OrderTrace(models.Model):
    """What an order did to one row: as it was before and after. The way back of a cancelled order."""

    id = models.BigAutoField(primary_key=True)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    table = models.CharField(max_length=20)
    object_id = models.UUIDField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reverted_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["order", "id"], name="contingent_trace_of_order"),
            models.Index(fields=["pupil", "id"], name="contingent_trace_of_pupil"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.table} {self.object_id}"


class RollOver(models.Model):
    """The passing of the whole school into the next year: what was chosen, and the orders it became."""

    class State(models.TextChoices):
        PLAN = "plan", _("being planned")
        DONE = "done", _("done")
        UNDONE = "undone", _("taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(max_length=7)
    next_year = models.CharField(max_length=7)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PLAN)
    classes = models.JSONField(default=dict)
    pupils = models.JSONField(default=dict)
    order_ids = models.JSONField(default=list)
    opened_class_ids = models.JSONField(default=list)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year"], condition=~Q(state="undone"), name="contingent_one_roll_over_a_year"
            )
        ]

    def __str__(self) -> str:
        return f"{self.year} > {self.next_year}"
