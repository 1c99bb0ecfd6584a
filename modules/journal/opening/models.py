"""The table of requests to open cells of a closed period."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7


class Opening(models.Model):
    """What a teacher wants to correct in a closed period, why, and what became of it.

    Cells of lessons are those of `days`, period marks are open with `with_finals`; both for `pupil_ids`, or for all
    pupils when it is empty. It is open while its state says so and `until` has not come: nothing needs to close it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("request", "waits for an answer")
        OPEN = "open", pgettext_lazy("request", "opened")
        REFUSED = "refused", pgettext_lazy("request", "refused")
        CLOSED = "closed", pgettext_lazy("request", "closed early")
        WITHDRAWN = "withdrawn", pgettext_lazy("request", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey("schedule.Course", on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey("schedule.Period", on_delete=models.PROTECT, related_name="+")
    days = ArrayField(models.DateField(), default=list, verbose_name=_("days"))
    pupil_ids = ArrayField(models.UUIDField(), default=list, verbose_name=_("pupils"))
    with_finals = models.BooleanField(_("period marks"), default=False)
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    asked_by = models.BigIntegerField()
    asked_name = models.CharField(max_length=150)
    asked_at = models.DateTimeField()
    answered_by = models.BigIntegerField(null=True)
    answered_name = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(_("answer"), max_length=300, blank=True)
    hours = models.PositiveSmallIntegerField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "period", "asked_by"],
                name="journal_one_request_waits",
                condition=Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="journal_opening_names_cells", condition=~Q(days=[]) | Q(with_finals=True)
            ),
            models.CheckConstraint(
                name="journal_opening_answered",
                condition=Q(state__in=["waiting", "withdrawn"], until=None)
                | Q(state="refused", until=None, answered_at__isnull=False)
                | Q(
                    state__in=["open", "closed"],
                    until__isnull=False,
                    answered_at__isnull=False,
                    until__gte=F("answered_at"),
                ),
            ),
            models.CheckConstraint(name="journal_opening_has_reason", condition=~Q(reason="")),
        ]
        indexes = [
            models.Index(fields=["state"], name="journal_opening_waits", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.state}"

    def is_open(self, at: datetime) -> bool:
        return self.state == self.State.OPEN and self.until is not None and at < self.until

    def covers(self, day: date, pupil_id: UUID) -> bool:
        """Whether the cells of the day are among those asked for, for the pupil."""
        return day in self.days and self.names(pupil_id)

    def covers_topic(self, day: date) -> bool:
        """Whether the topic and the homework of the day are open: they are nobody's in particular."""
        return day in self.days and not self.pupil_ids

    def covers_final(self, pupil_id: UUID) -> bool:
        return self.with_finals and self.names(pupil_id)

    def names(self, pupil_id: UUID) -> bool:
        return not self.pupil_ids or pupil_id in self.pupil_ids
