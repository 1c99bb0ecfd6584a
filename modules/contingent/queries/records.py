"""The card by its parts: which of them are open to the reader, their lines, and who changed what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db import models

from kernel import files
from kernel.access import Actor, Permission, Scope
from kernel.errors import NotFound
from kernel.models import StoredFile
from modules.contingent import permissions
from modules.contingent.models import (
    CardChange,
    Guardian,
    HealthGroup,
    HealthNote,
    HomeSchooling,
    Pupil,
    PupilAddress,
    PupilDocument,
    SightBan,
    SpecialNeed,
    Transport,
)
from modules.contingent.queries.people import get_pupil, visible

PHOTO, SCAN = "contingent.photo", "contingent.scan"
SECTION_MODELS: Mapping[str, type[models.Model]] = {
    "documents": PupilDocument,
    "addresses": PupilAddress,
    "transport": Transport,
    "needs": SpecialNeed,
    "home": HomeSchooling,
    "health": HealthGroup,
    "notes": HealthNote,
}
# Which right opens a section, and which rights open a part of the card: any one of them.
SECTION_RIGHTS: Mapping[str, Permission] = {
    "documents": permissions.DOCUMENTS,
    "health": permissions.HEALTH,
    "notes": permissions.HEALTH,
}
PARTS: Mapping[str, tuple[Permission, ...]] = {
    "identity": (permissions.CARD,),
    "documents": (permissions.DOCUMENTS,),
    "addresses": (permissions.CARD,),
    "guardians": (permissions.CARD,),
    "statuses": (permissions.CARD,),
    "health": (permissions.HEALTH, permissions.HEALTH_ADVICE),
    "movement": (permissions.CARD,),
    "changes": (permissions.CHANGES,),
    "looked": (permissions.WHO_LOOKED,),
}
# Parts of the history that not everybody reads who reads the history.
_CLOSED = {
    "document": permissions.DOCUMENTS,
    "health": permissions.HEALTH,
    "health_note": permissions.HEALTH,
}
MOST_CHANGES = 300


def open_card(*, actor: Actor, pupil_id: UUID) -> tuple[Pupil, list[str]]:
    """The pupil and the parts of his card that are open to the actor; raises NotFound when none is."""
    row = Pupil.objects.filter(pk=pupil_id, removed_at=None).first()
    known: dict[frozenset[Scope], bool] = {}

    def opens(needed: Permission) -> bool:
        scopes = actor.scopes(needed)
        if scopes and scopes not in known:
            condition = visible(actor=actor, through=needed)
            known[scopes] = Pupil.objects.filter(condition, pk=pupil_id).exists()
        return bool(scopes) and known[scopes]

    parts = [code for code, rights in PARTS.items() if row is not None and any(map(opens, rights))]
    if row is None or not parts:
        raise NotFound
    return row, parts


def opens_all_cards(actor: Actor) -> bool:
    """Whether some part of every pupil's card is open to the actor."""
    return any(actor.reaches_school(one) for one in (permissions.CARD, permissions.HEALTH))


def records_of(*, actor: Actor, pupil_id: UUID, section: str) -> list[Any]:
    """Lines of a section, the running and the newest first; raises NotFound when they are not open to the actor."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=SECTION_RIGHTS.get(section, permissions.CARD))
    rows = SECTION_MODELS[section]._default_manager.filter(pupil_id=pupil_id)
    if section == "documents":
        return list(rows.order_by("kind", "-issued_date", "-id"))
    return list(rows.order_by(models.F("until").desc(nulls_first=True), "-since", "-id"))


def get_record(*, actor: Actor, pupil_id: UUID, section: str, record_id: UUID) -> Any:
    known = records_of(actor=actor, pupil_id=pupil_id, section=section)
    found = next((one for one in known if one.pk == record_id), None)
    if found is None:
        raise NotFound
    return found


def health_advice(*, actor: Actor, pupil_id: UUID) -> tuple[HealthGroup | None, list[str]]:
    """What the class must know: the groups now in force, and what to do. Never the illness itself."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.HEALTH_ADVICE)
    group = HealthGroup.objects.filter(pupil_id=pupil_id, until=None).first()
    notes = HealthNote.objects.filter(pupil_id=pupil_id, until=None).exclude(action="")
    return group, list(notes.order_by("since", "id").values_list("action", flat=True))


def photo(*, actor: Actor, pupil_id: UUID) -> tuple[StoredFile, bytes]:
    row = get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    if row.photo_id is None:
        raise NotFound
    return files.read(file_id=row.photo_id, purpose=PHOTO)


def scan(*, actor: Actor, pupil_id: UUID, record_id: UUID) -> tuple[StoredFile, bytes]:
    """The scan of a document of the card, or of the decision behind a ban."""
    document = PupilDocument.objects.filter(pk=record_id, pupil_id=pupil_id).first()
    right = permissions.DOCUMENTS if document is not None else permissions.EDIT
    if not actor.may(right):
        raise NotFound
    get_pupil(actor=actor, pupil_id=pupil_id, through=right)
    ban = None if document is not None else SightBan.objects.filter(pk=record_id, pupil_id=pupil_id).first()
    file_id = document.scan_id if document is not None else ban.paper_id if ban is not None else None
    if file_id is None:
        raise NotFound
    return files.read(file_id=file_id, purpose=SCAN)


def changes_of(*, actor: Actor, pupil_id: UUID) -> list[CardChange]:
    """Who changed what in the card, the newest first; parts that are closed to the actor are left out."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CHANGES)
    closed = [part for part, right in _CLOSED.items() if not actor.reaches_school(right)]
    rows = CardChange.objects.filter(pupil_id=pupil_id).exclude(part__in=closed)
    return list(rows.order_by("-id")[:MOST_CHANGES])


def guardian_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Full names by id, for the history of a card that is open to the reader."""
    return {row.pk: row.person_name.full for row in Guardian.objects.filter(pk__in=list(ids))}
