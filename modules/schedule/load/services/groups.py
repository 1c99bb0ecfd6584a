"""A class divided into groups for a subject, and who learns in which."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kernel import audit, clock
from kernel.access import Actor, require
from kernel.errors import DomainError, NotFound
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.load import queries, rules
from modules.schedule.models import Course, GroupMember, Lesson


class CannotDivide(DomainError):
    message = _("The class is not taught this subject whole, so there is nothing to divide.")
    code = "cannot_divide"


class CannotJoin(DomainError):
    message = _("The class is not divided in this subject.")
    code = "cannot_join"


class GroupsInUse(DomainError):
    message = _("The groups have had lessons already, so their journals stay apart until the year ends.")
    code = "groups_in_use"


def _courses(class_id: UUID, year: str, subject_code: str) -> list[Course]:
    rows = Course.objects.select_for_update().filter(
        year=year, school_class_id=class_id, subject_code=subject_code, group__lt=rules.OWN_CIRCLE
    )
    return list(rows.order_by("group"))


@transaction.atomic
def divide(
    *, actor: Actor, class_id: UUID, subject_code: str, parts: int = 2, since: date | None = None
) -> list[UUID]:
    """Divide the class for the subject: group 1 keeps the course, its journal and teacher, the others are vacant.

    From the day on (by default today, or the year's beginning while no lesson is laid) each group has its own pupils,
    halves of the list to begin with. Dividing again only adds missing groups. Raises NotFound or CannotDivide.
    """
    require(actor, permissions.SET_LOAD)
    one = contingent.school_class(actor=actor, class_id=class_id)
    rows = _courses(class_id, one.year, subject_code)
    if not rows or not 2 <= parts <= rules.MOST_PARTS:
        raise CannotDivide
    first = rows[0]
    day = since or _first_day(rows)
    if first.group == 0:
        first.group = 1
        first.save(update_fields=["group"])
        Lesson.objects.filter(course=first, date__gte=day).update(group=1)
    have = {row.group for row in rows}
    made = [
        Course(
            year=first.year,
            school_class_id=first.school_class_id,
            subject_code=first.subject_code,
            group=number,
            hours_per_week=first.hours_per_week,
            set_code=first.set_code,
            shift=first.shift,
            kind=first.kind,
            name=first.name,
            reason=first.reason,
        )
        for number in range(1, parts + 1)
        if number not in have
    ]
    Course.objects.bulk_create(made)
    for row in (first, *made):
        audit.record(
            actor=actor, action="schedule.course.divided", object_type="course", object_id=row.pk,
            details={"group": row.group, "since": day.isoformat()},
        )  # fmt: skip
    if made:
        halve(actor=actor, class_id=class_id, subject_code=subject_code, since=day)
        # A new part never taught the whole class; group 1 did until the day.
        GroupMember.objects.filter(course__in=made).update(since=queries.year_begins(first.year))
    return [row.pk for row in (first, *made)]


def _first_day(rows: Iterable[Course]) -> date:
    has_lessons = Lesson.objects.filter(course__in=list(rows), date__lt=clock.today()).exists()
    return clock.today() if has_lessons else queries.year_begins(next(iter(rows)).year)


@transaction.atomic
def undivide(*, actor: Actor, class_id: UUID, subject_code: str) -> None:
    """Teach the class whole again while the other groups have no lessons. Raises NotFound, CannotJoin or GroupsInUse."""
    require(actor, permissions.SET_LOAD)
    one = contingent.school_class(actor=actor, class_id=class_id)
    rows = _courses(class_id, one.year, subject_code)
    if len(rows) < 2:
        raise CannotJoin
    first, others = rows[0], rows[1:]
    if Lesson.objects.filter(course__in=others).exists():
        raise GroupsInUse
    for row in others:
        audit.record(actor=actor, action="schedule.course.dropped", object_type="course", object_id=row.pk)
        row.delete()
    GroupMember.objects.filter(course=first).delete()
    first.group = 0
    first.save(update_fields=["group"])
    Lesson.objects.filter(course=first).update(group=0)
    audit.record(actor=actor, action="schedule.course.joined", object_type="course", object_id=first.pk)


@transaction.atomic
def halve(
    *, actor: Actor, class_id: UUID, subject_code: str, by_sex: bool = False, since: date | None = None
) -> None:
    """Put the class into its groups by the list in Kazakh order, as evenly as can be; or boys into 1 and girls into 2."""
    table = queries.group_table(
        actor=actor,
        class_id=class_id,
        subject_code=subject_code,
        on=max(since or clock.today(), clock.today()),
    )
    numbers = [one.group for one in table.courses]
    if not numbers:
        raise CannotJoin
    if by_sex:
        sides = {"m": numbers[0], "f": numbers[-1]}
        places = {pupil.id: sides[pupil.sex] for pupil, _was in table.pupils}
        place_pupils(actor=actor, class_id=class_id, subject_code=subject_code, places=places, since=since)
        return
    size, more = divmod(len(table.pupils), len(numbers))
    order = [number for n, number in enumerate(numbers) for _seat in range(size + (1 if n < more else 0))]
    places = {pupil.id: number for (pupil, _was), number in zip(table.pupils, order, strict=True)}
    place_pupils(actor=actor, class_id=class_id, subject_code=subject_code, places=places, since=since)


@transaction.atomic
def place_pupils(
    *,
    actor: Actor,
    class_id: UUID,
    subject_code: str,
    places: Mapping[UUID, int],
    since: date | None = None,
) -> int:
    """Put pupils into groups from the day on (0: into none); marks of before stay in their journals.

    Pupils of other classes are left out. Answer how many moved.
    """
    require(actor, permissions.SET_LOAD)
    one = contingent.school_class(actor=actor, class_id=class_id)
    rows = [row for row in _courses(class_id, one.year, subject_code) if row.group]
    if not rows:
        raise CannotJoin
    day = since or _first_day(rows)
    course_of = {row.group: row for row in rows}
    known = {
        pupil.id
        for pupil in contingent.pupils_of_class(actor=actor, class_id=class_id, on=max(day, clock.today()))
    }
    running = {
        member.pupil_id: member
        for member in GroupMember.objects.select_for_update()
        .filter(Q(until=None) | Q(until__gte=day), course__in=rows)
        .order_by("since")
    }
    moved = 0
    for pupil_id, number in places.items():
        target = course_of.get(number)
        if pupil_id not in known or (number and target is None):
            continue
        now = running.get(pupil_id)
        if (now.course_id if now else None) == (target.pk if target else None):
            continue
        if now is not None:
            _leave(now, day)
        if target is not None:
            GroupMember.objects.create(course=target, pupil_id=pupil_id, since=day)
        moved += 1
    if moved:
        for row in rows:
            audit.record(
                actor=actor, action="schedule.group.set", object_type="course", object_id=row.pk,
                details={"moved": moved, "since": day.isoformat()},
            )  # fmt: skip
    return moved


@transaction.atomic
def set_members(
    *, actor: Actor, course_id: UUID, pupil_ids: Iterable[UUID], since: date | None = None
) -> int:
    """Let the circle (a club, an elective, a child at home) have exactly these pupils of its class from the day on.

    Raises NotFound, also for a course that is no circle. Answer how many came or left.
    """
    require(actor, permissions.SET_LOAD)
    course = Course.objects.select_for_update().filter(pk=course_id, group__gte=rules.OWN_CIRCLE).first()
    if course is None:
        raise NotFound
    day = since or _first_day([course])
    known = {
        pupil.id
        for pupil in contingent.pupils_of_class(
            actor=actor, class_id=course.school_class_id, on=max(day, clock.today())
        )
    }
    wanted = set(pupil_ids) & known
    running = {
        member.pupil_id: member
        for member in GroupMember.objects.select_for_update().filter(
            Q(until=None) | Q(until__gte=day), course=course
        )
    }
    for pupil_id in running.keys() - wanted:
        _leave(running[pupil_id], day)
    # A circle never taught the whole class, so its first pupils are there from the year's beginning.
    start = day if GroupMember.objects.filter(course=course).exists() else queries.year_begins(course.year)
    GroupMember.objects.bulk_create(
        GroupMember(course=course, pupil_id=pupil_id, since=start) for pupil_id in wanted - running.keys()
    )
    moved = len(running.keys() ^ wanted)
    if moved:
        audit.record(
            actor=actor, action="schedule.group.set", object_type="course", object_id=course.pk,
            details={"moved": moved, "since": day.isoformat()},
        )  # fmt: skip
    return moved


def _leave(member: GroupMember, day: date) -> None:
    if member.since >= day:
        member.delete()
    else:
        member.until = day - timedelta(days=1)
        member.save(update_fields=["until"])
