"""Checked classes written into the school, and taken back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from imports.api import Change, ChangeKind, Row, Steps, used
from kernel.access import Actor, require
from modules.contingent import permissions, queries, services
from modules.contingent.importers.objects import CHARGE, CLASS
from modules.contingent.models import Charge, SchoolClass


def load(rows: Sequence[Row], *, actor: Actor, steps: Steps) -> list[Change]:
    """Carry the rows out in the caller's transaction, by the services of the screens."""
    require(actor, permissions.CLASSES)
    year = queries.current_year()
    changes: list[Change] = []
    for row in steps.each(rows, _("Classes")):
        changes.extend(_write(row, year, actor))
    return changes


def undo(changes: Sequence[Change], *, actor: Actor) -> list[str]:
    """Take back what nobody uses; answer the labels of the classes that stay."""
    require(actor, permissions.CLASSES)
    stays = staying(changes)
    charges = [change.object_id for change in changes if change.object_type == CHARGE]
    for charge in Charge.objects.filter(pk__in=charges).exclude(school_class_id__in=stays):
        services.take_charge_back(actor=actor, charge_id=charge.pk)
    for change in changes:
        if change.object_type != CLASS or change.object_id in stays:
            continue
        if change.kind is ChangeKind.CREATED:
            services.close_class(actor=actor, class_id=change.object_id)
        else:
            services.change_class(actor=actor, class_id=change.object_id, **dict(change.before))
    return sorted(stays.values())


def _write(row: Row, year: str, actor: Actor) -> list[Change]:
    plan, changes = row.plan, []
    if plan.present is None:
        grade, letter = plan.label
        made = services.open_class(
            actor=actor,
            year=year,
            grade=grade,
            letter=letter,
            language=plan.changes.pop("language", SchoolClass.Language.KAZAKH),
            **plan.changes,
        )
        class_id = made.pk
        changes.append(Change(CLASS, class_id, ChangeKind.CREATED))
    else:
        class_id = plan.present.pk
        if plan.changes:
            before = {name: getattr(plan.present, name) for name in plan.changes}
            services.change_class(actor=actor, class_id=class_id, **plan.changes)
            changes.append(Change(CLASS, class_id, ChangeKind.UPDATED, before, dict(plan.changes)))
    if plan.teacher_id is not None:
        charge = services.appoint(
            actor=actor, class_id=class_id, employee_id=plan.teacher_id, since=plan.since
        )
        changes.append(Change(CHARGE, charge.pk, ChangeKind.CREATED))
    return changes


def staying(changes: Sequence[Change]) -> dict[UUID, str]:
    """Classes that somebody uses or has changed since, with their labels."""
    made = {c.object_id for c in changes if c.object_type == CLASS and c.kind is ChangeKind.CREATED}
    turned = {c.object_id: c for c in changes if c.object_type == CLASS and c.kind is ChangeKind.UPDATED}
    ours = [c.object_id for c in changes if c.object_type == CHARGE]
    charged = set(Charge.objects.filter(pk__in=ours).values_list("school_class_id", flat=True))
    rows = {one.pk: one for one in SchoolClass.objects.filter(pk__in={*made, *turned, *charged})}
    busy = used(CLASS, made)
    busy |= set(
        SchoolClass.objects.filter(pk__in=made).exclude(memberships=None).values_list("pk", flat=True)
    )
    later = Charge.objects.filter(school_class_id__in=rows).exclude(pk__in=ours)
    busy |= set(later.filter(school_class_id__in=made).values_list("school_class_id", flat=True))
    busy |= set(
        Charge.objects.filter(pk__in=ours).exclude(until=None).values_list("school_class_id", flat=True)
    )
    busy |= {
        key
        for key, change in turned.items()
        if key in rows and any(getattr(rows[key], name) != value for name, value in change.after.items())
    }
    return {key: rows[key].label for key in busy if key in rows}
