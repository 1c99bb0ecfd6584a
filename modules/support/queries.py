"""Reads of both sides: what can be lent, requests as the vendor and as the school sees them, what a visit has looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Count, Max, QuerySet

from identity import api as identity
from identity.api import Guest
from kernel import audit
from kernel.access import Actor, require
from kernel.models import ViewEntry
from kernel.names import kazakh_order
from modules.support import permissions
from modules.support.data import Right, Section, State
from modules.support.models import Asking, SupportRequest

MOST_PERSONS = 500


def sections(codes: Collection[str] | None = None) -> list[Section]:
    """Rights that may be lent, of those codes or all, by the room of the product that they open."""
    rooms: dict[str, list[Right]] = defaultdict(list)
    for one in identity.lendable():
        if codes is None or one.code in codes:
            rooms[one.code.partition(".")[0]].append(Right(one.code, one.label, one.sensitive))
    found = [
        Section(room, apps.get_app_config(room).verbose_name, tuple(rights)) for room, rights in rooms.items()
    ]
    return sorted(found, key=lambda one: kazakh_order(str(one.label)))


# --- at the vendor


def requests(*, actor: Actor) -> QuerySet[SupportRequest]:
    """All requests of the vendor, the newest first: colleagues see each other's."""
    require(actor, permissions.ASK)
    return SupportRequest.objects.order_by("-asked_at", "-id")


def request(*, actor: Actor, request_id: UUID) -> SupportRequest:
    return requests(actor=actor).get(pk=request_id)


# --- in the school


def askings(*, actor: Actor) -> QuerySet[Asking]:
    """Requests that came, the newest first."""
    require(actor, permissions.GRANT)
    return Asking.objects.order_by("-asked_at", "-id")


def asking(*, actor: Actor, asking_id: UUID) -> Asking:
    return askings(actor=actor).get(pk=asking_id)


def waiting(*, actor: Actor) -> list[Asking]:
    return list(askings(actor=actor).filter(state=State.WAITING))


def visit_of(asked: Asking) -> Guest | None:
    """The visit that the director granted. The caller has the request."""
    return visits_of([asked]).get(asked.visit_id)


def visits_of(rows: Iterable[Asking]) -> dict[int | None, Guest]:
    """Visits granted by these requests, by number: one query."""
    ids = [row.visit_id for row in rows if row.visit_id is not None]
    return {one.id: one for one in identity.guests(pk__in=ids)} if ids else {}


def own_visit(*, actor: Actor) -> Guest:
    """The visit of the visitor who asks."""
    if actor.visit_id is None:
        raise Asking.DoesNotExist
    asked = Asking.objects.get(visit_id=actor.visit_id)
    return replace(identity.guests(pk=actor.visit_id)[0], organisation=asked.vendor)


@dataclass(frozen=True, slots=True)
class Looked:
    """A person whose data a visitor saw."""

    name: Any
    subject: str
    times: int
    last: Any


def looked_at(user_id: int) -> list[Looked]:
    """Whose data the visitor saw, the latest first. The caller has checked the right."""
    rows = list(
        ViewEntry.objects.filter(actor_id=user_id)
        .values("subject", "subject_id")
        .annotate(times=Count("id"), last=Max("at"))
        .order_by("-last")[:MOST_PERSONS]
    )
    ids: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        ids[row["subject"]].append(str(row["subject_id"]))
    names = {subject: audit.names_of(subject, found) for subject, found in ids.items()}
    return [
        Looked(
            names[row["subject"]].get(str(row["subject_id"]), "–"),
            row["subject"],
            row["times"],
            row["last"],
        )
        for row in rows
    ]


def figures_of(user_id: int) -> tuple[int, int]:
    """How many pages the visitor opened, and how many persons' data it saw."""
    persons = ViewEntry.objects.filter(actor_id=user_id).values("subject", "subject_id").distinct().count()
    return identity.count_pages(user_id), persons


def labels(codes: Iterable[str]) -> list[Any]:
    return [one.label for section in sections(set(codes)) for one in section.rights]
