"""A club, an elective or correction hours for pupils of several classes.

Each class has a line of its own with its own pupils, so that its timetable, its journal and its families know of it; the
lines share a code and are one hour of one teacher, as joined classes are.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.ids import uuid7
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.load import rules
from modules.schedule.load.services.courses import next_circle
from modules.schedule.models import Course, CourseTeacher, Lesson, Slot


class NotForManyClasses(DomainError):
    message = _("Hours at home are one child’s, so no class can be added.")
    code = "not_for_many_classes"


class ClassIsInAlready(DomainError):
    message = _("This class is in it already.")
    code = "class_is_in_already"


class OtherYear(DomainError):
    message = _("The class is of another school year.")
    code = "other_year"


@transaction.atomic
def add_class(*, actor: Actor, course_id: UUID, class_id: UUID, since: date | None = None) -> UUID:
    """Let pupils of one more class attend the circle: at the same places of the week, with the same teacher.

    Lessons from the day on (today by default) are laid for the class too. Raises NotFound, NotForManyClasses,
    ClassIsInAlready or OtherYear.
    """
    require(actor, permissions.SET_LOAD)
    course = Course.objects.select_for_update().filter(pk=course_id, group__gte=rules.OWN_CIRCLE).first()
    if course is None:
        raise NotFound
    if course.kind == Course.Kind.HOME:
        raise NotForManyClasses
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    if school_class.year != course.year:
        raise OtherYear
    known = Course.objects.filter(pk=course.pk)
    if course.set_code:
        known |= Course.objects.filter(year=course.year, set_code=course.set_code)
    if class_id in set(known.values_list("school_class_id", flat=True)):
        raise ClassIsInAlready
    day = since or clock.today()
    if not course.set_code:
        course.set_code = f"club-{uuid7().hex[-12:]}"
        course.save(update_fields=["set_code"])
        Lesson.objects.filter(course=course, date__gte=day).update(set_code=course.set_code)
    made = Course.objects.create(
        year=course.year,
        school_class_id=class_id,
        subject_code=course.subject_code,
        group=next_circle(school_class),
        teacher_id=course.teacher_id,
        hours_per_week=course.hours_per_week,
        set_code=course.set_code,
        shift=course.shift,
        kind=course.kind,
        name=course.name,
    )
    _copy_places(course, made, day)
    audit.record(
        actor=actor,
        action="schedule.club.widened",
        object_type="course",
        object_id=made.pk,
        details={"from": str(course.pk), "since": day.isoformat()},
    )
    return made.pk


def _copy_places(course: Course, made: Course, day: date) -> None:
    """The teacher's terms, the places of the week and the lessons ahead, as the circle has them."""
    CourseTeacher.objects.bulk_create(
        CourseTeacher(course=made, teacher_id=one.teacher_id, since=one.since, until=one.until)
        for one in CourseTeacher.objects.filter(course=course)
    )
    Slot.objects.bulk_create(
        Slot(
            course=made, weekday=one.weekday, number=one.number, weeks=one.weeks, room=one.room,
            since=one.since, until=one.until,
        )
        for one in Slot.objects.filter(course=course)
    )  # fmt: skip
    Lesson.objects.bulk_create(
        Lesson(
            course=made, school_class_id=made.school_class_id, group=made.group, teacher_id=one.teacher_id,
            set_code=made.set_code, shift=one.shift, date=one.date, number=one.number, room=one.room,
        )
        for one in Lesson.objects.filter(course=course, date__gte=day, state=Lesson.State.HELD)
    )  # fmt: skip
