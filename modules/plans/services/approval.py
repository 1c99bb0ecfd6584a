"""The way of a plan: draft, the head of the subject team, the director or the deputy. Remarks are answered."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from kernel.ids import uuid7
from modules.plans import notices, permissions, queries
from modules.plans.data import OPEN, State
from modules.plans.models import Plan, Remark
from modules.plans.services.laying import take_over
from modules.plans.services.plans import Frozen, InWork, copy_lines, facts_of, held


class NothingPlanned(DomainError):
    message = _("There is no line in the plan yet.")
    code = "nothing_planned"


class NotWaiting(DomainError):
    message = _("The plan does not wait for this step any more.")
    code = "not_waiting"


class RemarksUnanswered(DomainError):
    message = _("Answer the remarks first: who made them wants to know what became of them.")
    code = "remarks_unanswered"


def _read(*, actor: Actor, plan_id: UUID) -> Plan:
    """The plan, locked, for whoever sees it."""
    queries.get_plan(actor=actor, plan_id=plan_id)
    row = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if row is None:
        raise NotFound
    return row


@transaction.atomic
def send(*, actor: Actor, plan_id: UUID) -> Plan:
    """Send the draft to the head of the subject team; past one's own team, or where there is none, to the director.

    Raises NotFound, Frozen, NothingPlanned, RemarksUnanswered.
    """
    row = held(actor=actor, plan_id=plan_id)
    if row.state != State.DRAFT:
        raise Frozen
    if not row.lines.exclude(topic="").exists():
        raise NothingPlanned
    if queries.open_remarks(row.pk):
        raise RemarksUnanswered
    team = queries.team_of(row.subject_code)
    row.state = State.TEAM if team is not None and team.head_id != row.author_id else State.OFFICE
    row.sent_at, row.agreed_on, row.agreed_by_name = clock.now(), None, ""
    row.save(update_fields=["state", "sent_at", "agreed_on", "agreed_by_name"])
    audit.record(
        actor=actor, action="plans.plan.sent", object_type="plan", object_id=row.pk, details=facts_of(row)
    )
    notices.tell_readers(row, head_id=team.head_id if team and row.state == State.TEAM else None, actor=actor)
    return row


@transaction.atomic
def take_back(*, actor: Actor, plan_id: UUID) -> Plan:
    """The author takes a plan back that nobody has approved yet. Raises NotFound, NotWaiting."""
    row = held(actor=actor, plan_id=plan_id)
    if row.state not in (State.TEAM, State.OFFICE):
        raise NotWaiting
    row.state = State.DRAFT
    row.save(update_fields=["state"])
    audit.record(
        actor=actor,
        action="plans.plan.taken_back",
        object_type="plan",
        object_id=row.pk,
        details=facts_of(row),
    )
    return row


@transaction.atomic
def agree(*, actor: Actor, plan_id: UUID) -> Plan:
    """The subject team agrees: the plan goes to the director. Raises NotAllowed, NotFound, NotWaiting."""
    require(actor, permissions.AGREE)
    row = _read(actor=actor, plan_id=plan_id)
    if not queries.reads_before(actor, row):
        raise NotFound
    if row.state != State.TEAM:
        raise NotWaiting
    row.state, row.agreed_on, row.agreed_by_name = State.OFFICE, clock.today(), actor.name
    row.save(update_fields=["state", "agreed_on", "agreed_by_name"])
    audit.record(
        actor=actor, action="plans.plan.agreed", object_type="plan", object_id=row.pk, details=facts_of(row)
    )
    notices.tell_readers(row, head_id=None, actor=actor)
    return row


@transaction.atomic
def approve(*, actor: Actor, plan_id: UUID) -> Plan:
    """Approve the plan: from now on it stays as it is, and it takes the place of its former version.

    Raises NotAllowed, NotFound, NotWaiting.
    """
    require(actor, permissions.APPROVE)
    row = _read(actor=actor, plan_id=plan_id)
    if row.state != State.OFFICE:
        raise NotWaiting
    former = Plan.objects.select_for_update().filter(series_id=row.series_id, state=State.APPROVED).first()
    if former is not None:
        former.state = State.REPLACED
        former.save(update_fields=["state"])
    row.state, row.approved_on, row.approved_by_name = State.APPROVED, clock.today(), actor.name
    row.save(update_fields=["state", "approved_on", "approved_by_name"])
    row.steps.all().delete()
    audit.record(
        actor=actor, action="plans.plan.approved", object_type="plan", object_id=row.pk, details=facts_of(row)
    )
    if former is not None:
        take_over(before=former.pk, plan=row)
    notices.tell_author(row, notices.APPROVED, actor=actor)
    return row


@transaction.atomic
def send_back(*, actor: Actor, plan_id: UUID, text: str) -> Plan:
    """Give the plan back to its author with a remark. Raises NotAllowed, NotFound, NotWaiting."""
    row = _waiting_for(actor=actor, plan_id=plan_id)
    _remark(row, text, actor)
    row.state = State.DRAFT
    row.save(update_fields=["state"])
    audit.record(
        actor=actor,
        action="plans.plan.sent_back",
        object_type="plan",
        object_id=row.pk,
        details=facts_of(row),
    )
    notices.tell_author(row, notices.SENT_BACK, actor=actor)
    return row


@transaction.atomic
def remark(*, actor: Actor, plan_id: UUID, text: str) -> Remark:
    """Make a remark without giving the plan back. Raises NotAllowed, NotFound, NotWaiting."""
    row = _waiting_for(actor=actor, plan_id=plan_id)
    made = _remark(row, text, actor)
    notices.tell_author(row, notices.REMARK, actor=actor)
    return made


@transaction.atomic
def answer(*, actor: Actor, remark_id: UUID, text: str) -> Remark:
    """The author answers a remark, once; a second answer takes the place of the first. Raises NotFound."""
    require(actor, permissions.WRITE)
    row = Remark.objects.select_for_update().select_related("plan").filter(pk=remark_id).first()
    if row is None or not queries.may_write(actor, row.plan):
        raise NotFound
    row.answer, row.answered_by_name, row.answered_at = text.strip()[:1000], actor.name, clock.now()
    row.save(update_fields=["answer", "answered_by_name", "answered_at"])
    audit.record(
        actor=actor,
        action="plans.remark.answered",
        object_type="plan",
        object_id=row.plan.pk,
        details=facts_of(row.plan),
    )
    return row


@transaction.atomic
def new_version(*, actor: Actor, plan_id: UUID) -> Plan:
    """Begin a correction of an approved plan: a draft with the same lines. Raises NotFound, NotWaiting, InWork."""
    row = held(actor=actor, plan_id=plan_id)
    if row.state != State.APPROVED:
        raise NotWaiting
    if Plan.objects.filter(series_id=row.series_id, state__in=list(OPEN)).exists():
        raise InWork
    draft = Plan(
        pk=uuid7(),
        series_id=row.series_id,
        version=row.version + 1,
        year=row.year,
        subject_code=row.subject_code,
        grade=row.grade,
        language=row.language,
        hours_per_week=row.hours_per_week,
        name=row.name,
        author_id=row.author_id,
        author_name=row.author_name,
        author_user_id=row.author_user_id,
        copied_from_id=row.pk,
        changed_at=clock.now(),
    )
    draft.save(force_insert=True)
    copy_lines(row.pk, draft, keep_origin=True)
    audit.record(
        actor=actor, action="plans.plan.made", object_type="plan", object_id=draft.pk, details=facts_of(draft)
    )
    return draft


# ---


def _waiting_for(*, actor: Actor, plan_id: UUID) -> Plan:
    """A plan that the actor is reading now: for the team, or for the director."""
    if not actor.may(permissions.AGREE):
        require(actor, permissions.APPROVE)
    row = _read(actor=actor, plan_id=plan_id)
    mine = (row.state == State.TEAM and queries.reads_before(actor, row)) or (
        row.state == State.OFFICE and actor.may(permissions.APPROVE)
    )
    if not mine:
        raise NotWaiting
    return row


def _remark(row: Plan, text: str, actor: Actor) -> Remark:
    made = Remark(plan=row, text=text.strip()[:1000], by_name=actor.name, at=clock.now())
    made.save(force_insert=True)
    audit.record(
        actor=actor, action="plans.remark.made", object_type="plan", object_id=row.pk, details=facts_of(row)
    )
    return made
