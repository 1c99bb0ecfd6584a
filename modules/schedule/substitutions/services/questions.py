"""Asking colleagues to take a lesson, and their answers: of several the first yes wins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.schedule import permissions
from modules.schedule.substitutions import notices
from modules.schedule.substitutions.models import Question, Substitution
from modules.schedule.substitutions.queries import choices
from modules.schedule.substitutions.services import common, lessons
from modules.schedule.substitutions.services.common import State


@transaction.atomic
def ask(*, actor: Actor, substitution_id: UUID, teacher_ids: Sequence[UUID]) -> Substitution:
    """Ask the teachers at once. The question waits as long as the school has set, never longer than the lesson's start.

    Asking somebody again begins anew. Raises NotFound, AlreadyDecided, NobodyAsked, SubstituteAbsent or SubstituteBusy.
    """
    require(actor, permissions.ARRANGE)
    row = common.locked_open(substitution_id)
    wanted = list(dict.fromkeys(teacher_ids))
    if not wanted:
        raise common.NobodyAsked
    mates = [one.lesson_id for one in common.set_mates(row)]
    for one in wanted:
        name = lessons.check_substitute(row, one, actor=actor)
        common.refuse_busy(one, name, row.lesson, but=mates, actor=actor)
    now = clock.now()
    until = _until(row, now, actor)
    anew = {"asked_by": actor.user_id, "asked_at": now, "until": until, "answer": "", "answered_at": None}
    for one in wanted:
        Question.objects.update_or_create(substitution=row, teacher_id=one, defaults=anew)
    label = common.label_of(row, actor=actor)
    notices.tell(wanted, notices.ASKED, row, school_class=label, actor=actor)
    audit.record(
        actor=actor,
        action="schedule.substitution.asked",
        object_type="substitution",
        object_id=row.pk,
        details=common.told(row, count=len(wanted)),
    )
    return row


def _until(row: Substitution, now: datetime, actor: Actor) -> datetime:
    """The school's minutes from now; the lesson's start when it comes first and has not come yet."""
    usual = now + timedelta(minutes=choices.answer_minutes())
    start = common.start_of(row.lesson, actor=actor)
    if start is None:
        return usual
    begins = datetime.combine(row.date, start, tzinfo=clock.ALMATY)
    return min(usual, begins) if begins > now else usual


@transaction.atomic
def answer(*, actor: Actor, question_id: UUID, is_yes: bool) -> Question:
    """Answer a question of one's own. Of two who say yes at once one gets the lesson, the other's answer is LATE.

    Answering twice keeps the first answer. Raises NotFound, QuestionOver, SubstituteBusy or SubstituteAbsent.
    """
    require(actor, permissions.STAND_IN)
    if actor.person_id is None:
        raise NotFound
    mine = Question.objects.filter(pk=question_id, teacher_id=actor.person_id).first()
    if mine is None:
        raise NotFound
    # The lesson's row is the lock of all its questions: the second yes waits here and then sees who was first.
    row = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("lesson__course", "absence")
        .get(pk=mine.substitution_id)
    )
    mine.refresh_from_db()
    if mine.answer:
        return mine
    if not is_yes:
        _write(mine, Question.Answer.NO)
        audit.record(
            actor=actor,
            action="schedule.substitution.refused",
            object_type="substitution",
            object_id=row.pk,
            details=common.told(row),
        )
        _tell_when_all_refused(row, mine, actor)
        return mine
    if row.state != State.OPEN:
        _write(mine, Question.Answer.LATE)
        return mine
    if mine.until <= clock.now():
        raise common.QuestionOver
    lessons.take(row, actor.person_id, actor=actor)
    _write(mine, Question.Answer.YES)
    audit.record(
        actor=actor,
        action="schedule.substitution.accepted",
        object_type="substitution",
        object_id=row.pk,
        details=common.told(row),
    )
    label = common.label_of(row, actor=actor)
    notices.tell_asker(mine.asked_by, notices.SAID_YES, row, school_class=label, name=actor.name, actor=actor)
    return mine


def _write(question: Question, value: str) -> None:
    question.answer, question.answered_at = value, clock.now()
    question.save(update_fields=["answer", "answered_at"])


def _tell_when_all_refused(row: Substitution, mine: Question, actor: Actor) -> None:
    if row.state == State.OPEN and not row.questions.filter(answer="", until__gt=clock.now()).exists():
        label = common.label_of(row, actor=actor)
        notices.tell_asker(mine.asked_by, notices.ALL_REFUSED, row, school_class=label, actor=actor)
