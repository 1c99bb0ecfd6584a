"""Changes of the schedule: the year's periods, the load, the week, and the dated lessons laid from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, Scope, require
from kernel.errors import DomainError, NotAllowed, NotFound
from kernel.events import publish
from modules.contingent import api as contingent
from modules.schedule import permissions, queries
from modules.schedule.data import Clash, CourseInfo, Generated, PeriodInfo
from modules.schedule.events import LessonsGenerated, PeriodClosed, PeriodReopened
from modules.schedule.models import BellTime, Course, Lesson, Period, Slot
from modules.staff import api as staff
from tenants import reference


class UnknownYear(DomainError):
    message = _("The calendar of {year} is not known. Set the dates of the quarters by hand.")
    code = "unknown_year"


class PeriodsOverlap(DomainError):
    message = _("The dates run into {other}.")
    code = "periods_overlap"


class DatesBackwards(DomainError):
    message = _("The last day is before the first one.")
    code = "dates_backwards"


class UnknownSubject(DomainError):
    message = _("There is no such subject.")
    code = "unknown_subject"


class CourseExists(DomainError):
    message = _("This class has the subject already.")
    code = "course_exists"


class CourseHasLessons(DomainError):
    message = _("Lessons of this subject were already laid. Change the teacher or the hours instead.")
    code = "course_has_lessons"


class TeacherBusy(DomainError):
    message = _("The teacher already has a lesson on {day} at number {number}.")
    code = "teacher_busy"


class ClassBusy(DomainError):
    message = _("The class already has a lesson on {day} at number {number}.")
    code = "class_busy"


class NotYourLesson(NotAllowed):
    message = _("This lesson is not yours.")
    code = "not_your_lesson"


# --- the year


@transaction.atomic
def open_year(*, actor: Actor, year: str) -> list[PeriodInfo]:
    """Give the school the quarters and half-years of the ministry's calendar; doing it again changes nothing.

    Raises UnknownYear.
    """
    require(actor, permissions.SET_PERIODS)
    try:
        calendar = reference.school_year(year)
    except KeyError:
        raise UnknownYear(year=year) from None
    spans = calendar.quarters
    rows = [Period(year=year, kind="quarter", number=s.number, start=s.start, end=s.end) for s in spans]
    if len(spans) == 4:
        halves = ((1, spans[0].start, spans[1].end), (2, spans[2].start, spans[3].end))
        rows += [Period(year=year, kind="half_year", number=n, start=a, end=b) for n, a, b in halves]
    Period.objects.bulk_create(rows, ignore_conflicts=True)
    audit.record(actor=actor, action="schedule.year.opened", object_type="year", object_id=year)
    return queries.periods(year=year)


def year_is_open(*, year: str) -> bool:
    return Period.objects.filter(year=year).exists()


@transaction.atomic
def set_period_dates(*, actor: Actor, period_id: UUID, start: date, end: date) -> PeriodInfo:
    """Move the ends of a period; half-years follow their quarters. Raises DatesBackwards or PeriodsOverlap."""
    require(actor, permissions.SET_PERIODS)
    row = _locked_period(period_id)
    _set_dates(actor, row.year, row.kind, {row.number: (start, end)})
    return queries.get_period(period_id=period_id)


@transaction.atomic
def set_quarters(*, actor: Actor, year: str, days: Mapping[int, tuple[date, date]]) -> None:
    """Set the dates of several quarters at once, so that one may move into another's old place.

    Raises DatesBackwards or PeriodsOverlap.
    """
    require(actor, permissions.SET_PERIODS)
    _set_dates(actor, year, Period.Kind.QUARTER, days)


def _set_dates(actor: Actor, year: str, kind: str, days: Mapping[int, tuple[date, date]]) -> None:
    rows = {one.number: one for one in Period.objects.select_for_update().filter(year=year, kind=kind)}
    for number, (start, end) in days.items():
        if end < start:
            raise DatesBackwards
        row = rows.setdefault(number, Period(year=year, kind=kind, number=number))
        row.start, row.end = start, end
    for one, other in permutations(rows.values(), 2):
        if one.number in days and other.start <= one.end and one.start <= other.end:
            raise PeriodsOverlap(other=queries.info_of_period(other).label)
    for number in days:
        row = rows[number]
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save(update_fields=["start", "end"])
        audit.record(
            actor=actor,
            action="schedule.period.moved",
            object_type="period",
            object_id=row.pk,
            details={"code": row.code, "start": str(row.start), "end": str(row.end)},
        )
    if kind == Period.Kind.QUARTER:
        _stretch_halves(year)


def _stretch_halves(year: str) -> None:
    quarters = {p.number: p for p in Period.objects.filter(year=year, kind=Period.Kind.QUARTER)}
    for half in Period.objects.filter(year=year, kind=Period.Kind.HALF_YEAR):
        first, last = quarters.get(half.number * 2 - 1), quarters.get(half.number * 2)
        if first and last:
            half.start, half.end = first.start, last.end
            half.save(update_fields=["start", "end"])


def _locked_period(period_id: UUID) -> Period:
    row = Period.objects.select_for_update().filter(pk=period_id).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def close_period(*, actor: Actor, period_id: UUID, at: datetime | None = None) -> PeriodInfo:
    """Close the period, so that no mark in it can change. Closing twice is a no-op."""
    require(actor, permissions.SET_PERIODS)
    row = _locked_period(period_id)
    if row.closed_at is None:
        row.closed_at = at or clock.now()
        row.save(update_fields=["closed_at"])
        publish(PeriodClosed(period_id=str(row.pk), year=row.year, code=row.code), actor=actor)
        audit.record(actor=actor, action="schedule.period.closed", object_type="period", object_id=row.pk)
    return queries.info_of_period(row)


@transaction.atomic
def reopen_period(*, actor: Actor, period_id: UUID) -> PeriodInfo:
    """Open a closed period again; the act stays in the security log."""
    require(actor, permissions.SET_PERIODS)
    row = _locked_period(period_id)
    if row.closed_at is not None:
        row.closed_at = None
        row.save(update_fields=["closed_at"])
        publish(PeriodReopened(period_id=str(row.pk), year=row.year, code=row.code), actor=actor)
        audit.record(actor=actor, action="schedule.period.reopened", object_type="period", object_id=row.pk)
    return queries.info_of_period(row)


def default_bells() -> list[BellTime]:
    """Lessons of 45 minutes with breaks of 5, two of them 15; the second shift follows the first."""
    rows = []
    for shift, begin in ((1, time(8, 0)), (2, time(14, 0))):
        moment = datetime.combine(date(2000, 1, 1), begin)
        for number in range(1, 9):
            end = moment + timedelta(minutes=45)
            rows.append(BellTime(shift=shift, number=number, start=moment.time(), end=end.time()))
            moment = end + timedelta(minutes=15 if number in (2, 3) else 5)
    return rows


def put_default_bells() -> None:
    """Give the school the usual bells where it has none."""
    BellTime.objects.bulk_create(default_bells(), ignore_conflicts=True)


# --- the load


@transaction.atomic
def add_course(
    *,
    actor: Actor,
    school_class_id: UUID,
    subject_code: str,
    hours: Decimal | float,
    teacher_id: UUID | None = None,
    group: int = 0,
) -> CourseInfo:
    """Put a subject into the class's load. Raises NotFound, UnknownSubject or CourseExists."""
    require(actor, permissions.SET_LOAD)
    school_class = contingent.school_class(actor=actor, class_id=school_class_id)
    if subject_code not in reference.subjects():
        raise UnknownSubject
    if teacher_id is not None:
        staff.teacher(actor=actor, employee_id=teacher_id)
    try:
        with transaction.atomic():
            row = Course.objects.create(
                year=school_class.year,
                school_class_id=school_class.id,
                subject_code=subject_code,
                group=group,
                teacher_id=teacher_id,
                hours_per_week=Decimal(str(hours)),
                set_code=school_class.set_code,
                shift=school_class.shift,
            )
    except IntegrityError as clash:
        raise CourseExists from clash
    audit.record(actor=actor, action="schedule.course.added", object_type="course", object_id=row.pk)
    return queries.get_course(actor=actor, course_id=row.pk)


