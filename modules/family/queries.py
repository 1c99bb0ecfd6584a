"""One's own child, or oneself, and nobody else: every question begins with `child_of`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from kernel import audit, clock
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from modules.contingent import api as contingent
from modules.contingent.data import PupilInfo
from modules.family import permissions
from modules.family.data import ChildPage, Day, FreshMark, Line, Looker, YearLine
from modules.journal import api as journal
from modules.journal.data import AbsenceCode, ChildSubject
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo, TimetableLine

FRESH_DAYS = 14
MOST_FRESH = 12


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
        today=day_of(actor=actor, child=child, day=day),
        fresh=_fresh(subjects, chosen),
        subjects=subjects,
        absences=_absences(subjects),
        is_self=actor.person_kind == "pupil",
    )


def day_of(*, actor: Actor, child: PupilInfo, day: date | None = None) -> Day:
    """The child's lessons of the day (today by default), with what goes on now and what is next."""
    today = clock.today()
    day = day or today
    room = contingent.class_of(actor=actor, pupil_id=child.id, on=day)
    lessons = schedule.day_of_class(actor=actor, class_id=room.id, day=day) if room else []
    return Day(
        day,
        _when(lessons, is_today=day == today),
        before=_working(day, -1),
        after=_working(day, +1),
        is_today=day == today,
    )


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
    """Subjects × quarters of the year: final marks, or what they are heading for."""
    child, __ = child_of(actor=actor, pupil_id=pupil_id)
    periods = schedule.periods(year=year, kind="quarter")
    order: dict[UUID, str] = {}
    cells: dict[UUID, dict[str, tuple[str, bool]]] = defaultdict(dict)
    for period in periods:
        if period.start > clock.today():
            continue
        for one in journal.child_marks(actor=actor, pupil_id=pupil_id, period=period):
            order[one.course_id] = one.subject
            if one.final or one.forecast:
                cells[one.course_id][period.code] = (one.final or one.forecast or "", bool(one.final))
    lines = [
        YearLine(subject, course_id, [cells[course_id].get(p.code, ("", False)) for p in periods])
        for course_id, subject in order.items()
    ]
    return child, periods, lines


def lookers(*, actor: Actor, pupil_id: UUID) -> tuple[PupilInfo, list[Looker]]:
    """Who looked at the child's record, newest first."""
    child, __ = child_of(actor=actor, pupil_id=pupil_id)
    found = audit.views_of(subject="pupil", subject_id=pupil_id, limit=100)
    return child, [
        Looker(one.at, one.actor_name, audit.why(one.purpose))
        for one in found
        if one.actor_id != actor.user_id
    ]


# --- parts


def _period(year: str, asked: str) -> tuple[PeriodInfo | None, list[PeriodInfo]]:
    """The asked quarter, or the current one; of an earlier year the last one. Half-years come with their quarters."""
    offered = [one for one in schedule.periods(year=year, kind="quarter") if one.start <= clock.today()]
    for one in offered:
        if one.code == asked:
            return one, offered
    return (offered[-1] if offered else None), offered


def _when(lessons: Sequence[TimetableLine], *, is_today: bool) -> list[Line]:
    if not is_today:
        return [Line(one) for one in lessons]
    now = clock.now().astimezone(clock.ALMATY).time()
    lines, next_found = [], False
    for one in lessons:
        if one.end is not None and one.end <= now:
            lines.append(Line(one, "past"))
        elif one.start is not None and one.start <= now:
            lines.append(Line(one, "now"))
        elif not next_found and not one.is_cancelled:
            lines.append(Line(one, "next"))
            next_found = True
        else:
            lines.append(Line(one))
    return lines


def _working(day: date, step: int) -> date:
    """The next day but Sundays."""
    day += timedelta(days=step)
    return day + timedelta(days=step) if day.isoweekday() == 7 else day


def _fresh(subjects: Sequence[ChildSubject], period: PeriodInfo | None) -> list[FreshMark]:
    """The newest marks: of the last two weeks, or of the last two weeks of a period that is over."""
    if period is None:
        return []
    since = min(period.end, clock.today()) - timedelta(days=FRESH_DAYS)
    found = [FreshMark(mark, one) for one in subjects for mark in one.marks if mark.day >= since]
    return sorted(found, key=lambda f: (f.mark.day, f.subject.subject), reverse=True)[:MOST_FRESH]


def _absences(subjects: Sequence[ChildSubject]) -> list[tuple[Any, int]]:
    counts: dict[str, int] = defaultdict(int)
    for one in subjects:
        for code, number in one.absences.items():
            counts[code] += number
    return [(code.label, counts[code.value]) for code in AbsenceCode if counts[code.value]]
