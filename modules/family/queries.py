"""One's own child, or oneself, and nobody else: every question begins with `child_of`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from identity import api as identity
from kernel import audit, clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.contingent.data import PupilInfo
from modules.family import permissions
from modules.family.data import (
    Ahead,
    ChildPage,
    Day,
    FreshComment,
    FreshMark,
    Line,
    Looker,
    YearCell,
    YearLine,
)
from modules.journal import api as journal
from modules.journal.data import AbsenceCode, ChildSubject, ChildWork
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo, TimetableLine, WeekDay

FRESH_DAYS = 14
AHEAD = timedelta(days=7)
MOST_LOOKS, SITTING = 200, timedelta(hours=1)
MOST_FRESH = 8
WORKS_AHEAD, MOST_WORKS = timedelta(days=14), 5


def children(*, actor: Actor) -> list[PupilInfo]:
    """The children whom the actor may see here: a parent's own, or the pupil himself."""
    scopes = require(actor, permissions.VIEW_CHILD)
    if actor.person_id is None:
        return []
    if Scope.OWN_CHILD in scopes and actor.person_kind == "guardian":
        return contingent.children_of(actor=actor, guardian_id=actor.person_id)
    if Scope.SELF in scopes and actor.person_kind == "pupil":
        return [contingent.pupil(actor=actor, pupil_id=actor.person_id)]
    return []


def child_of(*, actor: Actor, pupil_id: UUID) -> tuple[PupilInfo, list[PupilInfo]]:
    """The child and all the actor's children; raises NotFound for anybody else's."""
    mine = children(actor=actor)
    child = next((one for one in mine if one.id == pupil_id), None)
    if child is None:
        raise NotFound
    return child, mine


def page_of(
    *, actor: Actor, pupil_id: UUID, year: str, period: str = "", day: date | None = None
) -> ChildPage:
    """Everything on the child's first page."""
    child, mine = child_of(actor=actor, pupil_id=pupil_id)
    chosen, offered = _period(year, period)
    subjects = journal.child_marks(actor=actor, pupil_id=pupil_id, period=chosen) if chosen else []
    return ChildPage(
        child=child,
        children=mine,
        period=chosen,
        periods=offered,
        today=(today := day_of(actor=actor, child=child, day=day)),
        ahead=ahead_of(actor=actor, child=child, but=today.day),
        fresh=_fresh(subjects, chosen),
        comments=_comments(subjects, chosen),
        subjects=subjects,
        absences=_absences(subjects),
        works=_works_soon(actor, child) if chosen and not period else (),
        is_self=actor.person_kind == "pupil",
    )


def day_of(*, actor: Actor, child: PupilInfo, day: date | None = None) -> Day:
    """The child's lessons of the day, with what goes on now and what is next.

    When nobody asks for a day: today's (whose homework is wanted in the evening), or of the next day that has any.
    """
    today = clock.today()
    room = contingent.class_of(actor=actor, pupil_id=child.id, on=day or today)
    lessons: Sequence[TimetableLine] = ()
    note = ""
    if room is not None:
        find = schedule.school_day if day is not None else schedule.next_day_of_class
        found = find(actor=actor, class_id=room.id, day=day or today)
        day, lessons, note = found.day, found.lines, str(found.note)
    day = day or today
    # A divided class has two lessons at once; the child is in one of them.
    closed = schedule.closed_to(pupil_id=child.id, course_ids=[one.course_id for one in lessons], start=day)
    lessons = [one for one in lessons if one.course_id not in closed]
    return Day(
        day,
        [Line(lesson, when) for lesson, when in schedule.moments(lessons, day=day)],
        before=_working(day, -1),
        after=_working(day, +1),
        is_today=day == today,
        is_tomorrow=day == today + timedelta(days=1),
        note=note,
    )


