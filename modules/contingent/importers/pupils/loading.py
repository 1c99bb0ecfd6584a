"""Checked rows written into the school: classes, pupils, places, guardians, statuses; so many queries, not more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from imports.api import Change, ChangeKind, Row, Steps, Verdict
from imports.copying import insert, insert_rows, update_fields
from kernel import audit, clock
from kernel.access import Actor, require
from kernel.events import publish, publish_all
from kernel.ids import uuid7
from modules.contingent import permissions
from modules.contingent.events import PupilMoved, PupilsEnrolled
from modules.contingent.importers.labels import Label
from modules.contingent.importers.objects import CLASS, GUARDIAN, GUARDIAN_FIELDS, LINK, PLACE, PUPIL, STATUS
from modules.contingent.importers.people import Person
from modules.contingent.importers.pupils.checking import FIELDS, class_languages, class_shifts, year_start
from modules.contingent.models import Guardian, Guardianship, Membership, Pupil, PupilStatus, SchoolClass
from modules.contingent.queries import current_year

_PLACE_FIELDS = ("id", "pupil", "school_class", "year", "since", "reason", "order_number")


def load(rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
    """Carry the rows out in the caller's transaction; answer what was done, in the order it was done."""
    require(actor, permissions.IMPORT)
    audit.sign(actor)
    changes: list[Change] = []
    year = current_year()
    steps.tell(0.0, _("Classes"))
    classes = _classes(rows, year, changes)
    fresh = [row for row in rows if row.verdict is Verdict.CREATE]
    old = [row for row in rows if row.verdict is Verdict.UPDATE]
    steps.tell(0.05, _("Pupils"))
    pupils = [_new_pupil(row) for row in fresh]
    insert(pupils)
    for row, pupil in zip(fresh, pupils, strict=True):
        row.plan.pupil = pupil
        changes.append(Change(PUPIL, pupil.pk, ChangeKind.CREATED))
    _update(old, changes)
    steps.tell(0.4, _("Places in classes"))
    _places(rows, classes, year, actor, changes)
    steps.tell(0.55, _("Parents and guardians"))
    _guardians(rows, changes)
    steps.tell(0.9, _("Statuses"))
    _statuses(rows, changes)
    if pupils:
        publish(PupilsEnrolled(pupil_ids=tuple(str(pupil.pk) for pupil in pupils)), actor=actor)
    return changes


def _classes(rows: Sequence[Row], year: str, changes: list[Change]) -> dict[Label, SchoolClass]:
    known = {(one.grade, one.letter): one for one in SchoolClass.objects.filter(year=year)}
    languages, shifts = class_languages(rows), class_shifts(rows)
    missing = [
        SchoolClass(
            year=year,
            grade=label[0],
            letter=label[1],
            language=languages[label],
            shift=shifts[label],
            kind=SchoolClass.Kind.PRESCHOOL if label[0] == 0 else SchoolClass.Kind.GENERAL,
        )
        for label in sorted({row.plan.label for row in rows} - known.keys())
    ]
    insert(missing)
    changes.extend(Change(CLASS, one.pk, ChangeKind.CREATED) for one in missing)
    return known | {(one.grade, one.letter): one for one in missing}


def _new_pupil(row: Row) -> Pupil:
    values = {name: row.get(column) for column, name in FIELDS.items() if row.get(column) is not None}
    for name in ("birth_date", "enrolled_date"):
        if name in values:
            values[name] = date.fromisoformat(values[name])
    return Pupil(**values)


def _update(rows: Sequence[Row], changes: list[Change]) -> None:
    changed: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        pupil, wanted = row.plan.pupil, row.plan.changes
        if not wanted:
            continue
        before = {name: getattr(pupil, name) for name in wanted}
        for name, value in wanted.items():
            setattr(pupil, name, value)
        changed.setdefault(pupil.pk, {"changed_at": clock.now()}).update(wanted)
        changes.append(Change(PUPIL, pupil.pk, ChangeKind.UPDATED, plain(before), plain(wanted)))
    update_fields(Pupil, changed)


def plain(values: dict[str, Any]) -> dict[str, Any]:
    """Fields fit for JSON."""
    encode = DjangoJSONEncoder().default
    return {
        name: value if isinstance(value, str | int | float | bool | None) else encode(value)
        for name, value in values.items()
    }


