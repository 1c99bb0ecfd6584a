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
    ChildWork,
    ClassStanding,
    ClassSubjectCounts,
    MarksOfYear,
    UnfilledLesson,
)
from modules.journal.export import services as export
from modules.journal.opening.services import allow as allow_opening
from modules.journal.opening.services import ask as ask_opening
from modules.journal.opening.services import refuse as refuse_opening
from modules.journal.planner import queries as planner
from modules.journal.planner import services as planning
from modules.journal.queries import period_label
from modules.journal.remarks.services import answer as answer_remark
from modules.journal.remarks.services import make as make_remark
from modules.journal.remarks.services import mark_done as mark_remark_done
from modules.journal.services import (
    Operation,
    Result,
    expect_sheets,
    look_at_sheets,
    prepare_sheet,
    set_final,
)
from modules.journal.settling.services import tell_settled
from modules.journal.voices import queries as voices
from modules.journal.voices.services import keep as keep_voice
from modules.schedule import api as schedule
from modules.schedule.data import PeriodInfo

# Settings of the school by which points become marks: another value makes other forecasts and figures.
RULE_SETTINGS = frozenset(queries.SETTINGS.values())

__all__ = [
    "RULE_SETTINGS",
    "AttendanceCounts",
    "ChildMark",
    "ChildSubject",
    "ChildWork",
    "ClassStanding",
    "ClassSubjectCounts",
    "MarksOfYear",
    "Operation",
    "Result",
    "UnfilledLesson",
    "accept_works",
    "allow_opening",
    "answer_remark",
    "ask_opening",
    "attendance_counts",
    "child_marks",
    "child_voice",
    "child_works",
    "class_standings",
    "expect_sheets",
    "keep_voice",
    "look_at_sheets",
    "make_remark",
    "mark_counts",
    "mark_remark_done",
    "marks_of_years",
    "move_work",
    "pack_journals",
    "period_label",
    "permissions",
    "prepare_sheet",
    "refuse_opening",
    "save_cells",
    "set_final",
    "tell_settled",
    "unfilled_lessons",
]


def child_works(*, actor: Actor, pupil_id: UUID, start: date, end: date) -> list[ChildWork]:
    """СОР and СОЧ of the child between the days, in order; raises NotFound for a child whom the actor may not see."""
    return planner.child_works(actor=actor, pupil_id=pupil_id, start=start, end=end)


def accept_works(*, actor: Actor, period_id: UUID, of: str) -> int:
    """Put all СОР and СОЧ that the planner proposes for the school ("school"), a parallel ("g7") or a class (its id);
    answer how many. Raises PeriodIsClosed."""
    desk = planner.desk(actor=actor, period=schedule.period(period_id=period_id), of=of)
    return planning.accept(actor=actor, period_id=period_id, of=of, seen=desk.seen)


def move_work(*, actor: Actor, work_id: UUID, lesson_id: UUID) -> None:
    """Put a СОР or СОЧ to another lesson of its course and quarter. Raises NotFound or a DomainError that says why not."""
    planning.move(actor=actor, work_id=work_id, lesson_id=lesson_id)


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


def child_voice(*, actor: Actor, pupil_id: UUID, voice_id: UUID) -> tuple[UUID, str]:
    """The file of a recorded comment and its purpose (kernel.files); raises NotFound for others' children."""
    return voices.file_for_family(actor=actor, pupil_id=pupil_id, file_id=voice_id), voices.PURPOSE


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
