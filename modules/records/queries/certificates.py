"""Certificates of study: the register, those of one pupil, and what a stranger with the link may read."""

from __future__ import annotations

import re
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import PersonName
from modules.contingent import api as contingent
from modules.records import permissions
from modules.records.data import Genuine, State
from modules.records.models import Certificate
from tenants import reference
from tenants.reference import Term

_TOKEN = re.compile(r"^[A-Za-z0-9_-]{22}$")


def certificates(*, actor: Actor, state: str = "", text: str = "", year: str = "") -> QuerySet[Certificate]:
    """The register, the newest first; orders of families stand there too."""
    require(actor, permissions.ISSUE)
    rows = Certificate.objects.order_by("-issued_on", "-number", "-id")
    if state:
        rows = rows.filter(state=state)
    if year:
        rows = rows.filter(year=year)
    for word in text.split()[:5]:
        named = Q(surname__istartswith=word) | Q(name__istartswith=word)
        rows = rows.filter(named | Q(number=int(word)) if word.isdecimal() and len(word) < 9 else named)
    return rows


def waiting(*, actor: Actor) -> int:
    """How many certificates families have ordered and wait for."""
    require(actor, permissions.ISSUE)
    return Certificate.objects.filter(state=State.ORDERED).count()


def get(*, actor: Actor, certificate_id: UUID) -> Certificate:
    """One certificate: any for the office, those of one's own child for a parent; raises NotFound."""
    if not actor.may(permissions.ISSUE):
        require(actor, permissions.ORDER)
    row = Certificate.objects.filter(pk=certificate_id).first()
    if row is None:
        raise NotFound
    if not actor.may(permissions.ISSUE):
        contingent.opens_card(actor=actor, pupil_id=row.pupil_id)
    return row


def of_pupil(*, actor: Actor, pupil_id: UUID) -> list[Certificate]:
    """Certificates of a pupil for the office, the newest first."""
    require(actor, permissions.ISSUE)
    return list(Certificate.objects.filter(pupil_id=pupil_id).order_by("-id"))


def of_child(*, actor: Actor, pupil_id: UUID) -> list[Certificate]:
    """Certificates of one's own child; raises NotFound for another's."""
    require(actor, permissions.ORDER)
    contingent.opens_card(actor=actor, pupil_id=pupil_id)
    return list(Certificate.objects.filter(pupil_id=pupil_id).order_by("-id"))


def destinations() -> list[Term]:
    """Where certificates are demanded."""
    return list(reference.terms("certificate_destinations").values())


def genuine(token: str) -> Genuine:
    """What anybody may read who holds the link of a certificate; raises NotFound for a forged one.

    Neither the ИИН nor the birth date nor the whole name: who holds the paper compares the rest with it.
    """
    row = Certificate.objects.filter(token=token).first() if _TOKEN.match(token) else None
    if row is None or row.issued_on is None:
        raise NotFound
    return Genuine(
        number=str(row.number),
        issued_on=row.issued_on,
        valid_until=row.valid_until,
        masked_name=masked(row.person_name),
        class_label=row.class_label,
        is_withdrawn=row.state == State.WITHDRAWN,
        withdrawn_on=row.closed_on,
        is_over=_is_over(row.valid_until),
    )


def _is_over(day: date | None) -> bool:
    return day is not None and day < clock.today()


def masked(person: PersonName) -> str:
    """А••• Е. Б.: enough to see that it is the name on the paper."""
    initials = " ".join(f"{part[0]}." for part in (person.name, person.patronymic) if part)
    return f"{person.surname[:1]}••• {initials}".strip()
