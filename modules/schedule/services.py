"""Changes of the schedule: the load, the week, and the dated lessons laid from it. The year is `year.services`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, Scope, require
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.events import publish
from modules.schedule import permissions, ports, queries
from modules.schedule.data import Clash, Generated, PeriodInfo
from modules.schedule.events import LessonsGenerated
from modules.schedule.load import services as load
from modules.schedule.load.services import TeacherBusy
from modules.schedule.models import Course, Lesson, Slot
from modules.schedule.substitutions import queries as substitutions
from modules.schedule.year import queries as year_queries


class ClassBusy(DomainError):
    message = _("The class already has a lesson on {day} at number {number}.")
    code = "class_busy"


class NotYourLesson(NotAllowed):
    message = _("This lesson is not yours.")
    code = "not_your_lesson"


class LessonIsClosed(DomainError):
    message = _(
        "The period is closed: its topics and homework stand. What you typed is not saved; ask for the day to be opened."
    )
    code = "period_closed"


# --- the week


@transaction.atomic
def set_slots(
    *,
    actor: Actor,
    course_id: UUID,
    places: Iterable[tuple[int, int]],
    room: str = "",
    since: date | None = None,
    weeks: Mapping[tuple[int, int], str] | None = None,
) -> list[Slot]:
    """Say on which weekdays and at which numbers the course is. Raises NotFound, ClassBusy or TeacherBusy.

    `weeks` names the places that are of odd or even weeks only; two courses share a place by turns. Lessons already laid stay where they are until they are laid anew.
    """
    require(actor, permissions.SET_LOAD)
    course = Course.objects.select_for_update().filter(pk=course_id).first()
    if course is None:
        raise NotFound
    wanted, weeks = sorted(set(places)), weeks or {}
    others = Slot.objects.filter(course__year=course.year, until=None).exclude(course=course)
    for weekday, number in wanted:
        taken = others.filter(weekday=weekday, number=number)
        if (turn := weeks.get((weekday, number), Slot.Weeks.EVERY)) != Slot.Weeks.EVERY:
            taken = taken.filter(weeks__in=(Slot.Weeks.EVERY, turn))
        if taken.filter(course__school_class_id=course.school_class_id, course__group=course.group).exists():
            raise ClassBusy(day=_weekday(weekday), number=number)
        same_teacher = taken.filter(course__teacher_id=course.teacher_id, course__shift=course.shift)
        if course.teacher_id and not course.set_code and same_teacher.exists():
            raise TeacherBusy(day=_weekday(weekday), number=number)
    Slot.objects.filter(course=course, until=None).delete()
    rows = [
        Slot(
            course=course,
            weekday=d,
            number=n,
            room=room,
            since=since,
            weeks=weeks.get((d, n), Slot.Weeks.EVERY),
        )
        for d, n in wanted
    ]
    audit.record(actor=actor, action="schedule.slots.set", object_type="course", object_id=course.pk)
    return Slot.objects.bulk_create(rows)


def _weekday(number: int) -> str:
    from django.utils.dates import WEEKDAYS

    return str(WEEKDAYS[number - 1])


@transaction.atomic
def change_course_week(
    *,
    actor: Actor,
    course_id: UUID,
    teacher_id: UUID | None,
    hours: Decimal | float,
    since: date,
    places: Iterable[tuple[int, int]],
    room: str = "",
    weeks: Mapping[tuple[int, int], str] | None = None,
    reason: str = "",
    agreed: bool = False,
) -> None:
    """Teacher, hours and places in the week at once: all of it or nothing. The hours are those of all groups."""
    load.change_line(
        actor=actor, course_id=course_id, hours=Decimal(str(hours)), reason=reason, agreed=agreed
    )
    load.change_course(
        actor=actor, course_id=course_id, teacher_id=teacher_id, hours=hours, since=since, agreed=agreed
    )
    set_slots(actor=actor, course_id=course_id, places=places, room=room, weeks=weeks)


# --- dated lessons

_PLACES = """
FROM schedule_course c
JOIN schedule_slot s ON s.course_id = c.id
JOIN unnest(%(classes)s::uuid[], %(days)s::date[], %(weekdays)s::int[], %(parities)s::text[])
  AS d(class, day, weekday, parity)
  ON d.class = c.school_class_id AND d.weekday = s.weekday AND s.weeks IN ('every', d.parity)
 AND (s.since IS NULL OR s.since <= d.day) AND (s.until IS NULL OR s.until >= d.day)
WHERE c.id = ANY(%(courses)s)
"""
# Whose the course is on the day: by the terms of its teachers, where it has changed hands.
TEACHER_ON_DAY = """
CASE WHEN EXISTS (SELECT 1 FROM schedule_courseteacher t WHERE t.course_id = c.id)
     THEN (SELECT t.teacher_id FROM schedule_courseteacher t WHERE t.course_id = c.id
             AND (t.since IS NULL OR t.since <= d.day) AND (t.until IS NULL OR t.until >= d.day) LIMIT 1)
     ELSE c.teacher_id END"""
_LAY = f"""
INSERT INTO schedule_lesson (id, course_id, school_class_id, "group", teacher_id, set_code, shift, date, number, room,
                             topic, homework, state)
