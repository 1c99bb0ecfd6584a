"""What becomes of an opened lesson: given to somebody, joined, moved, cancelled, left to its teacher; or opened again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from kernel import audit
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.schedule import permissions, queries
from modules.schedule.lessons.services.moving import put_at
from modules.schedule.lessons.services.news import announce
from modules.schedule.load.services.courses import UnknownSubject
from modules.schedule.models import Lesson
from modules.schedule.substitutions import notices, rules
from modules.schedule.substitutions.models import Substitution
from modules.schedule.substitutions.queries import choices
from modules.schedule.substitutions.services import common
from modules.schedule.substitutions.services.common import State
from modules.staff import api as staff
from tenants import reference


@transaction.atomic
def assign(*, actor: Actor, substitution_id: UUID, substitute_id: UUID) -> Substitution:
    """Give the open lesson to somebody at once; who was asked meanwhile is thanked.

    Raises NotFound, AlreadyDecided, SubstituteBusy, SubstituteAbsent or WorksHereNoMore.
    """
    require(actor, permissions.ARRANGE)
    row = common.locked_open(substitution_id)
    take(row, substitute_id, actor=actor)
    label = common.label_of(row, actor=actor)
    notices.tell([substitute_id], notices.ASSIGNED, row, school_class=label, actor=actor)
    audit.record(
        actor=actor,
        action="schedule.substitution.assigned",
        object_type="substitution",
        object_id=row.pk,
        details=common.told(row),
    )
    return row


def take(row: Substitution, substitute_id: UUID, *, actor: Actor) -> None:
    """Put the locked open lesson, with those of the classes that sit together, into the substitute's hands."""
    name = check_substitute(row, substitute_id, actor=actor)
    mates = common.set_mates(row)
    common.refuse_busy(substitute_id, name, row.lesson, but=[one.lesson_id for one in mates], actor=actor)
    common.hand_over(
        row,
        mates,
        to=substitute_id,
        name=name,
        state=State.TAKEN,
        is_paid=choices.are_paid().taken,
        by=actor.user_id,
    )
    common.announce_all(mates, actor=actor)
    for one in mates:
        common.thank_the_asked(one, but=substitute_id, actor=actor)


def check_substitute(row: Substitution, substitute_id: UUID, *, actor: Actor) -> str:
    """The name of who is to take the lesson; raises NotFound, SubstituteAbsent or WorksHereNoMore."""
    person = staff.teacher(actor=actor, employee_id=substitute_id)
    if person.left_date is not None and person.left_date < row.date:
        raise common.WorksHereNoMore(name=person.short_name)
    start = common.start_of(row.lesson, actor=actor)
    absences = common.absences_on(row.date, [substitute_id])
    if substitute_id == row.teacher_id or any(one.term.covers(row.date, start) for one in absences):
        raise common.SubstituteAbsent(name=person.short_name)
    return person.short_name


@transaction.atomic
def join(*, actor: Actor, substitution_id: UUID, substitute_id: UUID) -> Substitution:
    """Let the class sit with the one that somebody teaches at this time. Raises NothingToJoin, AlreadyDecided."""
    require(actor, permissions.ARRANGE)
    row = common.locked_open(substitution_id)
    name = check_substitute(row, substitute_id, actor=actor)
    lesson = row.lesson
    there = Lesson.objects.filter(
        teacher_id=substitute_id,
        date=lesson.date,
        number=lesson.number,
        shift=lesson.shift,
        state=Lesson.State.HELD,
    )
    rings = common.rings_of(lesson.date, actor=actor)
    here = rings.place_of(lesson)
    if not any(here.overlaps(rings.place_of(one)) for one in there):
        raise common.NothingToJoin(name=name)
    mates = common.set_mates(row)
    common.hand_over(
        row,
        mates,
        to=substitute_id,
        name=name,
        state=State.JOINED,
        is_paid=choices.are_paid().joined,
        by=actor.user_id,
    )
    common.announce_all(mates, actor=actor)
    for one in mates:
        common.thank_the_asked(one, but=None, actor=actor)
    label = common.label_of(row, actor=actor)
    notices.tell([substitute_id], notices.ASSIGNED, row, school_class=label, actor=actor)
    audit.record(
        actor=actor,
        action="schedule.substitution.joined",
        object_type="substitution",
        object_id=row.pk,
        details=common.told(row),
    )
    return row


