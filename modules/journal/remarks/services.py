"""A remark is made, answered by the teacher, marked as put right. Nothing of it is deleted."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.journal import permissions
from modules.journal.queries import open_course
from modules.journal.remarks import notices, queries
from modules.journal.remarks.models import Remark
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo

State = Remark.State


class NothingSaid(DomainError):
    message = _("Write what it is about.")
    code = "nothing_said"


class RemarkOver(DomainError):
    message = _("The remark is put right or taken back already.")
    code = "remark_over"


class DueBefore(DomainError):
    message = _("The day by which it is put right has passed.")
    code = "due_before"


@transaction.atomic
def make(*, actor: Actor, course_id: UUID, text: str, due_date: date | None = None) -> Remark:
    """Write a remark into the journal and tell its teacher. Raises NotFound, NothingSaid or DueBefore."""
    require(actor, permissions.MAKE_REMARKS)
    course = open_course(actor=actor, course_id=course_id, needed=permissions.REMARKS)
    today = clock.today()
    if not text.strip():
        raise NothingSaid
    if due_date is not None and due_date < today:
        raise DueBefore
    row = Remark.objects.create(
        course_id=course.id,
        date=today,
        text=text.strip()[:1000],
        due_date=due_date,
        made_by=actor.user_id,
        made_name=actor.name,
    )
    audit.record(actor=actor, action="journal.remark.made", object_type="remark", object_id=row.pk)
    notices.tell_teacher(row, notices.MADE, course, actor=actor)
    return row


@transaction.atomic
def answer(*, actor: Actor, remark_id: UUID, text: str) -> Remark:
    """The teacher of the journal says what was done. Answering again replaces the words until they are looked at.

    Raises NotFound for anybody else, NothingSaid or RemarkOver.
    """
    require(actor, permissions.REMARKS)
    row = _locked(actor, remark_id)
    course = schedule.course(actor=actor, course_id=row.course_id)
    if actor.person_id is None or course.teacher_id != actor.person_id:
        raise NotFound
    if row.state not in (State.OPEN, State.ANSWERED):
        raise RemarkOver
    if not text.strip():
        raise NothingSaid
    _write(
        row,
        state=State.ANSWERED,
        answer=text.strip()[:1000],
        answered_name=actor.name,
        answered_at=clock.now(),
    )
    audit.record(actor=actor, action="journal.remark.answered", object_type="remark", object_id=row.pk)
    notices.tell_maker(row, course, actor=actor)
    return row


@transaction.atomic
def mark_done(*, actor: Actor, remark_id: UUID) -> Remark:
    """Mark that it is put right; marking twice changes nothing. Raises NotFound, or RemarkOver when it was taken back."""
    row = _to_decide(actor, remark_id)
    if row.state == State.DONE:
        return row
    if row.state == State.TAKEN_BACK:
        raise RemarkOver
    _write(row, state=State.DONE, done_name=actor.name, done_at=clock.now())
    audit.record(actor=actor, action="journal.remark.done", object_type="remark", object_id=row.pk)
    notices.tell_teacher(row, notices.DONE, _course(actor, row), actor=actor)
    return row


@transaction.atomic
def send_back(*, actor: Actor, remark_id: UUID) -> Remark:
    """The answer does not do: the teacher is asked again. Raises NotFound, or RemarkOver when nothing waits."""
    row = _to_decide(actor, remark_id)
    if row.state != State.ANSWERED:
        raise RemarkOver
    _write(row, state=State.OPEN)
    audit.record(actor=actor, action="journal.remark.sent_back", object_type="remark", object_id=row.pk)
    notices.tell_teacher(row, notices.MADE, _course(actor, row), actor=actor)
    return row


@transaction.atomic
def take_back(*, actor: Actor, remark_id: UUID) -> Remark:
    """Take back a remark made by mistake: it stays to be read. Raises NotFound, or RemarkOver when it was put right."""
    row = _to_decide(actor, remark_id)
    if row.state == State.TAKEN_BACK:
        return row
    if row.state == State.DONE:
        raise RemarkOver
    _write(row, state=State.TAKEN_BACK)
    audit.record(actor=actor, action="journal.remark.taken_back", object_type="remark", object_id=row.pk)
    return row


def _locked(actor: Actor, remark_id: UUID) -> Remark:
    queries.remark(actor=actor, remark_id=remark_id)
    return Remark.objects.select_for_update().get(pk=remark_id)


def _to_decide(actor: Actor, remark_id: UUID) -> Remark:
    require(actor, permissions.MAKE_REMARKS)
    return _locked(actor, remark_id)


def _write(row: Remark, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _course(actor: Actor, row: Remark) -> CourseInfo:
    return schedule.course(actor=actor, course_id=row.course_id)