def ahead_of(*, actor: Actor, child: PupilInfo, but: date) -> list[Ahead]:
    """Days of the coming week that will not be as usual, without the one shown already."""
    today = clock.today()
    room = contingent.class_of(actor=actor, pupil_id=child.id, on=today)
    if room is None:
        return []
    days = schedule.days_of_class(actor=actor, class_id=room.id, start=today, end=today + AHEAD)
    changed = {one.course_id for day in days for one in day.lines if one.fate and not one.is_by_calendar}
    closed = schedule.closed_to(pupil_id=child.id, course_ids=changed, start=today) if changed else ()
    found = []
    for day in days:
        lessons = [
            one
            for one in day.lines
            if one.course_id in changed - set(closed) and one.fate and not one.is_by_calendar
        ]
        if day.day != but and (lessons or day.is_special):
            found.append(Ahead(day.day, str(day.note) if day.is_special else "", lessons))
    return found


def week_of(*, actor: Actor, pupil_id: UUID, day: date | None) -> tuple[PupilInfo, date, list[WeekDay]]:
    """The child's week in the class where he was on the day; raises NotFound for anybody else's child."""
    child, __ = child_of(actor=actor, pupil_id=pupil_id)
    chosen = day or clock.today()
    room = contingent.class_of(actor=actor, pupil_id=pupil_id, on=chosen)
    if room is None:
        monday = chosen - timedelta(days=chosen.weekday())
        return child, chosen, [WeekDay(monday + timedelta(days=n), ()) for n in range(7)]
    if day is None:
        chosen = schedule.next_day_of_class(actor=actor, class_id=room.id, day=chosen).day
    return child, chosen, schedule.week_of_class(actor=actor, class_id=room.id, day=chosen)


def _works_soon(actor: Actor, child: PupilInfo) -> list[ChildWork]:
    """СОР and СОЧ of the next two weeks, the nearest first."""
    today = clock.today()
    found = journal.child_works(actor=actor, pupil_id=child.id, start=today, end=today + WORKS_AHEAD)
    return found[:MOST_WORKS]


def works_of(
    *, actor: Actor, pupil_id: UUID, year: str, period: str = ""
) -> tuple[PupilInfo, PeriodInfo | None, list[PeriodInfo], list[ChildWork]]:
    """СОР and СОЧ of the child in the quarter, those to come too; raises NotFound for anybody else's child."""
    child, __ = child_of(actor=actor, pupil_id=pupil_id)
    known = schedule.periods(year=year, kind="quarter")
    chosen = next((one for one in known if one.code == period), None) or schedule.current_period(year=year)
    if chosen is None:
        return child, None, known, []
    found = journal.child_works(actor=actor, pupil_id=pupil_id, start=chosen.start, end=chosen.end)
    return child, chosen, known, found


def subject_of(
    *, actor: Actor, pupil_id: UUID, course_id: UUID, year: str, period: str = ""
) -> tuple[ChildPage, ChildSubject]:
    """One subject of the child with all marks of the period; raises NotFound when he does not have it."""
    page = page_of(actor=actor, pupil_id=pupil_id, year=year, period=period)
    subject = next((one for one in page.subjects if one.course_id == course_id), None)
    if subject is None:
        raise NotFound
    return page, subject


def year_of(*, actor: Actor, pupil_id: UUID, year: str) -> tuple[PupilInfo, list[PeriodInfo], list[YearLine]]:
    """Subjects × quarters of the year: final marks, or what they are heading for. Half-years stand under two quarters."""
    child, __ = child_of(actor=actor, pupil_id=pupil_id)
    periods = schedule.periods(year=year, kind="quarter")
    subjects: dict[UUID, ChildSubject] = {}
    cells: dict[UUID, dict[int, YearCell]] = defaultdict(dict)
    for period in periods:
        if period.start > clock.today():
            continue
        for one in journal.child_marks(actor=actor, pupil_id=pupil_id, period=period):
            subjects.setdefault(one.course_id, one)
            cells[one.course_id][period.number] = YearCell(
                one.final or one.forecast or "", bool(one.final), 2 if one.is_half_year else 1
            )
    lines = []
    for course_id, subject in subjects.items():
        shown, empty = cells[course_id], YearCell(width=2 if subject.is_half_year else 1)
        numbers = range(1, len(periods) + 1, empty.width)
        line = [shown.get(number, shown.get(number + empty.width - 1, empty)) for number in numbers]
        lines.append(YearLine(subject.subject, course_id, line))
    return child, periods, lines


