"""Which pages of journals a teacher's own device keeps, and for how long."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from kernel.http import path_to
from modules.journal.kinds.queries import journal_of_course
from modules.schedule.data import CourseInfo, PeriodInfo
from modules.school import api as school

DAYS = "journal.kept_days"
_BACK, _AHEAD = timedelta(days=7), timedelta(days=14)
MOST = 30  # journals of one teacher; whoever has more opens the others once


def days() -> int:
    """For how many days a page is kept; 0 keeps none."""
    return int(school.setting_values(DAYS)[DAYS])


def pages(*, courses: Iterable[CourseInfo], periods: Sequence[PeriodInfo], today: date) -> list[str]:
    """Addresses of these journals as they are needed in the last week and the next two: around the end of a period,
    both of them."""
    found = []
    for course in list(courses)[:MOST]:
        addresses = [path_to("journal:grid", course.id)]
        if journal_of_course(course).has_words:
            addresses.append(path_to("journal:words", course.id))
        found += addresses
        found += [
            f"{address}?period={one.code}"
            for address in addresses
            for one in periods
            if one.kind == course.period_kind
            and one.start <= today + _AHEAD
            and one.end >= today - _BACK
            and today not in one
        ]
    return found
