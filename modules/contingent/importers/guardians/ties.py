"""Ties of children and guardians written into the school, and taken back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from identity import api as identity
from imports.api import Change, ChangeKind, Row, Steps, used
from imports.copying import insert_rows, update_fields
from kernel import audit, clock
from kernel.access import Actor
from kernel.events import publish
from kernel.ids import uuid7
from modules.contingent import services
from modules.contingent.events import PhonesChanged
from modules.contingent.importers.objects import BAN, GUARDIAN, GUARDIAN_FIELDS, LINK
from modules.contingent.importers.people import Person
from modules.contingent.models import Guardian, Guardianship, SightBan


@dataclass(slots=True)
class Tie:
    """One person of the row and what loading does with her."""

    person: Person
    email: str = ""
    language: str = ""
    ban: str = ""  # the ground of a decision by which she may not see the child
    guardian: Guardian | None = None
    link: Guardianship | None = None
    changes: dict[str, str] = field(default_factory=dict)
    turn: dict[str, Any] = field(default_factory=dict)

    @property
    def does_something(self) -> bool:
        return self.link is None or bool(self.changes or self.turn or self.ban)


@dataclass(slots=True)
class Plan:
    pupil_id: UUID | None = None
    ties: list[Tie] = field(default_factory=list)


def write(rows: Sequence[Row], actor: Actor, *, steps: Steps) -> list[Change]:
    audit.sign(actor)
    now, changes = clock.now(), []
    made: dict[tuple[str, ...], UUID] = {}
    fresh: list[tuple[Any, ...]] = []
    links: dict[tuple[UUID, UUID], tuple[Any, ...]] = {}
    bans: dict[tuple[UUID, UUID], str] = {}
    turned: dict[UUID, tuple[Guardian, dict[str, str]]] = {}
    for row in steps.each(rows, _("Parents and guardians"), end=0.6):
        for tie in row.plan.ties:
            person = tie.person
            guardian_id = (
                tie.guardian.pk if tie.guardian else next((made[k] for k in person.keys if k in made), None)
            )
            if guardian_id is None:
                guardian_id = uuid7()
                name = (person.surname, person.name, person.patronymic)
                fresh.append(
                    (guardian_id, person.iin, *name, person.phone, tie.email, tie.language or "kk", now, now)
                )
                made |= dict.fromkeys(person.keys, guardian_id)
            if tie.guardian is not None and tie.changes:
                turned.setdefault(guardian_id, (tie.guardian, {}))[1].update(tie.changes)
            if tie.ban:
                bans.setdefault((row.plan.pupil_id, guardian_id), tie.ban)
            if tie.link is None:
                links.setdefault(
                    (row.plan.pupil_id, guardian_id),
                    (uuid7(), row.plan.pupil_id, guardian_id, person.relation),
                )
            elif tie.turn:
                changes.append(_turn(tie.link, tie.turn, actor))
    steps.tell(0.6, _("Parents and guardians"))
    for guardian, values in turned.values():
        before = {name: getattr(guardian, name) for name in values}
        changes.append(Change(GUARDIAN, guardian.pk, ChangeKind.UPDATED, before, values))
    update_fields(Guardian, {key: values | {"changed_at": now} for key, (_one, values) in turned.items()})
    _tell_phones([key for key, (_one, values) in turned.items() if "phone" in values], actor)
    insert_rows(Guardian, GUARDIAN_FIELDS, fresh)
    insert_rows(Guardianship, ("id", "pupil", "guardian", "relation"), links.values())
    changes.extend(Change(GUARDIAN, one[0], ChangeKind.CREATED) for one in fresh)
    changes.extend(Change(LINK, one[0], ChangeKind.CREATED) for one in links.values())
    steps.tell(0.9, _("Bans to see the child"))
    for (pupil_id, guardian_id), ground in bans.items():
        ban = services.ban_sight(
            actor=actor, pupil_id=pupil_id, guardian_id=guardian_id, since=clock.today(), ground=ground
        )
        changes.append(Change(BAN, ban.pk, ChangeKind.CREATED))
    return changes


def _turn(link: Guardianship, values: dict[str, Any], actor: Actor) -> Change:
    """Who she is to the child: by the service, which tells the log."""
    before = {name: getattr(link, name) for name in values}
    services.change_guardian(
        actor=actor,
        pupil_id=link.pupil_id,
        guardian_id=link.guardian_id,
        relation=str(values["relation"]),
        lives_together=link.lives_together,
        may_collect=link.may_collect,
    )
    return Change(LINK, link.pk, ChangeKind.UPDATED, before, dict(values))


def _tell_phones(guardian_ids: Sequence[UUID], actor: Actor) -> None:
    if guardian_ids:
        publish(PhonesChanged(guardian_ids=tuple(map(str, guardian_ids))), actor=actor)


def staying(changes: Sequence[Change]) -> dict[UUID, str]:
    """Guardians who were changed since, or have got an account or other children, with their names."""
    made = {c.object_id for c in changes if c.object_type == GUARDIAN and c.kind is ChangeKind.CREATED}
    turned = {c.object_id: c for c in changes if c.object_type == GUARDIAN and c.kind is ChangeKind.UPDATED}
    ours = [c.object_id for c in changes if c.object_type == LINK and c.kind is ChangeKind.CREATED]
    rows = {one.pk: one for one in Guardian.objects.filter(pk__in={*made, *turned})}
    stays = used(GUARDIAN, made) | (set(identity.accounts_of(made)) & made)
    stays |= set(
        Guardianship.objects.filter(guardian_id__in=made)
        .exclude(pk__in=ours)
        .values_list("guardian_id", flat=True)
    )
    stays |= set(SightBan.objects.filter(guardian_id__in=made).values_list("guardian_id", flat=True))
    stays |= {key for key in made if key in rows and rows[key].changed_at != rows[key].created_at}
    stays |= {
        key
        for key, change in turned.items()
        if key in rows and any(getattr(rows[key], name) != value for name, value in change.after.items())
    }
    return {key: rows[key].person_name.full for key in stays if key in rows}


def take_back(changes: Sequence[Change], actor: Actor) -> list[str]:
    _lift(changes, actor)
    stays = staying(changes)
    _untie(changes, stays, actor)
    gone = {
        c.object_id
        for c in changes
        if c.object_type == GUARDIAN and c.kind is ChangeKind.CREATED and c.object_id not in stays
    }
    Guardian.objects.filter(pk__in=gone, guardianships=None).delete()
    turned = {
        c.object_id: dict(c.before)
        for c in changes
        if c.object_type == GUARDIAN and c.kind is ChangeKind.UPDATED and c.object_id not in stays
    }
    update_fields(Guardian, {key: before | {"changed_at": clock.now()} for key, before in turned.items()})
    _tell_phones([key for key, before in turned.items() if "phone" in before], actor)
    return sorted(stays.values())


def _lift(changes: Sequence[Change], actor: Actor) -> None:
    """Bans of the load, but for those that somebody has ended since."""
    ours = [c.object_id for c in changes if c.object_type == BAN]
    for row in SightBan.objects.filter(pk__in=ours, until=None):
        services.take_ban_back(actor=actor, pupil_id=row.pupil_id, ban_id=row.pk)


def _untie(changes: Sequence[Change], stays: Iterable[UUID], actor: Actor) -> None:
    links = {c.object_id: c for c in changes if c.object_type == LINK}
    rows = Guardianship.objects.filter(pk__in=links)
    rows.filter(pk__in=[key for key, c in links.items() if c.kind is ChangeKind.CREATED]).exclude(
        guardian_id__in=list(stays)
    ).delete()
    for row in rows.filter(pk__in=[key for key, c in links.items() if c.kind is ChangeKind.UPDATED]):
        change = links[row.pk]
        if all(getattr(row, name) == value for name, value in change.after.items()):
            _turn(row, dict(change.before), actor)