SELECT gen_random_uuid(), c.id, c.school_class_id, c."group", {TEACHER_ON_DAY}, c.set_code, c.shift, d.day, s.number, s.room,
       '', '', 'held'
{_PLACES}
ORDER BY d.day, s.number
ON CONFLICT DO NOTHING
"""
_LEFT_OUT = f"""
SELECT d.day, s.number, c.id
{_PLACES}
  AND NOT EXISTS (SELECT 1 FROM schedule_lesson l
                  WHERE l.course_id = c.id AND l.date = d.day AND l.number = s.number)
ORDER BY d.day, s.number LIMIT 200
"""  # noqa: S608 - no value in it


@transaction.atomic
def generate_lessons(
    *,
    actor: Actor,
    period_id: UUID,
    course_ids: Iterable[UUID] | None = None,
    school_class_id: UUID | None = None,
    since: date | None = None,
) -> Generated:
    """Lay the weekly slots over the school days of the period; doing it again adds only what is missing.

    Courses by ids, of one class, or all of the year; days from `since` on, when it is given. Where the class or the teacher is busy no lesson is made; the
    answer names those places.
    """
    require(actor, permissions.SET_LOAD)
    period = queries.get_period(period_id=period_id)
    rows = Course.objects.filter(year=period.year)
    if course_ids is not None:
        rows = rows.filter(pk__in=list(course_ids))
    if school_class_id is not None:
        rows = rows.filter(school_class_id=school_class_id)
    wanted = set(rows.values_list("pk", "school_class_id"))
    made, clashes = 0, []
    if wanted:
        calendar = year_queries.calendar(year=period.year)
        classes = queries.class_names(actor=actor, year=period.year)
        first = max(period.start, since or period.start)
        taught = [
            (key, one.day, one.weekday, one.parity)
            for key in {where for _pk, where in wanted}
            if key in classes
            for one in calendar.days(classes[key], first, period.end)
            if one.is_school
        ]
        values: dict[str, Any] = {"courses": [pk for pk, _where in wanted]}
        for place, name in enumerate(("classes", "days", "weekdays", "parities")):
            values[name] = [one[place] for one in taught]
        with connection.cursor() as cursor:
            cursor.execute(_LAY, values)
            made = cursor.rowcount
            cursor.execute(_LEFT_OUT, values)
            clashes = [Clash(*row) for row in cursor.fetchall()]
    if made:
        publish(LessonsGenerated(period_id=str(period.id), year=period.year, made=made), actor=actor)
        audit.record(
            actor=actor,
            action="schedule.lessons.generated",
            object_type="period",
            object_id=period.id,
            details={"made": made},
        )
    return Generated(made, tuple(clashes))


@transaction.atomic
def drop_lessons(*, actor: Actor, lesson_ids: Iterable[UUID], but_of: Iterable[UUID]) -> int:
    """Take dated lessons away that nobody has used, but those of some courses; answer how many went."""
    require(actor, permissions.SET_LOAD)
    rows = Lesson.objects.filter(pk__in=list(lesson_ids)).exclude(course_id__in=list(but_of))
    gone, __ = rows.delete()
    if gone:
        audit.record(
            actor=actor, action="schedule.lessons.dropped", object_type="period", details={"gone": gone}
        )
    return gone


def may_fill(*, actor: Actor, lesson: Lesson) -> bool:
    """Whether the actor writes this lesson's topic: one of its teachers, or who may everywhere."""
    scopes = actor.scopes(permissions.FILL_LESSON)
    if Scope.SCHOOL in scopes:
        return True
    if Scope.OWN_LESSONS not in scopes or actor.person_id is None:
        return False
    return substitutions.lesson_right().may_write(
        actor.person_id,
        owner=lesson.course.teacher_id,
        teacher=lesson.teacher_id,
        is_substituted=substitutions.is_stood_in(lesson.pk),
        day=lesson.date,
        today=clock.today(),
    )


def closes(*, actor: Actor, lesson: Lesson) -> PeriodInfo | None:
    """The closed period that keeps the lesson's topic and homework from the actor; None when they may be written."""
    period = queries.closed_period_of(course=lesson.course, day=lesson.date)
    if period is None or ports.is_opened(
        actor=actor, course_id=lesson.course_id, period_id=period.id, day=lesson.date
    ):
        return None
    return period


@transaction.atomic
def fill_lesson(
    *, actor: Actor, lesson_id: UUID, topic: str | None = None, homework: str | None = None
) -> Lesson:
    """Write the topic and the homework.

    Raises NotFound, NotYourLesson for another teacher's, or LessonIsClosed when the period is closed and the day is not
    open for the actor. What is written into a closed period stands in the security log.
    """
    require(actor, permissions.FILL_LESSON)
    row = Lesson.objects.select_for_update(of=("self",)).select_related("course").filter(pk=lesson_id).first()
    if row is None:
        raise NotFound
    if not may_fill(actor=actor, lesson=row):
        raise NotYourLesson
    changed = []
    if topic is not None and topic != row.topic:
        row.topic = topic[:300]
        changed.append("topic")
    if homework is not None and homework != row.homework:
        row.homework = homework[:1000]
        changed.append("homework")
    if not changed:
        return row
    if closes(actor=actor, lesson=row) is not None:
        raise LessonIsClosed
    row.save(update_fields=changed)
    if queries.closed_period_of(course=row.course, day=row.date) is not None:
        audit.record(
            actor=actor,
            action="schedule.lesson.corrected",
            object_type="lesson",
            object_id=row.pk,
            details={"subject": row.course.subject_code, "day": row.date.isoformat(), "what": changed},
        )
    return row
