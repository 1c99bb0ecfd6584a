"""The mark of a period: what the teacher decides beside the rule's recommendation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
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
from modules.journal.data import mark_text
from modules.journal.events import MarksChanged
from modules.journal.kinds import queries as kinds
from modules.journal.kinds.rules import journal_of_course
from modules.journal.models import IdleOperation, MarkEvent, PeriodMark
from modules.journal.opening.models import Opening
from modules.journal.opening.queries import standing
from modules.journal.services.operations import Operation, Result
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo

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


class NotAttestedHere(DomainError):
    message = gettext_lazy("It was decided that the pupil is not attested here for this period.")
    code = "not_attested_here"


class LearnsWithoutMarks(DomainError):
    message = gettext_lazy("The pupil learns by a programme of his own, without marks.")
    code = "learns_without_marks"


class TaughtAtHome(DomainError):
    message = gettext_lazy("Taught at home: marks are kept in the journal at home.")
    code = "taught_at_home"


class NoSuchMark(DomainError):
    message = gettext_lazy("There is no such mark here.")
    code = "no_such_mark"


@dataclass(frozen=True, slots=True)
class _Ground:
    course: CourseInfo
    period: PeriodInfo
    rule: rules.Rule
    opened: Sequence[Opening] = ()  # of a closed period: whose marks are open for the actor

    def is_open_for(self, pupil_id: UUID) -> bool:
        return not self.period.is_closed or any(one.covers_final(pupil_id) for one in self.opened)

    def why_open(self, pupil_id: UUID) -> str:
        """The reason for which a mark of a closed period may be changed."""
        return next((one.reason for one in self.opened if one.covers_final(pupil_id)), "")


def _ground(actor: Actor, course_id: UUID, period_id: UUID) -> _Ground:
    """The course of which the actor decides marks (its own teacher, or who may everywhere), and an open period, or one
    that was closed and of which some marks are open for the actor."""
    scopes = require(actor, permissions.SET_MARKS)
    course = schedule.course(actor=actor, course_id=course_id)
    if Scope.SCHOOL not in scopes and (actor.person_id is None or course.teacher_id != actor.person_id):
        raise NotFound
    period = schedule.period(period_id=period_id)
    if period.year != course.year or period.kind != course.period_kind:
        raise NotFound
    opened: list[Opening] = []
    if period.is_closed:
        found = standing.open_now(actor=actor, course_id=course.id, period_ids=[period.id])
        opened = [one for one in found if one.with_finals]
        if not opened:
            raise PeriodIsClosed
    return _Ground(course, period, queries.rule_of(course), opened)


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
    group = schedule.members_between(
        course_id=ground.course.id, start=ground.period.start, end=ground.period.end
    )
    return {one.id: one.list_name for one in terms if group is None or one.id in group}


def _decided_not(actor: Actor, ground: _Ground, pupil_ids: list[UUID]) -> set[UUID]:
    """Of whom it was decided that they are not attested here for the period."""
    said = contingent.attestation_decided(
        actor=actor, pupil_ids=pupil_ids, year=ground.period.year, quarter=ground.period.last_quarter
    )
    return {key for key, here in said.items() if not here}


def _unmarked(ground: _Ground) -> set[UUID]:
    """Who learns by a programme of his own without marks when the period ends."""
    end = ground.period.end
    return {pupil for _course, pupil in kinds.unmarked(course_ids=[ground.course.id], start=end, end=end)}


def _at_home(ground: _Ground) -> set[UUID]:
    """Whose marks are kept in a journal of their own when the period ends."""
    if not journal_of_course(ground.course).yields_to_home:
        return set()
    return queries.at_home.pupils_on(ground.period.end)


def _attested(actor: Actor, ground: _Ground, pupil_ids: list[UUID]) -> set[UUID]:
    """Of whom this class is asked a mark: attested here, and not in another class at the end of the period."""
    period, here = ground.period, ground.course.school_class_id
    said = contingent.attested_here(
        actor=actor, pupil_ids=pupil_ids, year=period.year, quarter=period.last_quarter
    )
    ends = contingent.classes_of(actor=actor, pupil_ids=pupil_ids, on=period.end)
    group = schedule.members_between(course_id=ground.course.id, start=period.end, end=period.end)
    return {
        key
        for key in pupil_ids
        if said[key] and (key not in ends or ends[key].id == here) and (group is None or key in group)
    }


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


@dataclass(frozen=True, slots=True)
class Decision:
    """The mark that the teacher gives a pupil for the period; None takes it back.

    With `check_expected` it is refused when the mark is neither `expected` nor the same already.
    """

    pupil_id: UUID
    final: str | None
    reason: str = ""
    expected: str | None = None
    check_expected: bool = False
    operation_id: UUID | None = None


@transaction.atomic
def set_finals(
    *, actor: Actor, course_id: UUID, period_id: UUID, decisions: Sequence[Decision]
) -> dict[UUID, DomainError]:
    """Decide pupils' marks of the period; answer the refusals by pupil, all others are done.

    Raises NotFound and PeriodIsClosed for all; of a period partly opened, for those whose marks are not. A single one may
    be refused with NoSuchMark, NotFound, ReasonNeeded (it differs from the recommendation and no reason is given),
    NotAttestedHere, LearnsWithoutMarks, TaughtAtHome or Conflict (somebody changed it meanwhile).
    """
    ground = _ground(actor, course_id, period_id)
    known = _known_pupils(actor, ground)
    elsewhere = _decided_not(actor, ground, [one.pupil_id for one in decisions])
    unmarked, home = _unmarked(ground), _at_home(ground)
    said = _recommended(ground, [one.pupil_id for one in decisions])
    rows = {
        row.pupil_id: row
        for row in PeriodMark.objects.select_for_update().filter(
            course_id=course_id, period_id=period_id, pupil_id__in=said
        )
    }
    refusals: dict[UUID, DomainError] = {}
    changed: list[PeriodMark] = []
    idle: list[IdleOperation] = []
    for one in decisions:
        row = rows.get(one.pupil_id)
        refusal = _refusal(ground, one, row, said[one.pupil_id].mark, one.pupil_id in known)
        if refusal is None and one.final is not None and one.pupil_id in elsewhere:
            refusal = NotAttestedHere()
        if refusal is None and one.final is not None and one.pupil_id in unmarked:
            refusal = LearnsWithoutMarks()
        if refusal is None and one.final is not None and one.pupil_id in home:
            refusal = TaughtAtHome()
        if refusal is not None:
            refusals[one.pupil_id] = refusal
        elif _is_news(one, row):
            changed.append(_sign(actor, ground, one, row, said[one.pupil_id]))
        elif one.operation_id is not None:
            idle.append(IdleOperation(operation_id=one.operation_id))
    fresh = [row for row in changed if row.version == 1]
    PeriodMark.objects.bulk_create(fresh)
    PeriodMark.objects.bulk_update([row for row in changed if row.version > 1], _CHANGED)
    IdleOperation.objects.bulk_create(idle, ignore_conflicts=True)
    if changed:
        _tell(actor, ground, [row.pupil_id for row in changed])
    return refusals


def _is_news(one: Decision, row: PeriodMark | None) -> bool:
    """Whether it changes the mark or, said by a person, its reason. The grid asks for none, and takes none away."""
    if row is None or one.final != row.final:
        return one.final != (row.final if row else None)
    return one.operation_id is None and one.reason.strip() not in ("", row.reason)


_CHANGED = [
    "final",
    "recommended",
    "percent",
    "rule_version",
    "reason",
    "set_by",
    "set_at",
    "set_session",
    "operation_id",
    "version",
]


def _refusal(
    ground: _Ground, one: Decision, row: PeriodMark | None, recommended: str | None, is_known: bool
) -> DomainError | None:
    if one.final is not None and one.final not in LEGAL[ground.rule.mode]:
        return NoSuchMark()
    if not is_known:
        return NotFound()
    if not ground.is_open_for(one.pupil_id):
        return PeriodIsClosed()
    if one.check_expected and (row.final if row else None) not in {one.expected, one.final}:
        return Conflict()
    if one.final not in {None, recommended} and recommended is not None and not one.reason.strip():
        return ReasonNeeded(recommended=mark_text(recommended))
    return None


def _sign(
    actor: Actor, ground: _Ground, one: Decision, row: PeriodMark | None, said: rules.Recommendation
) -> PeriodMark:
    row = row or PeriodMark(
        course_id=ground.course.id, period_id=ground.period.id, pupil_id=one.pupil_id, version=0
    )
    row.final, row.recommended = one.final, said.mark or ""
    row.percent = None if said.total is None else Decimal(str(round(said.total, 2)))
    row.reason = one.reason.strip()[:300] or ground.why_open(one.pupil_id)
    row.rule_version = said.version
    row.set_by, row.set_at, row.set_session = actor.user_id, clock.now(), actor.session_id
    row.operation_id = one.operation_id or uuid4()
    row.version += 1
    return row


def set_final(
    *, actor: Actor, course_id: UUID, period_id: UUID, pupil_id: UUID, final: str | None, reason: str = ""
) -> None:
    """Decide one pupil's mark of the period; raises what `set_finals` answers."""
    decision = Decision(pupil_id, final, reason)
    refusals = set_finals(actor=actor, course_id=course_id, period_id=period_id, decisions=[decision])
    if refusals:
        raise refusals[pupil_id]


