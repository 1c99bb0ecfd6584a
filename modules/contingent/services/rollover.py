"""The passing of the whole school into the next year: a plan, then one set of orders, and the way back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import Conflict, DomainError
from modules.contingent import permissions, queries
from modules.contingent.data import PupilInfo
from modules.contingent.models import RollOver, SchoolClass
from modules.contingent.services.cards import open_class
from modules.orders import api as orders
from modules.orders.api import NewLine, OrderInfo

PROMOTE, REPEAT, GRADUATE = (f"contingent.{name}" for name in ("promote", "repeat", "graduate"))
# What may be chosen instead of a class of the next year.
FINISHED, AGAIN, STAYS = "graduate", "repeat", ""
LAST_GRADE, MAIN_SCHOOL = 11, 9
REASONS = {LAST_GRADE: "dep_graduated_11", MAIN_SCHOOL: "dep_graduated_9"}
# A primary teacher leads a class to the end of grade 4; at grade 5 and 10 classes are given out anew.
_NEW_TEACHERS = (5, 10)


class AlreadyDone(Conflict):
    message = _("The school has been passed into the next year already.")
    code = "already_done"


class NothingToDo(DomainError):
    message = _("Nobody is passed anywhere: choose where the classes go.")
    code = "nothing_to_do"


class NothingToUndo(DomainError):
    message = _("There is nothing to take back.")
    code = "nothing_to_undo"


@dataclass(frozen=True, slots=True)
class ClassPlan:
    """A class of this year, its pupils today, and where each of them goes."""

    school_class: SchoolClass
    pupils: tuple[PupilInfo, ...]
    target: str
    offered: tuple[str, ...]
    exceptions: dict[UUID, str]

    def goes(self, pupil_id: UUID) -> str:
        return self.exceptions.get(pupil_id, self.target)


@dataclass(frozen=True, slots=True)
class Plan:
    row: RollOver
    classes: tuple[ClassPlan, ...]

    def totals(self) -> dict[str, int]:
        """How many are passed, repeat, finish grade 9 and grade 11, and are left out."""
        found: Counter[str] = Counter()
        for one in self.classes:
            for pupil in one.pupils:
                goes = one.goes(pupil.id)
                if goes == FINISHED:
                    found["finish_11" if one.school_class.grade >= LAST_GRADE else "finish_9"] += 1
                else:
                    found[{AGAIN: "repeat", STAYS: "left_out"}.get(goes, "passed")] += 1
        return {key: found[key] for key in ("passed", "repeat", "finish_9", "finish_11", "left_out")}


def plan(*, actor: Actor) -> Plan:
    """The plan of this school year, begun with the usual choice: everybody goes up, grade 11 is let go."""
    require(actor, permissions.EDIT)
    year = queries.current_year()
    row = queries.roll_over(actor=actor, year=year) or RollOver(year=year, next_year=queries.next_year(year))
    return _of(row, actor=actor)


def _held(actor: Actor) -> RollOver:
    """This year's plan, begun if need be, held until the transaction ends. Raises AlreadyDone."""
    year = queries.current_year()
    RollOver.objects.exclude(state=RollOver.State.UNDONE).get_or_create(
        year=year, defaults={"next_year": queries.next_year(year)}
    )
    row = RollOver.objects.select_for_update().exclude(state=RollOver.State.UNDONE).get(year=year)
    if row.state != RollOver.State.PLAN:
        raise AlreadyDone
    return row


def _of(row: RollOver, *, actor: Actor) -> Plan:
    classes = list(queries.classes_of_year(actor=actor, year=row.year))
    day = max(queries.first_day(row.year), queries.today())
    members: dict[UUID, list[PupilInfo]] = {}
    for pupil in queries.members(actor=actor, class_ids=[one.pk for one in classes], on=day):
        # Who leaves on a known day, or has a place in the next year already, is passed by no plan.
        is_bound = row.state == RollOver.State.PLAN and pupil.until is not None
        if pupil.class_id and not is_bound:
            members.setdefault(pupil.class_id, []).append(pupil)
    letters: dict[int, set[str]] = {}
    for one in classes:
        letters.setdefault(one.grade, set()).add(one.letter)
    made = []
    for one in classes:
        offered = _offered(one, letters)
        pupils = tuple(members.get(one.pk, ()))
        chosen = {p.id: row.pupils[str(p.id)] for p in pupils if str(p.id) in row.pupils}
        target = row.classes.get(str(one.pk), offered[0] if offered else FINISHED)
        made.append(ClassPlan(one, pupils, target, offered, chosen))
    return Plan(row, tuple(made))


def _offered(one: SchoolClass, letters: dict[int, set[str]]) -> tuple[str, ...]:
    """Classes of the next year a class may become: of its own letter first."""
    if one.grade >= LAST_GRADE:
        return ()
    above = letters.get(one.grade + 1, set())
    # From main school to grade 10 fewer classes go on than there were.
    own = one.letter if one.grade != MAIN_SCHOOL or one.letter in above or not above else min(above)
    rest = sorted((above | letters.get(one.grade, set())) - {own})
    return tuple(f"{one.grade + 1}{letter}" for letter in (own, *rest))


@transaction.atomic
def choose(
    *, actor: Actor, classes: dict[str, str] | None = None, pupils: dict[str, str | None] | None = None
) -> RollOver:
    """Keep what was chosen for classes, and for single pupils; None takes the exception of a pupil away."""
    require(actor, permissions.EDIT)
    row = _held(actor)
    row.classes = {**row.classes, **(classes or {})}
    kept = {**row.pupils, **(pupils or {})}
    row.pupils = {key: value for key, value in kept.items() if value is not None}
    row.save(update_fields=["classes", "pupils", "changed_at"])
    return row