def lookers(*, actor: Actor, pupil_id: UUID) -> tuple[PupilInfo, list[Looker]]:
    """Who looked at the child's record, newest first; the looks of one sitting stand together."""
    child, __ = child_of(actor=actor, pupil_id=pupil_id)
    found = [
        one
        for one in audit.views_of(subject="pupil", subject_id=pupil_id, limit=MOST_LOOKS)
        if one.actor_id != actor.user_id
    ]
    roles = identity.roles_of({one.actor_id for one in found if one.actor_id})
    return child, [
        Looker(
            looks[0].at,
            looks[0].actor_name,
            roles.get(looks[0].actor_id or 0, ""),
            list(dict.fromkeys(audit.why(one.purpose) for one in reversed(looks))),
        )
        for looks in _sittings(found)
    ]


def _sittings(looks: Sequence[Any]) -> list[list[Any]]:
    """Looks of the same person with less than an hour between, each sitting newest first."""
    found: list[list[Any]] = []
    last: dict[Any, list[Any]] = {}
    for one in looks:
        mine = last.get((one.actor_id, one.actor_name))
        if mine is None or mine[-1].at - one.at > SITTING:
            mine = last[one.actor_id, one.actor_name] = []
            found.append(mine)
        mine.append(one)
    return found


# --- parts


def _period(year: str, asked: str) -> tuple[PeriodInfo | None, list[PeriodInfo]]:
    """The asked quarter, or the current one; of an earlier year the last one. Half-years come with their quarters."""
    offered = [one for one in schedule.periods(year=year, kind="quarter") if one.start <= clock.today()]
    for one in offered:
        if one.code == asked:
            return one, offered
    return (offered[-1] if offered else None), offered


def _working(day: date, step: int) -> date:
    """The next day but Sundays."""
    day += timedelta(days=step)
    return day + timedelta(days=step) if day.isoweekday() == 7 else day


def _fresh(subjects: Sequence[ChildSubject], period: PeriodInfo | None) -> list[FreshMark]:
    """The marks given last, of whatever lesson: in the last two weeks, or from two weeks before the end of a period that is over."""
    since = _since(period)
    found = [
        FreshMark(mark, one)
        for one in subjects
        for mark in one.marks
        if mark.given_at.astimezone(clock.ALMATY).date() >= since
    ]
    return sorted(found, key=lambda f: (f.mark.given_at, f.mark.day, f.subject.subject), reverse=True)[
        :MOST_FRESH
    ]


def _comments(subjects: Sequence[ChildSubject], period: PeriodInfo | None) -> list[FreshComment]:
    """The newest words of teachers, of the same days as the marks."""
    since = _since(period)
    found = [FreshComment(said, one) for one in subjects for said in one.comments if said.day >= since]
    return sorted(found, key=lambda f: (f.comment.day, f.subject.subject), reverse=True)[:MOST_FRESH]


def _since(period: PeriodInfo | None) -> date:
    return min(period.end, clock.today()) - timedelta(days=FRESH_DAYS) if period else date.max


def _absences(subjects: Sequence[ChildSubject]) -> list[tuple[Any, int]]:
    counts: dict[str, int] = defaultdict(int)
    for one in subjects:
        for code, number in one.absences.items():
            counts[code] += number
    return [(code.label, counts[code.value]) for code in AbsenceCode if counts[code.value]]
