"""Lines of load: put in, changed, given to a teacher from a day, taken out."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule import queries as base
from modules.schedule.data import CourseInfo
from modules.schedule.load import queries, rules
from modules.schedule.load.services.teachers import hand_over, refuse_overload
from modules.schedule.models import Course, GroupMember, Lesson
from modules.staff import api as staff
from tenants import reference


class UnknownSubject(DomainError):
    message = _("There is no such subject.")
    code = "unknown_subject"


class CourseExists(DomainError):
    message = _("This class has the subject already.")
    code = "course_exists"


class CourseHasLessons(DomainError):
    message = _("Lessons of this subject were already laid. Change the teacher or the hours instead.")
    code = "course_has_lessons"


class ReasonWanted(DomainError):
    message = _("By the typical curriculum it is {hours}. Say why it differs here.")
    code = "reason_wanted"


# What has no part of the class but a circle of its own, so a subject may stand in the class more than once.
_CIRCLES = {Course.Kind.CLUB, Course.Kind.HOME, Course.Kind.CORRECTION, Course.Kind.ELECTIVE}


@transaction.atomic
def add_course(
    *,
    actor: Actor,
    school_class_id: UUID,
    subject_code: str,
    hours: Decimal | float,
    teacher_id: UUID | None = None,
    group: int = 0,
    kind: str = Course.Kind.CORE,
    name: str = "",
    reason: str = "",
    pupil_id: UUID | None = None,
    agreed: bool = False,
) -> CourseInfo:
    """Put a subject into the class's load; a circle of its own (a club, a child at home) gets a number of its own.

    Raises NotFound, UnknownSubject, CourseExists or TooManyHours.
    """
    require(actor, permissions.SET_LOAD)
    school_class = contingent.school_class(actor=actor, class_id=school_class_id)
    if subject_code not in reference.subjects():
        raise UnknownSubject
    if teacher_id is not None:
        staff.teacher(actor=actor, employee_id=teacher_id)
    if kind in _CIRCLES:
        group = next_circle(school_class)
    row = Course(
        year=school_class.year,
        school_class_id=school_class.id,
        subject_code=subject_code,
        group=group,
        hours_per_week=Decimal(str(hours)),
        # A circle of its own does not sit with the joined classes.
        set_code="" if kind in _CIRCLES else school_class.set_code,
        shift=school_class.shift,
        kind=kind,
        name=name[:80],
        reason=reason[:200],
    )
    if teacher_id is not None:
        refuse_overload(
            actor=actor, course=row, teacher_id=teacher_id, hours=row.hours_per_week, on=clock.today(), agreed=agreed
        )  # fmt: skip
        row.teacher_id = teacher_id
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise CourseExists from clash
    if pupil_id is not None:
        _only_for(actor, row, school_class, pupil_id)
    audit.record(actor=actor, action="schedule.course.added", object_type="course", object_id=row.pk)
    return base.get_course(actor=actor, course_id=row.pk)


def next_circle(school_class: contingent.ClassInfo) -> int:
    """The number of the class's next circle: no two share one, for they may be held at the same time."""
    rows = Course.objects.filter(year=school_class.year, school_class_id=school_class.id)
    return max(rules.OWN_CIRCLE, (rows.aggregate(last=Max("group"))["last"] or 0) + 1)


def _only_for(actor: Actor, row: Course, school_class: contingent.ClassInfo, pupil_id: UUID) -> None:
    pupil = contingent.pupil(actor=actor, pupil_id=pupil_id)
    if pupil.class_id != school_class.id:
        raise NotFound
    GroupMember.objects.create(course=row, pupil_id=pupil.id, since=queries.year_begins(row.year))
    if not row.name:
        row.name = pupil.list_name[:80]
        row.save(update_fields=["name"])


