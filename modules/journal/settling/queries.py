"""What has changed of pupils' cells, and how it stands after the wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection

from modules.school import api as school

MINUTES = "journal.news_after"


def wait_minutes() -> int:
    """How long a mark may be put right before its family hears of it. From memory, without a query."""
    return int(str(school.setting_values(MINUTES)[MINUTES]))


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the history, with where it stands."""

    id: int
    at: datetime
    pupil_id: UUID
    field: str
    place: UUID  # the lesson; of a period mark the course
    period: str  # of a period mark: its code
    course_id: UUID
    day: date | None
    maximum: int | None
    old: str | None
    new: str | None

    @property
    def cell(self) -> str:
        return f"{self.field}:{self.place}:{self.period}"


# The works of a lesson tell the maximum; a mark of a period knows its course itself.
_CHANGES = """
SELECT e.id, e.at, e.pupil_id, e.field, coalesce(e.lesson_id, e.course_id),
       coalesce(left(p.kind, 1) || p.number, ''), coalesce(l.course_id, e.course_id), l.date,
       CASE WHEN e.field = w.kind THEN w.maximum END, e.old, e.new
FROM unnest(%s::uuid[], %s::timestamptz[]) AS s(pupil, since)
JOIN journal_markevent e ON e.pupil_id = s.pupil AND e.at >= s.since
LEFT JOIN schedule_lesson l ON l.id = e.lesson_id
LEFT JOIN journal_summativework w ON w.lesson_id = e.lesson_id
LEFT JOIN schedule_period p ON p.id = e.period_id
WHERE coalesce(l.course_id, e.course_id) IS NOT NULL
ORDER BY e.id
"""


def changes(since: Iterable[tuple[UUID, datetime]]) -> dict[UUID, list[Change]]:
    """The changes of each pupil since his moment, in their order; one statement."""
    pairs = list(since)
    found: dict[UUID, list[Change]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, [[one for one, _at in pairs], [at for _one, at in pairs]])
        for row in cursor.fetchall():
            change = Change(*row)
            found.setdefault(change.pupil_id, []).append(change)
    return found


def line_of(change: Change, old: str | None) -> dict[str, Any]:
    """What a family is told of a cell: how it was when last told, how it stands."""
    return {
        "cell": change.cell,
        "kind": change.field,
        "course": str(change.course_id),
        "day": change.day.isoformat() if change.day else "",
        "period": change.period,
        "maximum": change.maximum or 0,
        "old": old or "",
        "new": change.new or "",
    }
