"""When periods close by themselves."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from kernel import clock
from modules.journal.closing.models import PlannedClosing
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo
from modules.school import api as school

DAYS = "journal.close_after"
NOTICE = 3  # days between telling the teachers and closing


def days_after() -> int:
    """How many days after its end a period closes by itself; 0 means by hand."""
    return int(str(school.setting_values(DAYS)[DAYS]))


def due_day(period: PeriodInfo, days: int) -> date:
    """The first day on which the period is closed."""
    return period.end + timedelta(days=days + 1)


def planned(period_ids: list[UUID]) -> dict[tuple[UUID, date], PlannedClosing]:
    """What was announced of the periods, by the end that they had then."""
    rows = PlannedClosing.objects.filter(period_id__in=period_ids)
    return {(row.period_id, row.end): row for row in rows}


def closes_soon() -> list[tuple[PeriodInfo, date]]:
    """Periods of the year that were announced to close and have not, with the first day on which they are closed.

    While the school closes by hand nothing is asked.
    """
    if not days_after():
        return []
    today = clock.today()
    open_ = [one for one in schedule.periods(year=clock.school_year_of(today)) if not one.is_closed]
    told = planned([one.id for one in open_])
    found = [(one, told[one.id, one.end]) for one in open_ if (one.id, one.end) in told]
    return [(one, row.day) for one, row in found if row.closed_at is None and row.day > today]
