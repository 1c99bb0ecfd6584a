"""Reads of wishes: what the solver and the board heed, and what the pages show."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import time
from typing import Any
from uuid import UUID

from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from modules.contingent import api as contingent
from modules.schedule import permissions
from modules.schedule.models import Course, DayWish
from modules.schedule.queries import class_names, short_names
from modules.schedule.rooms import queries as rooms
from modules.schedule.rooms.models import Room
from modules.schedule.wishes import rules
from modules.schedule.wishes.calendars import meets
from modules.schedule.wishes.models import BusyTime, CourseWish, HourWish, RuleLevel, SubjectWish
from modules.schedule.wishes.rules import Busy, Doubles, Level, SubjectDemand, Wishes
from tenants import reference

Bells = Mapping[tuple[int, int], tuple[time, time]]


def levels() -> dict[str, Level]:
    """What the school has changed of the weights."""
    return {one.code: Level(one.level) for one in RuleLevel.objects.all() if one.code in rules.CARDS}


def subject_demands() -> dict[str, SubjectDemand]:
    """What the school has changed of the subjects' demands."""
    return {
        one.subject_code: SubjectDemand(one.difficulty, one.room_kind, one.first, one.last, is_own=True)
        for one in SubjectWish.objects.all()
    }


def for_board(*, year: str) -> Wishes:
    """What a place on the board is judged by: weights, demands of subjects, double lessons, rooms; four queries."""
    doubles = CourseWish.objects.filter(course__year=year).values_list("course_id", "doubles")
    return Wishes(
        levels=levels(),
        subjects=subject_demands(),
        doubles={key: Doubles(value) for key, value in doubles},
        rooms=tuple(rooms.in_use()),
    )


def for_search(*, actor: Actor, year: str, of_board: Wishes) -> Wishes:
    """The same with all that the solver heeds besides."""
    classes = class_names(actor=actor, year=year)
    return replace(
        of_board,
        homes={key: one.room.strip() for key, one in classes.items()},
        grades={key: one.grade for key, one in classes.items()},
        sizes=dict(contingent.counts(actor=actor, year=year).by_class),
    )


def closed_hours(*, year: str, bells: Bells) -> dict[UUID, dict[tuple[int, int, int], str]]:
    """For each teacher the lessons (day, shift, number) that are closed to him, and the rule that says so.

    What he cannot goes before what he would rather not, and another school before both.
    """
    found: dict[UUID, dict[tuple[int, int, int], str]] = defaultdict(dict)
    for wish in HourWish.objects.filter(year=year).order_by("is_demand", "id"):
        rule = "away" if wish.is_demand else "free_day"
        found[wish.teacher_id][wish.weekday, wish.shift, wish.number] = rule
    for row in BusyTime.objects.filter(year=year).order_by("id"):
        busy = Busy(row.weekday, row.start, row.end)
        for (shift, number), (start, end) in bells.items():
            if meets(busy, start, end):
                found[row.teacher_id][row.weekday, shift, number] = "elsewhere"
    return found


# --- pages


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A rule as its page shows it."""

    card: rules.RuleCard
    level: Level
    choices: list[tuple[str, Any]]

    @property
    def is_own(self) -> bool:
        return self.level is not self.card.level

    @property
    def is_off(self) -> bool:
        return self.level is Level.OFF

    @property
    def label(self) -> str:
        return str(rules.LEVEL_LABELS[self.level])


def cards(*, actor: Actor) -> list[tuple[Any, list[ShownCard]]]:
    """The rules by section."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    own = levels()
    return [
        (
            rules.SECTION_LABELS[section],
            [
                ShownCard(card, own.get(card.code, card.level), _choices(card))
                for card in rules.CARDS.values()
                if card.section is section
            ],
        )
        for section in rules.Section
    ]


def heeded(*, actor: Actor) -> list[ShownCard]:
    """The rules that are not switched off, those that must hold first."""
    shown = [one for _title, some in cards(actor=actor) for one in some if not one.is_off]
    order = list(Level)
    return sorted(shown, key=lambda one: (not one.card.is_fixed, -order.index(one.level)))


def _choices(card: rules.RuleCard) -> list[tuple[str, Any]]:
    if card.on_off:
        return [("off", _("no")), ("must", _("yes"))]
    return [(one.value, rules.LEVEL_LABELS[one]) for one in card.levels]


@dataclass(frozen=True, slots=True)
class SubjectLine:
    """A subject that is taught this year and what it asks."""

    code: str
    name: str
    demand: SubjectDemand
    courses: int
    doubles: int

    @property
    def room(self) -> str:
        return str(Room.Kind(self.demand.room_kind).label)


