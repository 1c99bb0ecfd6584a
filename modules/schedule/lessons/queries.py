"""Days and weeks of a class, a teacher and a room, with what makes each day differ."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db.models import QuerySet

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.schedule import permissions, queries
from modules.schedule.data import CourseInfo, TimetableLine, WeekDay
from modules.schedule.models import Lesson, Slot
from modules.schedule.year import queries as year_queries

_AHEAD = timedelta(days=14)


def next_day_of_teacher(*, actor: Actor, teacher_id: UUID, day: date) -> WeekDay:
    """The teacher's lessons of the day or, when it has none, of the nearest day ahead that has."""
    require(actor, permissions.VIEW)
    rows = Lesson.objects.filter(teacher_id=teacher_id)
    found = _day_with_lessons(rows, day)
    classes = queries.class_names(actor=actor, year=clock.school_year_of(found))
    return _days(
        actor=actor, rows=rows, classes=classes, start=found, end=found, with_teachers=False, who=None
    )[0]


def next_day_of_class(*, actor: Actor, class_id: UUID, day: date) -> WeekDay:
    """The class's lessons of the day or, when it has none, of the nearest day ahead that has; raises NotFound."""
    rows = Lesson.objects.filter(school_class_id=class_id)
    return school_day(actor=actor, class_id=class_id, day=_day_with_lessons(rows, day))


def _day_with_lessons(rows: QuerySet[Lesson], day: date) -> date:
    ahead = rows.filter(date__range=(day, day + _AHEAD)).order_by("date").values_list("date", flat=True)
    return ahead.first() or day


def last_day_of_class(*, class_id: UUID) -> date | None:
    """The class's last day with lessons; the caller has checked the right to the class."""
    rows = Lesson.objects.filter(school_class_id=class_id)
    return rows.order_by("-date").values_list("date", flat=True).first()


def day_of_class(*, actor: Actor, class_id: UUID, day: date) -> list[TimetableLine]:
    """The lessons of the class on the day, for its pupils, their families and the staff; raises NotFound."""
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    rows = Lesson.objects.filter(school_class_id=class_id, date=day)
    return queries.lines(actor=actor, rows=rows, classes={school_class.id: school_class})


def school_day(*, actor: Actor, class_id: UUID, day: date) -> WeekDay:
    """The class's day with what makes it differ, in words; raises NotFound."""
    return days_of_class(actor=actor, class_id=class_id, start=day, end=day)[0]


def days_of_class(
    *, actor: Actor, class_id: UUID, start: date, end: date, with_teachers: bool = True
) -> list[WeekDay]:
    """The class's days of the stretch; raises NotFound."""
    school_class = contingent.school_class(actor=actor, class_id=class_id)
    rows = Lesson.objects.filter(school_class_id=class_id)
    return _days(
        actor=actor,
        rows=rows,
        classes={school_class.id: school_class},
        start=start,
        end=end,
        who=school_class,
        with_teachers=with_teachers,
    )


def days_of_course(*, actor: Actor, course: CourseInfo, start: date, end: date) -> list[WeekDay]:
    """The days of the stretch with the lessons of one course."""
    school_class = contingent.school_class(actor=actor, class_id=course.school_class_id)
    rows = Lesson.objects.filter(course_id=course.id)
    classes = {school_class.id: school_class}
    return _days(actor=actor, rows=rows, classes=classes, start=start, end=end, who=school_class)


def days_of_teacher(*, actor: Actor, teacher_id: UUID, start: date, end: date) -> list[WeekDay]:
    """The teacher's lessons of the stretch."""
    require(actor, permissions.VIEW)
    classes: dict[UUID, contingent.ClassInfo] = {}
    for year in sorted({clock.school_year_of(start), clock.school_year_of(end)}):
        classes |= queries.class_names(actor=actor, year=year)
    return _days(
        actor=actor,
        rows=Lesson.objects.filter(teacher_id=teacher_id),
        classes=classes,
        start=start,
        end=end,
        with_teachers=False,
        who=None,
    )


def week_of_teacher(*, actor: Actor, teacher_id: UUID, day: date) -> list[WeekDay]:
    """The teacher's lessons of the week in which the day falls."""
    monday = monday_of(day)
    return days_of_teacher(actor=actor, teacher_id=teacher_id, start=monday, end=monday + _SUNDAY)


def week_of_class(*, actor: Actor, class_id: UUID, day: date) -> list[WeekDay]:
    """The class's lessons of the week."""
    monday = monday_of(day)
    return days_of_class(actor=actor, class_id=class_id, start=monday, end=monday + _SUNDAY)


def week_of_room(*, actor: Actor, room: str, day: date) -> list[WeekDay]:
    """The lessons of the week in the room; raises NotFound for a room where no lesson ever was."""
    require(actor, permissions.VIEW)
    monday = monday_of(day)
    rows = Lesson.objects.filter(room=room)
    if not room or not rows.exists():
        raise NotFound
    classes = queries.class_names(actor=actor, year=clock.school_year_of(monday + _SUNDAY))
    return _days(actor=actor, rows=rows, classes=classes, start=monday, end=monday + _SUNDAY, who=None)


def rooms(*, actor: Actor, year: str) -> list[str]:
    """Rooms of the year's lessons, by number and name."""
    require(actor, permissions.VIEW)
    rows = Slot.objects.filter(course__year=year).exclude(room="").values_list("room", flat=True)
    return sorted(
        set(rows.distinct()), key=lambda one: (not one.isdigit(), int(one) if one.isdigit() else 0, one)
    )


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


_SUNDAY = timedelta(days=6)


def _days(
    *,
    actor: Actor,
    rows: QuerySet[Lesson],
    classes: Mapping[UUID, contingent.ClassInfo],
    start: date,
    end: date,
    who: contingent.ClassInfo | None,
    with_teachers: bool = True,
) -> list[WeekDay]:
    """Each day of the stretch with its lessons, and in words what makes it differ for the class or for some classes."""
    calendar = year_queries.calendar_between(start, end)
    rows = rows.filter(date__range=(start, end))
    found = queries.lines(
        actor=actor, rows=rows, classes=classes, with_teachers=with_teachers, calendar=calendar
    )
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    return [
        WeekDay(
            day,
            tuple(one for one in found if one.date == day),
            year_queries.note_of_day(calendar, day, who=who, classes=classes.values()),
            is_special=who is not None and year_queries.is_special(calendar, day, who=who),
        )
        for day in days
    ]
