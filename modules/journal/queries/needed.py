"""What one pupil still needs in a period, for the teacher at the grid."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from kernel.access import Actor
from kernel.errors import NotFound
from modules.journal import rules
from modules.journal.queries import journals
from modules.schedule.data import CourseInfo, PeriodInfo

MARKS = ("3", "4", "5")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a pupil stands; `needed` is empty where no СОЧ is ahead, `is_planned` says that its maximum is known."""

    said: rules.Recommendation
    needed: list[rules.Needed]
    is_planned: bool


def standing(*, actor: Actor, course: CourseInfo, period: PeriodInfo, pupil_id: UUID) -> Standing:
    """The caller got the course from `open_course`; raises NotFound for a pupil who is not in this journal."""
    found = journals.grid(actor=actor, course=course, period=period)
    row = next((one for one in found.rows if one.pupil_id == str(pupil_id)), None)
    if row is None or row.said is None:
        raise NotFound
    parts = journals.parts_of(course_id=course.id, start=period.start, end=period.end, pupil_ids=[pupil_id])
    planned = next((one.maximum for one in found.columns if one.kind == "soch" and one.maximum), None)
    needed = rules.needed_points(
        parts.get(pupil_id, rules.Parts()),
        found.rule,
        soch_maximum=planned or found.rule.options.usual_soch,
        marks=MARKS,
    )
    return Standing(row.said, needed, planned is not None)
