"""The school's side: the director lets in for hours, refuses with a word, ends at once; the visitor leaves."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit, clock
from kernel.access import Actor, Role, require
from kernel.errors import DomainError, NotAllowed
from kernel.tenancy import Kind
from modules.support import letters, notices, permissions, queries
from modules.support.data import State, codes_in
from modules.support.models import Asking
from notify import api as notify
from tenants import post
from tenants.post import Letter


class AlreadyAnswered(DomainError):
    message = _("This request has been answered or withdrawn.")
    code = "already_answered"


class NothingLent(DomainError):
    message = _("Leave at least one line ticked, or refuse.")
    code = "nothing_lent"


def _waiting(actor: Actor, asking_id: UUID) -> Asking:
    require(actor, permissions.GRANT)
    # The director may press in two windows: the second waits here, then is told.
    row = Asking.objects.select_for_update().get(pk=asking_id)
    if row.state != State.WAITING:
        raise AlreadyAnswered
    return row


def _decide(row: Asking, actor: Actor, state: State) -> None:
    row.state, row.decided_at = state, clock.now()
    row.decided_by_id, row.decided_by = actor.user_id, actor.name


@transaction.atomic
def grant(*, actor: Actor, asking_id: UUID, hours: int, codes: Collection[str]) -> Asking:
    """Let the person in for so many hours, with those of the wished rights. The secret goes by a sealed letter.

    Raises AlreadyAnswered, NothingLent, identity's TooLongVisit, post.NoSuchAddress.
    """
    row = _waiting(actor, asking_id)
    lent = sorted(set(codes) & set(row.codes) & codes_in(queries.sections()))
    if not lent:
        raise NothingLent
    visit, secret = identity.lend(
        actor=actor,
        request_id=row.pk,
        surname=row.surname,
        name=row.name,
        visitor_ref=row.visitor_ref,
        organisation=row.vendor,
        purpose=row.purpose,
        codes=lent,
        hours=hours,
    )
    _decide(row, actor, State.GRANTED)
    row.visit_id = visit.pk
    row.save(update_fields=["state", "decided_at", "decided_by_id", "decided_by", "visit_id"])
    post.send(
        to=row.vendor_id,
        kind=letters.KINDS[letters.Answered],
        body={
            "request_id": row.pk,
            "granted": True,
            "codes": lent,
            "until": visit.until,
            "secret": secret,
        },
        actor=actor,
    )
    audit.record(
        actor=actor,
        action="support.granted",
        object_type="support_asking",
        object_id=row.pk,
        details={"rights": lent, "hours": hours},
    )
    return row


@transaction.atomic
def refuse(*, actor: Actor, asking_id: UUID, word: str) -> Asking:
    """Say no, with a word that the vendor reads. Raises AlreadyAnswered."""
    row = _waiting(actor, asking_id)
    _decide(row, actor, State.REFUSED)
    row.word = word.strip()[:300]
    row.save(update_fields=["state", "decided_at", "decided_by_id", "decided_by", "word"])
    post.send(
        to=row.vendor_id,
        kind=letters.KINDS[letters.Answered],
        body={"request_id": row.pk, "granted": False, "word": row.word},
        actor=actor,
    )
    audit.record(actor=actor, action="support.refused", object_type="support_asking", object_id=row.pk)
    return row


@transaction.atomic
def end(*, actor: Actor, asking_id: UUID) -> bool:
    """End the visit at once: the next request of the visitor is refused. False when it was over already."""
    require(actor, permissions.GRANT)
    return _end(Asking.objects.select_for_update().get(pk=asking_id), actor, "director")


@transaction.atomic
def leave(*, actor: Actor) -> bool:
    """The visitor has seen enough."""
    if actor.visit_id is None:
        raise NotAllowed
    return _end(Asking.objects.select_for_update().get(visit_id=actor.visit_id), actor, "visitor")


def _end(row: Asking, actor: Actor, by: str) -> bool:
    visit = queries.visit_of(row)
    if visit is None or not identity.end_visit(actor=actor, visit_id=visit.id, by=by):
        return False
    row.state = State.ENDED
    row.save(update_fields=["state"])
    pages, persons = queries.figures_of(visit.user_id)
    post.send(
        to=row.vendor_id,
        kind=letters.KINDS[letters.Ended],
        body={"request_id": row.pk, "by": by, "at": clock.now(), "pages": pages, "persons": persons},
        actor=actor,
    )
    return True


# --- letters of the vendor


def asked(letter: Letter, said: letters.Asked, *, actor: Actor) -> None:
    """Lay the request before the director. Only a vendor may ask."""
    if letter.sender.kind is not Kind.VENDOR or Asking.objects.filter(pk=said.request_id).exists():
        return
    row = Asking.objects.create(
        id=said.request_id,
        vendor_id=letter.sender.id,
        vendor_kk=letter.sender.name_kk,
        vendor_ru=letter.sender.name_ru,
        surname=said.surname,
        name=said.name,
        visitor_ref=said.visitor_ref,
        purpose=said.purpose,
        codes=sorted(set(said.codes)),
        hours=said.hours,
        asked_at=said.asked_at,
    )
    notify.tell(
        [one.id for one in identity.users_with_role(Role.DIRECTOR)],
        notices.TOPIC,
        notices.ASKED,
        {"person": row.person, "purpose": row.purpose},
        notices.page_of(row.pk),
        actor=actor,
    )
    audit.record(
        actor=actor,
        action="support.asking_came",
        object_type="support_asking",
        object_id=row.pk,
        details={"rights": row.codes, "hours": row.hours},
    )


def withdrawn(letter: Letter, said: letters.Withdrawn, *, actor: Actor) -> None:
    """The vendor took the request back before it was answered."""
    rows = Asking.objects.filter(pk=said.request_id, vendor_id=letter.sender.id, state=State.WAITING)
    if rows.update(state=State.WITHDRAWN):
        audit.record(
            actor=actor,
            action="support.asking_withdrawn",
            object_type="support_asking",
            object_id=said.request_id,
        )
