"""Reads of documents that are signed."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from documents.models import FrozenDocument, Signature
from documents.signing.data import FrozenInfo, SignatureInfo, State
from documents.signing.kinds import KINDS
from kernel import files
from kernel.access import Actor
from kernel.errors import NotFound

PURPOSE = "signing"


def info(row: FrozenDocument) -> FrozenInfo:
    """`row.signatures` should be fetched before."""
    signatures = sorted(row.signatures.all(), key=lambda one: one.signer_name)
    return FrozenInfo(
        id=row.pk,
        kind=row.kind,
        subject_id=row.subject_id,
        version=row.version,
        title=row.title,
        sha256=row.sha256,
        content_sha256=row.content_sha256,
        frozen_at=row.frozen_at,
        frozen_by=row.frozen_by_name,
        signatures=tuple(_signature(one) for one in signatures),
    )


def _signature(row: Signature) -> SignatureInfo:
    return SignatureInfo(
        id=row.pk,
        state=row.state,
        signer=row.signer_name,
        decided_at=row.decided_at,
        reason=row.reason,
        subject=row.subject,
        issuer=row.issuer,
        serial=row.serial,
        bin=row.bin,
        algorithm=row.algorithm,
        revocation=row.revocation,
        stamp=row.stamp,
        stamped_at=row.stamped_at,
        route=row.route,
        verified_by=row.verified_by,
    )


def versions(*, kind: str, subject_id: UUID) -> list[FrozenInfo]:
    """All frozen versions of a document, the newest first. The caller has checked the right to it."""
    return versions_of(kind=kind, subject_ids=[subject_id]).get(subject_id, [])


def versions_of(*, kind: str, subject_ids: Iterable[UUID]) -> dict[UUID, list[FrozenInfo]]:
    """The same for many documents, in two statements."""
    rows = FrozenDocument.objects.filter(kind=kind, subject_id__in=list(subject_ids))
    found: dict[UUID, list[FrozenInfo]] = {}
    for row in rows.order_by("subject_id", "-version").prefetch_related("signatures"):
        found.setdefault(row.subject_id, []).append(info(row))
    return found


def seen(*, actor: Actor, document_id: UUID) -> FrozenDocument:
    """The document, for whom its module shows it and for its signers. Raises NotFound."""
    row = FrozenDocument.objects.prefetch_related("signatures").filter(pk=document_id).first()
    if row is None:
        raise NotFound
    is_signer = any(one.user_id == actor.user_id for one in row.signatures.all())
    if not is_signer and not KINDS[row.kind].may_see(actor=actor, subject_id=row.subject_id):
        raise NotFound
    return row


def own(*, actor: Actor, signature_id: UUID) -> Signature:
    """The actor's own place for a signature; another's is not there (NotFound)."""
    if actor.user_id is None or actor.person_id is None:
        raise NotFound
    row = (
        Signature.objects.select_related("document")
        .filter(pk=signature_id, user_id=actor.user_id, person_id=actor.person_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def content(row: FrozenDocument) -> bytes:
    """The frozen bytes."""
    return files.read(file_id=row.file_id, purpose=PURPOSE)[1]


def signed_cms(*, row: FrozenDocument, signature_id: UUID) -> tuple[SignatureInfo, bytes]:
    """A signature as it came. Raises NotFound for one not given."""
    found = next(
        (one for one in row.signatures.all() if one.pk == signature_id and one.state == State.SIGNED), None
    )
    if found is None or found.cms is None:
        raise NotFound
    return _signature(found), bytes(found.cms)
