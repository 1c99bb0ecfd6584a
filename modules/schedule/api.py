"""What other modules may ask of the schedule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from kernel.access import Actor
from modules.schedule import permissions, queries, services
from modules.schedule.data import (
    CourseInfo,
    DaysNews,
    Generated,
    LessonInfo,
    PeriodInfo,
    TimetableLine,
    WeekDay,
    words_of_fate,
)
from modules.schedule.lessons import queries as days
from modules.schedule.lessons import services as lessons
from modules.schedule.lessons.showing import week_context
from modules.schedule.load import queries as load_queries
from modules.schedule.load import services as load
from modules.schedule.load.data import with_part
from modules.schedule.rooms.rules import RoomInfo, Sitting, settle
from modules.schedule.services import LessonIsClosed
from modules.schedule.substitutions import queries as substitutions
from modules.schedule.substitutions import services as standing_in
from modules.schedule.substitutions.queries import Opened as OpenedLesson
from modules.schedule.substitutions.rules import LessonRight
from modules.schedule.timetabling import services as timetabling
from modules.schedule.wishes.rules import usual_demand
from modules.schedule.year import notices
from modules.schedule.year import queries as year_queries
from modules.schedule.year import services as year_services
from modules.schedule.year.rules import YearCalendar
from modules.schedule.year.services import Wish, even_times

__all__ = [
    "CourseInfo",
    "DaysNews",
    "Generated",
    "LessonInfo",
    "LessonIsClosed",
    "LessonRight",
    "OpenedLesson",
    "PeriodInfo",
    "RoomInfo",
    "Sitting",
    "TimetableLine",
    "WeekDay",
    "Wish",
    "YearCalendar",
    "add_course",
    "ask_for_lesson",
    "calendar",
    "cancel_lesson",
    "cancel_ordinary_lesson",
    "close_period",
    "closed_to",
    "course",
    "courses",
    "current_period",
    "day_of_class",
    "days_of_class",
    "declare_days",
    "even_times",
    "fill_lesson",
    "follow_leaves",
    "generate_lessons",
    "give",
    "give_lesson",
    "info_of_period",
    "join_lesson",
    "joinable_teachers",
    "lesson_right",
    "lessons_of_course",
    "make_timetable",
    "members_between",
    "moments",
    "move_card",
    "move_lesson",
    "move_ordinary_lesson",
    "news_of_days",
    "next_day_of_class",
    "next_day_of_teacher",
    "next_teaching_day",
    "note_absence",
    "open_club",
    "open_year",
    "opened_lessons",
    "period",
    "period_by_code",
    "period_of",
    "periods",
    "permissions",
    "places_for_lesson",
    "remarks_on",
    "reopen_period",
    "save_bells",
    "school_day",
    "set_slots",
    "settle",
    "subject_title",
    "usual_demand",
    "week_context",
    "week_of_class",
    "week_of_teacher",
    "with_part",
    "words_of_days",
    "words_of_fate",
]


def periods(*, year: str, kind: str = "") -> list[PeriodInfo]:
    """The school's periods of the year: quarters, then half-years; or one kind ("quarter", "half_year")."""
    return queries.periods(year=year, kind=kind)


def period(*, period_id: UUID) -> PeriodInfo:
    """One period; raises NotFound."""
    return queries.get_period(period_id=period_id)


def year_begins(year: str) -> date:
    """The first day of the school's year."""
    return load_queries.year_begins(year)


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


def members_between(*, course_id: UUID, start: date, end: date) -> frozenset[UUID] | None:
    """Whom the course taught between the days: pupils of its group; None where it was the whole class on any of them."""
    return load_queries.members_between(course_id=course_id, start=start, end=end)


def closed_to(
    *, pupil_id: UUID, course_ids: Iterable[UUID], start: date, end: date | None = None
) -> set[UUID]:
    """Those of the courses that between the days teach another group of the class and never this pupil."""
    return load_queries.closed_to(pupil_id=pupil_id, course_ids=course_ids, start=start, end=end)


def news_of_days(*, actor: Actor, special_id: UUID, class_ids: Iterable[UUID]) -> list[DaysNews]:
    """What the classes are told of special days; nothing of days that are over."""
    return notices.news(actor=actor, special_id=special_id, class_ids=class_ids)


def words_of_days(params: Mapping[str, Any]) -> dict[str, Any]:
    """The codes of such news with `days` and `what` in the reader's language."""
    return notices.said(params)


def day_of_class(*, actor: Actor, class_id: UUID, day: date) -> list[TimetableLine]:
    """The class's lessons of the day with times, teachers, topics and homework; raises NotFound for a class that
    the actor may not see, so a parent gets only the classes of her children."""
    return days.day_of_class(actor=actor, class_id=class_id, day=day)


def school_day(*, actor: Actor, class_id: UUID, day: date) -> WeekDay:
    """The class's day with what makes it differ, in words; raises NotFound as `day_of_class` does."""
    return days.school_day(actor=actor, class_id=class_id, day=day)


