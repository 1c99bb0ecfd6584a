"""Marks given after the teaching of a year: of an exam, and of the works that a 2 for the year brings."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from kernel.ids import uuid7
from modules.journal.data import YEAR_KINDS, YearKind


class YearMark(models.Model):
    """A mark of 2 to 5 in a course after the year's last lesson, signed as every mark is; a trigger writes its history.

    A cleared one keeps its row, empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey("schedule.Course", on_delete=models.PROTECT, related_name="+", db_index=False)
    pupil_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=5, choices=list(YEAR_KINDS.items()))
    mark = models.CharField(max_length=1, null=True)
    version = models.PositiveIntegerField(default=1)
    set_by = models.BigIntegerField(null=True)
    set_at = models.DateTimeField(db_default=Now())
    set_session = models.BigIntegerField(null=True)
    operation_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "pupil_id", "kind"], name="journal_one_year_mark"),
            models.CheckConstraint(
                name="journal_year_mark_is_a_mark",
                condition=models.Q(mark=None) | models.Q(mark__in=["2", "3", "4", "5"]),
            ),
            models.CheckConstraint(
                name="journal_year_kind_known", condition=models.Q(kind__in=[one.value for one in YearKind])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mark}"
