"""The recording beside a cell."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from modules.journal.data import KIND_LABELS


class Voice(models.Model):
    """A recording of some seconds. One that is taken back leaves the row without a file; a trigger writes the history."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson = models.ForeignKey("schedule.Lesson", on_delete=models.PROTECT, related_name="+", db_index=False)
    pupil_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=4, choices=list(KIND_LABELS.items()))
    file_id = models.UUIDField(null=True, editable=False)
    seconds = models.PositiveSmallIntegerField(_("seconds"), null=True)
    version = models.PositiveIntegerField(default=1, db_default=1)
    set_by = models.BigIntegerField()
    set_at = models.DateTimeField(db_default=Now())
    set_session = models.BigIntegerField(null=True)
    operation_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "pupil_id", "kind"], name="journal_one_voice_a_cell"),
            models.CheckConstraint(
                name="journal_voice_is_short", condition=models.Q(seconds__gte=1, seconds__lte=60)
            ),
            models.CheckConstraint(
                name="journal_voice_whole_or_gone",
                condition=models.Q(file_id=None, seconds=None)
                | models.Q(file_id__isnull=False, seconds__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.seconds} s"
