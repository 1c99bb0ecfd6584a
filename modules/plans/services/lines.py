"""Lines of a draft: added, changed, moved, deleted, and each of it undone.

A change is stored as what the touched lines were and what they became, by id; undoing puts the former back.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import NotFound, WrongValue
from kernel.ids import uuid7
from modules.plans import queries
from modules.plans.data import KIND_LABELS, LENGTHS, QUARTERS, NewLine
from modules.plans.models import Line, Plan, Step
from modules.plans.services.laying import lay_plan
from modules.plans.services.plans import draft, facts_of

STEPS_KEPT = 50
MOST_LINES = 400
_FIELDS = ("origin_id", "position", "quarter", "kind", "section", "topic", "objectives", "hours", "note")
_TYPED = ("quarter", "kind", "section", "topic", "objectives", "hours", "note")
# What lessons depend on; a corrected word moves nothing.
_LAID = {"position", "quarter", "kind", "hours", "origin_id"}
State = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class LineChange:
    """What somebody typed into a field of a line, and what stood there before."""

    line_id: UUID
    field: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody else changed the field meanwhile: what stands there now is kept."""

    line_id: UUID
    field: str
    theirs: str
    yours: str


def _state(lines: Iterable[Line]) -> State:
    return {str(line.pk): {name: _plain(getattr(line, name)) for name in _FIELDS} for line in lines}


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value


@contextlib.contextmanager
def _editing(*, actor: Actor, plan_id: UUID) -> Iterator[tuple[Plan, list[Line]]]:
    """The draft, locked, with its lines in order: what becomes of the list is stored as one step."""
    with transaction.atomic():
        plan = draft(actor=actor, plan_id=plan_id)
        lines = queries.lines_of(plan.pk)
        before = _state(lines)
        yield plan, lines
        for place, line in enumerate(lines):
            line.position = place
        _store(plan, before, _state(lines), actor=actor, as_step=True)


def _store(plan: Plan, before: State, after: State, *, actor: Actor, as_step: bool) -> None:
    was, became = _difference(before, after)
    if not was:
        return
    gone = [key for key in was if became[key] is None]
    new = [key for key in was if was[key] is None]
    Line.objects.filter(plan=plan, pk__in=gone).delete()
    Line.objects.bulk_create(Line(pk=UUID(key), plan=plan, **after[key]) for key in new)
    changed = [key for key in was if was[key] is not None and became[key] is not None]
    names = sorted({name for key in changed for name in became[key] or {}})
    if names:
        rows = [Line(pk=UUID(key), plan=plan, **after[key]) for key in changed]
        Line.objects.bulk_update(rows, names)
    plan.revision += 1
    plan.changed_at = clock.now()
    plan.save(update_fields=["revision", "changed_at"])
    if as_step:
        Step.objects.filter(plan=plan, is_undone=True).delete()
        Step.objects.create(plan=plan, before=was, after=became, at=clock.now())
        old = Step.objects.filter(plan=plan).order_by("-id").values_list("pk", flat=True)[STEPS_KEPT:]
        Step.objects.filter(pk__in=list(old)).delete()
    audit.record(
        actor=actor,
        action="plans.lines.changed",
        object_type="plan",
        object_id=plan.pk,
        details=facts_of(plan) | {"added": len(new), "deleted": len(gone), "changed": len(changed)},
    )
    if gone or new or _LAID & set(names):
        lay_plan(plan)


