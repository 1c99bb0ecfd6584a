"""Closing what is over: teachers are told some days before, then the period closes, once."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from kernel import audit, clock
from kernel.access import Actor
from modules.journal.closing import notices, queries
from modules.journal.closing.models import PlannedClosing
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo


@transaction.atomic
def close_what_is_over(*, actor: Actor) -> int:
    """Tell teachers of periods that close soon, and close those whose day has come; answer how many were closed.

    Done again on the same day it does nothing. A period is closed by itself once: one that was reopened by a person stays
    open until a person closes it, or until its end is moved.
    """
    days, today = queries.days_after(), clock.today()
    if not days:
        return 0
    periods = [one for one in schedule.periods(year=clock.school_year_of(today)) if not one.is_closed]
    told = queries.planned([one.id for one in periods])
    closed = 0
    for period in periods:
        due, plan = queries.due_day(period, days), told.get((period.id, period.end))
        if plan is None:
            if due - timedelta(days=queries.NOTICE) <= today:
                _announce(period, max(due, today + timedelta(days=queries.NOTICE)), actor)
        elif plan.closed_at is None and max(plan.day, due) <= today:
            _close(period, plan, actor)
            closed += 1
    return closed


def _announce(period: PeriodInfo, day: date, actor: Actor) -> None:
    PlannedClosing.objects.create(period_id=period.id, end=period.end, day=day, told_at=clock.now())
    notices.tell_teachers(period, day, actor=actor)
    audit.record(
        actor=actor,
        action="journal.closing.announced",
        object_type="period",
        object_id=period.id,
        details={"code": period.code, "day": day.isoformat()},
    )


def _close(period: PeriodInfo, plan: PlannedClosing, actor: Actor) -> None:
    schedule.close_period(actor=actor, period_id=period.id)
    plan.closed_at = clock.now()
    plan.save(update_fields=["closed_at"])
    notices.tell_heads(period, actor=actor)
