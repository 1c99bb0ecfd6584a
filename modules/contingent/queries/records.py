"""The card by its parts: which of them are open to the reader, their lines, and who changed what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import models

from identity import api as identity
from kernel import clock, files
from kernel.access import Actor, Permission, Scope
from kernel.errors import NotFound
from kernel.models import StoredFile
from modules.contingent import permissions
from modules.contingent.data import PupilInfo
from modules.contingent.models import (
    CardChange,
    Guardian,
    HealthGroup,
    HealthNote,
    HomeSchooling,
    Membership,
    Pupil,
    PupilAddress,
    PupilDocument,
    SightBan,
    SpecialNeed,
    Transport,
)
from modules.contingent.queries import custody
from modules.contingent.queries.charges import on_day
from modules.contingent.queries.people import ORDER, get_pupil, info_of_pupil, visible
from modules.contingent.queries.words import label, shown
from modules.school import api as school

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
# What of the card goes along to another school.
SENT: Mapping[str, tuple[str, ...]] = {
    "documents": ("kind", "series", "number", "issued_by", "issued_date", "valid_until"),
    "addresses": ("kind", "kato", "text", "since"),
    "needs": ("programme", "paper_number", "paper_date", "issued_by", "advice", "since", "until"),
    "home": ("paper_number", "paper_date", "issued_by", "order_number", "order_date", "since", "until"),
}


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


def watching(*, pupil_id: UUID, user_ids: Iterable[int]) -> list[int]:
    """Of the accounts, those to which the pupil's card is open today: only they are told of him."""
    found = []
    for user_id in user_ids:
        reader = identity.actor_of_user(user_id)
        if reader.may(permissions.CARD):
            condition = visible(actor=reader, through=permissions.CARD)
            if Pupil.objects.filter(condition, pk=pupil_id).exists():
                found.append(user_id)
    return found


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


def waits_for_transport(*, actor: Actor, pupil_id: UUID) -> Decimal | None:
    """How far the child lives, when it is so far that he is brought to school and no route is noted."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    lives = PupilAddress.objects.filter(
        pupil_id=pupil_id,
        kind=PupilAddress.Kind.ACTUAL,
        until=None,
        distance_km__gte=school.setting("contingent.transport_km"),
    ).first()
    if lives is None or Transport.objects.filter(pupil_id=pupil_id, until=None).exists():
        return None
    return lives.distance_km


def health_advice(*, actor: Actor, pupil_id: UUID) -> tuple[HealthGroup | None, list[str]]:
    """What the class must know: the groups now in force, and what to do. Never the illness itself."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.HEALTH_ADVICE)
    group = HealthGroup.objects.filter(pupil_id=pupil_id, until=None).first()
    notes = HealthNote.objects.filter(pupil_id=pupil_id, until=None).exclude(action="")
    return group, list(notes.order_by("since", "id").values_list("action", flat=True))


def lines_to_send(*, actor: Actor, pupil_id: UUID) -> dict[str, Any]:
    """The lines of the card for another school, as JSON keeps them; of the addresses those in force.

    Health stays: the medical papers go from clinic to clinic. Scans stay too: the personal file goes along.
    """
    row = get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD)
    content: dict[str, Any] = {}
    for section, fields in SENT.items():
        if not actor.may(SECTION_RIGHTS.get(section, permissions.CARD)):
            continue
        rows = SECTION_MODELS[section]._default_manager.filter(pupil_id=pupil_id).order_by("id")
        if section == "addresses":
            rows = rows.filter(until=None)
        content[section] = [
            {name: plain(value) for name in fields if (value := getattr(one, name)) not in (None, "")}
            for one in rows
        ]
    bans = [
        {**_named(one.guardian), "since": plain(one.since), "until": plain(one.until), "ground": one.ground}
        for one in custody.bans_of(pupil_id)
    ]
    found = {key: value for key, value in (content | {"bans": bans}).items() if value}
    if row.birth_place:
        found["birth_place"] = row.birth_place
    return {"version": 1, **found} if found else {}


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return value if value is None or isinstance(value, str | int) else str(value)


def _named(one: Guardian) -> dict[str, str]:
    return {"surname": one.surname, "name": one.name, "patronymic": one.patronymic}


def lines_in_words(content: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...], list[tuple[str, ...]]]]:
    """Lines that came from another school as tables: title, head, rows."""
    found = []
    for section, fields in SENT.items():
        model, lines = SECTION_MODELS[section], content.get(section, ())
        shown_fields = [name for name in fields if any(one.get(name) for one in lines)]
        rows = [tuple(shown(model, name, one.get(name)) or "–" for name in shown_fields) for one in lines]
        if rows:
            title = str(model._meta.verbose_name_plural).capitalize()
            found.append((title, tuple(label(model, name) for name in shown_fields), rows))
    return found


def health_of_class(*, actor: Actor, class_id: UUID) -> list[tuple[PupilInfo, HealthGroup | None]]:
    """The health list: pupils now in the class whose health is open to the actor, with the groups in force."""
    right = permissions.HEALTH if actor.may(permissions.HEALTH) else permissions.HEALTH_ADVICE
    places = (
        Membership.objects.filter(
            on_day(clock.today()),
            visible(actor=actor, through=right, path="pupil__"),
            school_class_id=class_id,
        )
        .select_related("pupil", "school_class")
        .order_by(*(f"pupil__{part}" for part in ORDER))
    )
    pupils = [info_of_pupil(place.pupil, place) for place in places]
    groups = {
        row.pupil_id: row
        for row in HealthGroup.objects.filter(pupil_id__in=[one.id for one in pupils], until=None)
    }
    return [(one, groups.get(one.id)) for one in pupils]


def photo_of(*, actor: Actor, pupil_id: UUID) -> UUID | None:
    return get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CARD).photo_id


def scan(*, actor: Actor, pupil_id: UUID, record_id: UUID) -> StoredFile:
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
    return files.kept(file_id=file_id, purpose=SCAN)


def changes_of(*, actor: Actor, pupil_id: UUID) -> list[CardChange]:
    """Who changed what in the card, the newest first; parts that are closed to the actor are left out."""
    get_pupil(actor=actor, pupil_id=pupil_id, through=permissions.CHANGES)
    closed = [part for part, right in _CLOSED.items() if not actor.reaches_school(right)]
    rows = CardChange.objects.filter(pupil_id=pupil_id).exclude(part__in=closed)
    return list(rows.order_by("-id")[:MOST_CHANGES])


def guardian_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Full names by id, for the history of a card that is open to the reader."""
    return {row.pk: row.person_name.full for row in Guardian.objects.filter(pk__in=list(ids))}
