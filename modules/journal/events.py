"""What the journal tells the rest of the school."""

from __future__ import annotations

from dataclasses import dataclass, field

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class MarksChanged(Event):
    """Marks, absences or period marks of a course changed, once for a whole batch."""

    name = "journal.marks.changed.v1"
    course_id: str
    school_class_id: str
    subject_code: str
    period_id: str
    year: str
    pupil_ids: list[str] = field(default_factory=list)
    count: int = 1


@dataclass(frozen=True, kw_only=True)
class MarksSettled(Event):
    """Marks, absences or period marks of a pupil have stood long enough to be told: one line a cell, in codes.

    A line: cell, kind (fo, sor, soch, absence, final), course, day, period, maximum, old (as told last), new.
    """

    name = "journal.marks.settled.v1"
    pupil_id: str
    lines: list[dict[str, str | int]] = field(default_factory=list)
