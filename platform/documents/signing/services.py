"""Freezing a document, signing it, refusing to sign it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from documents.data import Printed
from documents.events import DocumentSigned, SigningRefused
from documents.models import FrozenDocument, Signature
from documents.signing import kinds, queries, verifying
from documents.signing.data import (
    AlreadyDecided,
    FrozenInfo,
    OtherContent,
    Outdated,
    ReasonWanted,
    SignatureRefused,
    Signer,
    SomebodyElse,
    State,
)
from kernel import audit, clock, files
from kernel.access import Actor
from kernel.events import publish

NCALAYER = "ncalayer"


@transaction.atomic
def freeze(
    *,
    actor: Actor,
    kind: str,
    subject_id: UUID,
    title: str,
    printed: Printed,
    content_sha256: str,
    signers: Iterable[Signer],
) -> FrozenInfo:
    """Freeze the printed paper as the document's next version and ask the signers. The caller has checked the right.

    A version that nobody has signed or refused yet was given to nobody and makes room. Of two who freeze the same at
    once the second is refused by the database.
    """
    last = FrozenDocument.objects.filter(kind=kind, subject_id=subject_id).order_by("-version").first()
    number = last.version + 1 if last else 1
    if last is not None and not last.signatures.exclude(state=State.WAITING).exists():
        number = last.version
        last.signatures.all().delete()
        last.delete()
        files.delete(file_id=last.file_id)
    kept = files.store(
        actor=actor,
        name=printed.name,
        content=printed.content,
        content_type="application/pdf",
        purpose=queries.PURPOSE,
    )
    row = FrozenDocument.objects.create(
        kind=kind,
        subject_id=subject_id,
        version=number,
        title=title[:200],
        language=printed.language,
        file=kept,
        sha256=printed.sha256,
        content_sha256=content_sha256,
        frozen_at=clock.now(),
        frozen_by_id=actor.user_id,
        frozen_by_name=actor.system or actor.name,
    )
    Signature.objects.bulk_create(
        Signature(document=row, user_id=one.user_id, person_id=one.person_id, signer_name=one.name)
        for one in signers
    )
    audit.record(actor=actor, action="documents.signing.prepared", **_about(row))
    return queries.info(row)


def sign(*, actor: Actor, signature_id: UUID, cms: bytes, route: str = NCALAYER) -> FrozenInfo:
    """Take the actor's signature if it is one under exactly the frozen bytes, made by the actor's own key.

    What is refused leaves a line in the security log. The outside service is asked before any row is locked.
    """
    row = queries.own(actor=actor, signature_id=signature_id)
    try:
        return _sign(actor, row, cms, route)
    except SignatureRefused as refusal:
        audit.record(
            actor=actor,
            action="documents.signature.rejected",
            outcome="refused",
            **_about(row.document, why=refusal.code),
        )
        raise


def _sign(actor: Actor, row: Signature, cms: bytes, route: str) -> FrozenInfo:
    document, now = row.document, clock.now()
    _require_waiting(actor, row)
    iin = kinds.iin_of(row.person_id)
    content = queries.content(document)
    if hashlib.sha256(content).hexdigest() != document.sha256:
        raise OtherContent
    verified = verifying.verify(cms, content, at=now)
    if verified.iin != iin:
        raise SomebodyElse
    with transaction.atomic():
        row = _locked(row)
        _require_waiting(actor, row)
        row.state, row.decided_at, row.route, row.cms = State.SIGNED, now, route, cms
        row.subject, row.issuer, row.serial, row.bin = (
            verified.subject,
            verified.issuer,
            verified.serial,
            verified.bin,
        )
        row.algorithm, row.revocation, row.verified_by = (
            verified.algorithm,
            verified.revocation,
            verified.by,
        )
        row.stamp, row.stamped_at = verified.stamp, verified.stamped_at
        row.save(update_fields=_DECIDED)
        audit.record(actor=actor, action="documents.signature.signed", **_about(document, route=route))
        publish(
            DocumentSigned(
                document_id=str(document.pk), kind=document.kind, subject_id=str(document.subject_id)
            ),
            actor=actor,
        )
        return _tell(actor, document)


_DECIDED = [
    *("state", "decided_at", "route", "cms", "subject", "issuer", "serial", "bin"),
    *("algorithm", "revocation", "verified_by", "stamp", "stamped_at"),
]


@transaction.atomic
def refuse(*, actor: Actor, signature_id: UUID, reason: str) -> FrozenInfo:
    """Say that one does not sign, and why. It stands as firmly as a signature."""
    row = _locked(queries.own(actor=actor, signature_id=signature_id))
    if row.state != State.WAITING:
        raise AlreadyDecided
    if not reason.strip():
        raise ReasonWanted
    row.state, row.decided_at, row.reason = State.REFUSED, clock.now(), reason.strip()[:300]
    row.save(update_fields=["state", "decided_at", "reason"])
    audit.record(actor=actor, action="documents.signature.refused", **_about(row.document))
    publish(
        SigningRefused(
            document_id=str(row.document_id), kind=row.document.kind, subject_id=str(row.document.subject_id)
        ),
        actor=actor,
    )
    return _tell(actor, row.document)


def _locked(row: Signature) -> Signature:
    return Signature.objects.select_for_update(of=("self",)).select_related("document").get(pk=row.pk)


def _require_waiting(actor: Actor, row: Signature) -> None:
    """That the signature is still wanted, of this actor, and of facts that stand as they are printed."""
    if row.state != State.WAITING:
        raise AlreadyDecided
    kind = kinds.KINDS[row.document.kind]
    kind.require_signer(actor=actor, subject_id=row.document.subject_id)
    if kind.content(actor=actor, subject_id=row.document.subject_id) != row.document.content_sha256:
        raise Outdated


def _tell(actor: Actor, document: FrozenDocument) -> FrozenInfo:
    frozen = queries.info(FrozenDocument.objects.prefetch_related("signatures").get(pk=document.pk))
    kinds.KINDS[document.kind].decided(actor=actor, frozen=frozen)
    return frozen


def _about(row: FrozenDocument, **details: str) -> dict[str, Any]:
    """Which document a line of the log is about."""
    return {
        "object_type": "signed_document",
        "object_id": row.pk,
        "details": {"kind": row.kind, "version": row.version, **details},
    }
