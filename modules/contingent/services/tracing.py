"""What an order did, row by row, so that the order that cancels it can take exactly that back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from imports.api import used
from kernel import clock
from modules.contingent.models import AcademicLeave, Membership, Movement, OrderTrace, Pupil
from modules.orders import api as orders
from modules.orders.api import Fault, OrderInfo

# The name under which upper modules say that they use a pupil's place in a class (imports.api.uses).
PLACE = "contingent.membership"
# Of a pupil only what movement changes: a name corrected meanwhile stays corrected.
TABLES: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "pupil": (Pupil, ("enrolled_date", "enrolled_order", "left_date", "left_reason", "removed_at")),
    "membership": (Membership, tuple(f.attname for f in Membership._meta.concrete_fields)),
    "movement": (Movement, tuple(f.attname for f in Movement._meta.concrete_fields)),
    "leave": (AcademicLeave, tuple(f.attname for f in AcademicLeave._meta.concrete_fields)),
}
NAMES = {model: name for name, (model, _fields) in TABLES.items()}
# What a clerk writes into a book after the order, such as the confirmation of arrival, does not stand in the way.
_COMPARED = ("pupil", "membership", "leave")


class Trace:
    """Notes what an order does; without an order (a load from a spreadsheet, a test) it notes nothing."""

    def __init__(self, order: OrderInfo | None) -> None:
        self.order = order
        self.rows: list[OrderTrace] = []

    def created(self, row: Any) -> None:
        self._note(row, None, snapshot(row))

    def changed(self, row: Any, before: Mapping[str, Any]) -> None:
        self._note(row, dict(before), snapshot(row))

    def deleted(self, row: Any) -> None:
        self._note(row, snapshot(row), None)

    def _note(self, row: Any, before: dict[str, Any] | None, after: dict[str, Any] | None) -> None:
        if self.order is not None:
            pupil_id = row.pk if isinstance(row, Pupil) else row.pupil_id
            self.rows.append(
                OrderTrace(
                    order_id=self.order.id,
                    pupil_id=pupil_id,
                    table=NAMES[type(row)],
                    object_id=row.pk,
                    before=before,
                    after=after,
                )
            )

    def keep(self) -> None:
        OrderTrace.objects.bulk_create(self.rows, batch_size=1000)
        self.rows = []


def snapshot(row: Any) -> dict[str, Any]:
    """The fields of the row that movement changes, as JSON keeps them."""
    __, fields = TABLES[NAMES[type(row)]]
    return {name: _plain(getattr(row, name)) for name in fields}


def objections(order: OrderInfo) -> list[Fault]:
    """What stands on the order: a later order on the same pupil, a change by hand, marks in the new class."""
    traces = list(OrderTrace.objects.filter(order_id=order.id, reverted_at=None).order_by("id"))
    lines = {line.subject_id: line for line in order.lines}

    def fault(pupil_id: UUID, why: str) -> Fault:
        line = lines.get(pupil_id)
        return Fault(f"{line.subject}: {why}" if line else why, line.id if line else None)

    told: dict[UUID, Fault] = {}
    last = {one.pupil_id: one.pk for one in traces}
    later = (
        OrderTrace.objects.filter(pupil_id__in=last, reverted_at=None)
        .exclude(order_id=order.id)
        .order_by("id")
    )
    blocking = {one.pupil_id: one.order_id for one in later if one.pk > last[one.pupil_id]}
    numbers = orders.references(blocking.values())
    for pupil_id, order_id in blocking.items():
        by = numbers[order_id]
        told[pupil_id] = fault(
            pupil_id, _("a later order stands on it, No. {number}").format(number=by.number)
        )
    now = _current(traces)
    for pupil_id, after in _last_states(traces).items():
        if pupil_id not in told and any(now.get(key) != state for key, state in after.items()):
            told[pupil_id] = fault(
                pupil_id, _("the place in the class was changed afterwards without an order")
            )
    places = {
        one.object_id: one.pupil_id for one in traces if one.table == "membership" and _is_new_place(one)
    }
    for place_id in used(PLACE, places):
        pupil_id = places[place_id]
        told.setdefault(pupil_id, fault(pupil_id, _("marks or absences already stand in the journal")))
    return list(told.values())


def revert(order: OrderInfo) -> list[OrderTrace]:
    """Put every row back as it was before the order, the last one first; answer what was put back."""
    traces = list(
        OrderTrace.objects.select_for_update().filter(order_id=order.id, reverted_at=None).order_by("-id")
    )
    for one in traces:
        model, fields = TABLES[one.table]
        if one.before is None and model is Pupil:
            # A child who was never to be here: the row stays for the papers, nobody sees it.
            Pupil.objects.filter(pk=one.object_id).update(removed_at=clock.now())
        elif one.before is None:
            model._default_manager.filter(pk=one.object_id).delete()
        elif one.after is None:
            model._default_manager.create(**one.before)
        else:
            model._default_manager.filter(pk=one.object_id).update(
                **{name: one.before[name] for name in fields}
            )
    OrderTrace.objects.filter(pk__in=[one.pk for one in traces]).update(reverted_at=clock.now())
    return traces


def classes_of(traces: Iterable[OrderTrace]) -> set[str]:
    """Classes whose lists the traces changed."""
    return {
        state["school_class_id"]
        for one in traces
        if one.table == "membership"
        for state in (one.before, one.after)
        if state is not None
    }


def _is_new_place(one: OrderTrace) -> bool:
    return one.after is not None and (
        one.before is None or one.before["school_class_id"] != one.after["school_class_id"]
    )


def _last_states(traces: Iterable[OrderTrace]) -> dict[UUID, dict[tuple[str, UUID], Any]]:
    """How the order left each row, by pupil."""
    found: dict[UUID, dict[tuple[str, UUID], Any]] = defaultdict(dict)
    for one in traces:
        if one.table in _COMPARED:
            found[one.pupil_id][one.table, one.object_id] = one.after
    return found


def _current(traces: Iterable[OrderTrace]) -> dict[tuple[str, UUID], Any]:
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for one in traces:
        wanted[one.table].add(one.object_id)
    return {
        (table, row.pk): snapshot(row)
        for table, ids in wanted.items()
        for row in TABLES[table][0]._default_manager.filter(pk__in=ids)
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
