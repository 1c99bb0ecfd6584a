"""What the school asks of its timetable is written: weights, demands of subjects and courses, hours of teachers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock, uploads
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.schedule import permissions
from modules.schedule.models import Course
from modules.schedule.wishes import calendars, rules
from modules.schedule.wishes.models import BusyTime, CourseWish, HourWish, RuleLevel, SubjectWish
from modules.schedule.wishes.rules import Doubles, Level, SubjectDemand
from modules.staff import api as staff

Cell = tuple[int, int, int]  # weekday, shift, number of the lesson


class AlwaysHolds(DomainError):
    message = _("This rule always holds.")
    code = "rule_always_holds"


class NoBusyTimes(DomainError):
    message = _("The calendar has no hours in the four weeks from today; nothing was changed.")
    code = "calendar_without_hours"


class NotACalendar(DomainError):
    message = _("This is no calendar file (.ics).")
    code = "not_a_calendar"


class CalendarTooLarge(DomainError):
    message = _("The file is larger than 1 MB.")
    code = "too_large"


class TimesBackwards(DomainError):
    message = _("The end is before the beginning.")
    code = "times_backwards"


@transaction.atomic
def weigh(*, actor: Actor, code: str, level: Level) -> Level:
    """Make the rule weigh so much; answer what it weighed before. Raises NotFound or AlwaysHolds."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    card = rules.CARDS.get(code)
    if card is None or level not in card.levels:
        raise NotFound
    if card.is_fixed:
        raise AlwaysHolds
    row = RuleLevel.objects.select_for_update().filter(pk=code).first()
    before = Level(row.level) if row else card.level
    if before is level:
        return before
    if level is card.level:
        RuleLevel.objects.filter(pk=code).delete()
    else:
        RuleLevel.objects.update_or_create(code=code, defaults={"level": level})
    audit.record(
        actor=actor,
        action="schedule.rule.weighed",
        object_type="rule",
        details={"rule": code, "before": before, "level": level},
    )
    return before


@transaction.atomic
def ask_of_subject(*, actor: Actor, subject_code: str, demand: SubjectDemand) -> None:
    """Keep what the subject asks; what is as everywhere is not kept."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    asked = (demand.difficulty, demand.room_kind, demand.first, demand.last)
    usual = rules.usual_demand(subject_code)
    if asked == (usual.difficulty, usual.room_kind, None, None):
        SubjectWish.objects.filter(pk=subject_code).delete()
    else:
        SubjectWish.objects.update_or_create(
            subject_code=subject_code,
            defaults={
                "difficulty": demand.difficulty,
                "room_kind": demand.room_kind,
                "first": demand.first,
                "last": demand.last,
            },
        )
    audit.record(
        actor=actor,
        action="schedule.subject_wish.set",
        object_type="subject",
        details={
            "subject": subject_code,
            "difficulty": demand.difficulty,
            "room": demand.room_kind,
            "first": demand.first,
            "last": demand.last,
        },
    )


@transaction.atomic
def set_doubles(*, actor: Actor, year: str, subject_code: str, doubles: Mapping[UUID, Doubles]) -> int:
    """Say of courses of the subject whether their lessons stand in pairs; answer how many changed. Raises NotFound."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    known = set(
        Course.objects.filter(year=year, subject_code=subject_code, pk__in=list(doubles)).values_list(
            "pk", flat=True
        )
    )
    if known != set(doubles):
        raise NotFound
    before = {
        row.course_id: Doubles(row.doubles)
        for row in CourseWish.objects.select_for_update().filter(course_id__in=known)
    }
    changed = {key: value for key, value in doubles.items() if before.get(key, Doubles.NEVER) is not value}
    CourseWish.objects.filter(course_id__in=list(changed)).delete()
    CourseWish.objects.bulk_create(
        CourseWish(course_id=key, doubles=value)
        for key, value in changed.items()
        if value is not Doubles.NEVER
    )
    if changed:
        audit.record(
            actor=actor,
            action="schedule.doubles.set",
            object_type="subject",
            details={"subject": subject_code, "courses": len(changed)},
        )
    return len(changed)


