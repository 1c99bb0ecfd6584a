"""What all changes of substitutions share: refusals, locks, the lesson's hands, a line of the log."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor
from kernel.errors import DomainError, NotFound
from modules.contingent import api as contingent
from modules.schedule.lessons.services.moving import put_at
from modules.schedule.lessons.services.news import announce
from modules.schedule.load.data import with_part
from modules.schedule.models import Lesson
from modules.schedule.substitutions import notices, rules
from modules.schedule.substitutions.models import Absence, Question, Substitution
from modules.schedule.substitutions.queries import choices
from modules.schedule.year import queries as year_queries
from modules.schedule.year.rules import Place, Rings

State = Substitution.State


class UnknownReason(DomainError):
    message = _("There is no such reason of absence.")
    code = "unknown_reason"


class AbsentAlready(DomainError):
    message = _("An absence of this teacher is noted already: {since} – {until}. Change that one.")
    code = "absent_already"


class FromStaffCard(DomainError):
    message = _("This absence comes from the employee's card and is changed there.")
    code = "from_staff_card"


class AlreadyDecided(DomainError):
    message = _("This lesson has been provided for already. Open it again first.")
    code = "already_decided"


class SubstituteBusy(DomainError):
    message = _("{name} has another lesson at this time.")
    code = "substitute_busy"


class SubstituteAbsent(DomainError):
    message = _("{name} is absent then.")
    code = "substitute_absent"


class WorksHereNoMore(DomainError):
    message = _("{name} does not work here then.")
    code = "works_here_no_more"


class PlaceTaken(DomainError):
    message = _("The class or the teacher has another lesson at that place.")
    code = "place_taken"


class NoSuchPlace(DomainError):
    message = _("Lessons cannot be moved to this day: it is a day off or outside the quarters.")
    code = "no_such_place"


class AlreadyHeld(DomainError):
    message = _("The lesson has begun or was held: it can no longer be moved.")
    code = "already_held"


class NothingToJoin(DomainError):
    message = _("{name} has no lesson at this time with which this class could sit.")
    code = "nothing_to_join"


class ReasonNeeded(DomainError):
    message = _("Say why: the families and the book will ask.")
    code = "reason_needed"


class NobodyAsked(DomainError):
    message = _("Choose at least one teacher to ask.")
    code = "nobody_asked"


class QuestionOver(DomainError):
    message = _("The time for the answer is over; the deputy decides now. Thank you for answering.")
    code = "question_over"


def locked(substitution_id: UUID) -> Substitution:
    """The row, held until the end of the transaction: of two who decide together the second sees the first's word."""
    row = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("lesson__course", "absence")
        .filter(pk=substitution_id)
        .exclude(state=State.WITHDRAWN)
        .first()
    )
    if row is None:
        raise NotFound
    return row


def locked_open(substitution_id: UUID) -> Substitution:
    row = locked(substitution_id)
    if row.state != State.OPEN:
        raise AlreadyDecided
    return row


def set_mates(row: Substitution, *, state: str = State.OPEN) -> list[Substitution]:
    """The row and those of the classes that sit together with it: one teacher holds them at once."""
    if not row.lesson.course.set_code:
        return [row]
    found = (
        Substitution.objects.select_for_update(of=("self",))
        .select_related("lesson__course", "absence")
        .filter(
            teacher_id=row.teacher_id,
            date=row.date,
            number=row.number,
            shift=row.shift,
            state=state,
            lesson__course__set_code=row.lesson.course.set_code,
        )
        .exclude(pk=row.pk)
    )
    return [row, *found.order_by("pk")]


def rings_of(day: date, *, actor: Actor) -> Rings:
    """Bells and school days of the one day."""
    return year_queries.rings(actor=actor, start=day, end=day)


def start_of(lesson: Lesson, *, actor: Actor) -> time | None:
    """When the lesson begins by the bells of its day."""
    return rings_of(lesson.date, actor=actor).place_of(lesson).start


def local_now() -> datetime:
    return clock.now().astimezone(clock.ALMATY)


def has_begun(lesson: Lesson, *, actor: Actor) -> bool:
    now = local_now()
    start = start_of(lesson, actor=actor) if lesson.date == now.date() else None
    return rules.has_begun(day=lesson.date, start=start, now=now)


def absences_on(day: date, teacher_ids: Iterable[UUID]) -> list[Absence]:
    return list(choices.absences_on(day).filter(teacher_id__in=list(teacher_ids)))


def is_busy(teacher_id: UUID, day: date, place: Place, rings: Rings, *, but: Iterable[UUID]) -> bool:
    """Whether the teacher has a lesson that overlaps; the bells of the day decide, of both shifts and all classes."""
    held = Lesson.objects.filter(teacher_id=teacher_id, date=day, state=Lesson.State.HELD)
    return any(place.meets(rings.place_of(one)) for one in held.exclude(pk__in=list(but)))


