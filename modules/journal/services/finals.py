"""The mark of a period: what the teacher decides beside the rule's recommendation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel import clock
from kernel.access import Actor, Scope, require
from kernel.errors import Conflict, DomainError, NotFound
from kernel.events import publish
from modules.contingent import api as contingent
from modules.journal import permissions, queries, rules
from modules.journal.events import MarksChanged
from modules.journal.models import MarkEvent, PeriodMark
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo

if TYPE_CHECKING:
    from modules.journal.services.cells import Operation, Result

LEGAL = {
    rules.Mode.POINTS: ("5", "4", "3", "2", "na", "exempt"),
    rules.Mode.PASS_FAIL: ("pass", "fail", "na", "exempt"),
    rules.Mode.NONE: (),
}


class ReasonNeeded(DomainError):
    message = gettext_lazy("The mark differs from the recommended {recommended}: say why.")
    code = "reason_needed"


class PeriodIsClosed(DomainError):
    message = gettext_lazy("The period is closed, its marks stand.")
    code = "period_closed"


class NoSuchMark(DomainError):
    message = gettext_lazy("There is no such mark here.")
    code = "no_such_mark"


@dataclass(frozen=True, slots=True)
class _Ground:
    course: CourseInfo
    period: PeriodInfo
    rule: rules.Rule


def _ground(actor: Actor, course_id: UUID, period_id: UUID) -> _Ground:
    """The course of which the actor decides marks (its own teacher, or who may everywhere), and an open period."""
    scopes = require(actor, permissions.SET_MARKS)
    course = schedule.course(actor=actor, course_id=course_id)
    if Scope.SCHOOL not in scopes and (actor.person_id is None or course.teacher_id != actor.person_id):
        raise NotFound
    period = schedule.period(period_id=period_id)
    if period.year != course.year or period.kind != course.period_kind:
        raise NotFound
    if period.is_closed:
        raise PeriodIsClosed
    return _Ground(course, period, queries.rule_of(course))


def _recommended(ground: _Ground, pupil_ids: list[UUID]) -> dict[UUID, rules.Recommendation]:
    parts = queries.parts_of(
        course_id=ground.course.id,
        start=ground.period.start,
        end=ground.period.end,
        pupil_ids=pupil_ids,
    )
    return {key: rules.recommend(parts.get(key, rules.Parts()), ground.rule) for key in pupil_ids}


def _known_pupils(actor: Actor, ground: _Ground) -> dict[UUID, str]:
    terms = contingent.terms_in_class(
        actor=actor,
        class_id=ground.course.school_class_id,
        start=ground.period.start,
        end=ground.period.end,
    )
    return {one.id: one.list_name for one in terms}


def _tell(actor: Actor, ground: _Ground, pupil_ids: list[UUID]) -> None:
    publish(
        MarksChanged(
            course_id=str(ground.course.id),
            school_class_id=str(ground.course.school_class_id),
            subject_code=ground.course.subject_code,
            period_id=str(ground.period.id),
            year=ground.course.year,
            pupil_ids=sorted(map(str, pupil_ids)),
            count=len(pupil_ids),
        ),
        actor=actor,
    )


@transaction.atomic
def set_final(
    *,
    actor: Actor,
    course_id: UUID,
    period_id: UUID,
    pupil_id: UUID,
    final: str | None,
    reason: str = "",
    operation_id: UUID | None = None,
    expected: str | None = None,
    check_expected: bool = False,
) -> PeriodMark:
    """Decide the pupil's mark of the period, or take it back with None.

    Raises NotFound, PeriodIsClosed, NoSuchMark, ReasonNeeded when it differs from the complete recommendation and no
    reason is given, and Conflict when somebody changed it meanwhile (`check_expected`).
    """
    ground = _ground(actor, course_id, period_id)
    if final is not None and final not in LEGAL[ground.rule.mode]:
        raise NoSuchMark
    if pupil_id not in _known_pupils(actor, ground):
        raise NotFound
    said = _recommended(ground, [pupil_id])[pupil_id]
    if final is not None and said.mark is not None and final != said.mark and not reason.strip():
        raise ReasonNeeded(recommended=said.mark)
    row = (
        PeriodMark.objects.select_for_update()
        .filter(course_id=course_id, period_id=period_id, pupil_id=pupil_id)
        .first()
    )
    if check_expected and (row.final if row else None) not in {expected, final}:
        raise Conflict
    values = {
        "final": final,
        "recommended": said.mark or "",
        "percent": None if said.total is None else round(said.total, 2),
        "reason": reason.strip()[:300],
        "rule_version": said.version,
        "set_by": actor.user_id,
        "set_at": clock.now(),
        "set_session": actor.session_id,
        "operation_id": operation_id or uuid4(),
    }
    if row is None:
        row = PeriodMark.objects.create(course_id=course_id, period_id=period_id, pupil_id=pupil_id, **values)
    elif row.final != final or row.reason != values["reason"]:
        for name, value in values.items():
            setattr(row, name, value)
        row.version += 1
        row.save(update_fields=[*values, "version"])
    _tell(actor, ground, [pupil_id])
    return row


@transaction.atomic
def accept_recommended(*, actor: Actor, course_id: UUID, period_id: UUID) -> int:
    """Give every pupil without a mark the recommended one, where nothing is missing; answer to how many."""
    ground = _ground(actor, course_id, period_id)
    decided = set(
        PeriodMark.objects.filter(course_id=course_id, period_id=period_id, final__isnull=False).values_list(
            "pupil_id", flat=True
        )
    )
    open_ones = [key for key in _known_pupils(actor, ground) if key not in decided]
    said = {key: one for key, one in _recommended(ground, open_ones).items() if one.is_complete and one.mark}
    now = clock.now()
    empty = {
        row.pupil_id: row
        for row in PeriodMark.objects.select_for_update().filter(
            course_id=course_id, period_id=period_id, pupil_id__in=said, final=None
        )
    }
    fresh = []
    for key, one in said.items():
        row = empty.get(key) or PeriodMark(course_id=course_id, period_id=period_id, pupil_id=key, version=0)
        row.final = row.recommended = one.mark or ""
        row.percent = None if one.total is None else round(one.total, 2)  # type: ignore[assignment]
        row.rule_version, row.reason = one.version, ""
        row.set_by, row.set_at, row.set_session = actor.user_id, now, actor.session_id
        row.operation_id = uuid4()
        row.version += 1
        fresh.append(row)
    new = [row for row in fresh if row.pupil_id not in empty]
    PeriodMark.objects.bulk_create(new, ignore_conflicts=True)
    PeriodMark.objects.bulk_update(
        [row for row in fresh if row.pupil_id in empty],
        ["final", "recommended", "percent", "rule_version", "reason", "set_by", "set_at", "set_session",
         "operation_id", "version"],
    )  # fmt: skip
    if fresh:
        _tell(actor, ground, [row.pupil_id for row in fresh])
    return len(fresh)


def save_operation(*, actor: Actor, course_id: UUID, operation: Operation) -> Result:
    """A period mark typed in the grid: `lesson_id` is the period."""
    from modules.journal.services.cells import Result

    final = None if operation.new is None else str(operation.new)
    expected = None if operation.old is None else str(operation.old)
    place = {"course_id": course_id, "period_id": operation.lesson_id, "pupil_id": operation.pupil_id}
    if MarkEvent.objects.filter(operation_id=operation.id).exists():
        return _as_it_stands(Result(operation.id, "ok"), place)
    try:
        row = set_final(
            actor=actor,
            final=final,
            reason=operation.reason,
            operation_id=operation.id,
            expected=expected,
            check_expected=True,
            **place,
        )
    except ReasonNeeded as refusal:
        hint = _("{refusal} Open “Period marks”.").format(refusal=refusal)
        return _as_it_stands(Result(operation.id, "refused", message=hint), place)
    except PeriodIsClosed as refusal:
        return _as_it_stands(Result(operation.id, "locked", message=str(refusal)), place)
    except NoSuchMark as refusal:
        return _as_it_stands(Result(operation.id, "refused", message=str(refusal)), place)
    except Conflict:
        return _as_it_stands(Result(operation.id, "conflict"), place)
    return Result(operation.id, "ok", operation.new, row.version)


def _as_it_stands(result: Result, place: dict[str, UUID]) -> Result:
    row = PeriodMark.objects.filter(**place).first()
    if row is not None:
        result.value = int(row.final) if row.final and row.final.isdigit() else None
        result.version = row.version
        if result.status == "conflict":
            result.by = queries.names_of([row.set_by or 0]).get(row.set_by or 0, "")
            result.at = row.set_at
    return result
