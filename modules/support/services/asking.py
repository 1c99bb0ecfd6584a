"""The vendor's side: a person asks a school to be let in, takes the request back, and takes ways in."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import api as identity
from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotAllowed
from kernel.tenancy import Kind
from modules.support import letters, permissions, queries
from modules.support.data import MOST_HOURS, State, codes_in
from modules.support.models import SupportRequest
from tenants import api as tenants
from tenants import post
from tenants.post import Letter


class NoSuchSchool(DomainError):
    message = _("No such school works on the platform.")
    code = "no_such_school"


class NothingAsked(DomainError):
    message = _("Tick in the sections at least one line that has to be seen.")
    code = "nothing_asked"


class TooManyHours(DomainError):
    message = _("A visit lasts {hours} h at most.")
    code = "too_many_hours"


class NotOpen(DomainError):
    message = _("The school has not let you in, or the visit is over.")
    code = "not_open"


def ask(*, actor: Actor, school_id: UUID, purpose: str, codes: Collection[str], hours: int) -> SupportRequest:
    """Ask the school's director to be let in. Raises NoSuchSchool, NothingAsked, TooManyHours, post.NoSuchAddress."""
    require(actor, permissions.ASK)
    school = tenants.by_id(school_id)
    if school is None or school.kind is not Kind.SCHOOL or school.state not in tenants.WRITING:
        raise NoSuchSchool
    wished = sorted(set(codes) & codes_in(queries.sections()))
    if not wished:
        raise NothingAsked
    if not 1 <= hours <= MOST_HOURS:
        raise TooManyHours(hours=MOST_HOURS)
    who = identity.visitor_card(actor=actor)
    row = SupportRequest(
        school_id=school.id,
        school_kk=school.name_kk,
        school_ru=school.name_ru,
        asked_by_id=who.user_id,
        asked_by=actor.name,
        purpose=purpose.strip()[:300],
        codes=wished,
        hours=hours,
        asked_at=clock.now(),
    )
    with transaction.atomic():
        row.letter_id = post.send(
            to=school.id,
            kind=letters.KINDS[letters.Asked],
            body={
                "request_id": row.pk,
                "surname": who.surname,
                "name": who.name,
                "visitor_ref": who.ref,
                "purpose": row.purpose,
                "codes": wished,
                "hours": hours,
                "asked_at": row.asked_at,
            },
            actor=actor,
        )
        row.save(force_insert=True)
        audit.record(
            actor=actor,
            action="support.asked",
            object_type="support_request",
            object_id=row.pk,
            details={"school": str(school.id), "rights": wished, "hours": hours},
        )
    return row


def _own(actor: Actor, request_id: UUID) -> SupportRequest:
    """The actor's own request, locked: what was granted to one person is nobody else's."""
    require(actor, permissions.ASK)
    row = SupportRequest.objects.select_for_update().get(pk=request_id)
    if row.asked_by_id != actor.user_id:
        raise NotAllowed
    return row


@transaction.atomic
def withdraw(*, actor: Actor, request_id: UUID) -> None:
    """Take the request back while the director has not answered; afterwards it changes nothing."""
    row = _own(actor, request_id)
    if row.state != State.WAITING:
        return
    row.state, row.ended_at = State.WITHDRAWN, clock.now()
    row.save(update_fields=["state", "ended_at"])
    if row.letter_id is None or not post.take_back(row.letter_id):
        post.send(
            to=row.school_id,
            kind=letters.KINDS[letters.Withdrawn],
            body={"request_id": row.pk},
            actor=actor,
        )
    audit.record(actor=actor, action="support.withdrawn", object_type="support_request", object_id=row.pk)


def way_in(*, actor: Actor, request_id: UUID) -> str:
    """The address that lets the asker into the school once within the next two minutes. Raises NotOpen."""
    require(actor, permissions.ASK)
    # The register is asked before the transaction: no tenant is switched inside one.
    school = tenants.by_id(SupportRequest.objects.get(pk=request_id).school_id)
    with transaction.atomic():
        row, now = _own(actor, request_id), clock.now()
        if row.state_at(now) != State.GRANTED or not row.secret or school is None:
            raise NotOpen
        card = identity.visitor_card(actor=actor)
        ticket = identity.ticket_for(request_id=row.pk, visitor_ref=card.ref, secret=row.secret, at=now)
        audit.record(actor=actor, action="support.way_taken", object_type="support_request", object_id=row.pk)
    return tenants.url_of(school, f"/visit/?ticket={ticket}")


# --- letters of schools


def _of_sender(letter: Letter, request_id: UUID) -> SupportRequest | None:
    return (
        SupportRequest.objects.select_for_update().filter(pk=request_id, school_id=letter.sender.id).first()
    )


def answered(letter: Letter, said: letters.Answered, *, actor: Actor) -> None:
    """Keep the director's word; one that comes after the request was withdrawn opens nothing here."""
    row = _of_sender(letter, said.request_id)
    if row is None or row.state != State.WAITING:
        return
    row.state = State.GRANTED if said.granted and said.secret and said.until else State.REFUSED
    row.answered_at, row.word = letter.written_at, said.word
    if row.state == State.GRANTED:
        row.codes, row.until, row.secret = said.codes, said.until, said.secret
    row.save(update_fields=["state", "answered_at", "word", "codes", "until", "secret"])
    audit.record(
        actor=actor,
        action="support.answered",
        object_type="support_request",
        object_id=row.pk,
        details={"state": row.state},
    )


def ended(letter: Letter, said: letters.Ended, *, actor: Actor) -> None:
    """Keep that the visit is over, and how much was looked at."""
    row = _of_sender(letter, said.request_id)
    if row is None or row.state != State.GRANTED:
        return
    row.state, row.ended_at, row.ended_by, row.secret = State.ENDED, said.at, said.by, ""
    row.pages, row.persons = said.pages, said.persons
    row.save(update_fields=["state", "ended_at", "ended_by", "secret", "pages", "persons"])
    audit.record(
        actor=actor,
        action="support.ended",
        object_type="support_request",
        object_id=row.pk,
        details={"by": said.by, "pages": said.pages, "persons": said.persons},
    )