def days_of_class(*, actor: Actor, class_id: UUID, start: date, end: date) -> list[WeekDay]:
    """The class's days of the stretch, for its pupils, their families and the staff; raises NotFound."""
    return days.days_of_class(actor=actor, class_id=class_id, start=start, end=end)


def calendar(*, year: str) -> YearCalendar:
    """The school's year: is there school for a class on a day, which weekday is taught, which dates has a slot."""
    return year_queries.calendar(year=year)


def next_day_of_class(*, actor: Actor, class_id: UUID, day: date) -> WeekDay:
    """The class's lessons of the day or, when it has none, of the nearest day ahead that has; raises NotFound."""
    return days.next_day_of_class(actor=actor, class_id=class_id, day=day)


def next_day_of_teacher(*, actor: Actor, teacher_id: UUID, day: date) -> WeekDay:
    """The teacher's lessons of the day or, when it has none, of the nearest day ahead that has."""
    return days.next_day_of_teacher(actor=actor, teacher_id=teacher_id, day=day)


def moments(found: Sequence[TimetableLine], *, day: date) -> list[tuple[TimetableLine, str]]:
    """Each lesson of the day with where it stands in time: past, now, next or later."""
    return queries.moments(found, day=day)


def week_of_teacher(*, actor: Actor, teacher_id: UUID, day: date) -> list[WeekDay]:
    """The teacher's week around the day."""
    return days.week_of_teacher(actor=actor, teacher_id=teacher_id, day=day)


def week_of_class(*, actor: Actor, class_id: UUID, day: date) -> list[WeekDay]:
    """The class's week around the day."""
    return days.week_of_class(actor=actor, class_id=class_id, day=day)


def lesson_right() -> LessonRight:
    """Who of a lesson's teachers writes in it: the rule of substitutes, as the school has chosen; asks no query."""
    return substitutions.lesson_right()


# --- changes


def declare_days(*, actor: Actor, year: str, wish: Wish) -> int:
    """Declare special days, lessons following them; answer how many lessons fell out."""
    __, laying = year_services.declare(actor=actor, year=year, wish=wish)
    return len(laying.cancelled) + len(laying.removed)


def save_bells(
    *,
    actor: Actor,
    name: str,
    times: Mapping[tuple[int, int], tuple[time, time]],
    grades: Sequence[int] = (),
    since: date | None = None,
    until: date | None = None,
    is_on_call: bool = False,
) -> UUID:
    """Make a set of bells beside the usual ones; those on call ring only on days that name them."""
    made = year_services.save_set(
        actor=actor,
        name=name,
        times=times,
        grades=grades,
        since=since,
        until=until,
        is_on_call=is_on_call,
    )
    return made.pk


def open_year(*, actor: Actor, year: str) -> list[PeriodInfo]:
    """Give the school the periods of the ministry's calendar; safe to repeat."""
    return year_services.open_year(actor=actor, year=year)


def info_of_period(row: Any) -> PeriodInfo:
    """A period that the caller has at hand, as data."""
    return queries.info_of_period(row)


def subject_title(row: Any) -> str:
    """What a course that the caller has at hand is called in the reader's language."""
    return queries.subject_title(row)


def close_period(*, actor: Actor, period_id: UUID) -> PeriodInfo:
    """Close the period, so that no mark in it can change; closing twice is a no-op."""
    return year_services.close_period(actor=actor, period_id=period_id)


def reopen_period(*, actor: Actor, period_id: UUID) -> PeriodInfo:
    """Open a closed period again; the act stays in the security log."""
    return year_services.reopen_period(actor=actor, period_id=period_id)


def add_course(
    *,
    actor: Actor,
    school_class_id: UUID,
    subject_code: str,
    hours: Decimal | float,
    teacher_id: UUID | None = None,
    group: int = 0,
    kind: str = "core",
    name: str = "",
    pupil_id: UUID | None = None,
    agreed: bool = False,
) -> CourseInfo:
    """Put a subject, a club or hours for one child into the class's load; `agreed` when it makes too many hours."""
    return load.add_course(
        actor=actor,
        school_class_id=school_class_id,
        subject_code=subject_code,
        hours=hours,
        teacher_id=teacher_id,
        group=group,
        kind=kind,
        name=name,
        pupil_id=pupil_id,
        agreed=agreed,
    )


def open_club(*, actor: Actor, course_id: UUID, class_id: UUID) -> UUID:
    """Let pupils of one more class attend the club; answer the id of that class's line."""
    return load.add_class(actor=actor, course_id=course_id, class_id=class_id)


def give(*, actor: Actor, course_id: UUID, teacher_id: UUID | None, since: date | None = None) -> CourseInfo:
    """Give the course to a teacher (None: to nobody) from the day; lessons before it keep their teacher."""
    return load.assign(actor=actor, course_id=course_id, teacher_id=teacher_id, since=since)