def carry_out(
    *,
    actor: Actor,
    last_day: date,
    sign: bool,
    ground: str = "",
    told: Callable[[int, int], None] = lambda _done, _total: None,
) -> RollOver:
    """Open the classes of the next year, draft the orders, and sign them when asked.

    Each order is a transaction of its own: what was interrupted stands as drafts, to be signed or taken back.
    Raises AlreadyDone, NothingToDo, and what signing refuses.
    """
    require(actor, permissions.EDIT)
    row, made = _draft(actor=actor, last_day=last_day, ground=ground)
    told(1, len(made) + 1)
    for number, order in enumerate(made, 2):
        if sign:
            orders.sign(actor=actor, order_id=order.id)
        else:
            orders.submit(actor=actor, order_id=order.id)
        told(number, len(made) + 1)
    return row


@transaction.atomic
def _draft(*, actor: Actor, last_day: date, ground: str) -> tuple[RollOver, list[OrderInfo]]:
    row = _held(actor)
    wanted = _of(row, actor=actor)
    opened: list[UUID] = []
    targets = _open_classes(wanted, opened, actor=actor)
    lines: dict[tuple[str, str], list[NewLine]] = {}
    for one in wanted.classes:
        for pupil in one.pupils:
            goes = one.goes(pupil.id)
            if goes == FINISHED:
                reason = REASONS.get(one.school_class.grade, REASONS[LAST_GRADE])
                lines.setdefault((GRADUATE, reason), []).append(
                    NewLine(pupil.id, pupil.full_name, {"reason": reason})
                )
            elif goes != STAYS:
                kind, label = (REPEAT, one.school_class.label) if goes == AGAIN else (PROMOTE, goes)
                lines.setdefault((kind, ""), []).append(
                    NewLine(pupil.id, pupil.full_name, {"class_id": str(targets[label].pk)})
                )
    if not lines:
        raise NothingToDo
    since = queries.first_day(row.next_year)
    made = [
        orders.draft(
            actor=actor,
            kind=kind,
            lines=found,
            ground=ground,
            values={"last_day": last_day} if kind == GRADUATE else {"since": since},
        )
        for (kind, _reason), found in sorted(lines.items())
    ]
    row.order_ids = [str(order.id) for order in made]
    row.opened_class_ids = [str(one) for one in opened]
    row.state = RollOver.State.DONE
    row.save(update_fields=["order_ids", "opened_class_ids", "state", "changed_at"])
    audit.record(
        actor=actor,
        action="contingent.year.passed",
        object_type="roll_over",
        object_id=row.pk,
        details={"year": row.year, "orders": len(made), **wanted.totals()},
    )
    return row, made


def _open_classes(wanted: Plan, opened: list[UUID], *, actor: Actor) -> dict[str, SchoolClass]:
    """Classes of the next year by label; those that are missing are opened after the class that goes there."""
    known = {one.label: one for one in queries.classes_of_year(actor=actor, year=wanted.row.next_year)}
    for one in wanted.classes:
        here = one.school_class
        goals = {one.goes(pupil.id) for pupil in one.pupils} - {FINISHED, STAYS}
        for goal in sorted(goals):
            label = here.label if goal == AGAIN else goal
            if label in known:
                continue
            grade = here.grade if goal == AGAIN else here.grade + 1
            keeps = goal != AGAIN and grade not in _NEW_TEACHERS
            known[label] = open_class(
                actor=Actor.system_actor("contingent.year"),
                year=wanted.row.next_year,
                grade=grade,
                letter=label.removeprefix(str(grade)),
                language=here.language,
                shift=here.shift,
                kind=here.kind if here.kind != SchoolClass.Kind.PRESCHOOL or grade == 0 else "",
                direction=here.direction,
                room=here.room,
                capacity=here.capacity,
                set_code=here.set_code,
                class_teacher_id=queries.info_of_class(here).class_teacher_id if keeps else None,
            )
            opened.append(known[label].pk)
    return known


@transaction.atomic
def undo(*, actor: Actor) -> RollOver:
    """Take the passing back: drafts are thrown away, signed orders cancelled by orders, classes opened for it closed.

    Raises NothingToUndo, and CannotBeCancelled with the reason when a new mark or a new order stands on it.
    """
    require(actor, permissions.EDIT)
    row = (
        RollOver.objects.select_for_update()
        .filter(state=RollOver.State.DONE, year=queries.current_year())
        .first()
    )
    if row is None:
        raise NothingToUndo
    for order in reversed(_orders_of(row, actor=actor)):
        if order.is_draft:
            orders.discard(actor=actor, order_id=order.id)
        elif order.in_force:
            by = orders.draft_cancellation(actor=actor, order_id=order.id, ground=order.ground)
            orders.sign(actor=actor, order_id=by.id)
    SchoolClass.objects.filter(pk__in=row.opened_class_ids, memberships=None).delete()
    row.state = RollOver.State.UNDONE
    row.save(update_fields=["state", "changed_at"])
    audit.record(actor=actor, action="contingent.year.taken_back", object_type="roll_over", object_id=row.pk)
    return row


def orders_of(*, actor: Actor) -> Sequence[OrderInfo]:
    """The orders that the passing of this year became, without their lines."""
    require(actor, permissions.EDIT)
    row = queries.roll_over(actor=actor, year=queries.current_year())
    return _orders_of(row, actor=actor) if row else []


def _orders_of(row: RollOver, *, actor: Actor) -> list[OrderInfo]:
    known = orders.references(_ids(row.order_ids))
    return [known[key] for key in _ids(row.order_ids) if key in known]


def _ids(values: Iterable[Any]) -> list[UUID]:
    return [UUID(str(one)) for one in values]