@transaction.atomic
def change_course(
    *, actor: Actor, course_id: UUID, teacher_id: UUID | None, hours: Decimal | float, since: date
) -> CourseInfo:
    """Give the course another teacher or other hours; lessons from `since` on get the new teacher.

    Raises NotFound or TeacherBusy.
    """
    require(actor, permissions.SET_LOAD)
    row = Course.objects.select_for_update().filter(pk=course_id).first()
    if row is None:
        raise NotFound
    if teacher_id is not None:
        staff.teacher(actor=actor, employee_id=teacher_id)
    if teacher_id != row.teacher_id:
        ahead = Lesson.objects.filter(course=row, date__gte=since)
        if teacher_id is not None and not row.set_code:
            _refuse_busy_teacher(teacher_id, row, ahead.values_list("date", "number"))
        ahead.update(teacher_id=teacher_id)
    row.teacher_id, row.hours_per_week = teacher_id, Decimal(str(hours))
    row.save(update_fields=["teacher_id", "hours_per_week"])
    audit.record(actor=actor, action="schedule.course.changed", object_type="course", object_id=row.pk)
    return queries.get_course(actor=actor, course_id=row.pk)


def _refuse_busy_teacher(teacher_id: UUID, course: Course, places: Iterable[tuple[date, int]]) -> None:
    wanted = set(places)
    held = Lesson.objects.filter(
        teacher_id=teacher_id,
        shift=course.shift,
        date__in={day for day, _n in wanted},
        state=Lesson.State.HELD,
    ).exclude(course_id=course.pk)
    for day, number in held.order_by("date", "number").values_list("date", "number"):
        if (day, number) in wanted:
            raise TeacherBusy(day=day.strftime("%d.%m.%Y"), number=number)