def _difference(before: State, after: State) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of each line that differs: what it was and what it became; whole where it came or went, else the fields only."""
    was: dict[str, Any] = {}
    became: dict[str, Any] = {}
    for key in before.keys() | after.keys():
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            was[key], became[key] = old, new
        elif names := [name for name in _FIELDS if old[name] != new[name]]:
            was[key], became[key] = {n: old[n] for n in names}, {n: new[n] for n in names}
    return was, became


# --- typing


def _value(field: str, text: str) -> Any:
    """What is typed as the field wants it. Raises WrongValue."""
    if field == "kind":
        if text not in KIND_LABELS:
            raise WrongValue
        return text
    if field in ("hours", "quarter"):
        top = 40 if field == "hours" else 4
        if not text.strip().isdecimal() or not 1 <= int(text) <= top:
            raise WrongValue
        return int(text)
    if field not in LENGTHS:
        raise WrongValue
    return " ".join(text.split())[: LENGTHS[field]]


def change_lines(*, actor: Actor, plan_id: UUID, changes: Sequence[LineChange]) -> list[Conflict]:
    """Write what was typed, field by field, where nobody changed it meanwhile; answer the fields where somebody did.

    Doing it twice changes nothing. Raises NotFound (a line that is gone too), Frozen, WrongValue.
    """
    conflicts = []
    with _editing(actor=actor, plan_id=plan_id) as (__, lines):
        by_id = {line.pk: line for line in lines}
        for change in changes:
            line = by_id.get(change.line_id)
            if line is None:
                raise NotFound
            new = _value(change.field, change.new)
            now = getattr(line, change.field)
            if now == new:
                continue
            if str(now) != change.old and _value_or(change) != now:
                conflicts.append(Conflict(line.pk, change.field, str(now), change.new))
                continue
            setattr(line, change.field, new)
        lines.sort(key=lambda line: line.quarter)
    return conflicts


def _value_or(change: LineChange) -> Any:
    """The old value as it would be stored: spaces typed at its end are not a difference."""
    try:
        return _value(change.field, change.old)
    except WrongValue:
        return None


def add_lines(*, actor: Actor, plan_id: UUID, new: Sequence[NewLine]) -> list[UUID]:
    """Put lines at the end of their quarters. Raises NotFound, Frozen, WrongValue when they are too many."""
    with _editing(actor=actor, plan_id=plan_id) as (plan, lines):
        if len(lines) + len(new) > MOST_LINES:
            raise WrongValue
        made = [_new_line(plan, one) for one in new]
        lines.extend(made)
        lines.sort(key=lambda line: line.quarter)
    return [line.pk for line in made]


def _new_line(plan: Plan, one: NewLine) -> Line:
    values = {name: _value(name, str(getattr(one, name))) for name in _TYPED}
    return Line(pk=uuid7(), plan=plan, origin_id=uuid7(), position=0, **values)


# --- acts on a line: each answers the line to stand on afterwards


def act(
    *, actor: Actor, plan_id: UUID, name: str, line_id: UUID | None = None, quarter: int = 0
) -> UUID | None:
    """Add a line after another one or at the end of a quarter, copy, move up or down, delete; answer where to stand.

    Raises NotFound, Frozen, WrongValue.
    """
    doing: dict[str, Callable[[Plan, list[Line], int], UUID | None]] = {
        "add": _add,
        "copy": _copy,
        "up": _up,
        "down": _down,
        "delete": _delete,
    }
    if name not in doing:
        raise WrongValue
    with _editing(actor=actor, plan_id=plan_id) as (plan, lines):
        if name == "add" and line_id is None:
            if quarter not in QUARTERS or len(lines) >= MOST_LINES:
                raise WrongValue
            place = sum(line.quarter <= quarter for line in lines)
            lines.insert(place, _new_line(plan, NewLine(quarter=quarter, topic="")))
            return lines[place].pk
        found = next((n for n, line in enumerate(lines) if line.pk == line_id), None)
        if found is None:
            raise NotFound
        return doing[name](plan, lines, found)


def _add(plan: Plan, lines: list[Line], place: int) -> UUID:
    """An empty line of the same unit."""
    if len(lines) >= MOST_LINES:
        raise WrongValue
    above = lines[place]
    lines.insert(place + 1, _new_line(plan, NewLine(quarter=above.quarter, topic="", section=above.section)))
    return lines[place + 1].pk


def _copy(plan: Plan, lines: list[Line], place: int) -> UUID:
    if len(lines) >= MOST_LINES:
        raise WrongValue
    above = lines[place]
    twin = NewLine(**{name: getattr(above, name) for name in _TYPED})
    lines.insert(place + 1, _new_line(plan, twin))
    return lines[place + 1].pk


def _up(_plan: Plan, lines: list[Line], place: int) -> UUID:
    """Above its neighbour; the first of a quarter becomes the last of the one before."""
    line = lines[place]
    if place and lines[place - 1].quarter == line.quarter:
        lines[place - 1], lines[place] = line, lines[place - 1]
    elif line.quarter > 1:
        line.quarter -= 1
    return line.pk


def _down(_plan: Plan, lines: list[Line], place: int) -> UUID:
    line = lines[place]
    if place + 1 < len(lines) and lines[place + 1].quarter == line.quarter:
        lines[place + 1], lines[place] = line, lines[place + 1]
    elif line.quarter < QUARTERS[-1]:
        line.quarter += 1
    return line.pk


def _delete(_plan: Plan, lines: list[Line], place: int) -> UUID | None:
    del lines[place]
    if not lines:
        return None
    return lines[min(place, len(lines) - 1)].pk


# --- undo


def undo(*, actor: Actor, plan_id: UUID) -> bool:
    """Take the last change back; answer whether there was one. Raises NotFound, Frozen."""
    return _step(actor=actor, plan_id=plan_id, back=True)


def redo(*, actor: Actor, plan_id: UUID) -> bool:
    """Do again what was undone last. Raises NotFound, Frozen."""
    return _step(actor=actor, plan_id=plan_id, back=False)


@transaction.atomic
def _step(*, actor: Actor, plan_id: UUID, back: bool) -> bool:
    plan = draft(actor=actor, plan_id=plan_id)
    steps = Step.objects.filter(plan=plan, is_undone=not back)
    step = steps.order_by("-id" if back else "id").first()
    if step is None:
        return False
    now = _state(queries.lines_of(plan.pk))
    wanted = dict(now)
    for key, fields in (step.before if back else step.after).items():
        if fields is None:
            wanted.pop(key, None)
        else:
            wanted[key] = now.get(key, {}) | fields
    step.is_undone = back
    step.save(update_fields=["is_undone"])
    _store(plan, now, wanted, actor=actor, as_step=False)
    return True