def accept_recommended(*, actor: Actor, course_id: UUID, period_id: UUID) -> int:
    """Give every pupil attested here without a mark the recommended one, if nothing is missing; answer to how many."""
    ground = _ground(actor, course_id, period_id)
    decided = PeriodMark.objects.filter(course_id=course_id, period_id=period_id, final__isnull=False)
    done = set(decided.values_list("pupil_id", flat=True))
    waiting = [key for key in _known_pupils(actor, ground) if key not in done]
    asked = _attested(actor, ground, waiting) - _unmarked(ground) - _at_home(ground)
    waiting = [key for key in waiting if key in asked]
    said = _recommended(ground, waiting)
    decisions = [
        Decision(key, one.mark, check_expected=True)
        for key, one in said.items()
        if one.is_complete and one.mark
    ]
    refusals = set_finals(actor=actor, course_id=course_id, period_id=period_id, decisions=decisions)
    return len(decisions) - len(refusals)


def _is_done(operation_id: UUID) -> bool:
    """Whether the operation has been taken before, with a change or without."""
    done = MarkEvent.objects.filter(operation_id=operation_id).values("operation_id")
    idle = IdleOperation.objects.filter(operation_id=operation_id).values("operation_id")
    return done.union(idle).exists()


def save_operation(*, actor: Actor, course_id: UUID, operation: Operation) -> Result:
    """A period mark typed in the grid: `lesson_id` is the period."""
    final = None if operation.new is None else str(operation.new)
    expected = None if operation.old is None else str(operation.old)
    place = {"course_id": course_id, "period_id": operation.lesson_id, "pupil_id": operation.pupil_id}
    if _is_done(operation.id):
        return _as_it_stands(Result(operation.id, "ok"), place)
    decision = Decision(operation.pupil_id, final, operation.reason, expected, True, operation.id)
    try:
        refusals = set_finals(
            actor=actor, course_id=course_id, period_id=operation.lesson_id, decisions=[decision]
        )
    except PeriodIsClosed as closed:
        return _as_it_stands(Result(operation.id, "locked", message=str(closed)), place)
    refusal = refusals.get(operation.pupil_id)
    if refusal is None:
        return _as_it_stands(Result(operation.id, "ok"), place)
    if isinstance(refusal, Conflict):
        return _as_it_stands(Result(operation.id, "conflict"), place)
    message = str(refusal)
    if isinstance(refusal, ReasonNeeded):
        message = _("{refusal} Open “Period marks”.").format(refusal=refusal)
    return _as_it_stands(Result(operation.id, "refused", message=message), place)


def _as_it_stands(result: Result, place: dict[str, UUID]) -> Result:
    row = PeriodMark.objects.filter(**place).first()
    if row is not None:
        result.value = int(row.final) if row.final and row.final.isdigit() else None
        result.version = row.version
        if result.status == "conflict":
            result.by = queries.names_of([row.set_by or 0]).get(row.set_by or 0, "")
            result.at = row.set_at
    return result