def _locked(course_id: UUID) -> Course:
    row = Course.objects.select_for_update().filter(pk=course_id).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def change_course(
    *,
    actor: Actor,
    course_id: UUID,
    teacher_id: UUID | None,
    hours: Decimal | float,
    since: date,
    agreed: bool = False,
) -> CourseInfo:
    """Give the course another teacher or other hours; lessons from `since` on get the new teacher.

    Raises NotFound, TeacherBusy or TooManyHours.
    """
    require(actor, permissions.SET_LOAD)
    row = _locked(course_id)
    given = Decimal(str(hours))
    if teacher_id is not None:
        staff.teacher(actor=actor, employee_id=teacher_id)
        refuse_overload(actor=actor, course=row, teacher_id=teacher_id, hours=given, on=since, agreed=agreed)
    if teacher_id != row.teacher_id:
        hand_over(actor=actor, course=row, teacher_id=teacher_id, since=since)
    if given != row.hours_per_week:
        row.hours_per_week = given
        row.save(update_fields=["hours_per_week"])
        audit.record(actor=actor, action="schedule.course.changed", object_type="course", object_id=row.pk)
    return base.get_course(actor=actor, course_id=row.pk)


@transaction.atomic
def assign(
    *, actor: Actor, course_id: UUID, teacher_id: UUID | None, since: date | None = None, agreed: bool = False
) -> CourseInfo:
    """Give the line to a teacher (None: to nobody) from the day; joined classes go together.

    Without a day it is today, or the year's beginning while no lesson is laid. Raises NotFound, TeacherBusy or
    TooManyHours.
    """
    require(actor, permissions.SET_LOAD)
    row = _locked(course_id)
    if teacher_id is not None:
        staff.teacher(actor=actor, employee_id=teacher_id)
    rows = [row]
    if row.set_code:
        beside = Course.objects.select_for_update().filter(
            year=row.year, set_code=row.set_code, subject_code=row.subject_code, group=row.group
        )
        rows = [
            row,
            *(one for one in beside.order_by("id") if one.pk != row.pk and one.teacher_id == row.teacher_id),
        ]
    day = since or queries.first_free_day(course_id=row.pk)
    if teacher_id is not None:
        most = max(one.hours_per_week for one in rows)
        refuse_overload(actor=actor, course=row, teacher_id=teacher_id, hours=most, on=day, agreed=agreed)
    for one in rows:
        if queries.line_of(actor=actor, course_id=one.pk, on=day).teacher_id != teacher_id:
            hand_over(actor=actor, course=one, teacher_id=teacher_id, since=day)
    return base.get_course(actor=actor, course_id=row.pk)


@transaction.atomic
def change_line(*, actor: Actor, course_id: UUID, hours: Decimal, reason: str, agreed: bool = False) -> None:
    """Set the hours of the class's subject, for all its groups at once, and why they differ from the typical plan.

    Raises NotFound, ReasonWanted or TooManyHours.
    """
    require(actor, permissions.SET_LOAD)
    row = _locked(course_id)
    school_class = contingent.school_class(actor=actor, class_id=row.school_class_id)
    said = reason.strip()
    typical = queries.typical_of(
        year=row.year,
        grade=school_class.grade,
        language=school_class.language,
        direction=queries.direction_of(school_class),
    )
    allowed = typical.allowed(row.subject_code) if typical and row.kind == Course.Kind.CORE else ()
    if allowed and hours not in allowed and not said:
        raise ReasonWanted(hours=" / ".join(f"{one.normalize():f}" for one in allowed))
    rows = [row]
    if row.group < rules.OWN_CIRCLE:
        rows = list(
            Course.objects.select_for_update().filter(
                year=row.year,
                school_class_id=row.school_class_id,
                subject_code=row.subject_code,
                group__lt=rules.OWN_CIRCLE,
            )
        )
    for one in rows:
        if one.teacher_id is not None and hours > one.hours_per_week:
            refuse_overload(
                actor=actor,
                course=one,
                teacher_id=one.teacher_id,
                hours=hours,
                on=clock.today(),
                agreed=agreed,
            )
        one.hours_per_week, one.reason = hours, said[:200]
        one.save(update_fields=["hours_per_week", "reason"])
        audit.record(actor=actor, action="schedule.course.changed", object_type="course", object_id=one.pk)


@transaction.atomic
def drop_course(*, actor: Actor, course_id: UUID) -> None:
    """Take the subject out of the load while it has no lessons. Raises NotFound or CourseHasLessons."""
    require(actor, permissions.SET_LOAD)
    row = _locked(course_id)
    if Lesson.objects.filter(course=row).exists():
        raise CourseHasLessons
    row.delete()
    audit.record(actor=actor, action="schedule.course.dropped", object_type="course", object_id=course_id)