def _places(
    rows: Sequence[Row], classes: dict[Label, SchoolClass], year: str, actor: Actor, changes: list[Change]
) -> None:
    today, start = clock.today(), year_start(year)
    fresh, ended, turned, moved = [], [], [], []
    for row in rows:
        plan, into = row.plan, classes[row.plan.label]
        place = plan.moves_from
        if row.verdict is Verdict.CREATE or plan.needs_place:
            since = max(plan.pupil.enrolled_date or start, start)
            fresh.append((uuid7(), plan.pupil.pk, into.pk, year, since, "", plan.pupil.enrolled_order))
        elif place is not None:
            before = {"until": None, "school_class_id": str(place.school_class_id)}
            left = place.school_class_id
            if place.since >= today:
                place.school_class = into
                turned.append(place)
                after: dict[str, Any] = {"school_class_id": str(into.pk)}
            else:
                place.until = today - timedelta(days=1)
                ended.append(place)
                after = {"until": place.until.isoformat()}
                fresh.append((uuid7(), plan.pupil.pk, into.pk, year, today, "in_other_class", ""))
            changes.append(Change(PLACE, place.pk, ChangeKind.UPDATED, before, after))
            moved.append(
                PupilMoved(
                    pupil_id=str(plan.pupil.pk),
                    from_class_id=str(left),
                    to_class_id=str(into.pk),
                    since=max(place.since, today).isoformat(),
                )
            )
    if ended:
        Membership.objects.bulk_update(ended, ["until"], batch_size=500)
    if turned:
        Membership.objects.bulk_update(turned, ["school_class"], batch_size=500)
    insert_rows(Membership, _PLACE_FIELDS, fresh)
    publish_all(moved, actor=actor)
    changes.extend(Change(PLACE, one[0], ChangeKind.CREATED) for one in fresh)


def _guardians(rows: Sequence[Row], changes: list[Change]) -> None:
    """Siblings share their parents: known by ИИН, else by name and phone, in the school and in the file."""
    named = [(row.plan.pupil.pk, person) for row in rows for person in row.plan.guardians]
    known = _known_guardians([person for _pupil, person in named])
    now = clock.now()
    fresh: list[tuple[Any, ...]] = []
    links: dict[tuple[UUID, UUID], tuple[Any, ...]] = {}
    for pupil_id, person in named:
        keys = person.keys
        guardian_id = next((known[key] for key in keys if key in known), None)
        if guardian_id is None:
            guardian_id = uuid7()
            fresh.append(
                (
                    guardian_id,
                    person.iin,
                    person.surname,
                    person.name,
                    person.patronymic,
                    person.phone,
                    "",
                    "kk",
                    now,
                    now,
                )
            )
        for key in keys:
            known.setdefault(key, guardian_id)
        if (pupil_id, guardian_id) not in links:
            links[pupil_id, guardian_id] = (uuid7(), pupil_id, guardian_id, person.relation)
    insert_rows(Guardian, GUARDIAN_FIELDS, fresh)
    changes.extend(Change(GUARDIAN, one[0], ChangeKind.CREATED) for one in fresh)
    insert_rows(Guardianship, ("id", "pupil", "guardian", "relation"), links.values())
    changes.extend(Change(LINK, one[0], ChangeKind.CREATED) for one in links.values())


def _known_guardians(persons: Sequence[Person]) -> dict[tuple[str, ...], UUID]:
    numbers = [person.iin for person in persons if person.iin]
    phones = [person.phone for person in persons if person.phone]
    known: dict[tuple[str, ...], UUID] = {}
    for one in Guardian.objects.filter(Q(iin__in=numbers) | Q(phone__in=phones)):
        if one.iin:
            known[(one.iin,)] = one.pk
        if one.phone:
            known.setdefault((one.surname, one.name, one.phone), one.pk)
    return known


def _statuses(rows: Sequence[Row], changes: list[Change]) -> None:
    today = clock.today()
    fresh = [(uuid7(), row.plan.pupil.pk, code, today, "") for row in rows for code in row.plan.statuses]
    insert_rows(PupilStatus, ("id", "pupil", "code", "since", "ground"), fresh)
    changes.extend(Change(STATUS, one[0], ChangeKind.CREATED) for one in fresh)