@transaction.atomic
def set_hours(
    *, actor: Actor, year: str, teacher_id: UUID, cannot: Iterable[Cell], rather_not: Iterable[Cell]
) -> None:
    """Keep at which lessons the teacher cannot teach or would rather not, in place of what was kept. Raises NotFound."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    staff.teacher(actor=actor, employee_id=teacher_id)
    hard = set(cannot)
    wanted = dict.fromkeys(set(rather_not) - hard, False) | dict.fromkeys(hard, True)
    rows = HourWish.objects.select_for_update().filter(year=year, teacher_id=teacher_id)
    before = {(one.weekday, one.shift, one.number): one.is_demand for one in rows}
    if before == wanted:
        return
    rows.delete()
    HourWish.objects.bulk_create(
        HourWish(
            year=year,
            teacher_id=teacher_id,
            weekday=weekday,
            shift=shift,
            number=number,
            is_demand=is_demand,
        )
        for (weekday, shift, number), is_demand in sorted(wanted.items())
    )
    audit.record(
        actor=actor,
        action="schedule.hour_wishes.set",
        object_type="employee",
        object_id=teacher_id,
        details={"cannot": len(hard), "rather_not": len(wanted) - len(hard)},
    )


@transaction.atomic
def add_busy(*, actor: Actor, year: str, teacher_id: UUID, weekday: int, start: time, end: time) -> None:
    """Keep that the teacher is in another school then. Raises NotFound or TimesBackwards."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    staff.teacher(actor=actor, employee_id=teacher_id)
    if end <= start:
        raise TimesBackwards
    BusyTime.objects.get_or_create(year=year, teacher_id=teacher_id, weekday=weekday, start=start, end=end)
    audit.record(
        actor=actor,
        action="schedule.busy.added",
        object_type="employee",
        object_id=teacher_id,
        details={"weekday": weekday, "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"},
    )


@transaction.atomic
def drop_busy(*, actor: Actor, busy_id: UUID) -> UUID:
    """The teacher is not busy then any more; answer the teacher. Raises NotFound."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = BusyTime.objects.select_for_update().filter(pk=busy_id).first()
    if row is None:
        raise NotFound
    row.delete()
    audit.record(
        actor=actor,
        action="schedule.busy.dropped",
        object_type="employee",
        object_id=row.teacher_id,
        details={"weekday": row.weekday, "start": f"{row.start:%H:%M}", "end": f"{row.end:%H:%M}"},
    )
    return row.teacher_id


def _look(content: bytes) -> uploads.Seen:
    if len(content) > _LARGEST:
        raise CalendarTooLarge
    return uploads.AsItCame(content, "text/calendar")


_LARGEST = 1024 * 1024
CALENDAR = uploads.Kind("calendar", (".ics",), _LARGEST, _look, read_at_once=True)


@transaction.atomic
def take_calendar(*, actor: Actor, year: str, teacher_id: UUID, content: bytes) -> int:
    """Read busy times from the calendar of another school, in place of those read before; answer how many there are.

    Only weekdays and hours are kept: no names, no places. Raises NotFound, NotACalendar, NoBusyTimes, CalendarTooLarge, and as uploads.admit does.
    """
    require(actor, permissions.ARRANGE_TIMETABLE)
    staff.teacher(actor=actor, employee_id=teacher_id)
    uploads.admit(CALENDAR, content, actor=actor)
    try:
        found = calendars.busy_times(content, since=clock.today())
    except calendars.NotACalendar as refusal:
        raise NotACalendar from refusal
    if not found:
        raise NoBusyTimes
    mine = BusyTime.objects.select_for_update().filter(year=year, teacher_id=teacher_id)
    mine.filter(source=BusyTime.Source.CALENDAR).delete()
    BusyTime.objects.bulk_create(
        [
            BusyTime(
                year=year,
                teacher_id=teacher_id,
                weekday=one.weekday,
                start=one.start,
                end=one.end,
                source=BusyTime.Source.CALENDAR,
            )
            for one in found
        ],
        ignore_conflicts=True,
    )
    audit.record(
        actor=actor,
        action="schedule.busy.read",
        object_type="employee",
        object_id=teacher_id,
        details={"hours": len(found)},
    )
    return len(found)
