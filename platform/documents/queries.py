"""Reads of the archive."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from documents import permissions, registry
from documents.models import IssuedDocument
from kernel import audit, files
from kernel.access import Actor, require


def issued(*, actor: Actor, form: str = "", text: str = "") -> QuerySet[IssuedDocument]:
    """Papers given out, the newest first."""
    require(actor, permissions.VIEW_ISSUED)
    rows = IssuedDocument.objects.exclude(form__in=registry.closed_to(actor)).order_by("-issued_at", "-id")
    if form:
        rows = rows.filter(form=form)
    if text:
        rows = rows.filter(number=int(text)) if text.isdigit() else rows.filter(subject__icontains=text)
    return rows


def forms_issued(*, actor: Actor) -> list[tuple[str, int]]:
    """Which forms were ever issued here, with a version to name them by."""
    require(actor, permissions.VIEW_ISSUED)
    return list(
        IssuedDocument.objects.exclude(form__in=registry.closed_to(actor))
        .order_by("form", "-version")
        .distinct("form")
        .values_list("form", "version")
    )


def content(*, actor: Actor, document_id: UUID) -> tuple[IssuedDocument, bytes]:
    """The paper as it was given out, byte by byte. That it was opened is logged."""
    require(actor, permissions.VIEW_ISSUED)
    row = IssuedDocument.objects.exclude(form__in=registry.closed_to(actor)).get(pk=document_id)
    _, kept = files.read(file_id=row.file_id, purpose="documents")
    audit.record(actor=actor, action="documents.document.opened", object_type="document", object_id=row.pk)
    if row.subject_kind and row.subject_id:
        audit.viewed(
            actor=actor, subject=row.subject_kind, subject_ids=[row.subject_id], purpose="documents.archive"
        )
    return row, kept


def kept(document_id: UUID) -> bytes:
    """The bytes of an issued paper, for the module whose paper it is; the caller has checked the right and logs it."""
    row = IssuedDocument.objects.get(pk=document_id)
    return files.read(file_id=row.file_id, purpose="documents")[1]
