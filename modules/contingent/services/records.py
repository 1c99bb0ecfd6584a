"""Lines of a card: documents, addresses, transport, special needs, schooling at home, health.

One mechanism: a line is added, corrected, ended or removed; a running line ends when the next of its kind begins, so
that the card tells what was true when. Triggers keep who changed what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, files
from kernel.access import Actor, Permission, require
from kernel.errors import DomainError, NotFound
from modules.contingent import permissions
from modules.contingent.models import (
    Pupil,
    PupilAddress,
    PupilStatus,
)
from modules.contingent.queries import SECTION_MODELS, SENT
from modules.contingent.services.cards import locked, set_changed
from modules.contingent.services.scans import keep_scan


@dataclass(frozen=True)
class Section:
    """How a section of the card is kept: whose right it is, which lines follow one another, which status follows it."""

    permission: Permission
    follows: tuple[str, ...] | None = None
    status: str = ""


SECTIONS: Mapping[str, Section] = {
    "documents": Section(permissions.EDIT),
    "addresses": Section(permissions.EDIT, follows=("kind",)),
    "transport": Section(permissions.EDIT, follows=()),
    "needs": Section(permissions.EDIT, follows=(), status="special_educational_needs"),
    "home": Section(permissions.EDIT, follows=(), status="home_education"),
    "health": Section(permissions.EDIT_HEALTH, follows=()),
    "notes": Section(permissions.EDIT_HEALTH),
}


class BeginsBefore(DomainError):
    message = _("There is a line from {since} already. Correct that one, or begin later.")
    code = "begins_before"


@transaction.atomic
def add_record(
    *, actor: Actor, pupil_id: UUID, section: str, scan: bytes | None = None, **values: Any
) -> models.Model:
    """Add a line; the running one before it ends the day before. Raises BeginsBefore, NoScan, ScanTooLarge."""
    require(actor, SECTIONS[section].permission)
    audit.sign(actor)
    pupil = locked(Pupil, pupil_id, removed_at=None)
    row: Any = SECTION_MODELS[section](pupil=pupil, **values)
    _end_before(section, row)
    if scan:
        row.scan_id = keep_scan(actor=actor, content=scan)
    row.save(force_insert=True)
    _follow_up(section, pupil)
    audit.record(
        actor=actor,
        action="contingent.record.added",
        object_type="pupil",
        object_id=row.pupil_id,
        details=_told(section, row),
    )
    return row


@transaction.atomic
def change_record(
    *,
    actor: Actor,
    pupil_id: UUID,
    section: str,
    record_id: UUID,
    scan: bytes | None = None,
    **values: Any,
) -> models.Model:
    """Correct a line, or end it by its last day. Raises BeginsBefore, NoScan, ScanTooLarge."""
    require(actor, SECTIONS[section].permission)
    audit.sign(actor)
    pupil = locked(Pupil, pupil_id, removed_at=None)
    row = _held(pupil_id, section, record_id)
    changed = set_changed(row, values)
    _refuse_second(section, row)
    before = None
    if scan:
        before, row.scan_id = row.scan_id, keep_scan(actor=actor, content=scan)
        changed.append("scan_id")
    if changed:
        row.save(update_fields=changed)
        _follow_up(section, pupil)
        audit.record(
            actor=actor,
            action="contingent.record.changed",
            object_type="pupil",
            object_id=row.pupil_id,
            details=_told(section, row) | {"fields": changed},
        )
    if before is not None:
        files.delete(file_id=before)
    return row


@transaction.atomic
def remove_record(*, actor: Actor, pupil_id: UUID, section: str, record_id: UUID) -> None:
    """Remove a mistaken line; the history of the card keeps it."""
    require(actor, SECTIONS[section].permission)
    audit.sign(actor)
    pupil = locked(Pupil, pupil_id, removed_at=None)
    row = _held(pupil_id, section, record_id)
    audit.record(
        actor=actor,
        action="contingent.record.removed",
        object_type="pupil",
        object_id=row.pupil_id,
        details=_told(section, row),
    )
    scan_id = getattr(row, "scan_id", None)
    row.delete()
    status = SECTIONS[section].status
    if status:
        PupilStatus.objects.filter(pupil=pupil, code=status, since=row.since).delete()
    _follow_up(section, pupil)
    if scan_id is not None:
        files.delete(file_id=scan_id)


@transaction.atomic
def take_lines(*, actor: Actor, pupil_id: UUID, content: Mapping[str, Any]) -> int:
    """Write the lines that came with the pupil from another school; answer how many could not be.

    They are another school's words: what is not in order here is left for the clerk to ask.
    """
    require(actor, permissions.EDIT)
    left = 0
    for section, fields in SENT.items():
        lines = content.get(section)
        for one in lines if isinstance(lines, list) else ():
            if not isinstance(one, dict):
                left += 1
                continue
            values = {name: one[name] for name in fields if one.get(name) not in (None, "")}
            row = SECTION_MODELS[section](pupil_id=pupil_id, **values)
            try:
                row.clean_fields()
                known = {name: getattr(row, name) for name in values}
                with transaction.atomic():
                    add_record(actor=actor, pupil_id=pupil_id, section=section, **known)
            except (ValidationError, DomainError, IntegrityError):
                left += 1
    born_at = str(content.get("birth_place", ""))[:200]
    if born_at:
        Pupil.objects.filter(pk=pupil_id, birth_place="").update(birth_place=born_at)
    return left


def _running(section: str, row: Any) -> Any:
    """Another running line that this one would stand beside; None where lines do not follow one another."""
    follows = SECTIONS[section].follows
    if follows is None or row.until is not None:
        return None
    same = {name: getattr(row, name) for name in follows}
    others = SECTION_MODELS[section]._default_manager.filter(pupil_id=row.pupil_id, until=None, **same)
    return others.exclude(pk=row.pk).first()


def _end_before(section: str, row: Any) -> None:
    running = _running(section, row)
    if running is None:
        return
    if running.since >= row.since:
        raise BeginsBefore(since=f"{running.since:%d.%m.%Y}")
    running.until = row.since - timedelta(days=1)
    running.save(update_fields=["until"])


def _refuse_second(section: str, row: Any) -> None:
    running = _running(section, row)
    if running is not None:
        raise BeginsBefore(since=f"{running.since:%d.%m.%Y}")


def _follow_up(section: str, pupil: Pupil) -> None:
    if section == "addresses":
        _write_address(pupil)
    elif SECTIONS[section].status:
        _write_status(SECTIONS[section].status, section, pupil)


def _write_address(pupil: Pupil) -> None:
    """Lists and papers print one address: where the child lives, else where he is registered."""
    running = {one.kind: one.text for one in PupilAddress.objects.filter(pupil=pupil, until=None)}
    text = running.get(PupilAddress.Kind.ACTUAL) or running.get(PupilAddress.Kind.REGISTERED)
    if text and pupil.address != text:
        pupil.address = text
        pupil.save(update_fields=["address", "changed_at"])


def _write_status(code: str, section: str, pupil: Pupil) -> None:
    """Registers and figures count statuses: the last line of the section is one, with its paper as the ground."""
    model: Any = SECTION_MODELS[section]
    last = model.objects.filter(pupil=pupil).order_by("-since", "-id").first()
    if last is None:
        return
    known = PupilStatus.objects.filter(pupil=pupil, code=code)
    ground = f"№ {last.paper_number}, {last.paper_date:%d.%m.%Y}"
    told = {"since": last.since, "until": last.until, "ground": ground}
    row = known.filter(until=None).first() or known.filter(since=last.since).first()
    if row is None:
        PupilStatus.objects.create(pupil=pupil, code=code, **told)
    elif changed := set_changed(row, told):
        row.save(update_fields=changed)


def _held(pupil_id: UUID, section: str, record_id: UUID) -> Any:
    row = (
        SECTION_MODELS[section]
        ._default_manager.select_for_update()
        .filter(pk=record_id, pupil_id=pupil_id)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def _told(section: str, row: models.Model) -> dict[str, Any]:
    return {"section": section, "record": str(row.pk)}