def subjects(*, actor: Actor, year: str) -> list[SubjectLine]:
    """Subjects of the year's load in the order of the curriculum."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    own = subject_demands()
    count: dict[str, int] = defaultdict(int)
    for code in Course.objects.filter(year=year).values_list("subject_code", flat=True):
        count[code] += 1
    doubled: dict[str, int] = defaultdict(int)
    for code in CourseWish.objects.filter(course__year=year).values_list("course__subject_code", flat=True):
        doubled[code] += 1
    known = reference.subjects()
    order = {code: n for n, code in enumerate(known)}
    return [
        SubjectLine(
            code,
            str(known[code].name) if code in known else code,
            own.get(code) or rules.usual_demand(code),
            count[code],
            doubled[code],
        )
        for code in sorted(count, key=lambda code: (order.get(code, 999), code))
    ]


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course of a subject, and whether its lessons stand in pairs."""

    id: UUID
    label: str
    teacher: str
    hours: Any
    doubles: Doubles


def subject(*, actor: Actor, year: str, code: str) -> tuple[SubjectLine, list[CourseLine]]:
    """A subject with its courses that have two hours and more. Raises NotFound for one that is not taught this year."""
    line = next((one for one in subjects(actor=actor, year=year) if one.code == code), None)
    if line is None:
        raise NotFound
    courses = list(Course.objects.filter(year=year, subject_code=code, hours_per_week__gte=2))
    doubles = {
        key: Doubles(value)
        for key, value in CourseWish.objects.filter(course__in=courses).values_list("course_id", "doubles")
    }
    classes = class_names(actor=actor, year=year)
    teachers = short_names(actor=actor, teacher_ids=[one.teacher_id for one in courses])
    order = {key: n for n, key in enumerate(classes)}
    courses.sort(key=lambda one: (order.get(one.school_class_id, len(order)), one.group, str(one.pk)))
    return line, [
        CourseLine(
            one.pk,
            (classes[one.school_class_id].label if one.school_class_id in classes else "")
            + (f" ({one.group})" if one.group else ""),
            teachers.get(one.teacher_id, "") if one.teacher_id else "",
            one.hours_per_week.normalize(),
            doubles.get(one.pk, Doubles.NEVER),
        )
        for one in courses
    ]


@dataclass(slots=True)
class TeacherLine:
    """What is written of a teacher's week, in words."""

    id: UUID
    name: str
    days: list[str] = field(default_factory=list)
    cannot: int = 0
    rather_not: int = 0
    busy: list[str] = field(default_factory=list)


def teachers(*, actor: Actor, year: str) -> list[TeacherLine]:
    """Teachers of whose week anything is written, in the Kazakh order of names."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    found: dict[UUID, TeacherLine] = {}

    def line(key: UUID) -> TeacherLine:
        return found.setdefault(key, TeacherLine(key, ""))

    for day in DayWish.objects.filter(year=year).order_by("weekday", "id"):
        words = str(WEEKDAYS[day.weekday - 1])
        said = _("{day}: cannot be there") if day.is_demand else _("{day}: would rather be free")
        line(day.teacher_id).days.append(said.format(day=words) + (f" ({day.why})" if day.why else ""))
    for key, is_demand in HourWish.objects.filter(year=year).values_list("teacher_id", "is_demand"):
        one = line(key)
        one.cannot += is_demand
        one.rather_not += not is_demand
    for row in BusyTime.objects.filter(year=year).order_by("weekday", "start", "id"):
        line(row.teacher_id).busy.append(in_words(row))
    names = short_names(actor=actor, teacher_ids=list(found))
    for key, one in found.items():
        one.name = names.get(key, "")
    return sorted(found.values(), key=lambda one: (kazakh_order(one.name), str(one.id)))


def in_words(row: BusyTime) -> str:
    return f"{WEEKDAYS_ABBR[row.weekday - 1]} {row.start:%H:%M}–{row.end:%H:%M}"


@dataclass(frozen=True, slots=True)
class Week:
    """A teacher's week: which lessons there are, at which he cannot or would not teach, days off, busy times."""

    shifts: list[tuple[int, list[int]]]
    cannot: frozenset[str]
    rather_not: frozenset[str]
    days: list[DayWish]
    busy: list[BusyTime]


def week(*, actor: Actor, year: str, teacher_id: UUID, bells: Bells) -> Week:
    """The week of a teacher; the lessons of the shifts in which he teaches, of all shifts when he has no load yet."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    own = set(
        Course.objects.filter(year=year, teacher_id=teacher_id).values_list("shift", flat=True).distinct()
    )
    hours = HourWish.objects.filter(year=year, teacher_id=teacher_id)
    marked = {True: set[str](), False: set[str]()}
    for one in hours:
        own.add(one.shift)
        marked[one.is_demand].add(f"{one.weekday}-{one.shift}-{one.number}")
    used = sorted({shift for shift, _number in bells if not own or shift in own})
    return Week(
        [(shift, sorted(number for of, number in bells if of == shift)) for shift in used],
        frozenset(marked[True]),
        frozenset(marked[False]),
        list(DayWish.objects.filter(year=year, teacher_id=teacher_id).order_by("weekday", "id")),
        list(BusyTime.objects.filter(year=year, teacher_id=teacher_id).order_by("weekday", "start", "id")),
    )
