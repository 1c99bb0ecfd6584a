"""Plans made, copied, renamed, opened to colleagues and deleted."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.ids import uuid7
from modules.plans import permissions, queries
from modules.plans.data import LANGUAGES, State
from modules.plans.models import Follower, Line, Plan
from tenants import reference


class Frozen(DomainError):
    message = _(
        "An approved plan, or one that is being read, does not change. Begin a new version, or take it back."
    )
    code = "frozen"


class InWork(DomainError):
    message = _("A new version of this plan is already being made.")
    code = "in_work"


class WrongPlan(DomainError):
    message = _("There is no such subject in this grade.")
    code = "wrong_plan"


def held(*, actor: Actor, plan_id: UUID) -> Plan:
    """The plan, locked, for who may look after it. Raises NotFound."""
    require(actor, permissions.WRITE)
    row = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if row is None or not queries.may_write(actor, row):
        raise NotFound
    return row


def draft(*, actor: Actor, plan_id: UUID) -> Plan:
    """The plan, locked, for who may change its lines. Raises NotFound, Frozen."""
    row = held(actor=actor, plan_id=plan_id)
    if row.state != State.DRAFT:
        raise Frozen
    return row


def facts_of(row: Plan) -> dict[str, object]:
    """What the security log keeps of a plan besides."""
    return {"subject": row.subject_code, "grade": row.grade, "year": row.year, "version": row.version}


@transaction.atomic
def make_plan(
    *, actor: Actor, year: str, subject_code: str, grade: int, language: str, hours: Decimal, name: str = ""
) -> Plan:
    """An empty plan of one's own. Raises WrongPlan."""
    require(actor, permissions.WRITE)
    subject = reference.subjects().get(subject_code)
    if subject is None or grade not in subject.grades or language not in dict(LANGUAGES):
        raise WrongPlan
    row = Plan(
        year=year,
        subject_code=subject_code,
        grade=grade,
        language=language,
        hours_per_week=hours,
        name=name.strip()[:80],
        author_id=actor.person_id,
        author_name=actor.name,
        author_user_id=actor.user_id,
        changed_at=clock.now(),
    )
    row.save(force_insert=True)
    audit.record(
        actor=actor, action="plans.plan.made", object_type="plan", object_id=row.pk, details=facts_of(row)
    )
    return row


@transaction.atomic
def copy_plan(
    *, actor: Actor, source_id: UUID, year: str, language: str, hours: Decimal, name: str = ""
) -> Plan:
    """A plan of one's own with the lines of last year's, of a colleague's or of the library's. Raises NotFound."""
    source = queries.get_plan(actor=actor, plan_id=source_id)
    row = make_plan(
        actor=actor,
        year=year,
        subject_code=source.subject_code,
        grade=source.grade,
        language=language,
        hours=hours,
        name=name,
    )
    row.copied_from_id = source.pk
    row.save(update_fields=["copied_from_id"])
    copy_lines(source.pk, row, keep_origin=False)
    return row


def copy_lines(source_id: UUID, into: Plan, *, keep_origin: bool) -> None:
    lines = queries.lines_of(source_id)
    for line in lines:
        line.pk = uuid7()
        line.plan = into
        line.origin_id = line.origin_id if keep_origin else uuid7()
        line._state.adding = True
    Line.objects.bulk_create(lines)


@transaction.atomic
def rename_plan(*, actor: Actor, plan_id: UUID, name: str, hours: Decimal, language: str) -> Plan:
    """What tells the plan from others, its weekly hours and its language. Raises NotFound, Frozen, WrongPlan."""
    row = draft(actor=actor, plan_id=plan_id)
    if language not in dict(LANGUAGES):
        raise WrongPlan
    row.name, row.hours_per_week, row.language, row.changed_at = (
        name.strip()[:80],
        hours,
        language,
        clock.now(),
    )
    row.save(update_fields=["name", "hours_per_week", "language", "changed_at"])
    audit.record(
        actor=actor, action="plans.plan.changed", object_type="plan", object_id=row.pk, details=facts_of(row)
    )
    return row


@transaction.atomic
def share_plan(*, actor: Actor, plan_id: UUID, shared: bool) -> Plan:
    """Open the plan to colleagues before it is approved, or close it again. Raises NotFound."""
    row = held(actor=actor, plan_id=plan_id)
    row.is_shared = shared
    row.save(update_fields=["is_shared"])
    audit.record(
        actor=actor,
        action="plans.plan.shared",
        object_type="plan",
        object_id=row.pk,
        details=facts_of(row) | {"shared": shared},
    )
    return row


@transaction.atomic
def delete_plan(*, actor: Actor, plan_id: UUID) -> None:
    """Delete a draft; courses that followed it follow none. Raises NotFound, Frozen."""
    row = draft(actor=actor, plan_id=plan_id)
    audit.record(
        actor=actor,
        action="plans.plan.deleted",
        object_type="plan",
        object_id=row.pk,
        details=facts_of(row) | {"lines": row.lines.count()},
    )
    Follower.objects.filter(plan=row).delete()
    row.delete()
