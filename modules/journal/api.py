"""What other modules may ask of the journal: figures for dashboards, one child's marks, and what is left to fill."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from kernel import clock
from kernel.access import Actor
from modules.journal import permissions, queries, services
from modules.journal.data import (
    AttendanceCounts,
    ChildMark,
    ChildSubject,
    ClassStanding,
    ClassSubjectCounts,
    MarksOfYear,
    UnfilledLesson,
)
from modules.journal.export import services as export
from modules.journal.services import (
    Operation,
    Result,
    expect_sheets,
    look_at_sheets,
    prepare_sheet,
    set_final,
)
from modules.schedule.data import PeriodInfo

# Settings of the school by which points become marks: another value makes other forecasts and figures.
RULE_SETTINGS = frozenset(queries.SETTINGS.values())

__all__ = [
    "RULE_SETTINGS",
    "AttendanceCounts",
    "ChildMark",
    "ChildSubject",
    "ClassStanding",
    "ClassSubjectCounts",
    "MarksOfYear",
    "Operation",
    "Result",
    "UnfilledLesson",
    "attendance_counts",
    "child_marks",
    "class_standings",
    "expect_sheets",
    "look_at_sheets",
    "mark_counts",
    "marks_of_years",
    "pack_journals",
    "permissions",
    "prepare_sheet",
    "save_cells",
    "set_final",
    "unfilled_lessons",
]


def mark_counts(
    *, actor: Actor, year: str, period_code: str, class_ids: Iterable[UUID] | None = None
) -> list[ClassSubjectCounts]:
    """Per class and subject marked in the period ("q1" … "q4", "h1", "h2"): pupils by mark, final or forecast.

    Subjects of one hour a week are marked by half-years and stand only under "h1", "h2". Needs all journals
    (handlers run as the system and have them).
    """
    return queries.mark_counts(actor=actor, year=year, period_code=period_code, class_ids=class_ids)


def class_standings(
    *, actor: Actor, year: str, period_code: str, class_ids: Iterable[UUID] | None = None
) -> list[ClassStanding]:
    """Per class: how many pupils are excellent, good, satisfactory, failing, not assessed over all subjects."""
    return queries.class_standings(actor=actor, year=year, period_code=period_code, class_ids=class_ids)


def attendance_counts(
    *, actor: Actor, start: date, end: date, class_ids: Iterable[UUID] | None = None
) -> list[AttendanceCounts]:
    """Per class: lessons × pupils held between the days, and those missed, by reason."""
    return queries.attendance_counts(actor=actor, start=start, end=end, class_ids=class_ids)


def child_marks(*, actor: Actor, pupil_id: UUID, period: PeriodInfo) -> list[ChildSubject]:
    """The child's subjects with marks, percentages, forecast and needed points; raises NotFound for others' children."""
    return queries.child_marks(actor=actor, pupil_id=pupil_id, period=period)


def marks_of_years(*, actor: Actor, pupil_id: UUID) -> list[MarksOfYear]:
    """The marks of all periods and years that the pupil was given here; raises NotFound when the card is closed."""
    return queries.marks_of_years(actor=actor, pupil_id=pupil_id)


def unfilled_lessons(
    *, actor: Actor, teacher_id: UUID | None, until: date | None = None, days: int = 14
) -> list[UnfilledLesson]:
    """Held lessons of the teacher (None: of the school) in the last days without a topic or without any mark."""
    last = until or clock.today()
    return queries.unfilled_lessons(
        actor=actor, teacher_id=teacher_id, start=last - timedelta(days=days), until=last
    )


def save_cells(*, actor: Actor, course_id: UUID, operations: list[Operation]) -> list[Result]:
    """Write cells by compare-and-set, as the grid does."""
    return services.save_cells(actor=actor, course_id=course_id, operations=operations)


def pack_journals(
    *,
    actor: Actor,
    year: str,
    class_ids: Iterable[UUID],
    what: Iterable[str],
    url: str,
    language: str = "class",
) -> UUID:
    """Ask for an archive of the classes' journals and cards; answers the job. Raises NotFound for others' classes.

    `what` are "journals_pdf", "journals_excel", "cards", "book"; `language` is kk, ru or that of each class; `url` is the
    page of archives.
    """
    wish = export.Wish(year, tuple(class_ids), tuple(export.What(one) for one in what), language)
    return export.ask(actor=actor, wish=wish, url=url).pk
