"""What is written of a pupil besides marks. A change is another row: what was written stays."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from modules.journal.kinds.data import AREA_LABELS, LEVELS, STAGE_LABELS


class Written(models.Model):
    """A version of what somebody wrote; the newest one stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pupil_id = models.UUIDField(db_index=True)
    version = models.PositiveSmallIntegerField(default=1)
    set_by = models.BigIntegerField(null=True)
    set_by_name = models.CharField(max_length=150, blank=True)
    set_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True


class Description(Written):
    """A pupil's progress in a subject and period, in words. Empty where it was taken back."""

    course = models.ForeignKey("schedule.Course", on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey("schedule.Period", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "period", "pupil_id", "version"], name="journal_description_once"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class DevelopmentLevel(Written):
    """The level that a preschool child shows in an area of development at a stage of the year."""

    school_class_id = models.UUIDField()
    stage = models.CharField(max_length=6, choices=list(STAGE_LABELS.items()))
    area = models.CharField(max_length=10, choices=list(AREA_LABELS.items()))
    level = models.PositiveSmallIntegerField(null=True, choices=list(LEVELS.items()))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_class_id", "stage", "area", "pupil_id", "version"],
                name="journal_development_once",
            ),
            models.CheckConstraint(
                name="journal_level_from_1_to_3",
                condition=models.Q(level=None) | models.Q(level__gte=1, level__lte=3),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} {self.area}: {self.level}"


class Programme(models.Model):
    """That a pupil learns a subject by a programme of his own, and whether he is given marks in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey("schedule.Course", on_delete=models.PROTECT, related_name="+", db_index=False)
    pupil_id = models.UUIDField(db_index=True)
    aims = models.CharField(_("what the pupil learns, and how"), max_length=2000)
    is_marked = models.BooleanField(_("marks are given"), default=True)
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "pupil_id"], condition=models.Q(until=None), name="journal_one_programme"
            ),
            models.CheckConstraint(
                name="journal_programme_in_order",
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.pupil_id} {self.since}"
