"""What teachers write in reports."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7

LONGEST = 2000


class WorkAnalysis(models.Model):
    """What the teacher says of a СОР or a СОЧ; the figures beside it are counted anew each time.

    Objectives stand one a line.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    work = models.OneToOneField("journal.SummativeWork", on_delete=models.CASCADE, related_name="analysis")
    reached = models.TextField(_("objectives that were reached"), max_length=LONGEST, blank=True)
    hard = models.TextField(_("objectives that caused difficulty"), max_length=LONGEST, blank=True)
    difficulties = models.TextField(_("difficulties of the pupils"), max_length=LONGEST, blank=True)
    reasons = models.TextField(_("reasons of the difficulties"), max_length=LONGEST, blank=True)
    correction = models.TextField(_("what is planned to correct them"), max_length=LONGEST, blank=True)
    author_name = models.CharField(max_length=150, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.work_id} {self.changed_at}"
