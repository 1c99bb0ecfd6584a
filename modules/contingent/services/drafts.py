"""Drafts of orders on pupils, made by a page or by another module instead of by hand. They change nothing yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.ids import uuid7
from modules.contingent import permissions, queries
from modules.contingent.data import Newcomer, Whereabouts
from modules.contingent.models import Movement
from modules.contingent.services.cards import locked
from modules.orders import api as orders
from modules.orders.api import NewLine, OrderInfo

ENROL, RETURN, MOVE, DEPART = (f"contingent.{name}" for name in ("enrol", "return", "move", "depart"))


def enrolment(newcomers: Sequence[Newcomer]) -> list[NewLine]:
    """Lines of an order of enrolment; each child has an id from here on."""
    return [
        NewLine(
            one.id or uuid7(),
            " ".join(part for part in (one.pupil.surname, one.pupil.name, one.pupil.patronymic) if part),
            {
                **asdict(one.pupil),
                **asdict(one.whence),
                "class_id": one.class_id,
                "since": one.since,
            },
        )
        for one in newcomers
    ]


def draft_enrolment(*, actor: Actor, newcomers: Sequence[Newcomer], **more: Any) -> OrderInfo:
    """Draft the order that takes new pupils in. `more`: date, ground, language, executor."""
    return orders.draft(actor=actor, kind=ENROL, lines=enrolment(newcomers), **more)


def return_order(
    *, actor: Actor, pupil_id: UUID, class_id: UUID, since: date, whence: Whereabouts
) -> dict[str, Any]:
    """What an order that takes back one who had left is made of, for `orders.draft` and `orders.draft_and_sign`."""
    values = {**asdict(whence), "class_id": class_id, "since": since}
    return {"kind": RETURN, "lines": _lines({pupil_id: values}, actor)}


def draft_return(
    *, actor: Actor, pupil_id: UUID, class_id: UUID, since: date, whence: Whereabouts, **more: Any
) -> OrderInfo:
    """Draft the order that takes back one who had left."""
    made = return_order(actor=actor, pupil_id=pupil_id, class_id=class_id, since=since, whence=whence)
    return orders.draft(actor=actor, **made, **more)


def move_order(
    *, actor: Actor, pupil_ids: Sequence[UUID], class_id: UUID, since: date, reason: str = "in_other_class"
) -> dict[str, Any]:
    """The same for pupils who go over to another class."""
    return {
        "kind": MOVE,
        "lines": _lines({key: {} for key in pupil_ids}, actor),
        "values": {"since": since, "class_id": class_id, "reason": reason},
    }


def departure_order(
    *, actor: Actor, last_day: date, departures: Mapping[UUID, Whereabouts]
) -> dict[str, Any]:
    """The same for pupils who leave, each with the reason and the place."""
    values: dict[UUID, dict[str, Any]] = {key: asdict(place) for key, place in departures.items()}
    return {"kind": DEPART, "lines": _lines(values, actor), "values": {"last_day": last_day}}


def draft_departure(
    *, actor: Actor, last_day: date, departures: Mapping[UUID, Whereabouts], **more: Any
) -> OrderInfo:
    """Draft the order that lets pupils go."""
    return orders.draft(
        actor=actor, **departure_order(actor=actor, last_day=last_day, departures=departures), **more
    )


@transaction.atomic
def note_papers(*, actor: Actor, movement_id: UUID, **changes: Any) -> None:
    """Write what comes after the order into the books: the slip, the confirmation of arrival, the file given out."""
    require(actor, permissions.EDIT)
    allowed = {"slip_number", "slip_date", "confirmation", "confirmed_date", "file_given_date"}
    if unknown := set(changes) - allowed:
        raise TypeError(f"no such papers: {', '.join(sorted(unknown))}")
    row = locked(Movement, movement_id)
    changed = [name for name, value in changes.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, changes[name])
    if changed:
        row.save(update_fields=changed)
        audit.record(
            actor=actor,
            action="contingent.movement.papers",
            object_type="pupil",
            object_id=row.pupil_id,
            details={"fields": changed},
        )


def _lines(values: Mapping[UUID, Mapping[str, Any]], actor: Actor) -> list[NewLine]:
    seen = queries.pupils_by_id(actor=actor, pupil_ids=values)
    if len(seen) != len(values):
        raise NotFound
    return [NewLine(key, seen[key].full_name, given) for key, given in values.items()]
