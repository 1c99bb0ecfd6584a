"""Lines of load looked at together and against what the school has: classes, teachers, places already taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from imports.api import Row, Verdict
from imports.people import People
from kernel import clock
from kernel.access import Actor
from modules.contingent import api as contingent
from modules.schedule import queries
from modules.schedule.load import queries as load
from modules.schedule.load import rules
from modules.schedule.models import Course
from modules.staff import api as staff
from tenants import reference

MESSAGES = {
    "class_unknown": _("There is no class {value} in this school year. Open it first."),
    "subject_grade": _("By the curriculum, {value} is not taught in grade {grade}."),
    "hours_bounds": _("Hours a week are from 0.5 to 20, in halves; “{value}” is not."),
    "hours_taken": _("There are no hours a week; taken from the places: {suggestion}."),
    "hours_places": _("{count} hours a week and {places} places in it."),
    "places_unread": _("“{value}” is not read as places in the week. Write: Mon 1, Wed 3."),
    "group_unread": _("“{value}” is not a number of a group; the whole class is taken."),
    "line_twice": _("Row {row} is the same line of load. This row is left out."),
    "teacher_unknown": _("There is no employee “{value}”. The subject stays without a teacher."),
    "teacher_several": _("Several employees are called so: {name}. Write the whole name."),
    "class_busy": _("The class is taken on {day} at lesson {number}: {name}."),
    "teacher_busy": _("The teacher is taken on {day} at lesson {number}: {name}."),
    "group_of_whole": _(
        "The class is taught {name} whole. Divide it on the page of its load first, or leave the group empty."
    ),
    "whole_of_groups": _("The class is divided in {name}: write the number of the group."),
    "teacher_overloaded": _(
        "With this file {name} has {hours} hours a week; more than {most} are given only by agreement."
    ),
    "teacher_changes": _("Now {before} teaches this; from today it will be {after}."),
}
_PLACE = tuple[int, int]


@dataclass(slots=True)
class Plan:
    """What loading the row will do."""

    school_class: contingent.ClassInfo | None = None
    course: Course | None = None
    teacher_id: UUID | None = None
    hours: Decimal = Decimal(0)
    places: list[_PLACE] | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)


def check(rows: Sequence[Row], *, actor: Actor) -> None:
    """Set verdicts and plans, and in which quarter loading will lay lessons."""
    year = clock.school_year_of(clock.today())
    classes = {(one.grade, one.letter): one for one in contingent.classes(actor=actor, year=year)}
    people = People((one.id, one.full_name) for one in staff.employees(actor=actor))
    known = {
        (one.school_class_id, one.subject_code, one.group): one for one in queries.lines_of_load(year=year)
    }
    places = queries.places_of_courses(year=year)
    seen: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        row.plan = Plan()
        _class(row, classes)
        _teacher(row, people)
        if not row.is_blocked:
            _line(row, known, places, seen, people)
    _crowded(rows, known, places, classes)
    _overloaded(rows, known, people, load.most_hours(year=year))
    period = queries.current_period()
    if period and not period.is_closed:
        for row in rows:
            if row.plan.changes.get("places"):
                row.brings = period.label


def ties(row: Row) -> Iterator[str]:
    """The same subject of the class, the same teacher, and places of the class in the week: those of today too, which
    the row gives up.
    """
    plan, label = row.plan, row.get("class")
    if label and row.get("subject"):
        yield f"line {label[0]}{label[1]} {row.get('subject')}"
    for teacher in (plan.teacher_id, plan.course.teacher_id if plan.course else None):
        if teacher is not None:
            yield f"teacher {teacher}"
    if label and plan.places is not None:
        for day, number in (*plan.places, *plan.before.get("places", ())):
            yield f"place {label[0]}{label[1]} {row.get('group') or 0} {day} {number}"


def _class(row: Row, classes: dict[tuple[int, str], contingent.ClassInfo]) -> None:
    found, code = row.get("class"), row.get("subject")
    if not found:
        return
    one = classes.get((found[0], found[1]))
    if one is None:
        row.error("class", "class_unknown", value=f"{found[0]}{found[1]}")
        return
    row.plan.school_class = one
    if code and one.grade not in reference.subject(code).grades:
        row.doubt("subject", "subject_grade", value=reference.subject(code).name, grade=str(one.grade))


def _teacher(row: Row, people: People) -> None:
    said = row.get("teacher")
    found = people.find(said) if said else set()
    if len(found) == 1:
        [row.plan.teacher_id] = found
    elif found:
        row.doubt("teacher", "teacher_several", name=", ".join(sorted(people.names[one] for one in found)))
    elif said:
        row.doubt("teacher", "teacher_unknown", people.nearest(said), value=said)


def _line(
    row: Row,
    known: dict[tuple[Any, ...], Course],
    places: dict[UUID, list[_PLACE]],
    seen: dict[tuple[Any, ...], Row],
    people: People,
) -> None:
    plan = row.plan
    key = (plan.school_class.id, row.get("subject"), row.get("group") or 0)
    if row.get("places") is not None:
        plan.places = [(day, number) for day, number in row.get("places")]
    plan.course = course = known.get(key)
    if course is not None:
        plan.before = {
            "hours": course.hours_per_week, "teacher": course.teacher_id, "places": places.get(course.pk, []),
        }  # fmt: skip
    if key in seen:
        row.doubt("subject", "line_twice", row=seen[key].where)
        row.verdict = Verdict.SKIP
        return
    if not _fits_groups(row, known.keys() | seen.keys()) or not _hours(row, plan, course):
        return
    seen[key] = row
    wanted: dict[str, Any] = {"hours": plan.hours, "places": plan.places}
    if plan.teacher_id is not None:
        wanted["teacher"] = plan.teacher_id
    if course is None:
        plan.changes = {name: value for name, value in wanted.items() if value is not None}
        row.verdict = Verdict.CREATE
        return
    row.target = course.pk
    plan.changes = {
        name: value for name, value in wanted.items() if value is not None and plan.before[name] != value
    }
    if "teacher" in plan.changes and course.teacher_id is not None:
        before = people.names.get(course.teacher_id, "?")
        row.doubt("teacher", "teacher_changes", before=before, after=people.names[plan.teacher_id])
    row.verdict = Verdict.UPDATE if plan.changes else Verdict.SKIP


def _fits_groups(row: Row, taken: Set[tuple[Any, ...]]) -> bool:
    """A class has a subject whole or in groups, never both: its hours would count twice."""
    group, code = row.get("group") or 0, row.get("subject")
    others = {
        number
        for class_id, subject, number in taken
        if (class_id, subject) == (row.plan.school_class.id, code) and number < rules.OWN_CIRCLE
    }
    if group and 0 in others:
        row.error("group", "group_of_whole", name=reference.subject(code).name)
        return False
    if not group and others - {0}:
        row.error("group", "whole_of_groups", name=reference.subject(code).name)
        return False
    return True


def _hours(row: Row, plan: Plan, course: Course | None) -> bool:
    """Hours as given, else as many as there are places, else as they are; False when nothing tells them."""
    if row.get("hours"):
        plan.hours = Decimal(row.get("hours"))
        if plan.places and len(plan.places) != plan.hours.to_integral_value(rounding="ROUND_CEILING"):
            row.doubt(
                "places", "hours_places", count=f"{plan.hours.normalize():f}", places=str(len(plan.places))
            )
    elif course is not None:
        plan.hours = course.hours_per_week
    elif plan.places:
        plan.hours = Decimal(len(plan.places))
        row.doubt("hours", "hours_taken", str(len(plan.places)))
    else:
        row.error("hours", "required")
        return False
    return True


def _overloaded(
    rows: Sequence[Row], known: dict[tuple[Any, ...], Course], people: People, most: Decimal
) -> None:
    """Say at the rows of a teacher who would have more hours than are given without an agreement."""
    named = {row.plan.course.pk for row in rows if row.plan.course is not None}
    hours: dict[tuple[Any, ...], tuple[UUID | None, Decimal]] = {
        (course.set_code or course.pk, course.subject_code, course.group, course.teacher_id): (
            course.teacher_id,
            course.hours_per_week,
        )
        for course in known.values()
        if course.pk not in named
    }
    taken = [row for row in rows if not row.is_blocked and row.plan.school_class is not None]
    for row in taken:
        plan = row.plan
        teacher = plan.teacher_id or (plan.course.teacher_id if plan.course else None)
        where = plan.school_class.set_code or row.number
        key = (where, row.get("subject"), row.get("group") or 0, teacher)
        hours[key] = (teacher, max(plan.hours, hours.get(key, (None, Decimal(0)))[1]))
    totals: dict[UUID, Decimal] = {}
    for teacher, value in hours.values():
        if teacher is not None:
            totals[teacher] = totals.get(teacher, Decimal(0)) + value
    for row in taken:
        teacher = row.plan.teacher_id
        if teacher in totals and totals[teacher] > most and row.verdict is not Verdict.SKIP:
            row.doubt(
                "teacher", "teacher_overloaded", name=people.names[teacher],
                hours=f"{totals[teacher].normalize():f}", most=f"{most.normalize():f}",
            )  # fmt: skip


def _crowded(
    rows: Sequence[Row],
    known: dict[tuple[Any, ...], Course],
    places: dict[UUID, list[_PLACE]],
    classes: dict[tuple[int, str], contingent.ClassInfo],
) -> None:
    """A class and a teacher are in one place at a time: by the rows of the file, and by what the week has already."""
    labels = {one.id: one.label for one in classes.values()}
    named = {
        row.plan.course.pk for row in rows if row.plan.course is not None and row.plan.places is not None
    }
    by_class: dict[tuple[Any, ...], str] = {}
    by_teacher: dict[tuple[Any, ...], tuple[str, str]] = {}
    for course in known.values():
        if course.pk in named:
            continue
        name = _said(labels.get(course.school_class_id, ""), course.subject_code)
        for place in places.get(course.pk, []):
            by_class[course.school_class_id, course.group, *place] = name
            if course.teacher_id:
                by_teacher[course.teacher_id, course.shift, *place] = (name, course.set_code)
    for row in rows:
        plan = row.plan
        if row.is_blocked or (row.verdict is Verdict.SKIP and plan.course is None) or not plan.places:
            continue
        _take_places(row, plan, by_class, by_teacher)


def _take_places(
    row: Row,
    plan: Plan,
    by_class: dict[tuple[Any, ...], str],
    by_teacher: dict[tuple[Any, ...], tuple[str, str]],
) -> None:
    one = plan.school_class
    assert one is not None
    teacher = plan.teacher_id or (plan.course.teacher_id if plan.course else None)
    name, group = _said(one.label, row.get("subject")), row.get("group") or 0
    for day, number in plan.places or []:
        said = {"day": str(WEEKDAYS[day - 1]), "number": str(number)}
        taken = by_class.get((one.id, group, day, number))
        busy = by_teacher.get((teacher, one.shift, day, number)) if teacher else None
        if taken is not None:
            row.error("places", "class_busy", name=taken, **said)
            return
        if busy is not None and not (one.set_code and busy[1] == one.set_code):
            row.error("places", "teacher_busy", name=busy[0], **said)
            return
    for place in plan.places or []:
        by_class[(one.id, group, *place)] = name
        if teacher:
            by_teacher[(teacher, one.shift, *place)] = (name, one.set_code)


def _said(label: str, subject_code: str) -> str:
    return f"{label} {reference.subject(subject_code).name}"
