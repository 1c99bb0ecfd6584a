"""A variant of the week: its cards, and the steps that may be undone. Published, it becomes slots and lessons."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7
from modules.schedule.year.models import Weeks


class Timetable(models.Model):
    """One way to lay the week of a school year."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("timetable", "draft")
        PUBLISHED = "published", pgettext_lazy("timetable", "published")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(max_length=7)
    name = models.CharField(pgettext_lazy("timetable", "name"), max_length=80)
    days = models.PositiveSmallIntegerField(_("school days a week"), default=5)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    since = models.DateField(_("in force from"), null=True, blank=True)
    overruled = models.CharField(_("why published with these problems"), max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    # The job that looks for places, while it runs and after: its progress is shown on the board.
    job_id = models.UUIDField(null=True, blank=True)
    # Grows with every change, so that who looks at an older board cannot write over what others did since.
    version = models.PositiveIntegerField(default=0, db_default=0)
    changed_by = models.CharField(max_length=200, blank=True, default="", db_default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "name"], name="schedule_timetable_named_once"),
            models.CheckConstraint(
                name="schedule_timetable_days_sane", condition=models.Q(days__gte=5, days__lte=6)
            ),
            models.CheckConstraint(
                name="schedule_timetable_since_when_published",
                condition=models.Q(state="draft") | models.Q(since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Card(models.Model):
    """A weekly lesson of a course within a variant; without a weekday it waits beside the board.

    Half an hour a week is a card of odd or even weeks: two of them share a place by turns.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    timetable = models.ForeignKey(Timetable, on_delete=models.CASCADE, related_name="cards")
    course = models.ForeignKey("schedule.Course", on_delete=models.CASCADE, related_name="+")
    ordinal = models.PositiveSmallIntegerField()
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    weeks = models.CharField(
        _("weeks"), max_length=5, choices=Weeks.choices, default=Weeks.EVERY, db_default="every"
    )
    room = models.CharField(_("room"), max_length=20, blank=True)
    pin = models.CharField(_("why it stays here"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["timetable", "course", "ordinal"], name="schedule_card_once"),
            models.CheckConstraint(
                name="schedule_card_placed_or_not",
                condition=models.Q(weekday__isnull=True, number__isnull=True, pin="")
                | models.Q(weekday__gte=1, weekday__lte=7, number__gte=0, number__lte=16),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.ordinal}"


class Step(models.Model):
    """A change of the variant that may be undone: for each card how it stood before."""

    id = models.BigAutoField(primary_key=True)
    timetable = models.ForeignKey(Timetable, on_delete=models.CASCADE, related_name="steps")
    by = models.CharField(max_length=200)
    at = models.DateTimeField()
    # card id -> [weekday, number, room, pin, weeks]
    before = models.JSONField()

    def __str__(self) -> str:
        return f"{self.timetable_id} {self.at}"


class DayWish(models.Model):
    """That a teacher is not in school on a weekday: he cannot be, or would rather not."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(max_length=7)
    teacher_id = models.UUIDField(_("teacher"))
    weekday = models.PositiveSmallIntegerField(_("day of the week"))
    is_demand = models.BooleanField(default=True)
    why = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["year", "teacher_id", "weekday"], name="schedule_day_wish_once"),
            models.CheckConstraint(
                name="schedule_day_wish_sane", condition=models.Q(weekday__gte=1, weekday__lte=6)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.teacher_id} {self.weekday}"
