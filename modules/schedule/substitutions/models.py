"""Tables of absences, of the lessons that an absence opens, and of questions to those who could take them."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7
from modules.schedule.substitutions.rules import Term


class Absence(models.Model):
    """A teacher is away from a day (on it, from a time) to a day; of one whose end is not known there is no last day.

    The reason is a code of the reference "leave_kinds". One that comes from the staff's card carries its `leave_id`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    teacher_id = models.UUIDField(_("teacher"))
    since = models.DateField(_("first day"))
    until = models.DateField(_("last day"), null=True, blank=True)
    from_time = models.TimeField(_("on the first day from"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=20)
    note = models.CharField(_("note"), max_length=200, blank=True)
    ground = models.CharField(_("order"), max_length=60, blank=True)
    leave_id = models.UUIDField(null=True, unique=True, editable=False)
    noted_by = models.BigIntegerField(null=True, editable=False)
    noted_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="schedule_absence_in_order", condition=Q(until=None) | Q(until__gte=F("since"))
            )
        ]
        indexes = [models.Index(fields=["teacher_id", "-since"], name="schedule_absence_of")]

    def __str__(self) -> str:
        return f"{self.teacher_id} {self.since}"

    @property
    def term(self) -> Term:
        return Term(self.since, self.until, self.from_time)


class Substitution(models.Model):
    """A lesson that an absence opened, and what became of it: a line of the book of substituted lessons.

    Day, number and the absent teacher are those of the moment of opening: a moved lesson keeps where it was.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("substitution", "open")
        TAKEN = "taken", pgettext_lazy("substitution", "taken")
        JOINED = "joined", pgettext_lazy("substitution", "joined")
        MOVED = "moved", pgettext_lazy("substitution", "moved")
        CANCELLED = "cancelled", pgettext_lazy("substitution", "cancelled")
        WITHDRAWN = "withdrawn", pgettext_lazy("substitution", "not needed")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    absence = models.ForeignKey(Absence, on_delete=models.PROTECT, related_name="substitutions")
    # A lesson that nobody used may be laid anew elsewhere; what it opened goes with it.
    lesson = models.ForeignKey("schedule.Lesson", on_delete=models.CASCADE, related_name="substitutions")
    teacher_id = models.UUIDField(_("absent teacher"))
    date = models.DateField(_("date"))
    number = models.PositiveSmallIntegerField(_("lesson"))
    shift = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    substitute_id = models.UUIDField(_("substitute"), null=True, blank=True)
    subject_code = models.CharField(_("subject held"), max_length=60, blank=True)
    hours = models.DecimalField(
        _("hours"),
        max_digits=3,
        decimal_places=1,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(4))],
    )
    is_paid = models.BooleanField(_("paid"), default=True)
    ground = models.CharField(_("order"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)
    decided_by = models.BigIntegerField(null=True, editable=False)
    decided_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lesson"], condition=~Q(state="withdrawn"), name="schedule_lesson_opened_once"
            ),
            models.CheckConstraint(
                name="schedule_substitute_iff_taken",
                condition=Q(state__in=["taken", "joined"], substitute_id__isnull=False)
                | Q(state__in=["open", "moved", "cancelled", "withdrawn"], substitute_id=None),
            ),
            models.CheckConstraint(
                name="schedule_substituted_hours", condition=Q(hours__gte=0, hours__lte=4)
            ),
        ]
        indexes = [
            models.Index(fields=["date"], name="schedule_substitution_day"),
            models.Index(fields=["substitute_id", "date"], name="schedule_substitution_by"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.number} {self.state}"


class Question(models.Model):
    """A teacher was asked to take a lesson. It waits until its time; of several the first yes wins."""

    class Answer(models.TextChoices):
        YES = "yes", pgettext_lazy("answer", "yes")
        NO = "no", pgettext_lazy("answer", "no")
        LATE = "late", pgettext_lazy("answer", "yes, but another was first")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    substitution = models.ForeignKey(Substitution, on_delete=models.CASCADE, related_name="questions")
    teacher_id = models.UUIDField()
    asked_by = models.BigIntegerField(null=True, editable=False)
    asked_at = models.DateTimeField()
    until = models.DateTimeField()
    answer = models.CharField(max_length=4, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["substitution", "teacher_id"], name="schedule_asked_once"),
            models.UniqueConstraint(
                fields=["substitution"], condition=Q(answer="yes"), name="schedule_first_yes_wins"
            ),
        ]
        indexes = [
            models.Index(fields=["teacher_id"], condition=Q(answer=""), name="schedule_question_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.teacher_id} {self.answer}"
