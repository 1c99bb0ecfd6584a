"""What teachers write in reports."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7
from modules.journal.reports.data import YEAR_CODE

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


class ClassConclusion(models.Model):
    """What the class teacher says of a quarter or of the year; the figures beside it are counted anew each time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    school_class = models.ForeignKey("contingent.SchoolClass", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(
        max_length=2, choices=[(code, code) for code in ("q1", "q2", "q3", "q4", YEAR_CODE)]
    )
    done = models.TextField(_("work with pupils and parents"), max_length=LONGEST, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=LONGEST, blank=True)
    ahead = models.TextField(_("what comes next"), max_length=LONGEST, blank=True)
    author_name = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school_class", "period"], name="journal_class_concluded_once"),
            models.CheckConstraint(
                name="journal_conclusion_period_known",
                condition=Q(period__in=["q1", "q2", "q3", "q4", YEAR_CODE]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school_class_id} {self.period}"


class Mentorship(models.Model):
    """A mentor helps a young teacher from a day on; both are employees of the staff."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mentor_id = models.UUIDField(_("mentor"), db_index=True)
    teacher_id = models.UUIDField(_("young teacher"))
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["teacher_id"], condition=Q(until=None), name="journal_one_mentor_now"
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="journal_mentor_in_order"
            ),
            models.CheckConstraint(condition=~Q(mentor_id=F("teacher_id")), name="journal_mentor_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.mentor_id} {self.teacher_id} {self.since}"


class MentorReport(models.Model):
    """What a mentor says of a quarter; the figures of the young teacher beside it are counted anew each time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    mentorship = models.ForeignKey(Mentorship, on_delete=models.PROTECT, related_name="reports")
    period = models.ForeignKey("schedule.Period", on_delete=models.PROTECT, related_name="+")
    done = models.TextField(_("what was done"), max_length=LONGEST, blank=True)
    results = models.TextField(_("results and difficulties"), max_length=LONGEST, blank=True)
    advice = models.TextField(_("what comes next"), max_length=LONGEST, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mentorship", "period"], name="journal_mentor_reports_once"),
        ]

    def __str__(self) -> str:
        return f"{self.mentorship_id} {self.period_id}"
