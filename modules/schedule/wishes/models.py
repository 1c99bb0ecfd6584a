"""What a school asks of its timetable: how much each rule weighs, what subjects want, when teachers are there."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7
from modules.schedule.wishes.rules import Doubles, Level

_WEEKDAY = models.Q(weekday__gte=1, weekday__lte=6)


class RuleLevel(models.Model):
    """How much the school makes a rule weigh; a rule without a row weighs as it does for everybody."""

    code = models.CharField(max_length=20, primary_key=True)
    level = models.CharField(max_length=6, choices=[(one.value, one.value) for one in Level])

    def __str__(self) -> str:
        return f"{self.code}: {self.level}"


class SubjectWish(models.Model):
    """What a subject asks of the week where the school says otherwise than the reference data."""

    subject_code = models.CharField(_("subject"), max_length=60, primary_key=True)
    difficulty = models.PositiveSmallIntegerField(_("difficulty"))
    room_kind = models.CharField(_("kind of room"), max_length=12)
    first = models.PositiveSmallIntegerField(_("not before lesson"), null=True, blank=True)
    last = models.PositiveSmallIntegerField(_("not after lesson"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="schedule_subject_wish_sane",
                condition=models.Q(difficulty__gte=1, difficulty__lte=13)
                & (models.Q(first=None) | models.Q(last=None) | models.Q(last__gte=models.F("first"))),
            )
        ]

    def __str__(self) -> str:
        return self.subject_code


class CourseWish(models.Model):
    """Whether the lessons of a course stand in pairs; a course without a row has them on different days."""

    course = models.OneToOneField(
        "schedule.Course", on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    doubles = models.CharField(max_length=9, choices=[(one.value, one.value) for one in Doubles])

    def __str__(self) -> str:
        return f"{self.course_id}: {self.doubles}"


class HourWish(models.Model):
    """That a teacher cannot teach, or would rather not, at one lesson of the week."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(max_length=7)
    teacher_id = models.UUIDField(_("teacher"))
    weekday = models.PositiveSmallIntegerField(_("day of the week"))
    shift = models.PositiveSmallIntegerField(default=1)
    number = models.PositiveSmallIntegerField(_("lesson"))
    is_demand = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "teacher_id", "weekday", "shift", "number"], name="schedule_hour_wish_once"
            ),
            models.CheckConstraint(name="schedule_hour_wish_sane", condition=_WEEKDAY),
        ]

    def __str__(self) -> str:
        return f"{self.teacher_id} {self.weekday}-{self.number}"


class BusyTime(models.Model):
    """When a teacher is busy in another school: a weekday and hours, and nothing of what he does there."""

    class Source(models.TextChoices):
        HAND = "hand", pgettext_lazy("busy time", "written by hand")
        CALENDAR = "calendar", pgettext_lazy("busy time", "from a calendar")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(max_length=7)
    teacher_id = models.UUIDField(_("teacher"))
    weekday = models.PositiveSmallIntegerField(_("day of the week"))
    start = models.TimeField(_("begins"))
    end = models.TimeField(_("ends"))
    source = models.CharField(max_length=8, choices=Source.choices, default=Source.HAND)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "teacher_id", "weekday", "start", "end"], name="schedule_busy_once"
            ),
            models.CheckConstraint(
                name="schedule_busy_sane", condition=_WEEKDAY & models.Q(end__gt=models.F("start"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher_id} {self.weekday} {self.start}"
