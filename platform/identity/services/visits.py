"""Visits: lent by the director, entered by one-use tickets, ended at once by either side.

A ticket is made where the visitor is known (the vendor's host) from the secret that travelled in the sealed letter. It
names the request and the moment, lives two minutes and opens the door once.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from identity import figures, visiting
from identity.credentials import key_hash, random_key
from identity.models import Session, User, Visit
from identity.services.signing_in import Attempt, Entered, count_address
from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import DomainError, NotAllowed
from kernel.tenancy import current

TICKET_LIVES = timedelta(minutes=2)
IDLE_MINUTES = 15
_TICKET = re.compile(r"([0-9a-f-]{36})\.(\d{13})\.([0-9a-f]{64})")


class TicketOver(DomainError):
    message = _("This way in is used or over. Take a new one on the page of your requests.")
    code = "ticket_over"
    status = 403


class TooLongVisit(DomainError):
    message = _("The school lets support in for {hours} h at most.")
    code = "too_long_visit"


@transaction.atomic
def lend(
    *,
    actor: Actor,
    request_id: UUID,
    surname: str,
    name: str,
    visitor_ref: UUID,
    organisation: str,
    purpose: str,
    codes: Collection[str],
    hours: int,
) -> tuple[Visit, str]:
    """Open a visit of the school to one person from outside; answers it with the secret for the sealed letter.

    The caller has checked that the actor may. Only lendable rights are lent. Raises TooLongVisit.
    """
    most = figures.longest_visit()
    if not 1 <= hours <= most:
        raise TooLongVisit(hours=most)
    lent = sorted(set(codes) & {one.code for one in visiting.lendable()})
    if not lent:
        raise NotAllowed
    now = clock.now()
    user = User(
        username=f"visitor-{secrets.token_hex(6)}",
        surname=surname,
        name=name,
        person_kind=User.PersonKind.VISITOR,
        password=make_password(None),
        must_change_password=False,
        language=current().language,
        created_at=now,
    )
    user.save()
    secret = secrets.token_hex(32)
    visit = Visit.objects.create(
        user=user,
        request_id=request_id,
        visitor_ref=visitor_ref,
        organisation=organisation,
        purpose=purpose,
        codes=lent,
        secret=secret,
        opened_at=now,
        until=now + timedelta(hours=hours),
    )
    audit.record(
        actor=actor,
        action="identity.visit.opened",
        object_type="visit",
        object_id=visit.pk,
        details={"request": str(request_id), "rights": lent, "hours": hours},
    )
    return visit, secret


def ticket_for(*, request_id: UUID, visitor_ref: UUID, secret: str, at: datetime) -> str:
    """A way into the visit for the next two minutes, once, for the person it was lent to."""
    moment = f"{int(at.timestamp() * 1000):013d}"
    return f"{request_id}.{moment}.{_mac(secret, request_id, moment, visitor_ref)}"


def _mac(secret: str, request_id: UUID, moment: str, visitor_ref: UUID) -> str:
    told = f"{request_id}|{moment}|{visitor_ref}".encode()
    return hmac.new(bytes.fromhex(secret), told, hashlib.sha256).hexdigest()


@transaction.atomic
def enter_visit(*, ticket: str, attempt: Attempt) -> Entered:
    """Open the one session of the visit; a session before it ends. Raises TicketOver for every fault alike."""
    count_address(attempt)
    now = clock.now()
    read = _TICKET.fullmatch(ticket)
    if read is None:
        raise TicketOver
    visit = Visit.objects.select_for_update().select_related("user").filter(request_id=read[1]).first()
    moment = int(read[2])
    age = now.timestamp() * 1000 - moment
    if (
        visit is None
        or not visit.is_open(now)
        or not 0 <= age <= TICKET_LIVES.total_seconds() * 1000
        or moment <= visit.ticket_ms
        or not hmac.compare_digest(read[3], _mac(visit.secret, visit.request_id, read[2], visit.visitor_ref))
    ):
        raise TicketOver
    visit.ticket_ms = moment
    visit.save(update_fields=["ticket_ms"])
    Session.objects.filter(user_id=visit.user_id, ended_at=None).update(ended_at=now)
    key = random_key()
    row = Session.objects.create(
        key_hash=key_hash(key),
        tenant_id=current().id,
        user=visit.user,
        created_at=now,
        seen_at=now,
        expires_at=visit.until,
        idle_minutes=IDLE_MINUTES,
        device=attempt.device[:150],
        address=attempt.address,
        methods="grant",
        strong_at=now,
    )
    User.objects.filter(pk=visit.user_id).update(signed_in_at=now)
    actor = visiting.actor_of(
        visit, session_id=row.pk, address=attempt.address, request_id=attempt.request_id
    )
    audit.record(actor=actor, action="identity.visit.entered", object_type="visit", object_id=visit.pk)
    return Entered(visit.user, key, row)


@transaction.atomic
def end_visit(*, actor: Actor, visit_id: int, by: str) -> bool:
    """End the visit and its session: the next request of the visitor is refused. False when it was over.

    The caller has checked that the actor may; `by` says whose word it was.
    """
    visit = Visit.objects.select_for_update().get(pk=visit_id)
    now = clock.now()
    if not visit.is_open(now):
        return False
    visit.ended_at, visit.ended_by = now, by
    visit.secret = secrets.token_hex(32)  # what the letter carried opens nothing any more
    visit.save(update_fields=["ended_at", "ended_by", "secret"])
    Session.objects.filter(user_id=visit.user_id, ended_at=None).update(ended_at=now)
    User.objects.filter(pk=visit.user_id).update(is_active=False)
    audit.record(
        actor=actor,
        action="identity.visit.ended",
        object_type="visit",
        object_id=visit.pk,
        details={"by": by},
    )
    return True