def set_slots(
    *,
    actor: Actor,
    course_id: UUID,
    places: Iterable[tuple[int, int]],
    room: str = "",
    since: date | None = None,
    weeks: Mapping[tuple[int, int], str] | None = None,
) -> None:
    """Say on which weekdays and at which numbers the course is, and which places are of odd or even weeks only."""
    services.set_slots(actor=actor, course_id=course_id, places=places, room=room, since=since, weeks=weeks)


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
    """Write the topic and the homework of a lesson. Raises NotFound, NotYourLesson, LessonIsClosed."""
    services.fill_lesson(actor=actor, lesson_id=lesson_id, topic=topic, homework=homework)


# --- substitutions


def note_absence(
    *, actor: Actor, teacher_id: UUID, since: date, until: date | None, reason: str, ground: str = ""
) -> UUID:
    """A teacher is away: the lessons of the days are opened. The reason is a code of the reference "leave_kinds"."""
    row = standing_in.note_absence(
        actor=actor, teacher_id=teacher_id, since=since, until=until, reason=reason, ground=ground
    )
    return row.pk


def follow_leaves(*, actor: Actor, employee_ids: Iterable[UUID]) -> None:
    """Open and close lessons as the staff's cards say now; the event of the staff asks for it too."""
    standing_in.follow_leaves(actor=actor, employee_ids=employee_ids)


def opened_lessons(*, actor: Actor, day: date) -> list[OpenedLesson]:
    """Lessons of the day that absences opened, by number, each with its state and those who could take it."""
    return [one for hour in substitutions.board(actor=actor, day=day).hours for one in hour.lessons]


def next_teaching_day(*, day: date) -> date:
    """The day itself when lessons are held on it, else the next on which they are."""
    return substitutions.next_day(day=day)


def give_lesson(*, actor: Actor, substitution_id: UUID, substitute_id: UUID) -> None:
    """Give an opened lesson to somebody at once."""
    standing_in.assign(actor=actor, substitution_id=substitution_id, substitute_id=substitute_id)


def ask_for_lesson(*, actor: Actor, substitution_id: UUID, teacher_ids: Sequence[UUID]) -> None:
    """Ask colleagues to take an opened lesson; the first yes wins."""
    standing_in.ask(actor=actor, substitution_id=substitution_id, teacher_ids=teacher_ids)


def joinable_teachers(*, actor: Actor, substitution_id: UUID) -> list[UUID]:
    """Teachers with whose class the opened lesson's class could sit at its time, the nearest first."""
    return substitutions.joinable_teachers(actor=actor, substitution_id=substitution_id)


def join_lesson(*, actor: Actor, substitution_id: UUID, substitute_id: UUID) -> None:
    """Let the class of an opened lesson sit with the one that somebody teaches then."""
    standing_in.join(actor=actor, substitution_id=substitution_id, substitute_id=substitute_id)


def places_for_lesson(*, actor: Actor, substitution_id: UUID) -> list[tuple[date, int]]:
    """Where an opened lesson could be moved within two weeks, the nearest first."""
    return substitutions.places_for(actor=actor, substitution_id=substitution_id)


def move_lesson(*, actor: Actor, substitution_id: UUID, day: date, number: int) -> None:
    """Move an opened lesson; its old place keeps a cancelled one."""
    standing_in.move(actor=actor, substitution_id=substitution_id, day=day, number=number)


def cancel_lesson(*, actor: Actor, substitution_id: UUID, reason: str) -> None:
    """An opened lesson is not held."""
    standing_in.cancel(actor=actor, substitution_id=substitution_id, reason=reason)


def cancel_ordinary_lesson(*, actor: Actor, lesson_id: UUID, reason: str) -> None:
    """A lesson that no absence opened is not held."""
    lessons.cancel(actor=actor, lesson_id=lesson_id, reason=reason)


def move_ordinary_lesson(*, actor: Actor, lesson_id: UUID, day: date, number: int, reason: str) -> None:
    """A lesson that no absence opened is held at another time."""
    lessons.move(actor=actor, lesson_id=lesson_id, day=day, number=number, room="", reason=reason)


def make_timetable(*, actor: Actor, year: str, name: str) -> UUID:
    """A draft of the week as it stands today; answer its id."""
    return timetabling.make(actor=actor, year=year, name=name).pk


def move_card(*, actor: Actor, timetable_id: UUID, card_id: UUID, place: tuple[int, int]) -> None:
    """Put a lesson of a draft to a weekday and a lesson's number; others make room. Raises DomainError."""
    timetabling.move(actor=actor, timetable_id=timetable_id, card_id=card_id, place=place)


def remarks_on(*, actor: Actor, timetable_id: UUID) -> int:
    """How many remarks keep the draft from being published unless somebody overrules them in writing."""
    return timetabling.remarks(actor=actor, timetable_id=timetable_id)
