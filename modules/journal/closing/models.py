"""The table of periods that close by themselves: when teachers were told, when it was done."""

from __future__ import annotations

from django.db import models

from kernel.ids import uuid7


class PlannedClosing(models.Model):
    """Teachers were told that the period closes before `day` begins. It closes by itself once: whoever reopens it means it.

    A period whose end was moved is announced anew, so the end stands beside it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    period = models.ForeignKey("schedule.Period", on_delete=models.PROTECT, related_name="+")
    end = models.DateField()
    day = models.DateField()
    told_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "end"], name="journal_closing_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.day}"
