"""Signing with the phone: eGov Mobile reads a square from the screen, fetches the document from us, and brings the CMS back.

The wire is that of "mgovSign" (state-and-external-systems.md §1.2). The address in the square is the whole right: it is
random, works a few minutes, for one document and its one signer, and is kept as a digest. What the phone brings is
verified as strictly as what comes from a browser, so a stranger who photographs the square can sign nothing.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from documents.models import PhoneSession, Signature
from documents.signing import cms, queries, services
from documents.signing.data import (
    AlreadyDecided,
    FrozenInfo,
    SignatureRefused,
    State,
    Unreadable,
    said_again,
)
from kernel import audit, clock, crypto
from kernel.access import Actor
from kernel.errors import NotFound, NotSignedIn

ROUTE = "phone"
LASTS = timedelta(minutes=10)
PURPOSE = "documents.phone"


@transaction.atomic
def begin(*, actor: Actor, signature_id: UUID) -> tuple[PhoneSession, str]:
    """A new square for one's own signature, and its token; the one shown before works no more."""
    row = queries.own(actor=actor, signature_id=signature_id)
    if row.state != State.WAITING:
        raise AlreadyDecided
    PhoneSession.objects.filter(signature=row).delete()
    token, now = secrets.token_urlsafe(32), clock.now()
    session = PhoneSession.objects.create(
        signature=row,
        token_digest=crypto.digest(PURPOSE, token),
        opened_at=now,
        expires_at=now + LASTS,
    )
    audit.record(
        actor=actor,
        action="documents.signing.phone_shown",
        object_type="signed_document",
        object_id=row.document_id,
    )
    return session, token


@dataclass(frozen=True, slots=True)
class Seen:
    """What the screen that shows the square is told: waiting, read, refused, expired, signed."""

    state: str
    refusal: str = ""
    minutes: int = 0


def look(*, actor: Actor, signature_id: UUID) -> Seen:
    """How far the phone has come."""
    row = queries.own(actor=actor, signature_id=signature_id)
    if row.state != State.WAITING:
        return Seen("signed" if row.state == State.SIGNED else "expired")
    session = PhoneSession.objects.filter(signature=row).order_by("-opened_at").first()
    if session is None or session.expires_at <= clock.now():
        return Seen("expired")
    minutes = max(1, round((session.expires_at - clock.now()).total_seconds() / 60))
    if session.refusal:
        return Seen("refused", said_again(session.refusal), minutes)
    return Seen("read" if session.read_at else "waiting", minutes=minutes)


# --- the phone's side


def opened(token: str) -> PhoneSession:
    """The session of the token while it works; raises NotFound."""
    found = (
        PhoneSession.objects.select_related("signature__document")
        .filter(token_digest=crypto.digest(PURPOSE, token), expires_at__gt=clock.now())
        .first()
    )
    if found is None:
        raise NotFound
    return found


def bearer_of(token: str) -> str:
    """The second word, told with the document's address: it follows from the first, so that nothing more is kept."""
    return crypto.digest(f"{PURPOSE}.bearer", token)


def authorised(token: str, header: str) -> PhoneSession:
    """The session, for a phone that has asked for the document's address before. Raises NotFound or NotSignedIn."""
    session = opened(token)
    said = header.removeprefix("Bearer ").strip()
    if not secrets.compare_digest(said.encode(), bearer_of(token).encode()):
        raise NotSignedIn
    if session.signature.state != State.WAITING:
        raise AlreadyDecided
    return session


def handed_out(session: PhoneSession) -> bytes:
    """The document for the phone; the screen says that it was read."""
    PhoneSession.objects.filter(pk=session.pk, read_at=None).update(read_at=clock.now())
    return queries.content(session.signature.document)


def brought(session: PhoneSession, body: Any) -> FrozenInfo:
    """Take the signature as the signer's own act. What is refused is told on the screen as well."""
    signature: Signature = session.signature
    actor: Actor = import_string(settings.ACTOR_OF_USER)(signature.user_id)
    try:
        return services.sign(actor=actor, signature_id=signature.pk, cms=cms_in(body), route=ROUTE)
    except SignatureRefused as refusal:
        kept = {"code": refusal.code, "values": refusal.values}
        PhoneSession.objects.filter(pk=session.pk).update(refusal=kept)
        raise


def cms_in(body: Any) -> bytes:
    """The CMS in what the phone sends; builds differ in where they put it. Raises Unreadable."""
    try:
        [one] = body["documentsToSign"]
        found = one.get("documentCms") or one["document"]["file"]["data"]
        return cms.decode(found)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Unreadable from None


def said_of(session: PhoneSession, *, organisation: Any, address: str, token: str) -> dict[str, Any]:
    """The first answer: whose document it is and where it lies."""
    frozen = session.signature.document
    return {
        "description": frozen.title,
        "expiry_date": _written(session.expires_at),
        "organisation": {
            "nameRu": organisation.name_ru or organisation.name_kk,
            "nameKz": organisation.name_kk,
            "nameEn": organisation.name_ru or organisation.name_kk,
            "bin": organisation.bin,
        },
        "document": {"uri": address, "auth_type": "Token", "auth_token": bearer_of(token)},
    }


def document_of(session: PhoneSession) -> dict[str, Any]:
    """The second answer: the document itself, to be signed apart from it."""
    frozen = session.signature.document
    content = base64.b64encode(handed_out(session)).decode()
    return {
        "signMethod": "CMS_SIGN_ONLY",
        "version": 1,
        "documentsToSign": [
            {
                "id": 1,
                "nameRu": frozen.title,
                "nameKz": frozen.title,
                "nameEn": frozen.title,
                "meta": [],
                "document": {"file": {"mime": "application/pdf", "data": content}},
            }
        ],
    }


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
