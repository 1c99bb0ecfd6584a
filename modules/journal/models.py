"""Marks, absences, comments and period marks, and the history that the database itself writes of every change of them.

A cleared cell keeps its row with an empty value: nothing that was in a journal is deleted.
"""

from __future__ import annotations

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7
from modules.journal.closing.models import PlannedClosing
from modules.journal.data import LONGEST_COMMENT, SHEET_LABELS, AbsenceCode, MarkKind, SheetState, WorkKind
from modules.journal.kinds.models import Description, DevelopmentLevel, Programme
from modules.journal.opening.models import Opening
from modules.journal.remarks.models import Remark
from modules.journal.reports.models import ClassConclusion, MentorReport, Mentorship, WorkAnalysis
from modules.journal.settling.models import Settling
from modules.journal.voices.models import Voice
from modules.journal.year.models import YearMark

__all__ = [
    "Absence",
    "ClassConclusion",
    "Description",
    "DevelopmentLevel",
    "IdleOperation",
    "Mark",
    "MarkEvent",
    "MentorReport",
    "Mentorship",
    "Opening",
    "PeriodMark",
    "PlannedClosing",
    "Programme",
    "Remark",
    "Settling",
    "Sheet",
    "Signed",
    "SummativeWork",
    "Voice",
    "WorkAnalysis",
    "YearMark",
]


class SummativeWork(models.Model):
    """A СОР or a СОЧ, written at a lesson, with its own maximum."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson = models.OneToOneField("schedule.Lesson", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=4, choices=[(k.value, k.label) for k in WorkKind])
    maximum = models.PositiveSmallIntegerField(_("maximum points"))
    title = models.CharField(pgettext_lazy("work", "name"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="journal_maximum_sane", condition=models.Q(maximum__gte=1, maximum__lte=100)
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.maximum}"


class Signed(models.Model):
    """Who put the value there, when, from which sign-in, by which operation. The trigger copies it to the history."""

    version = models.PositiveIntegerField(default=1)
    set_by = models.BigIntegerField(null=True)
    set_at = models.DateTimeField(db_default=Now())
    set_session = models.BigIntegerField(null=True)
    operation_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True, default="", db_default="")

    class Meta:
        abstract = True


class Mark(Signed):
    """Points in one cell of a journal."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson = models.ForeignKey("schedule.Lesson", on_delete=models.PROTECT, related_name="+", db_index=False)
    pupil_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=4, choices=[(k.value, k.label) for k in MarkKind])
    points = models.PositiveSmallIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "pupil_id", "kind"], name="journal_one_mark_a_cell"),
            models.CheckConstraint(
                name="journal_fo_from_1_to_10",
                condition=models.Q(points=None)
                | models.Q(kind="fo", points__gte=1, points__lte=10)
                | models.Q(kind__in=["sor", "soch"], points__lte=100),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.points}"


class Absence(Signed):
    """That a pupil was not at a lesson, or came late; a late pupil may have a mark too."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson = models.ForeignKey("schedule.Lesson", on_delete=models.PROTECT, related_name="+", db_index=False)
    pupil_id = models.UUIDField(db_index=True)
    code = models.CharField(max_length=9, null=True, choices=[(c.value, c.label) for c in AbsenceCode])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "pupil_id"], name="journal_one_absence_a_cell"),
        ]

    def __str__(self) -> str:
        return self.code or ""


class Comment(Signed):
    """Words for the pupil and the parents beside a cell, with points in it or without."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson = models.ForeignKey("schedule.Lesson", on_delete=models.PROTECT, related_name="+", db_index=False)
    pupil_id = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=4, choices=[(k.value, k.label) for k in MarkKind])
    text = models.CharField(max_length=LONGEST_COMMENT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lesson", "pupil_id", "kind"], name="journal_one_comment_a_cell"),
            models.CheckConstraint(
                name="journal_comment_says_something",
                condition=models.Q(text=None) | models.Q(text__regex=r"\S"),
            ),
        ]

    def __str__(self) -> str:
        return self.text or ""


class PeriodMark(Signed):
    """What the teacher decided for the period, beside what the rule recommended at that moment."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey("schedule.Course", on_delete=models.PROTECT, related_name="+", db_index=False)
    pupil_id = models.UUIDField(db_index=True)
    period = models.ForeignKey("schedule.Period", on_delete=models.PROTECT, related_name="+")
    recommended = models.CharField(max_length=6, blank=True, default="")
    percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    final = models.CharField(max_length=6, null=True)
    rule_version = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "period", "pupil_id"], name="journal_one_mark_a_period"
            ),
            models.CheckConstraint(
                name="journal_final_is_a_mark",
                condition=models.Q(final=None)
                | models.Q(final__in=["2", "3", "4", "5", "pass", "fail", "na", "exempt"]),
            ),
        ]

    def __str__(self) -> str:
        return self.final or ""


class MarkEvent(models.Model):
    """One change of a cell, written by a trigger and by nothing else; the school's own role cannot change it.

    `source` is "sql" when the row was changed past the product, which leaves no operation.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=6)
    field = models.CharField(max_length=12)
    lesson_id = models.UUIDField(null=True)
    course_id = models.UUIDField(null=True)
    period_id = models.UUIDField(null=True)
    pupil_id = models.UUIDField()
    old = models.CharField(max_length=LONGEST_COMMENT, null=True)
    new = models.CharField(max_length=LONGEST_COMMENT, null=True)
    version = models.PositiveIntegerField()
    by_user = models.BigIntegerField(null=True)
    by_session = models.BigIntegerField(null=True)
    operation_id = models.UUIDField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=7, default="product")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operation_id"],
                name="journal_operation_once",
                condition=models.Q(operation_id__isnull=False),
            )
        ]
        indexes = [
            models.Index(fields=["lesson_id", "pupil_id"], name="journal_event_cell"),
            models.Index(fields=["pupil_id", "at"], name="journal_event_pupil"),
            # Rows come in the order of time: a few pages of index for years of history.
            BrinIndex(fields=["at"], name="journal_event_at"),
        ]

    def __str__(self) -> str:
        return f"{self.field} {self.old} → {self.new}"


class IdleOperation(models.Model):
    """An operation that was taken and changed nothing, for its value stood there already; it is not done later either."""

    operation_id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return str(self.operation_id)


class Sheet(models.Model):
    """The sheet of a journal for a period, which its teacher signs when the period is closed.

    `state` follows its newest frozen version (documents.FrozenDocument); the versions themselves never change.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey("schedule.Course", on_delete=models.PROTECT, related_name="+", db_index=False)
    period = models.ForeignKey("schedule.Period", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=7, choices=list(SHEET_LABELS.items()), default=SheetState.DUE)
    version = models.PositiveSmallIntegerField(default=0)
    signed_at = models.DateTimeField(null=True)
    signed_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["course", "period"], name="journal_one_sheet_a_period"),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.period_id}: {self.state}"
