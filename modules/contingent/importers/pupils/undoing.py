"""A load taken back: only what nobody has changed or used since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model

from identity import api as identity
from imports.api import Change, ChangeKind, used
from imports.copying import update_fields
from kernel import audit
from kernel.access import Actor, require
from kernel.events import publish, publish_all
from modules.contingent import permissions
from modules.contingent.events import PupilMoved, PupilsWithdrawn
from modules.contingent.importers.objects import CLASS, GUARDIAN, LINK, PLACE, PUPIL, STATUS
from modules.contingent.importers.pupils.loading import plain
from modules.contingent.models import (
    Guardian,
    Guardianship,
    Membership,
    Pupil,
    PupilStatus,
    SchoolClass,
    SightBan,
)
from modules.contingent.queries import SECTION_MODELS


@dataclass(slots=True)
class Stays:
    """Pupils that cannot be taken back, with the names to show."""

    pupil_ids: set[UUID] = field(default_factory=set)
    names: list[str] = field(default_factory=list)


def what_stays(changes: Sequence[Change]) -> Stays:
    """Who was changed by hand, moved, given something, or used by another part of the school since the load."""
    groups = _by_type(changes)
    created = {c.object_id for c in groups[PUPIL] if c.kind is ChangeKind.CREATED}
    touched = created | {c.object_id for c in groups[PUPIL]}
    pupils = {one.pk: one for one in Pupil.objects.filter(pk__in=touched)}
    ours = {kind: {c.object_id for c in groups[kind]} for kind in (PLACE, LINK, STATUS)}
    stays = set()
    stays |= _pupils_of(Membership.objects.filter(pupil_id__in=created).exclude(pk__in=ours[PLACE]))
    stays |= _pupils_of(Guardianship.objects.filter(pupil_id__in=created).exclude(pk__in=ours[LINK]))
    stays |= _pupils_of(PupilStatus.objects.filter(pupil_id__in=created).exclude(pk__in=ours[STATUS]))
    lines: tuple[type[Model], ...] = (*SECTION_MODELS.values(), SightBan)
    for model in lines:
        stays |= _pupils_of(model._default_manager.filter(pupil_id__in=created))
    stays |= _moved_since(groups[PLACE])
    stays |= used(PUPIL, created) | (set(identity.accounts_of(created)) & created)
    for change in groups[PUPIL]:
        pupil = pupils.get(change.object_id)
        if pupil is None:
            continue
        if change.kind is ChangeKind.UPDATED:
            now = plain({name: getattr(pupil, name) for name in change.after})
            if now != dict(change.after):
                stays.add(pupil.pk)
        elif pupil.changed_at != pupil.created_at and _changed_later(pupil):
            stays.add(pupil.pk)
    return Stays(stays, sorted(one.person_name.full for one in Pupil.objects.filter(pk__in=stays)))


def _moved_since(places: Sequence[Change]) -> set[UUID]:
    """Pupils whose place is not as the load left it, or who have used it: they got marks in their new class."""
    rows = {one.pk: one for one in Membership.objects.filter(pk__in=[c.object_id for c in places])}
    in_use = used(PLACE, [c.object_id for c in places if _is_new_place(c)])
    return {
        row.pupil_id
        for change in places
        if (row := rows.get(change.object_id)) is not None
        and (row.pk in in_use or not _is_as_left(row, change))
    }


def _is_new_place(change: Change) -> bool:
    """Whether the load put the pupil there, and did not merely end his stay."""
    return change.kind is ChangeKind.CREATED or "school_class_id" in change.after


def _is_as_left(row: Membership, change: Change) -> bool:
    left = {"until": None, **change.after}
    now = plain({"until": row.until, "school_class_id": row.school_class_id})
    return all(now[name] == value for name, value in left.items())


def _changed_later(pupil: Pupil) -> bool:
    """bulk_create sets both moments a few microseconds apart."""
    return (pupil.changed_at - pupil.created_at).total_seconds() > 1


def _pupils_of(rows: Any) -> set[UUID]:
    return set(rows.values_list("pupil_id", flat=True))


def _by_type(changes: Iterable[Change]) -> dict[str, list[Change]]:
    groups: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        groups[change.object_type].append(change)
    return groups


def undo(changes: Sequence[Change], *, actor: Actor) -> list[str]:
    """Take back in the caller's transaction; answer the names of the pupils who stay."""
    require(actor, permissions.IMPORT)
    audit.sign(actor)
    groups = _by_type(changes)
    touched = {c.object_id for c in groups[PUPIL]}
    touched |= _pupils_of(Membership.objects.filter(pk__in=[c.object_id for c in groups[PLACE]]))
    list(Pupil.objects.select_for_update().filter(pk__in=touched).order_by("pk").values_list("pk"))
    stays = what_stays(changes)
    free = [c for c in groups[PUPIL] if c.object_id not in stays.pupil_ids]
    gone = [c.object_id for c in free if c.kind is ChangeKind.CREATED]

    def mine(model: Any, kind: str) -> Any:
        """Rows made by the batch, those of the pupils who stay left alone."""
        ids = [c.object_id for c in groups[kind] if c.kind is ChangeKind.CREATED]
        return model.objects.filter(pk__in=ids).exclude(pupil_id__in=stays.pupil_ids)

    mine(PupilStatus, STATUS).delete()
    mine(Guardianship, LINK).delete()
    new_places = mine(Membership, PLACE)
    left = dict(new_places.values_list("pupil_id", "school_class_id"))
    new_places.delete()
    moved_back = _restore_places(groups[PLACE], stays.pupil_ids, left)
    _restore([c for c in free if c.kind is ChangeKind.UPDATED])
    Pupil.objects.filter(pk__in=gone).delete()
    _leftovers(groups)
    publish_all(moved_back, actor=actor)
    if gone:
        publish(PupilsWithdrawn(pupil_ids=tuple(str(one) for one in gone)), actor=actor)
    return stays.names


