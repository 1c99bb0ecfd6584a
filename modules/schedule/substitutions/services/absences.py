"""Absences, and the lessons that they open and close as they are noted, prolonged, shortened or cancelled."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, time, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.schedule import permissions
from modules.schedule.lessons.services.news import announce
from modules.schedule.models import Lesson
from modules.schedule.substitutions import notices, rules
from modules.schedule.substitutions.models import Absence, Question, Substitution
from modules.schedule.substitutions.services import common
from modules.schedule.substitutions.services.common import State
from modules.schedule.year.services.periods import DatesBackwards
from modules.staff import api as staff
from tenants import reference

# What the staff's card says of days longer ago opens nothing: nobody stands in for them any more.
LOOKS_BACK = timedelta(days=31)


@transaction.atomic
def note_absence(
    *,
    actor: Actor,
    teacher_id: UUID,
    since: date,
    until: date | None,
    reason: str,
    from_time: time | None = None,
    note: str = "",
    ground: str = "",
) -> Absence:
    """A teacher is away: her lessons of the days are opened. Raises NotFound, DatesBackwards or AbsentAlready."""
    require(actor, permissions.ARRANGE)
    staff.teacher(actor=actor, employee_id=teacher_id)
    _refuse(teacher_id, since, until, reason)
    row = Absence.objects.create(
        teacher_id=teacher_id,
        since=since,
        until=until,
        from_time=from_time,
        reason=reason,
        note=note,
        ground=ground,
        noted_by=actor.user_id,
    )
    audit.record(
        actor=actor,
        action="schedule.absence.noted",
        object_type="absence",
        object_id=row.pk,
        details=_told(row),
    )
    _settle(row, actor)
    return row


@transaction.atomic
def change_absence(
    *,
    actor: Actor,
    absence_id: UUID,
    since: date,
    until: date | None,
    reason: str,
    from_time: time | None = None,
    note: str = "",
    ground: str = "",
) -> Absence:
    """Prolong, shorten or correct an absence. New lessons open, those not needed close, what was held stays.

    Raises NotFound, FromStaffCard, DatesBackwards or AbsentAlready.
    """
    require(actor, permissions.ARRANGE)
    row = _locked(absence_id)
    if row.leave_id is not None and (since, until, reason) != (row.since, row.until, row.reason):
        raise common.FromStaffCard
    _refuse(row.teacher_id, since, until, reason, but=row.pk)
    row.since, row.until, row.from_time = since, until, from_time
    row.reason, row.note, row.ground = reason, note, ground
    row.save(update_fields=["since", "until", "from_time", "reason", "note", "ground"])
    audit.record(
        actor=actor,
        action="schedule.absence.changed",
        object_type="absence",
        object_id=row.pk,
        details=_told(row),
    )
    _settle(row, actor)
    return row


@transaction.atomic
def cancel_absence(*, actor: Actor, absence_id: UUID) -> Absence:
    """The teacher is here after all: the lessons ahead are hers again, and whoever was to take them is told.

    Raises NotFound or FromStaffCard. Cancelling twice is a no-op.
    """
    require(actor, permissions.ARRANGE)
    row = _locked(absence_id)
    if row.leave_id is not None:
        raise common.FromStaffCard
    if row.cancelled_at is None:
        row.cancelled_at = clock.now()
        row.save(update_fields=["cancelled_at"])
        audit.record(
            actor=actor,
            action="schedule.absence.cancelled",
            object_type="absence",
            object_id=row.pk,
            details=_told(row),
        )
        _settle(row, actor)
    return row


@transaction.atomic
def follow_leaves(*, actor: Actor, employee_ids: Iterable[UUID]) -> None:
    """Bring the absences that come from the staff's cards in line with them; doing it again changes nothing."""
    require(actor, permissions.ARRANGE)
    wanted = list(employee_ids)
    since = clock.today() - LOOKS_BACK
    known = {
        row.leave_id: row for row in Absence.objects.filter(teacher_id__in=wanted, leave_id__isnull=False)
    }
    for leave in staff.leaves(actor=actor, employee_ids=wanted):
        row = known.pop(leave.id, None)
        if row is None:
            if leave.until is not None and leave.until < since:
                continue
            row = Absence(teacher_id=leave.employee_id, leave_id=leave.id)
        told = (row.since, row.until, row.reason, row.cancelled_at)
        if told == (leave.since, leave.until, leave.kind, None):
            continue
        is_new = row._state.adding
        row.since, row.until, row.reason = leave.since, leave.until, leave.kind
        row.ground, row.cancelled_at = leave.ground[:60], None
        if is_new:
            row.save(force_insert=True)
            audit.record(
                actor=actor,
                action="schedule.absence.noted",
                object_type="absence",
                object_id=row.pk,
                details=_told(row),
            )
        else:
            row.save(update_fields=["since", "until", "reason", "ground", "cancelled_at"])
            audit.record(
                actor=actor,
                action="schedule.absence.changed",
                object_type="absence",
                object_id=row.pk,
                details=_told(row),
            )
        _settle(row, actor)
    for row in known.values():
        if row.cancelled_at is None:
            row.cancelled_at = clock.now()
            row.save(update_fields=["cancelled_at"])
            audit.record(
                actor=actor,
                action="schedule.absence.cancelled",
                object_type="absence",
                object_id=row.pk,
                details=_told(row),
            )
            _settle(row, actor)


@transaction.atomic
def open_new_lessons(*, actor: Actor, since: date) -> int:
    """Lessons were laid or moved: open those that fall into absences of today and later; answer how many."""
    require(actor, permissions.ARRANGE)
    running = Absence.objects.filter(Q(until=None) | Q(until__gte=since), cancelled_at=None)
    return sum(_settle(row, actor) for row in running.order_by("since", "pk"))