def refuse_busy(teacher_id: UUID, name: str, lesson: Lesson, *, but: Iterable[UUID], actor: Actor) -> None:
    """Raise SubstituteBusy when the teacher has another lesson then."""
    rings = rings_of(lesson.date, actor=actor)
    if is_busy(teacher_id, lesson.date, rings.place_of(lesson), rings, but=but):
        raise SubstituteBusy(name=name)


def hand_over(
    row: Substitution,
    mates: list[Substitution],
    *,
    to: UUID,
    name: str,
    state: str,
    is_paid: bool,
    by: int | None,
) -> None:
    """Put the lessons into the substitute's hands. Raises SubstituteBusy when the database knows of another lesson."""
    now = clock.now()
    for place, one in enumerate(mates):
        lesson = one.lesson
        lesson.teacher_id = to
        if state == State.JOINED:
            # Two classes with one teacher: the database lets the code of joined classes pass.
            lesson.set_code = lesson.set_code or JOINED_CODE
        _save_lesson(lesson, SubstituteBusy(name=name), "teacher_id", "set_code")
        one.state, one.substitute_id = state, to
        one.subject_code = lesson.course.subject_code
        # Classes that sit together are one hour of their teacher's.
        one.hours = Decimal(1) if place == 0 else Decimal(0)
        one.is_paid, one.decided_by, one.decided_at = is_paid, by, now
        one.ground = one.ground or one.absence.ground
        one.save(
            update_fields=[
                "state",
                "substitute_id",
                "subject_code",
                "hours",
                "is_paid",
                "decided_by",
                "decided_at",
                "ground",
            ]
        )


JOINED_CODE = "joined-for-a-lesson"


def give_back(row: Substitution) -> None:
    """Undo what was decided: the lesson is the absent teacher's again, at its place. Raises PlaceTaken."""
    lesson = row.lesson
    if row.state == State.MOVED:
        put_at(lesson, row.date, row.number, refusal=PlaceTaken())
    lesson.teacher_id, lesson.state = row.teacher_id, Lesson.State.HELD
    lesson.set_code = lesson.course.set_code
    _save_lesson(lesson, PlaceTaken(), "teacher_id", "state", "set_code")


def _save_lesson(lesson: Lesson, refusal: DomainError, *fields: str) -> None:
    try:
        with transaction.atomic():
            lesson.save(update_fields=fields)
    except IntegrityError as clash:
        raise refusal from clash


def clear(row: Substitution, state: str, *, by: int | None) -> None:
    """Put the row into a state without a substitute."""
    row.state, row.substitute_id, row.decided_by, row.decided_at = state, None, by, clock.now()
    row.save(update_fields=["state", "substitute_id", "decided_by", "decided_at"])


def open_again(row: Substitution, *, actor: Actor) -> None:
    """Undo what was decided and let the lesson be asked for anew. Raises PlaceTaken."""
    give_back(row)
    clear(row, State.OPEN, by=None)
    # A yes that was taken back, or whose giver fell ill, is an answer no more.
    row.questions.filter(answer=Question.Answer.YES).delete()
    audit.record(
        actor=actor,
        action="schedule.substitution.reopened",
        object_type="substitution",
        object_id=row.pk,
        details=told(row),
    )


def thank_the_asked(row: Substitution, *, but: UUID | None, actor: Actor) -> None:
    """Whoever was asked and has not answered is told that the lesson has been provided for."""
    now = clock.now()
    waiting = [one for one in row.questions.filter(answer="", until__gt=now) if one.teacher_id != but]
    if waiting:
        Question.objects.filter(pk__in=[one.pk for one in waiting]).update(until=now)
        ids = [one.teacher_id for one in waiting]
        notices.tell(ids, notices.NOT_NEEDED, row, school_class=label_of(row, actor=actor), actor=actor)


def announce_all(rows: Iterable[Substitution], *, actor: Actor) -> None:
    """The lessons are otherwise, where they stand now and where they stood when they were opened."""
    for row in rows:
        announce(row.lesson, actor=actor, days=[row.date])


def label_of(row: Substitution, *, actor: Actor) -> str:
    """The class, or the part of it, whose lesson it is."""
    school_class = contingent.school_class(actor=actor, class_id=row.lesson.school_class_id)
    return with_part(school_class.label, row.lesson.group)


def told(row: Substitution, **more: Any) -> dict[str, Any]:
    """What the log keeps of an act: the place of the lesson, no names."""
    return {"date": row.date.isoformat(), "number": row.number, **more}
