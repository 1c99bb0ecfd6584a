"""The table of pupils whose families have something to hear when the wait is over."""

from __future__ import annotations

from django.db import models


class Settling(models.Model):
    """Something of the pupil's changed in journals since `since`; his family hears of it at `due_at`, None when it has.

    `told` holds what was told lately, by cell: the change and the value, so that nothing is told twice.
    """

    pupil_id = models.UUIDField(primary_key=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    told = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], name="journal_settling_due"),
        ]

    def __str__(self) -> str:
        return f"{self.pupil_id} {self.due_at}"
