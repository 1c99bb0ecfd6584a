"""The load sheet: hours by teacher, vacancies, and who could take them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.schedule import permissions
from modules.schedule import queries as base
from modules.schedule.load.data import OWN_CIRCLE, Candidate, Joined, LineInfo, TeacherLoad, standing
from modules.schedule.load.queries.lines import lines
from modules.schedule.models import Course, Slot
from modules.school import api as school
from modules.staff import api as staff
from tenants import reference


def most_hours(*, year: str) -> Decimal:
    """The hours a week beyond which a teacher's load is given only by agreement."""
    rates = school.setting_values("schedule.most_rates")["schedule.most_rates"]
    return Decimal(str(rates)) * reference.hours_of_rate(year).hours


def joined(found: Iterable[LineInfo]) -> list[Joined]:
    """Lines as the teacher's hours: those of joined classes together."""
    together: dict[tuple[object, ...], list[LineInfo]] = {}
    for one in found:
        together.setdefault(one.key, []).append(one)
    return [Joined(tuple(rows)) for rows in together.values()]


def _sum(found: Iterable[LineInfo]) -> Decimal:
    return sum((one.hours for one in joined(found)), Decimal(0))


def hours_of(*, actor: Actor, year: str, teacher_id: UUID, on: date | None = None) -> Decimal:
    """Hours a week of the teacher on the day."""
    found = lines(actor=actor, year=year, on=on)
    return _sum(one for one in found if one.teacher_id == teacher_id)


def hours_with(
    *, actor: Actor, course: Course, teacher_id: UUID, hours: Decimal, on: date | None = None
) -> Decimal:
    """Hours a week of the teacher, would the course be theirs with so many hours."""
    found = [
        one
        for one in lines(actor=actor, year=course.year, on=on)
        if one.teacher_id == teacher_id and one.id != course.pk
    ]
    part = course.group if course.group < OWN_CIRCLE else 0
    key = (teacher_id, course.set_code, course.subject_code, part) if course.set_code else (course.pk,)
    with_it = [
        max((o.hours for o in one.lines), default=Decimal(0)) for one in joined(found) if one.first.key != key
    ]
    beside = [one.hours for one in joined(found) if one.first.key == key]
    return sum(with_it, Decimal(0)) + max([hours, *beside])


def sheet(
    *, actor: Actor, year: str, on: date | None = None, found: Sequence[LineInfo] | None = None
) -> list[TeacherLoad]:
    """Every teacher with the lines of the day, in Kazakh order; who left is there while lines are still theirs."""
    require(actor, permissions.SET_LOAD)
    found = lines(actor=actor, year=year, on=on) if found is None else found
    of_teacher: dict[UUID, list[LineInfo]] = defaultdict(list)
    for one in found:
        if one.teacher_id is not None:
            of_teacher[one.teacher_id].append(one)
    people = staff.employees(actor=actor)
    gone = of_teacher.keys() - {one.id for one in people}
    people += list(staff.teachers(actor=actor, employee_ids=gone).values()) if gone else []
    hours = Decimal(reference.hours_of_rate(year).hours)
    most = most_hours(year=year)
    rows = []
    for who in people:
        rate = sum((post.rate for post in who.posts if post.code.startswith("teacher")), Decimal(0))
        if not rate and who.id not in of_teacher:
            continue
        rows.append(
            TeacherLoad(
                id=who.id,
                name=who.full_name,
                rate=rate,
                norm=rate * hours,
                most=most,
                subjects=who.subjects,
                joined=joined(of_teacher[who.id]),
            )
        )
    return rows


def hours_by_kind(found: Iterable[LineInfo]) -> list[tuple[str, Decimal]]:
    """Hours beside the class's own curriculum, by the name of their kind: electives, clubs, at home, correction."""
    labels = base.kind_labels()
    hours: dict[str, Decimal] = {}
    for one in joined(found):
        if one.first.kind not in (Course.Kind.CORE, Course.Kind.VARIABLE):
            hours[one.first.kind] = hours.get(one.first.kind, Decimal(0)) + one.hours
    return [(label, hours[kind]) for kind, label in labels.items() if kind in hours]


def vacancies(found: Iterable[LineInfo]) -> list[Joined]:
    """Lines without a teacher, joined classes together."""
    return joined(one for one in found if one.teacher_id is None)


def candidates(*, actor: Actor, course_id: UUID, on: date | None = None) -> tuple[LineInfo, list[Candidate]]:
    """Who could take the line on the day: those who teach the subject first, then the class, then the freest.

    Who has another part of the class in the subject comes after those who have not: parts learn at the same hours.
    """
    require(actor, permissions.SET_LOAD)
    course = Course.objects.filter(pk=course_id).first()
    if course is None:
        raise NotFound
    day = on or clock.today()
    found = lines(actor=actor, year=course.year, on=day)
    line = next(one for one in found if one.id == course_id)
    busy = _busy_places(course)
    rows = []
    for one in sheet(actor=actor, year=course.year, found=found):
        beside = [each for each in one.joined if course_id not in {o.id for o in each.lines}]
        together = [each.hours for each in beside if replace(line, teacher_id=one.id).key == each.first.key]
        without = sum((each.hours for each in beside), Decimal(0))
        after = without + max(line.hours - max(together, default=Decimal(0)), Decimal(0))
        rows.append(
            Candidate(
                id=one.id,
                name=one.name,
                hours=one.hours,
                after=after,
                norm=one.norm,
                most=one.most,
                knows=line.subject_code in one.subjects,
                in_class=any(
                    o.school_class_id == line.school_class_id for each in beside for o in each.lines
                ),
                has_other_half=any(
                    (o.school_class_id, o.subject_code) == (line.school_class_id, line.subject_code)
                    and 0 < o.part != line.part > 0
                    for each in beside
                    for o in each.lines
                ),
                clashes=0 if together else busy.get(one.id, 0),
            )
        )
    rows.sort(
        key=lambda one: (
            not one.knows,
            one.clashes > 0,
            one.has_other_half,
            standing(hours=one.after, norm=one.norm, most=one.most) == "beyond",
            one.after > one.norm,
            not one.in_class,
            one.after - one.norm,
        )
    )
    return line, rows


def _busy_places(course: Course) -> dict[UUID, int]:
    """Of each teacher, how many of the course's places in the week fall on other lessons of theirs."""
    places = set(Slot.objects.filter(course=course, until=None).values_list("weekday", "number"))
    if not places:
        return {}
    counts: dict[UUID, int] = defaultdict(int)
    others = Slot.objects.filter(
        course__year=course.year, course__shift=course.shift, course__teacher_id__isnull=False, until=None
    ).exclude(course=course)
    for teacher_id, weekday, number in others.values_list(
        "course__teacher_id", "weekday", "number"
    ).distinct():
        if teacher_id is not None:
            counts[teacher_id] += (weekday, number) in places
    return dict(counts)