def _restore_places(
    changes: Sequence[Change], stays: set[UUID], left: Mapping[UUID, UUID]
) -> list[PupilMoved]:
    """Put the pupils back into the classes they were moved from; `left` are the classes of the places just deleted."""
    ended = {c.object_id: c for c in changes if c.kind is ChangeKind.UPDATED}
    rows = list(Membership.objects.filter(pk__in=ended).exclude(pupil_id__in=stays))
    moved = []
    for row in rows:
        before = UUID(ended[row.pk].before["school_class_id"])
        moved.append(
            PupilMoved(
                pupil_id=str(row.pupil_id),
                from_class_id=str(left.get(row.pupil_id, row.school_class_id)),
                to_class_id=str(before),
                since=row.since.isoformat(),
            )
        )
        row.until, row.school_class_id = None, before
    Membership.objects.bulk_update(rows, ["until", "school_class"], batch_size=500)
    return moved


def _restore(changes: Sequence[Change]) -> None:
    before: dict[UUID, dict[str, Any]] = {}
    for change in changes:
        if change.object_id is not None:
            before.setdefault(change.object_id, {}).update(_revived(change.before))
    update_fields(Pupil, before)


def _revived(before: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: date.fromisoformat(value) if name.endswith("_date") and value else value
        for name, value in before.items()
    }


def _leftovers(groups: Mapping[str, Sequence[Change]]) -> None:
    """Guardians and classes that the batch made and nobody needs any more."""
    guardians = Guardian.objects.filter(pk__in=[c.object_id for c in groups.get(GUARDIAN, ())])
    lonely = set(guardians.filter(guardianships=None).values_list("pk", flat=True))
    lonely -= used(GUARDIAN, lonely) | set(identity.accounts_of(lonely))
    Guardian.objects.filter(pk__in=lonely).delete()
    classes = SchoolClass.objects.filter(
        pk__in=[c.object_id for c in groups.get(CLASS, ())], memberships=None
    )
    empty = set(classes.values_list("pk", flat=True))
    SchoolClass.objects.filter(pk__in=empty - used(CLASS, empty)).delete()
