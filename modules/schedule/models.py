"""Who teaches what to whom, and on which day: periods, bells, load, weekly slots and dated lessons.

Classes and teachers belong to other modules and are named by their public ids.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7
from modules.schedule.load.models import CourseTeacher, GroupMember, TypicalHours
from modules.schedule.rooms.models import Room
from modules.schedule.substitutions.models import Absence, Question, Substitution
from modules.schedule.timetabling.models import Card, DayWish, Step, Timetable
from modules.schedule.wishes.models import BusyTime, CourseWish, HourWish, RuleLevel, SubjectWish
from modules.schedule.year import models as year
from modules.schedule.year.models import BellSet, BellTime, Feed, LessonChange, SpecialDays

__all__ = [
    "Absence",
    "BellSet",
    "BellTime",
    "BusyTime",
    "Card",
    "Course",
    "CourseTeacher",
    "CourseWish",
    "DayWish",
    "Feed",
    "GroupMember",
    "HourWish",
    "Lesson",
    "LessonChange",
    "Period",
    "Question",
    "Room",
    "RuleLevel",
    "Slot",
    "SpecialDays",
    "Step",
    "SubjectWish",
    "Substitution",
    "Timetable",
    "TypicalHours",
]


class Period(models.Model):
    """A quarter or a half-year for which marks are given. A closed one keeps its marks as they are."""

    class Kind(models.TextChoices):
        QUARTER = "quarter", _("quarter")
        HALF_YEAR = "half_year", _("half-year")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(max_length=7)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    number = models.PositiveSmallIntegerField()
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The director's order by which the days are other than the ministry's.
    order_number = models.CharField(_("number of the order"), max_length=40, blank=True, db_default="")
    order_date = models.DateField(_("date of the order"), null=True, blank=True)
    # As it was before the last change, so that the change can be taken back.
    was_start = models.DateField(null=True, blank=True, editable=False)
    was_end = models.DateField(null=True, blank=True, editable=False)
    was_order_number = models.CharField(max_length=40, blank=True, db_default="", editable=False)
    was_order_date = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "kind", "number"], name="schedule_period_once"),
            models.CheckConstraint(
                name="schedule_period_in_order", condition=models.Q(end__gte=models.F("start"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.code}"

    @property
    def code(self) -> str:
        """How figures name the period: q1 … q4, h1, h2."""
        return f"{self.kind[0]}{self.number}"


class Course(models.Model):
    """A line of a teacher's load: this subject in this class, so many hours a week. A journal belongs to it.

    `group` 0 is the whole class, 1 to 9 its parts, from 51 on a circle of its own: a club, a child at home.
    `teacher_id` is today's; whose it was before and will be is in CourseTeacher.
    """

    class Kind(models.TextChoices):
        CORE = "core", pgettext_lazy("part of the curriculum", "invariant component")
        VARIABLE = "variable", pgettext_lazy("part of the curriculum", "variable component")
        ELECTIVE = "elective", pgettext_lazy("part of the curriculum", "elective")
        CLUB = "club", pgettext_lazy("part of the curriculum", "club")
        HOME = "home", pgettext_lazy("part of the curriculum", "education at home")
        CORRECTION = "correction", pgettext_lazy("part of the curriculum", "correction")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(max_length=7)
    school_class_id = models.UUIDField(db_index=True)
    subject_code = models.CharField(_("subject"), max_length=60)
    group = models.PositiveSmallIntegerField(_("group"), default=0)
    teacher_id = models.UUIDField(_("teacher"), null=True, blank=True, db_index=True)
    hours_per_week = models.DecimalField(_("hours a week"), max_digits=4, decimal_places=1)
    # Classes of a small school that sit together share the code: their teacher is in one room, not in two places.
    set_code = models.CharField(max_length=20, blank=True)
    shift = models.PositiveSmallIntegerField(default=1, db_default=1)
    kind = models.CharField(
        _("part of the curriculum"), max_length=10, choices=Kind.choices, default=Kind.CORE, db_default="core"
    )
    name = models.CharField(_("name"), max_length=80, blank=True, default="", db_default="")
    # Why the hours differ from the typical curriculum.
    reason = models.CharField(_("reason"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "school_class_id", "subject_code", "group"], name="schedule_course_once"
            ),
            models.CheckConstraint(
                name="schedule_hours_sane",
                condition=models.Q(hours_per_week__gt=0, hours_per_week__lte=40),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.subject_code} {self.school_class_id}"


class Slot(models.Model):
    """A place of the course in the week, for a stretch of time; half an hour a week is taught every second week."""

    Weeks = year.Weeks

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="slots")
    weekday = models.PositiveSmallIntegerField(_("day of the week"))
    number = models.PositiveSmallIntegerField(_("lesson"))
    weeks = models.CharField(
        _("weeks"), max_length=5, choices=year.Weeks.choices, default=year.Weeks.EVERY, db_default="every"
    )
    room = models.CharField(_("room"), max_length=20, blank=True)
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "weekday", "number", "since"],
                name="schedule_slot_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="schedule_slot_sane",
                condition=models.Q(weekday__gte=1, weekday__lte=7, number__gte=0, number__lte=16),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday}/{self.number}"


class Lesson(models.Model):
    """One dated lesson. Class, group and teacher are copied, so that the database itself keeps both from being
    in two places; a substitute's lesson carries the substitute."""

    class State(models.TextChoices):
        HELD = "held", pgettext_lazy("lesson", "held")
        CANCELLED = "cancelled", pgettext_lazy("lesson", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="lessons", db_index=False)
    school_class_id = models.UUIDField()
    group = models.PositiveSmallIntegerField(default=0)
    teacher_id = models.UUIDField(null=True, blank=True)
    set_code = models.CharField(max_length=20, blank=True)
    shift = models.PositiveSmallIntegerField(default=1, db_default=1)
    date = models.DateField(_("date"))
    number = models.PositiveSmallIntegerField(_("lesson"))
    room = models.CharField(_("room"), max_length=20, blank=True)
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    homework = models.CharField(_("homework"), max_length=1000, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.HELD)
    # Put by hand, not by the week: an extra lesson, or one moved to another time.
    is_by_hand = models.BooleanField(default=False, db_default=False)
    # Of a cancelled row that holds the place of the week from which a lesson was moved: that lesson.
    moved_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="left", db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "date", "number"], name="schedule_lesson_once"),
            models.UniqueConstraint(
                fields=["school_class_id", "date", "number", "group"],
                name="schedule_class_in_one_place",
                condition=models.Q(state="held"),
            ),
            models.UniqueConstraint(
                fields=["teacher_id", "date", "shift", "number"],
                name="schedule_teacher_in_one_place",
                condition=models.Q(state="held", set_code="", teacher_id__isnull=False),
            ),
            models.CheckConstraint(
                name="schedule_left_is_cancelled",
                condition=models.Q(moved_to=None) | models.Q(state="cancelled"),
            ),
        ]
        indexes = [
            models.Index(fields=["teacher_id", "date"], name="schedule_lesson_teacher"),
            models.Index(fields=["date"], name="schedule_lesson_date"),
            models.Index(
                fields=["moved_to"],
                name="schedule_lesson_left",
                condition=models.Q(moved_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.number}"
