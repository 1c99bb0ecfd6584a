"""A load taken back: only what nobody has changed or used since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from identity import api as identity
from imports.api import Change, ChangeKind, used
from kernel.access import Actor, require
from kernel.events import publish
from modules.contingent import permissions
from modules.contingent.events import PupilsWithdrawn
from modules.contingent.importers.loading import CLASS, GUARDIAN, LINK, PLACE, PUPIL, STATUS, plain
from modules.contingent.models import Guardian, Guardianship, Membership, Pupil, PupilStatus, SchoolClass


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
    stays |= _pupils_of(Membership.objects.filter(pk__in=ours[PLACE]).exclude(until=None)) & created
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
    names = sorted(pupils[key].person_name.full for key in stays if key in pupils)
    return Stays(stays, names)


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
    groups = _by_type(changes)
    touched = [c.object_id for c in groups[PUPIL]]
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
    mine(Membership, PLACE).delete()
    for change in groups[PLACE]:
        if change.kind is ChangeKind.UPDATED:
            _restore_place(change, stays.pupil_ids)
    _restore([c for c in free if c.kind is ChangeKind.UPDATED])
    Pupil.objects.filter(pk__in=gone).delete()
    _leftovers(groups)
    if gone:
        publish(PupilsWithdrawn(pupil_ids=tuple(str(one) for one in gone)), actor=actor)
    return stays.names


def _restore_place(change: Change, stays: set[UUID]) -> None:
    row = Membership.objects.filter(pk=change.object_id).exclude(pupil_id__in=stays).first()
    if row is not None:
        row.until = None
        row.school_class_id = UUID(change.before["school_class_id"])
        row.save(update_fields=["until", "school_class"])


def _restore(changes: Sequence[Change]) -> None:
    rows = {one.pk: one for one in Pupil.objects.filter(pk__in=[c.object_id for c in changes])}
    fields: set[str] = set()
    for change in changes:
        row = rows.get(change.object_id)
        if row is not None:
            for name, value in _revived(change.before).items():
                setattr(row, name, value)
                fields.add(name)
    if fields:
        Pupil.objects.bulk_update(rows.values(), sorted(fields), batch_size=500)


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
