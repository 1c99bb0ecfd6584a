"""Plans of a subject with their lines, how courses follow them, and lesson plans with their stages.

Courses, lessons and employees belong to other modules and are named by their ids.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from kernel.names import KK_COLLATION
from modules.plans.data import KIND_LABELS, LENGTHS, OPEN, PART_LABELS, STATE_LABELS, Kind, Part, State


class Team(models.Model):
    """A subject team (методобъединение): its subjects, and its head, who reads plans before the director."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=120, db_collation=KK_COLLATION)
    subjects = ArrayField(models.CharField(max_length=60), verbose_name=_("subjects"))
    head_id = models.UUIDField(_("head"))

    class Meta:
        verbose_name, verbose_name_plural = _("subject team"), _("subject teams")
        constraints = [models.UniqueConstraint(fields=["name"], name="plans_team_once")]

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    """A medium-term plan (КТП): the year of a subject in a grade. An approved one never changes; a correction is
    another version of the same series."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    series_id = models.UUIDField(default=uuid7, editable=False)
    version = models.PositiveSmallIntegerField(default=1)
    year = models.CharField(max_length=7)
    subject_code = models.CharField(_("subject"), max_length=60)
    grade = models.PositiveSmallIntegerField(_("grade"))
    language = models.CharField(_("language"), max_length=2)
    hours_per_week = models.DecimalField(_("hours a week"), max_digits=4, decimal_places=1)
    name = models.CharField(
        _("what tells it from others"), max_length=80, blank=True, db_collation=KK_COLLATION
    )
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(_("author"), max_length=150, blank=True, db_collation=KK_COLLATION)
    author_user_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=list(STATE_LABELS.items()), default=State.DRAFT)
    is_shared = models.BooleanField(_("open to colleagues"), default=False)
    # Counts the changes of the lines, so that a stale page does not overwrite.
    revision = models.PositiveIntegerField(default=0)
    copied_from_id = models.UUIDField(null=True)
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    agreed_on = models.DateField(null=True)
    agreed_by_name = models.CharField(max_length=150, blank=True)
    approved_on = models.DateField(null=True)
    approved_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("medium-term plan"), _("medium-term plans")
        constraints = [
            models.UniqueConstraint(fields=["series_id", "version"], name="plans_version_once"),
            models.UniqueConstraint(
                fields=["series_id"], name="plans_one_in_work", condition=Q(state__in=list(OPEN))
            ),
            models.UniqueConstraint(
                fields=["series_id"], name="plans_one_approved", condition=Q(state=State.APPROVED)
            ),
            models.CheckConstraint(
                name="plans_plan_sane",
                condition=Q(grade__lte=12, version__gte=1, hours_per_week__gt=0, hours_per_week__lte=20),
            ),
            models.CheckConstraint(
                name="plans_approved_says_when",
                condition=Q(state__in=[State.APPROVED, State.REPLACED], approved_on__isnull=False)
                | Q(state__in=list(OPEN), approved_on=None),
            ),
        ]
        indexes = [
            models.Index(fields=["year", "subject_code", "grade"], name="plans_of_subject"),
            models.Index(fields=["author_id", "year"], name="plans_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.subject_code} {self.grade}"

    @property
    def is_frozen(self) -> bool:
        return self.state in (State.APPROVED, State.REPLACED)


class Line(models.Model):
    """A line of a plan: so many hours of a quarter. `origin_id` is the same through the versions of a plan."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="lines")
    origin_id = models.UUIDField(default=uuid7, editable=False)
    position = models.PositiveIntegerField()
    quarter = models.PositiveSmallIntegerField(_("quarter"))
    kind = models.CharField(_("kind"), max_length=10, choices=list(KIND_LABELS.items()), default=Kind.LESSON)
    section = models.CharField(_("unit, cross-cutting themes"), max_length=LENGTHS["section"], blank=True)
    topic = models.CharField(_("topic of the lesson"), max_length=LENGTHS["topic"], blank=True)
    objectives = models.CharField(_("learning objectives"), max_length=LENGTHS["objectives"], blank=True)
    hours = models.PositiveSmallIntegerField(_("hours"), default=1)
    note = models.CharField(_("note"), max_length=LENGTHS["note"], blank=True)

    class Meta:
        verbose_name, verbose_name_plural = _("line of a plan"), _("lines of a plan")
        constraints = [
            models.UniqueConstraint(fields=["plan", "origin_id"], name="plans_line_once"),
            models.CheckConstraint(
                name="plans_line_sane",
                condition=Q(quarter__gte=1, quarter__lte=4, hours__gte=1, hours__lte=40),
            ),
        ]
        indexes = [models.Index(fields=["plan", "quarter", "position"], name="plans_line_order")]

    def __str__(self) -> str:
        return self.topic or str(self.get_kind_display())


