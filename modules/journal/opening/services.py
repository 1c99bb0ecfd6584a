"""Asking for cells of a closed period, answering in one tap, closing before the time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.contingent import api as contingent
from modules.journal import permissions
from modules.journal.opening import notices
from modules.journal.opening.models import Opening
from modules.journal.opening.queries import requests, standing
from modules.journal.queries import open_course
from modules.schedule import api as schedule

State = Opening.State
LONGEST = 168


class PeriodIsOpen(DomainError):
    message = _("The period is open: its cells can be changed without asking.")
    code = "period_is_open"


class NothingNamed(DomainError):
    message = _("Name the days or the pupils, or tick the period marks.")
    code = "nothing_named"


class ReasonMissing(DomainError):
    message = _("Say why.")
    code = "reason_missing"


class AskedAlready(DomainError):
    message = _("Your request for this journal waits for its answer already.")
    code = "asked_already"


class AnsweredAlready(DomainError):
    message = _("The request has been answered already.")
    code = "answered_already"


class HoursOutOfBounds(DomainError):
    message = _("From 1 to {most} hours.")
    code = "hours_out_of_bounds"


@transaction.atomic
def ask(
    *,
    actor: Actor,
    course_id: UUID,
    period_id: UUID,
    reason: str,
    days: Iterable[date] = (),
    pupil_ids: Iterable[UUID] = (),
    with_finals: bool = False,
) -> Opening:
    """Ask for cells of the journal to be opened. Pupils alone mean all their lessons of the period.

    Raises NotFound (another's journal, a day or a pupil that is not of it), PeriodIsOpen, NothingNamed,
    ReasonMissing or AskedAlready.
    """
    require(actor, permissions.OPENINGS)
    course = open_course(actor=actor, course_id=course_id)
    period = schedule.period(period_id=period_id)
    if not standing.may_ask(actor=actor, course=course):
        raise NotFound
    if period.year != course.year or period.kind != course.period_kind:
        raise NotFound
    if not period.is_closed:
        raise PeriodIsOpen
    lessons = schedule.lessons_of_course(course_id=course.id, start=period.start, end=period.end)
    held = {one.date for one in lessons if not one.is_cancelled}
    wanted, pupils = sorted(set(days)), list(dict.fromkeys(pupil_ids))
    if not held.issuperset(wanted):
        raise NotFound
    if pupils:
        known = contingent.terms_in_class(
            actor=actor, class_id=course.school_class_id, start=period.start, end=period.end
        )
        if not {one.id for one in known}.issuperset(pupils):
            raise NotFound
    if pupils and not wanted and not with_finals:
        wanted = sorted(held)
    if not wanted and not with_finals:
        raise NothingNamed
    if not reason.strip():
        raise ReasonMissing
    row = Opening(
        course_id=course.id,
        period_id=period.id,
        days=wanted,
        pupil_ids=pupils,
        with_finals=with_finals,
        reason=reason.strip()[:300],
        asked_by=actor.user_id or 0,
        asked_name=actor.name,
        asked_at=clock.now(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as waits:
        raise AskedAlready from waits
    audit.record(
        actor=actor,
        action="journal.opening.asked",
        object_type="opening",
        object_id=row.pk,
        details={"days": len(wanted), "pupils": len(pupils), "finals": with_finals},
    )
    notices.tell_who_answers(row, course=course, actor=actor)
    return row


@transaction.atomic
def allow(*, actor: Actor, opening_id: UUID, hours: int) -> Opening:
    """Open the named cells for so many hours from now.

    Raises NotFound, AnsweredAlready or HoursOutOfBounds.
    """
    if not 1 <= hours <= LONGEST:
        raise HoursOutOfBounds(most=LONGEST)
    row = _to_answer(actor, opening_id)
    _answer(row, State.OPEN, actor)
    row.hours, row.until = hours, clock.now() + timedelta(hours=hours)
    row.save(update_fields=[*_ANSWERED, "hours", "until"])
    audit.record(
        actor=actor,
        action="journal.opening.allowed",
        object_type="opening",
        object_id=row.pk,
        details={"hours": hours, "until": row.until.isoformat(timespec="minutes")},
    )
    notices.tell_asker(row, notices.OPENED, actor=actor)
    return row


@transaction.atomic
def refuse(*, actor: Actor, opening_id: UUID, reason: str) -> Opening:
    """Leave the cells closed and say why. Raises NotFound, AnsweredAlready or ReasonMissing."""
    if not reason.strip():
        raise ReasonMissing
    row = _to_answer(actor, opening_id)
    _answer(row, State.REFUSED, actor)
    row.answer = reason.strip()[:300]
    row.save(update_fields=[*_ANSWERED, "answer"])
    audit.record(actor=actor, action="journal.opening.refused", object_type="opening", object_id=row.pk)
    notices.tell_asker(row, notices.REFUSED, actor=actor)
    return row


@transaction.atomic
def close(*, actor: Actor, opening_id: UUID) -> Opening:
    """Close before the time, or withdraw what waits: whoever asked, and for what is open whoever may open.

    What is closed already stays so. Raises NotFound.
    """
    require(actor, permissions.OPENINGS)
    row = _locked(actor, opening_id)
    is_mine = row.asked_by == actor.user_id
    if row.state == State.WAITING and is_mine:
        row.state = State.WITHDRAWN
    elif row.is_open(clock.now()) and (is_mine or actor.may(permissions.OPEN_CELLS)):
        row.state, row.until = State.CLOSED, clock.now()
    elif is_mine or actor.may(permissions.OPEN_CELLS):
        return row
    else:
        raise NotFound
    row.save(update_fields=["state", "until"])
    audit.record(actor=actor, action="journal.opening.closed", object_type="opening", object_id=row.pk)
    if not is_mine:
        notices.tell_asker(row, notices.CLOSED, actor=actor)
    return row


_ANSWERED = ["state", "answered_by", "answered_name", "answered_at"]


def _locked(actor: Actor, opening_id: UUID) -> Opening:
    if not requests.openings(actor).filter(pk=opening_id).exists():
        raise NotFound
    return (
        Opening.objects.select_for_update(of=("self",)).select_related("course", "period").get(pk=opening_id)
    )


def _to_answer(actor: Actor, opening_id: UUID) -> Opening:
    require(actor, permissions.OPEN_CELLS)
    # Two deputies tap at once: the second waits here and hears that it has been answered.
    row = _locked(actor, opening_id)
    if row.asked_by == actor.user_id:
        raise NotFound
    if row.state != State.WAITING:
        raise AnsweredAlready
    return row


def _answer(row: Opening, state: str, actor: Actor) -> None:
    row.state = state
    row.answered_by, row.answered_name, row.answered_at = actor.user_id, actor.name, clock.now()
