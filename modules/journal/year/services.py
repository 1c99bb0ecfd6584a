"""Changes of a year's marks: of the exam and of the works after a 2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy

from kernel import audit, clock
from kernel.access import Actor, Scope, require
from kernel.errors import Conflict, DomainError, NotFound
from modules.journal import permissions, rules
from modules.journal.data import YearKind
from modules.journal.models import YearMark
from modules.journal.year import queries
from modules.schedule import api as schedule


class NotDueHere(DomainError):
    message = gettext_lazy("This mark is given only after a 2 for the year, one after the other.")
    code = "not_due_here"


class NoExamHere(DomainError):
    message = gettext_lazy("There is no exam in this class.")
    code = "no_exam_here"


@dataclass(frozen=True, slots=True)
class Given:
    """A mark of a pupil after the year, against the one that was seen; an empty one takes it back."""

    pupil_id: UUID
    kind: str
    mark: str
    seen: str = ""


@transaction.atomic
def set_year_marks(*, actor: Actor, course_id: UUID, given: Sequence[Given]) -> dict[UUID, DomainError]:
    """Write the marks; answer the refusals by pupil, all others are done. Raises NotFound for another's journal.

    A single one is refused with NotFound, NoExamHere, NotDueHere (no 2 for the year, or the work before is missing) or
    Conflict (somebody changed it meanwhile).
    """
    scopes = require(actor, permissions.SET_MARKS)
    course = schedule.course(actor=actor, course_id=course_id)
    if Scope.SCHOOL not in scopes and (actor.person_id is None or course.teacher_id != actor.person_id):
        raise NotFound
    rows = {
        (row.pupil_id, row.kind): row
        for row in YearMark.objects.select_for_update().filter(course_id=course_id)
    }
    sheet = queries.sheet(actor=actor, course=course)
    known = {row.pupil_id: row for row in sheet.rows}
    refusals: dict[UUID, DomainError] = {}
    changed = 0
    for one in given:
        row = rows.get((one.pupil_id, one.kind))
        now = (row.mark if row else None) or ""
        refusal = _refusal(sheet, known.get(one.pupil_id), one, now)
        if refusal is not None:
            refusals[one.pupil_id] = refusal
        elif one.mark != now:
            _write(actor, course_id, one, row)
            changed += 1
    if changed:
        audit.record(
            actor=actor,
            action="journal.year_marks.set",
            object_type="class",
            object_id=course.school_class_id,
            details={"subject": course.subject_code, "count": changed},
        )
    return refusals


def _refusal(
    sheet: queries.YearSheet, row: queries.YearRow | None, one: Given, now: str
) -> DomainError | None:
    if row is None or one.mark not in {"", "2", "3", "4", "5"}:
        return NotFound()
    if now not in {one.seen, one.mark}:
        return Conflict()
    if one.kind == YearKind.EXAM:
        return None if sheet.has_exam or not one.mark else NoExamHere()
    if sheet.is_pass_or_fail or (one.mark and row.annual != "2"):
        return NotDueHere()
    if one.kind == YearKind.EXTRA and one.mark:
        first = row.later.get(YearKind.YEAR)
        if first is None or rules.after_work("2", first) != "2":
            return NotDueHere()
    return None


def _write(actor: Actor, course_id: UUID, one: Given, row: YearMark | None) -> None:
    row = row or YearMark(course_id=course_id, pupil_id=one.pupil_id, kind=one.kind, version=0)
    row.mark, row.version = one.mark or None, row.version + 1
    row.set_by, row.set_at, row.set_session = actor.user_id, clock.now(), actor.session_id
    row.operation_id = uuid4()
    if row.version == 1:
        row.save(force_insert=True)
    else:
        row.save(update_fields=["mark", "version", "set_by", "set_at", "set_session", "operation_id"])