@transaction.atomic
def move(*, actor: Actor, substitution_id: UUID, day: date, number: int, note: str = "") -> Substitution:
    """Move the lesson to a place that is free for the class and for its own teacher; marks and works go with it.

    Raises NotFound, AlreadyDecided, AlreadyHeld, NoSuchPlace, PlaceTaken, or SubstituteAbsent when she is away then too.
    """
    require(actor, permissions.ARRANGE)
    row = common.locked_open(substitution_id)
    if common.has_begun(row.lesson, actor=actor):
        raise common.AlreadyHeld
    rings = common.rings_of(day, actor=actor)
    mates = common.set_mates(row)
    if (
        not all(rings.is_school_day(one.lesson.school_class_id, day) for one in mates)
        or not 0 <= number <= 16
    ):
        raise common.NoSuchPlace
    place = rings.place(row.lesson.school_class_id, day, shift=row.shift, number=number)
    if rules.has_begun(day=day, start=place.start, now=common.local_now()):
        raise common.NoSuchPlace
    if any(one.term.covers(day, place.start) for one in common.absences_on(day, [row.teacher_id])):
        name = staff.teacher(actor=actor, employee_id=row.teacher_id).short_name
        raise common.SubstituteAbsent(name=name)
    if common.is_busy(row.teacher_id, day, place, rings, but=[one.lesson_id for one in mates]):
        raise common.PlaceTaken
    if any(queries.is_class_busy(one.lesson, day=day, number=number) for one in mates):
        raise common.PlaceTaken
    for one in mates:
        put_at(one.lesson, day, number, refusal=common.PlaceTaken())
        one.note = note
        one.save(update_fields=["note"])
        common.clear(one, State.MOVED, by=actor.user_id)
        common.thank_the_asked(one, but=None, actor=actor)
        audit.record(
            actor=actor,
            action="schedule.substitution.moved",
            object_type="substitution",
            object_id=one.pk,
            details=common.told(one, to=day.isoformat(), at=number),
        )
    common.announce_all(mates, actor=actor)
    return row


@transaction.atomic
def cancel(*, actor: Actor, substitution_id: UUID, reason: str) -> Substitution:
    """The lesson is not held, and everybody sees why. Raises NotFound, AlreadyDecided or ReasonNeeded."""
    require(actor, permissions.ARRANGE)
    reason = reason.strip()
    if not reason:
        raise common.ReasonNeeded
    row = common.locked_open(substitution_id)
    mates = common.set_mates(row)
    for one in mates:
        one.lesson.state = Lesson.State.CANCELLED
        one.lesson.save(update_fields=["state"])
        one.note = reason[:200]
        one.save(update_fields=["note"])
        common.clear(one, State.CANCELLED, by=actor.user_id)
        common.thank_the_asked(one, but=None, actor=actor)
        audit.record(
            actor=actor,
            action="schedule.substitution.cancelled",
            object_type="substitution",
            object_id=one.pk,
            details=common.told(one),
        )
    common.announce_all(mates, actor=actor)
    return row


@transaction.atomic
def leave_to_teacher(*, actor: Actor, substitution_id: UUID) -> Substitution:
    """The absent teacher holds this one herself after all. Raises NotFound or AlreadyDecided."""
    require(actor, permissions.ARRANGE)
    row = common.locked_open(substitution_id)
    for one in common.set_mates(row):
        common.thank_the_asked(one, but=None, actor=actor)
        common.clear(one, State.WITHDRAWN, by=actor.user_id)
        audit.record(
            actor=actor,
            action="schedule.substitution.withdrawn",
            object_type="substitution",
            object_id=one.pk,
            details=common.told(one),
        )
    return row


@transaction.atomic
def reopen(*, actor: Actor, substitution_id: UUID) -> Substitution:
    """Take back what was decided of the lesson: it is open again. Raises NotFound or PlaceTaken.

    An open one stays as it is. Marks and topic that are written stay too.
    """
    require(actor, permissions.ARRANGE)
    row = common.locked(substitution_id)
    if row.state == State.OPEN:
        return row
    substitute = row.substitute_id
    mates = common.set_mates(row, state=row.state)
    gone_to = [one.lesson.date for one in mates]
    for one in mates:
        common.open_again(one, actor=actor)
    for one in mates:
        announce(one.lesson, actor=actor, days=gone_to)
    if substitute is not None and not common.has_begun(row.lesson, actor=actor):
        label = common.label_of(row, actor=actor)
        notices.tell([substitute], notices.TAKEN_AWAY, row, school_class=label, actor=actor)
    return row


@transaction.atomic
def correct(
    *,
    actor: Actor,
    substitution_id: UUID,
    subject_code: str,
    hours: Decimal,
    is_paid: bool,
    ground: str,
) -> Substitution:
    """Correct a line of the book: under which subject it was held, hours, whether paid, the order.

    Raises NotFound (also for a lesson that nobody took) or UnknownSubject.
    """
    require(actor, permissions.ARRANGE)
    row = common.locked(substitution_id)
    if row.substitute_id is None:
        raise NotFound
    if subject_code not in reference.subjects():
        raise UnknownSubject
    values = {"subject_code": subject_code, "hours": hours, "is_paid": is_paid, "ground": ground.strip()[:60]}
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
        audit.record(
            actor=actor,
            action="schedule.substitution.corrected",
            object_type="substitution",
            object_id=row.pk,
            details=common.told(row, fields=changed),
        )
    return row
