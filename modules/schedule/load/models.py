"""What the load keeps besides its lines (Course): plans, teachers by date, pupils of groups."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kernel.ids import uuid7


class TypicalHours(models.Model):
    """Hours of a subject in a typical curriculum that the school loaded itself; holds from the year on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    year = models.CharField(_("school year"), max_length=7)
    grade = models.PositiveSmallIntegerField(_("grade"))
    language = models.CharField(_("language of instruction"), max_length=2)
    direction = models.CharField(_("direction"), max_length=3, blank=True)
    subject_code = models.CharField(_("subject"), max_length=60)
    hours = models.DecimalField(_("hours a week"), max_digits=4, decimal_places=1)
    source = models.CharField(_("source"), max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "grade", "language", "direction", "subject_code"],
                name="schedule_typical_once",
            ),
            models.CheckConstraint(
                name="schedule_typical_sane", condition=Q(hours__gt=0, hours__lte=20, grade__lte=12)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.grade} {self.language} {self.subject_code}"


class CourseTeacher(models.Model):
    """Who had the course between the days. A course without such rows has always had the teacher it names."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey("schedule.Course", on_delete=models.CASCADE, related_name="teachers")
    teacher_id = models.UUIDField(_("teacher"), db_index=True)
    since = models.DateField(_("from the day"), null=True, blank=True)
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course"], condition=Q(until=None), name="schedule_one_teacher_now"
            ),
            models.CheckConstraint(
                name="schedule_teacher_in_order",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.teacher_id} {self.since}"


class GroupMember(models.Model):
    """That a pupil learns in the group between the days. A course without such rows teaches its whole class."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey("schedule.Course", on_delete=models.CASCADE, related_name="members")
    pupil_id = models.UUIDField(db_index=True)
    since = models.DateField(_("from the day"))
    until = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["course", "pupil_id"], condition=Q(until=None), name="schedule_member_once"
            ),
            models.CheckConstraint(
                name="schedule_member_in_order", condition=Q(until=None) | Q(until__gte=F("since"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.course_id} {self.pupil_id} {self.since}"
