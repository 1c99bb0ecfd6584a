"""Days of the year that differ from the ordinary, and the bells of ordinary and other days."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kernel.ids import uuid7


class Weeks(models.TextChoices):
    """In which weeks something is taught: half an hour a week is taught in every second one."""

    EVERY = "every", _("every week")
    ODD = "odd", _("odd weeks")
    EVEN = "even", _("even weeks")


class BellSet(models.Model):
    """Bells for some days: of some grades, weekdays or a stretch of the year; or only of days that name it.

    Lessons that a set does not name ring by the usual bells, which are the times without a set.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(_("name"), max_length=80)
    grades = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)
    # Rings only on the days that name it: shortened days.
    is_on_call = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name"], name="schedule_bell_set_named_once"),
            models.CheckConstraint(
                name="schedule_bell_set_in_order",
                condition=models.Q(until=None)
                | models.Q(since=None)
                | models.Q(until__gte=models.F("since")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BellTime(models.Model):
    """When a lesson of a shift begins and ends, by the usual bells or by those of a set."""

    id = models.BigAutoField(primary_key=True)
    bell_set = models.ForeignKey(
        BellSet, null=True, blank=True, on_delete=models.CASCADE, related_name="times"
    )
    shift = models.PositiveSmallIntegerField(_("shift"), default=1)
    number = models.PositiveSmallIntegerField(_("lesson"))
    start = models.TimeField(_("begins"))
    end = models.TimeField(_("ends"))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bell_set", "shift", "number"], name="schedule_bell_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="schedule_bell_in_order", condition=models.Q(end__gt=models.F("start"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift}/{self.number}"


class SpecialDays(models.Model):
    """Days that differ from the ordinary, of the whole school, of some grades or of some classes.

    Taken back it stays, so that it can be put in force again and an earlier year reads as it was.
    """

    class Kind(models.TextChoices):
        PUBLIC = "public", _("public holiday")
        HOLIDAYS = "holidays", _("holidays of pupils")
        FROST = "frost", _("frost or bad weather")
        QUARANTINE = "quarantine", _("quarantine")
        OTHER = "other", _("other days without lessons")
        MOVED = "moved", _("school day moved to another date")
        SHORT = "short", _("shortened lessons")
        EXAMS = "exams", _("exams")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(max_length=7)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    start = models.DateField(_("first day"))
    end = models.DateField(_("last day"))
    title = models.CharField(_("name"), max_length=120, blank=True)
    # Of the reference data: the school takes each of the ministry's days once.
    code = models.CharField(max_length=40, blank=True)
    grades = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    class_ids = ArrayField(models.UUIDField(), default=list, blank=True)
    instead = models.DateField(_("taught instead on"), null=True, blank=True)
    bell_set = models.ForeignKey(
        BellSet, null=True, blank=True, on_delete=models.PROTECT, related_name="special_days"
    )
    order_number = models.CharField(_("number of the order"), max_length=40, blank=True)
    order_date = models.DateField(_("date of the order"), null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "code"], name="schedule_special_once", condition=~models.Q(code="")
            ),
            models.CheckConstraint(
                name="schedule_special_in_order", condition=models.Q(end__gte=models.F("start"))
            ),
            models.CheckConstraint(
                name="schedule_special_of_grades_or_classes",
                condition=models.Q(grades=[]) | models.Q(class_ids=[]),
            ),
            models.CheckConstraint(
                name="schedule_moved_iff_instead",
                condition=models.Q(kind="moved", instead__isnull=False, start=models.F("end"))
                | (~models.Q(kind="moved") & models.Q(instead=None)),
            ),
            models.CheckConstraint(
                name="schedule_short_iff_bells",
                condition=models.Q(kind="short", bell_set__isnull=False)
                | (~models.Q(kind="short") & models.Q(bell_set=None)),
            ),
        ]
        indexes = [models.Index(fields=["start", "end"], name="schedule_special_days")]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}"


class LessonChange(models.Model):
    """What became of a lesson: when, by whom, why. Written in the transaction of the change, never rewritten."""

    class What(models.TextChoices):
        CANCELLED = "cancelled", pgettext_lazy("lesson", "cancelled")
        RESTORED = "restored", pgettext_lazy("lesson", "put back")
        MOVED = "moved", pgettext_lazy("lesson", "moved")
        EXTRA = "extra", pgettext_lazy("lesson", "added")
        JOINED = "joined", pgettext_lazy("lesson", "joined with another")
        KEPT = "kept", pgettext_lazy("lesson", "stays, for it has marks")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lesson = models.ForeignKey("schedule.Lesson", on_delete=models.CASCADE, related_name="changes")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField()
    user_id = models.BigIntegerField(null=True)
    user_name = models.CharField(max_length=150, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    # The days by which it was; empty when it was done to this lesson alone.
    special_days = models.ForeignKey(
        SpecialDays, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    is_by_calendar = models.BooleanField(default=False, db_default=False)
    from_date = models.DateField(null=True)
    from_number = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["lesson", "at"], name="schedule_lesson_changes")]

    def __str__(self) -> str:
        return f"{self.what} {self.at:%d.%m.%Y}"


class Feed(models.Model):
    """A secret address at which a person's calendar reads the lessons; the address itself is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.BigIntegerField(db_index=True)
    # A child of the account's owner; empty for the owner's own lessons.
    pupil_id = models.UUIDField(null=True, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=2)
    made_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "pupil_id"],
                name="schedule_one_feed_at_a_time",
                condition=models.Q(revoked_at=None),
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return str(self.made_at)