@transaction.atomic
def drop_course(*, actor: Actor, course_id: UUID) -> None:
    """Take the subject out of the load while it has no lessons. Raises NotFound or CourseHasLessons."""
    require(actor, permissions.SET_LOAD)
    row = Course.objects.select_for_update().filter(pk=course_id).first()
    if row is None:
        raise NotFound
    if Lesson.objects.filter(course=row).exists():
        raise CourseHasLessons
    row.delete()
    audit.record(actor=actor, action="schedule.course.dropped", object_type="course", object_id=course_id)


@transaction.atomic
def set_slots(
    *,
    actor: Actor,
    course_id: UUID,
    places: Iterable[tuple[int, int]],
    room: str = "",
    since: date | None = None,
) -> list[Slot]:
    """Say on which weekdays and at which numbers the course is. Raises NotFound, ClassBusy or TeacherBusy.

    Lessons already laid stay where they are until they are laid anew.
    """
    require(actor, permissions.SET_LOAD)
    course = Course.objects.select_for_update().filter(pk=course_id).first()
    if course is None:
        raise NotFound
    wanted = sorted(set(places))
    others = Slot.objects.filter(course__year=course.year, until=None).exclude(course=course)
    for weekday, number in wanted:
        taken = others.filter(weekday=weekday, number=number)
        if taken.filter(course__school_class_id=course.school_class_id, course__group=course.group).exists():
            raise ClassBusy(day=_weekday(weekday), number=number)
        same_teacher = taken.filter(course__teacher_id=course.teacher_id, course__shift=course.shift)
        if course.teacher_id and not course.set_code and same_teacher.exists():
            raise TeacherBusy(day=_weekday(weekday), number=number)
    Slot.objects.filter(course=course, until=None).delete()
    rows = [Slot(course=course, weekday=d, number=n, room=room, since=since) for d, n in wanted]
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
) -> None:
    """Teacher, hours and places in the week at once: all of it or nothing."""
    change_course(actor=actor, course_id=course_id, teacher_id=teacher_id, hours=hours, since=since)
    set_slots(actor=actor, course_id=course_id, places=places, room=room)