def _refuse(
    teacher_id: UUID, since: date, until: date | None, reason: str, *, but: UUID | None = None
) -> None:
    if until is not None and until < since:
        raise DatesBackwards
    if reason not in reference.terms("leave_kinds"):
        raise common.UnknownReason
    others = Absence.objects.filter(
        Q(until=None) | Q(until__gte=since), teacher_id=teacher_id, cancelled_at=None
    )
    if until is not None:
        others = others.filter(since__lte=until)
    if but is not None:
        others = others.exclude(pk=but)
    other = others.order_by("since").first()
    if other is not None:
        raise common.AbsentAlready(
            since=f"{other.since:%d.%m.%Y}", until=f"{other.until:%d.%m.%Y}" if other.until else "…"
        )


def _locked(absence_id: UUID) -> Absence:
    row = Absence.objects.select_for_update().filter(pk=absence_id).first()
    if row is None:
        raise NotFound
    return row


def _told(row: Absence) -> dict[str, Any]:
    """Days and the source; the reason of an absence is no matter of the log."""
    return {
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else "",
        "by_leave": row.leave_id is not None,
    }


# --- opening and closing lessons


def _settle(absence: Absence, actor: Actor) -> int:
    """Close what the absence no longer covers, open what it covers now; answer how many lessons were opened."""
    opened = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("lesson__course", "absence")
        .filter(absence=absence)
        .exclude(state=State.WITHDRAWN)
    )
    rows = list(opened.order_by("date", "number", "pk"))
    starts = _starts_of_first_day(absence, actor)
    for row in rows:
        start = starts(row.lesson.school_class_id, row.date, row.number)
        if absence.cancelled_at is not None or not absence.term.covers(row.date, start):
            _close(row, actor)
    return 0 if absence.cancelled_at is not None else _open(absence, starts, actor)


Starts = Callable[[UUID, date, int], time | None]


def _starts_of_first_day(absence: Absence, actor: Actor) -> Starts:
    """When the lessons of a class begin on the absence's first day: the only one of which a part may be missed."""
    if absence.from_time is None:
        return lambda _class, _day, _number: None
    rings = common.rings_of(absence.since, actor=actor)

    def start(class_id: UUID, day: date, number: int) -> time | None:
        bell = rings.at(class_id, day, number) if day == absence.since else None
        return bell[0] if bell else None

    return start


def _close(row: Substitution, actor: Actor) -> None:
    """The teacher is there: an open lesson is hers, one ahead comes back to her, what has begun stays as it was."""
    if row.state == State.OPEN:
        common.thank_the_asked(row, but=None, actor=actor)
        common.clear(row, State.WITHDRAWN, by=None)
        return
    if rules.has_begun(day=row.date, start=common.start_of(row.lesson, actor=actor), now=common.local_now()):
        return
    substitute, was_on = row.substitute_id, row.lesson.date
    try:
        common.give_back(row)
    except common.PlaceTaken:
        return  # meanwhile the place is another lesson's; the deputy sees it on the board
    announce(row.lesson, actor=actor, days=[was_on])
    common.clear(row, State.WITHDRAWN, by=None)
    if substitute is not None:
        label = common.label_of(row, actor=actor)
        notices.tell([substitute], notices.TAKEN_AWAY, row, school_class=label, actor=actor)


def _open(absence: Absence, starts: Starts, actor: Actor) -> int:
    since = absence.since
    if absence.leave_id is not None:
        since = max(since, clock.today() - LOOKS_BACK)
    days = Q(date__gte=since)
    if absence.until is not None:
        days &= Q(date__lte=absence.until)
    found = (
        Lesson.objects.select_for_update(of=("self",))
        .select_related("course")
        .filter(days, teacher_id=absence.teacher_id, state=Lesson.State.HELD)
        .order_by("date", "number", "pk")
    )
    lessons = [
        one
        for one in found
        if absence.term.covers(one.date, starts(one.school_class_id, one.date, one.number))
    ]
    known = {
        row.lesson_id: row
        for row in Substitution.objects.select_for_update(of=("self",))
        .select_related("lesson__course", "absence")
        .filter(lesson__in=lessons)
        .exclude(state=State.WITHDRAWN)
    }
    # The deputy said of these that the teacher holds them herself.
    kept = set(
        Substitution.objects.filter(absence=absence, state=State.WITHDRAWN)
        .exclude(decided_by=None)
        .values_list("lesson_id", flat=True)
    )
    made = []
    for one in lessons:
        row = known.get(one.pk)
        if row is not None:
            if row.substitute_id == absence.teacher_id and not common.has_begun(one, actor=actor):
                _fell_ill_too(row, actor)
        elif one.pk not in kept:
            made.append(
                Substitution(
                    absence=absence,
                    lesson=one,
                    teacher_id=absence.teacher_id,
                    date=one.date,
                    number=one.number,
                    shift=one.shift,
                    ground=absence.ground,
                )
            )
    Substitution.objects.bulk_create(made)
    _forget_questions(absence)
    return len(made)


def _fell_ill_too(row: Substitution, actor: Actor) -> None:
    """Who was to take the lesson is away as well: it is open again."""
    common.open_again(row, actor=actor)
    announce(row.lesson, actor=actor)


def _forget_questions(absence: Absence) -> None:
    """Who is absent is asked no more for the days of the absence."""
    days = Q(substitution__date__gte=absence.since)
    if absence.until is not None:
        days &= Q(substitution__date__lte=absence.until)
    now = clock.now()
    asked = Question.objects.filter(days, teacher_id=absence.teacher_id, answer="", until__gt=now)
    asked.update(until=now)
