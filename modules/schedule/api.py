"""What other modules may ask of the schedule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from kernel.access import Actor
from modules.schedule import permissions, queries, services
from modules.schedule.data import CourseInfo, Generated, LessonInfo, PeriodInfo, TimetableLine, WeekDay
from modules.schedule.timetabling import services as timetabling

__all__ = [
    "CourseInfo",
    "Generated",
    "LessonInfo",
    "PeriodInfo",
    "TimetableLine",
    "WeekDay",
    "add_course",
    "course",
    "courses",
    "current_period",
    "day_of_class",
    "fill_lesson",
    "generate_lessons",
    "lessons_of_course",
    "make_timetable",
    "moments",
    "next_day_of_class",
    "next_day_of_teacher",
    "open_year",
    "period",
    "period_by_code",
    "period_of",
    "periods",
    "permissions",
    "set_slots",
    "week_of_class",
    "week_of_teacher",
]


def periods(*, year: str, kind: str = "") -> list[PeriodInfo]:
    """The school's periods of the year: quarters, then half-years; or one kind ("quarter", "half_year")."""
    return queries.periods(year=year, kind=kind)


def period(*, period_id: UUID) -> PeriodInfo:
    """One period; raises NotFound."""
    return queries.get_period(period_id=period_id)


def period_by_code(*, year: str, code: str) -> PeriodInfo | None:
    """The period that figures call "q1" or "h2"."""
    return queries.period_by_code(year=year, code=code)


def period_of(day: date, *, kind: str = "quarter") -> PeriodInfo | None:
    """The period in which the day falls; None in the holidays."""
    return queries.period_of(day=day, kind=kind)


def current_period(*, kind: str = "quarter", year: str | None = None) -> PeriodInfo | None:
    """The period of today, in the holidays the one just ended, before the year the first one."""
    return queries.current_period(kind=kind, year=year)


def courses(
    *,
    actor: Actor,
    year: str,
    school_class_id: UUID | None = None,
    teacher_id: UUID | None = None,
    teacher_ids: Sequence[UUID] | None = None,
) -> list[CourseInfo]:
    """Courses of the year, of one class, one teacher or several."""
    return queries.courses(
        actor=actor,
        year=year,
        school_class_id=school_class_id,
        teacher_ids=[teacher_id] if teacher_id is not None else teacher_ids,
    )


def course(*, actor: Actor, course_id: UUID) -> CourseInfo:
    """One course; raises NotFound."""
    return queries.get_course(actor=actor, course_id=course_id)


def lessons_of_course(*, course_id: UUID, start: date, end: date) -> list[LessonInfo]:
    """Lessons of the course between the days, in order. The caller has checked the right to the course."""
    return queries.lessons_of_course(course_id=course_id, start=start, end=end)


def day_of_class(*, actor: Actor, class_id: UUID, day: date) -> list[TimetableLine]:
    """The class's lessons of the day with times, teachers, topics and homework; raises NotFound for a class that
    the actor may not see, so a parent gets only the classes of her children."""
    return queries.day_of_class(actor=actor, class_id=class_id, day=day)


def next_day_of_class(*, actor: Actor, class_id: UUID, day: date) -> WeekDay:
    """The class's lessons of the day or, when it has none, of the nearest day ahead that has; raises NotFound."""
    return queries.next_day_of_class(actor=actor, class_id=class_id, day=day)


def next_day_of_teacher(*, actor: Actor, teacher_id: UUID, day: date) -> WeekDay:
    """The teacher's lessons of the day or, when it has none, of the nearest day ahead that has."""
    return queries.next_day_of_teacher(actor=actor, teacher_id=teacher_id, day=day)


def moments(found: Sequence[TimetableLine], *, day: date) -> list[tuple[TimetableLine, str]]:
    """Each lesson of the day with where it stands in time: past, now, next or later."""
    return queries.moments(found, day=day)


def week_of_teacher(*, actor: Actor, teacher_id: UUID, day: date) -> list[WeekDay]:
    """The teacher's week around the day."""
    return queries.week_of_teacher(actor=actor, teacher_id=teacher_id, day=day)


def week_of_class(*, actor: Actor, class_id: UUID, day: date) -> list[WeekDay]:
    """The class's week around the day."""
    return queries.week_of_class(actor=actor, class_id=class_id, day=day)


# --- changes


def open_year(*, actor: Actor, year: str) -> list[PeriodInfo]:
    """Give the school the periods of the ministry's calendar; safe to repeat."""
    return services.open_year(actor=actor, year=year)


def add_course(
    *,
    actor: Actor,
    school_class_id: UUID,
    subject_code: str,
    hours: Decimal | float,
    teacher_id: UUID | None = None,
    group: int = 0,
) -> CourseInfo:
    """Put a subject into the class's load."""
    return services.add_course(
        actor=actor,
        school_class_id=school_class_id,
        subject_code=subject_code,
        hours=hours,
        teacher_id=teacher_id,
        group=group,
    )


def set_slots(
    *,
    actor: Actor,
    course_id: UUID,
    places: Iterable[tuple[int, int]],
    room: str = "",
    since: date | None = None,
) -> None:
    """Say on which weekdays and at which numbers the course is."""
    services.set_slots(actor=actor, course_id=course_id, places=places, room=room, since=since)


def generate_lessons(
    *,
    actor: Actor,
    period_id: UUID,
    course_ids: Iterable[UUID] | None = None,
    school_class_id: UUID | None = None,
) -> Generated:
    """Lay the slots over the days of the period; safe to repeat."""
    return services.generate_lessons(
        actor=actor, period_id=period_id, course_ids=course_ids, school_class_id=school_class_id
    )


def fill_lesson(
    *, actor: Actor, lesson_id: UUID, topic: str | None = None, homework: str | None = None
) -> None:
    """Write the topic and the homework of a lesson."""
    services.fill_lesson(actor=actor, lesson_id=lesson_id, topic=topic, homework=homework)


def make_timetable(*, actor: Actor, year: str, name: str) -> UUID:
    """A draft of the week as it stands today; answer its id."""
    return timetabling.make(actor=actor, year=year, name=name).pk
