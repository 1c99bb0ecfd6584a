"""The table of remarks on how journals are kept."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7


class Remark(models.Model):
    """A line of the journal's page of remarks: who checked it and when, what is to be put right, what the teacher says,
    and that it was done. A remark is never deleted; one made by mistake is taken back and stays to be read.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("remark", "to be put right")
        ANSWERED = "answered", pgettext_lazy("remark", "answered, to be looked at")
        DONE = "done", pgettext_lazy("remark", "put right")
        TAKEN_BACK = "taken", pgettext_lazy("remark", "taken back")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey("schedule.Course", on_delete=models.PROTECT, related_name="+")
    date = models.DateField(_("date"))
    text = models.CharField(_("remark and proposal"), max_length=1000)
    due_date = models.DateField(_("put right by"), null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.OPEN)
    made_by = models.BigIntegerField(null=True, editable=False)
    made_name = models.CharField(max_length=150)
    answer = models.CharField(_("the teacher’s answer"), max_length=1000, blank=True)
    answered_name = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)
    done_name = models.CharField(max_length=150, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="journal_remark_says", condition=~Q(text="")),
            models.CheckConstraint(
                name="journal_remark_done_at",
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at=None)),
            ),
        ]
        indexes = [
            models.Index(fields=["course", "-date"], name="journal_remark_of"),
            models.Index(
                fields=["state"], name="journal_remark_open", condition=Q(state__in=["open", "answered"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.text[:40]}"