class Step(models.Model):
    """A change of a plan's lines that can be undone: lines before and after it, by id, None for one not there."""

    id = models.BigAutoField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="steps")
    before = models.JSONField(encoder=DjangoJSONEncoder)
    after = models.JSONField(encoder=DjangoJSONEncoder)
    is_undone = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["plan", "-id"], name="plans_step_order")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.pk}"


class Follower(models.Model):
    """A course that is taught by the plan: one plan a course."""

    course_id = models.UUIDField(primary_key=True)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="followers")

    def __str__(self) -> str:
        return str(self.course_id)


class Placement(models.Model):
    """A part of a line at a lesson of a course, as it was laid last. A held lesson keeps its own.

    The line is named by its origin: so the lesson keeps it through versions, and when a deletion is undone.
    """

    lesson_id = models.UUIDField(primary_key=True)
    course_id = models.UUIDField()
    origin_id = models.UUIDField()
    part = models.PositiveSmallIntegerField(default=1)
    day = models.DateField()
    # The day of the same line before it was laid anew; the teacher takes the notice off.
    was_day = models.DateField(null=True)

    class Meta:
        indexes = [models.Index(fields=["course_id", "day"], name="plans_placed")]

    def __str__(self) -> str:
        return f"{self.day} {self.origin_id}"


class Remark(models.Model):
    """A remark of who reads the plan, and the author's answer."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="remarks")
    text = models.CharField(_("remark"), max_length=1000)
    by_name = models.CharField(max_length=150)
    at = models.DateTimeField()
    answer = models.CharField(_("answer"), max_length=1000, blank=True)
    answered_by_name = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name, verbose_name_plural = _("remark"), _("remarks")
        constraints = [
            models.CheckConstraint(
                name="plans_answered_says_when",
                condition=Q(answer="", answered_at=None) | (~Q(answer="") & Q(answered_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.text[:60]


class LessonPlan(models.Model):
    """A lesson plan (КСП): begun from a line of a medium-term plan, for a lesson or for none yet."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    # The line's origin, so that the lesson plan stays with the line through the versions of the plan.
    line_origin_id = models.UUIDField(null=True)
    course_id = models.UUIDField(null=True)
    lesson_id = models.UUIDField(null=True)
    day = models.DateField(_("date"), null=True)
    year = models.CharField(max_length=7)
    subject_code = models.CharField(_("subject"), max_length=60)
    grade = models.PositiveSmallIntegerField(_("grade"))
    language = models.CharField(_("language"), max_length=2)
    author_id = models.UUIDField(null=True)
    author_name = models.CharField(_("author"), max_length=150, blank=True, db_collation=KK_COLLATION)
    section = models.CharField(_("Unit"), max_length=300, blank=True)
    topic = models.CharField(_("Topic of the lesson"), max_length=300, db_collation=KK_COLLATION)
    objectives = models.CharField(_("Learning objectives of the programme"), max_length=2000, blank=True)
    purpose = models.TextField(_("Objectives of the lesson"), max_length=2000, blank=True)
    differentiation = models.TextField(_("Differentiation"), max_length=3000, blank=True)
    reflection = models.TextField(_("Reflection"), max_length=3000, blank=True)
    is_shared = models.BooleanField(_("open to colleagues"), default=False)
    copied_from_id = models.UUIDField(null=True)
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name, verbose_name_plural = _("lesson plan"), _("lesson plans")
        indexes = [
            models.Index(fields=["author_id", "-changed_at"], name="plans_lesson_plans_of"),
            models.Index(fields=["line_origin_id"], name="plans_lesson_plan_line"),
            models.Index(fields=["lesson_id"], name="plans_lesson_plan_lesson"),
        ]

    def __str__(self) -> str:
        return self.topic


class Stage(models.Model):
    """A stage of a lesson, in the order's columns."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson_plan = models.ForeignKey(LessonPlan, on_delete=models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(_("stage"), max_length=6, choices=list(PART_LABELS.items()), default=Part.MIDDLE)
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True)
    teacher = models.TextField(_("Teacher's actions"), max_length=4000, blank=True)
    pupils = models.TextField(_("Pupils' actions"), max_length=4000, blank=True)
    assessment = models.TextField(_("Assessment"), max_length=2000, blank=True)
    resources = models.TextField(_("Resources"), max_length=2000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson_plan", "position"], name="plans_stage_once"),
            models.CheckConstraint(name="plans_stage_sane", condition=Q(minutes=None) | Q(minutes__lte=300)),
        ]

    def __str__(self) -> str:
        return str(self.get_part_display())
