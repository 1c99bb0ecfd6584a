"""Guardians of a pupil, and decisions by which one of them may not see him."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import DomainError
from kernel.events import publish
from kernel.tenancy import current
from modules.contingent import permissions, queries
from modules.contingent.data import BanInfo, NewGuardian
from modules.contingent.events import PhonesChanged
from modules.contingent.models import Guardian, Guardianship, Pupil, SightBan
from modules.contingent.queries import custody
from modules.contingent.services.cards import IinTaken, WrongIin, locked, set_changed
from modules.contingent.services.scans import keep_scan

_OF_TIE = ("relation", "lives_together", "may_collect")
_OF_PERSON = ("iin", "surname", "name", "patronymic", "phone", "second_phone", "email", "work_place", "post")


class GroundMissing(DomainError):
    message = _("Name the decision: whose it is, its number and date.")
    code = "ground_missing"


class BannedAlready(DomainError):
    message = _("A ban is noted already, from {since}. Lift it first.")
    code = "banned_already"


class EndsBeforeBan(DomainError):
    message = _("The last day of the ban is before its first, {since}.")
    code = "ends_before_ban"


@transaction.atomic
def link_guardian(*, actor: Actor, pupil_id: UUID, guardian: NewGuardian) -> Guardianship:
    """Tie a guardian to the pupil; known ones are found by ИИН or by name and phone, so that siblings share one,
    and among the child's own by name alone.

    Linking twice changes what she is to the child; a ban that is noted stays. Raises WrongIin.
    """
    require(actor, permissions.EDIT)
    audit.sign(actor)
    pupil = locked(Pupil, pupil_id, removed_at=None)
    if guardian.iin and current().iin_problems(guardian.iin):
        raise WrongIin(value=guardian.iin)
    known = queries.find_guardian(
        iin=guardian.iin, surname=guardian.surname, name=guardian.name, phone=guardian.phone
    ) or custody.known_by_name(
        pupil_id=pupil.pk, surname=guardian.surname, name=guardian.name, patronymic=guardian.patronymic
    )
    if known is None:
        known = Guardian.objects.create(**{name: getattr(guardian, name) for name in _OF_PERSON})
    link, __ = Guardianship.objects.update_or_create(
        pupil=pupil, guardian=known, defaults={name: getattr(guardian, name) for name in _OF_TIE}
    )
    audit.record(
        actor=actor,
        action="contingent.guardian.linked",
        object_type="pupil",
        object_id=pupil.pk,
        details={"guardian": str(known.pk)},
    )
    if guardian.ban and custody.unended_ban(pupil_id=pupil.pk, guardian_id=known.pk) is None:
        _note(actor, pupil.pk, known.pk, guardian.ban)
    return link


@transaction.atomic
def change_guardian(
    *,
    actor: Actor,
    pupil_id: UUID,
    guardian_id: UUID,
    relation: str,
    lives_together: bool = True,
    may_collect: bool = True,
    **changes: Any,
) -> Guardian:
    """Correct a guardian's data and what she is to this pupil. Raises WrongIin, IinTaken."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    link = custody.held_tie(pupil_id=pupil_id, guardian_id=guardian_id)
    row = locked(Guardian, guardian_id)
    number = changes.get("iin", row.iin)
    if number != row.iin and number:
        if current().iin_problems(number):
            raise WrongIin(value=number)
        other = Guardian.objects.filter(iin=number).exclude(pk=row.pk).first()
        if other is not None:
            raise IinTaken(name=other.person_name.full)
    changed = set_changed(row, changes)
    if changed:
        row.save(update_fields=[*changed, "changed_at"])
    if "phone" in changed:
        publish(PhonesChanged(guardian_ids=(str(row.pk),)), actor=actor)
    of_tie = set_changed(
        link, {"relation": relation, "lives_together": lives_together, "may_collect": may_collect}
    )
    if of_tie:
        link.save(update_fields=of_tie)
    if changed or of_tie:
        audit.record(
            actor=actor,
            action="contingent.guardian.changed",
            object_type="pupil",
            object_id=pupil_id,
            details={"guardian": str(row.pk), "fields": [*changed, *of_tie]},
        )
    return row


@transaction.atomic
def unlink_guardian(*, actor: Actor, pupil_id: UUID, guardian_id: UUID) -> None:
    """Untie a guardian from the pupil; her own row, her other children and the bans noted for her stay."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    custody.held_tie(pupil_id=pupil_id, guardian_id=guardian_id).delete()
    audit.record(
        actor=actor,
        action="contingent.guardian.unlinked",
        object_type="pupil",
        object_id=pupil_id,
        details={"guardian": str(guardian_id)},
    )


# --- bans


@transaction.atomic
def ban_sight(
    *,
    actor: Actor,
    pupil_id: UUID,
    guardian_id: UUID,
    since: date,
    ground: str,
    until: date | None = None,
    paper: bytes | None = None,
) -> SightBan:
    """Note the decision by which the guardian may not see the pupil: from the day on nothing of him is open to her.

    Raises GroundMissing, BannedAlready, scans.NoScan, scans.ScanTooLarge.
    """
    require(actor, permissions.EDIT)
    audit.sign(actor)
    if not ground.strip():
        raise GroundMissing
    custody.held_tie(pupil_id=pupil_id, guardian_id=guardian_id)
    running = custody.unended_ban(pupil_id=pupil_id, guardian_id=guardian_id)
    if running is not None:
        raise BannedAlready(since=f"{running.since:%d.%m.%Y}")
    paper_id = keep_scan(actor=actor, content=paper) if paper else None
    return _note(
        actor, pupil_id, guardian_id, BanInfo(since=since, until=until, ground=ground), paper_id=paper_id
    )


@transaction.atomic
def lift_ban(*, actor: Actor, pupil_id: UUID, ban_id: UUID, until: date, ground: str) -> SightBan:
    """End a ban by another decision; the day is the last one it holds. Raises GroundMissing, EndsBeforeBan."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    row = locked(SightBan, ban_id, pupil_id=pupil_id)
    if not ground.strip():
        raise GroundMissing
    if until < row.since:
        raise EndsBeforeBan(since=f"{row.since:%d.%m.%Y}")
    row.until, row.lifted_ground = until, ground
    row.save(update_fields=["until", "lifted_ground"])
    audit.record(
        actor=actor,
        action="contingent.ban.lifted",
        object_type="pupil",
        object_id=row.pupil_id,
        details={"guardian": str(row.guardian_id)},
    )
    return row


@transaction.atomic
def take_ban_back(*, actor: Actor, pupil_id: UUID, ban_id: UUID) -> None:
    """Remove a ban that was noted by mistake; the history of the card keeps it."""
    require(actor, permissions.EDIT)
    audit.sign(actor)
    row = locked(SightBan, ban_id, pupil_id=pupil_id)
    audit.record(
        actor=actor,
        action="contingent.ban.removed",
        object_type="pupil",
        object_id=row.pupil_id,
        details={"guardian": str(row.guardian_id)},
    )
    row.delete()


def _note(
    actor: Actor, pupil_id: UUID, guardian_id: UUID, ban: BanInfo, *, paper_id: UUID | None = None
) -> SightBan:
    row = SightBan.objects.create(
        pupil_id=pupil_id,
        guardian_id=guardian_id,
        since=ban.since,
        until=ban.until,
        ground=ban.ground,
        paper_id=paper_id,
    )
    audit.record(
        actor=actor,
        action="contingent.ban.noted",
        object_type="pupil",
        object_id=pupil_id,
        details={"guardian": str(guardian_id)},
    )
    return row
