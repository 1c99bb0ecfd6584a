"""One lesson cancelled, put back, moved or added, each with its reason and its place in the lesson's history."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from imports.api import used
from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.contingent import api as contingent
from modules.schedule import permissions, queries
from modules.schedule.lessons.services.moving import put_at
from modules.schedule.lessons.services.news import announce
from modules.schedule.models import Course, Lesson, LessonChange, Period
from modules.schedule.services import ClassBusy, TeacherBusy
from modules.schedule.year import queries as year_queries


class LessonHasMarks(DomainError):
    message = _("The lesson has marks or absences, so it was held. Clear them in the journal first.")
    code = "lesson_has_marks"


class NoSchoolThen(DomainError):
    message = _("On {day} the class has no school: {why}.")
    code = "no_school_then"


class RoomBusy(DomainError):
    message = _("Room {room} is taken on {day} at number {number}.")
    code = "room_busy"


class LessonOfClosedPeriod(DomainError):
    message = _("{period} is closed. Reopen it first.")
    code = "lesson_of_closed_period"


class ReasonWanted(DomainError):
    message = _("Write the reason: it stays with the lesson.")
    code = "reason_wanted"


class WasMoved(DomainError):
    message = _("The lesson was moved to {day}, number {number}. Move it back from there.")
    code = "was_moved"


class IsCancelled(DomainError):
    message = _("The lesson is cancelled. Put it back first.")
    code = "is_cancelled"


@transaction.atomic
def cancel(*, actor: Actor, lesson_id: UUID, reason: str) -> None:
    """Cancel the lesson; its topic stays. Doing it twice is once.

    Raises NotFound, ReasonWanted, LessonHasMarks or LessonOfClosedPeriod.
    """
    require(actor, permissions.CHANGE_LESSON)
    row = _locked(lesson_id)
    _refuse_closed(row.course.year, row.date)
    if row.state == Lesson.State.CANCELLED:
        return
    if used("schedule.marked_lesson", [row.pk]):
        raise LessonHasMarks
    row.state = Lesson.State.CANCELLED
    row.save(update_fields=["state"])
    _note(actor, row, LessonChange.What.CANCELLED, reason)
    audit.record(
        actor=actor,
        action="schedule.lesson.cancelled",
        object_type="lesson",
        object_id=row.pk,
        details=_told(row),
    )
    announce(row, actor=actor)


@transaction.atomic
def restore(*, actor: Actor, lesson_id: UUID, reason: str = "") -> None:
    """Have the cancelled lesson after all. Doing it twice is once.

    Raises NotFound, WasMoved, NoSchoolThen, ClassBusy, TeacherBusy or LessonOfClosedPeriod.
    """
    require(actor, permissions.CHANGE_LESSON)
    row = _locked(lesson_id)
    _refuse_closed(row.course.year, row.date)
    if row.state == Lesson.State.HELD:
        return
    _refuse_moved(row)
    _refuse_no_school(actor, row.school_class_id, row.date)
    _refuse_busy(actor, row)
    row.state = Lesson.State.HELD
    row.save(update_fields=["state"])
    _note(actor, row, LessonChange.What.RESTORED, reason, must_say=False)
    audit.record(
        actor=actor,
        action="schedule.lesson.restored",
        object_type="lesson",
        object_id=row.pk,
        details=_told(row),
    )
    announce(row, actor=actor)


@transaction.atomic
def move(*, actor: Actor, lesson_id: UUID, day: date, number: int, room: str, reason: str) -> Lesson:
    """Have the lesson at another time; its topic, homework and planned work go with it.

    Raises NotFound, ReasonWanted, WasMoved, IsCancelled, LessonHasMarks, NoSchoolThen, ClassBusy, TeacherBusy, RoomBusy or
    LessonOfClosedPeriod.
    """
    require(actor, permissions.CHANGE_LESSON)
    row = _locked(lesson_id)
    _refuse_closed(row.course.year, row.date, day)
    _refuse_moved(row)
    if row.state == Lesson.State.CANCELLED:
        raise IsCancelled
    if (row.date, row.number) == (day, number):
        if row.room != room:
            _refuse_room(row, room)
            row.room = room
            row.save(update_fields=["room"])
        return row
    if used("schedule.marked_lesson", [row.pk]):
        raise LessonHasMarks
    _refuse_no_school(actor, row.school_class_id, day)
    was: dict[str, Any] = {"from_date": row.date, "from_number": row.number}
    goal = Lesson(
        id=row.pk,
        school_class_id=row.school_class_id,
        group=row.group,
        teacher_id=row.teacher_id,
        set_code=row.set_code,
        shift=row.shift,
        date=day,
        number=number,
    )
    _refuse_busy(actor, goal)
    _refuse_room(goal, room)
    # A cancelled lesson of the subject may stand there.
    put_at(row, day, number, refusal=ClassBusy(day=f"{day:%d.%m.%Y}", number=number))
    row.room = room
    row.save(update_fields=["room"])
    _note(actor, row, LessonChange.What.MOVED, reason, **was)
    audit.record(
        actor=actor,
        action="schedule.lesson.moved",
        object_type="lesson",
        object_id=row.pk,
        details=_told(row),
    )
    announce(row, actor=actor, days=[was["from_date"]])
    return row


@transaction.atomic
def add(*, actor: Actor, course_id: UUID, day: date, number: int, room: str, reason: str) -> Lesson:
    """Give the course a lesson beside those of the week.

    Raises NotFound, ReasonWanted, NoSchoolThen, ClassBusy, TeacherBusy, RoomBusy or LessonOfClosedPeriod.
    """
    require(actor, permissions.CHANGE_LESSON)
    course = Course.objects.filter(pk=course_id).first()
    if course is None:
        raise NotFound
    _refuse_closed(course.year, day)
    _refuse_no_school(actor, course.school_class_id, day)
    row = Lesson(
        course=course,
        school_class_id=course.school_class_id,
        group=course.group,
        teacher_id=course.teacher_id,
        set_code=course.set_code,
        shift=course.shift,
        date=day,
        number=number,
        room=room,
        is_by_hand=True,
    )
    _refuse_busy(actor, row)
    _refuse_room(row, room)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as clash:
        raise ClassBusy(day=f"{day:%d.%m.%Y}", number=number) from clash
    _note(actor, row, LessonChange.What.EXTRA, reason)
    audit.record(
        actor=actor,
        action="schedule.lesson.added",
        object_type="lesson",
        object_id=row.pk,
        details=_told(row),
    )
    announce(row, actor=actor)
    return row


def _locked(lesson_id: UUID) -> Lesson:
    rows = Lesson.objects.select_for_update(of=("self",)).select_related("course", "moved_to")
    row = rows.filter(pk=lesson_id).first()
    if row is None:
        raise NotFound
    return row


def _note(actor: Actor, row: Lesson, what: str, reason: str, *, must_say: bool = True, **more: Any) -> None:
    reason = reason.strip()[:200]
    if must_say and not reason:
        raise ReasonWanted
    LessonChange.objects.create(
        lesson=row,
        what=what,
        at=clock.now(),
        user_id=actor.user_id,
        user_name=actor.system or actor.name,
        reason=reason,
        **more,
    )


def _refuse_moved(row: Lesson) -> None:
    there = row.moved_to
    if there is not None:
        raise WasMoved(day=f"{there.date:%d.%m.%Y}", number=there.number)


def _told(row: Lesson) -> dict[str, Any]:
    return {"day": str(row.date), "number": row.number}


def _refuse_closed(year: str, *days: date) -> None:
    for day in days:
        closed = (
            Period.objects.filter(year=year, start__lte=day, end__gte=day).exclude(closed_at=None).first()
        )
        if closed is not None:
            raise LessonOfClosedPeriod(period=queries.info_of_period(closed).label)


def _refuse_no_school(actor: Actor, class_id: UUID, day: date) -> None:
    who = contingent.school_class(actor=actor, class_id=class_id)
    calendar = year_queries.calendar(year=who.year)
    if not calendar.day(who, day).is_school:
        why = year_queries.note_of_day(calendar, day, who=who) or _("it is a day off")
        raise NoSchoolThen(day=f"{day:%d.%m.%Y}", why=why)


def _refuse_busy(actor: Actor, row: Lesson) -> None:
    """Refuse a place where the class, one of its groups, or by the bells of the day the teacher already is."""
    where = {"day": f"{row.date:%d.%m.%Y}", "number": row.number}
    if queries.is_class_busy(row, day=row.date, number=row.number):
        raise ClassBusy(**where)
    if row.teacher_id is None:
        return
    hers = Lesson.objects.filter(date=row.date, teacher_id=row.teacher_id, state=Lesson.State.HELD)
    if row.set_code:
        hers = hers.exclude(set_code=row.set_code)
    rings = year_queries.rings(actor=actor, start=row.date, end=row.date)
    here = rings.place_of(row)
    if any(here.meets(rings.place_of(one)) for one in hers.exclude(pk=row.pk)):
        raise TeacherBusy(**where)


def _refuse_room(row: Lesson, room: str) -> None:
    """Joined classes sit in one room; anybody else finds it taken."""
    if not room:
        return
    held = Lesson.objects.filter(
        date=row.date, number=row.number, shift=row.shift, room=room, state=Lesson.State.HELD
    ).exclude(pk=row.pk)
    if row.set_code:
        held = held.exclude(set_code=row.set_code)
    if held.exists():
        raise RoomBusy(room=room, day=f"{row.date:%d.%m.%Y}", number=row.number)