# --- dated lessons

_LAY = """
INSERT INTO schedule_lesson (id, course_id, school_class_id, "group", teacher_id, set_code, shift, date, number, room,
                             topic, homework, state)
SELECT gen_random_uuid(), c.id, c.school_class_id, c."group", c.teacher_id, c.set_code, c.shift, day::date, s.number, s.room,
       '', '', 'held'
FROM schedule_course c
JOIN schedule_slot s ON s.course_id = c.id
JOIN generate_series(%(start)s::date, %(end)s::date, interval '1 day') AS day
  ON extract(isodow FROM day) = s.weekday
 AND (s.since IS NULL OR s.since <= day::date) AND (s.until IS NULL OR s.until >= day::date)
WHERE c.id = ANY(%(courses)s) AND NOT day::date = ANY(%(off)s::date[])
ORDER BY day, s.number
ON CONFLICT DO NOTHING
"""
_LEFT_OUT = """
SELECT day::date, s.number, c.id
FROM schedule_course c
JOIN schedule_slot s ON s.course_id = c.id
JOIN generate_series(%(start)s::date, %(end)s::date, interval '1 day') AS day
  ON extract(isodow FROM day) = s.weekday
 AND (s.since IS NULL OR s.since <= day::date) AND (s.until IS NULL OR s.until >= day::date)
WHERE c.id = ANY(%(courses)s) AND NOT day::date = ANY(%(off)s::date[])
  AND NOT EXISTS (SELECT 1 FROM schedule_lesson l
                  WHERE l.course_id = c.id AND l.date = day::date AND l.number = s.number)
ORDER BY day, s.number LIMIT 200
"""


@transaction.atomic
def generate_lessons(
    *,
    actor: Actor,
    period_id: UUID,
    course_ids: Iterable[UUID] | None = None,
    school_class_id: UUID | None = None,
    since: date | None = None,
) -> Generated:
    """Lay the weekly slots over the days of the period, without holidays; doing it again adds only what is missing.

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
    firsts = {key for key, c in queries.class_names(actor=actor, year=period.year).items() if c.grade == 1}
    wanted = list(rows.values_list("pk", "school_class_id"))
    made, clashes = 0, []
    for grade in (1, 2):
        ids = [pk for pk, where in wanted if (where in firsts) == (grade == 1)]
        if not ids:
            continue
        values: dict[str, Any] = {
            "start": max(period.start, since or period.start),
            "end": period.end,
            "courses": ids,
            "off": queries.teaching_days_off(year=period.year, grade=grade),
        }
        with connection.cursor() as cursor:
            cursor.execute(_LAY, values)
            made += cursor.rowcount
            cursor.execute(_LEFT_OUT, values)
            clashes += [Clash(*row) for row in cursor.fetchall()]
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
    """Whether the actor writes this lesson's topic: its teacher, the course's, or who may everywhere."""
    scopes = actor.scopes(permissions.FILL_LESSON)
    if Scope.SCHOOL in scopes:
        return True
    if Scope.OWN_LESSONS not in scopes or actor.person_id is None:
        return False
    return actor.person_id in {lesson.teacher_id, lesson.course.teacher_id}


@transaction.atomic
def fill_lesson(
    *, actor: Actor, lesson_id: UUID, topic: str | None = None, homework: str | None = None
) -> Lesson:
    """Write the topic and the homework. Raises NotFound, or NotYourLesson for another teacher's."""
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
    if changed:
        row.save(update_fields=changed)
    return row
