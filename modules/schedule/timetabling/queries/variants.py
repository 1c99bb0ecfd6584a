"""Reads of variants: the list, a variant as a grid in memory, and how it differs from the week now in force."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import kazakh_order
from modules.schedule import permissions
from modules.schedule.load.data import with_part
from modules.schedule.models import Course, Slot
from modules.schedule.queries import class_names, short_names, subject_title, title_of
from modules.schedule.timetabling.answers import Place, place_words
from modules.schedule.timetabling.grid import DayOff, Grid, Lack, Piece
from modules.schedule.timetabling.models import Card, DayWish, Step, Timetable
from modules.schedule.timetabling.pairs import EVERY
from modules.schedule.wishes import queries as wish_queries
from modules.schedule.wishes.rules import Wishes
from modules.schedule.year import queries as year_queries
from modules.schedule.year.models import Weeks
from tenants import reference

HALF = Decimal("0.5")


class Spot(NamedTuple):
    """Where a lesson stands in the week."""

    weekday: int
    number: int
    room: str
    weeks: str


@dataclass(frozen=True, slots=True)
class Line:
    """A variant in the list."""

    row: Timetable
    cards: int
    unplaced: int


def timetables(*, actor: Actor, year: str) -> list[Line]:
    """Variants of the year, the newest first."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    rows = (
        Timetable.objects.filter(year=year)
        .annotate(all=Count("cards"), waiting=Count("cards", filter=Q(cards__weekday=None)))
        .order_by("-created_at", "id")
    )
    return [Line(row, row.all, row.waiting) for row in rows]


def get_timetable(*, actor: Actor, timetable_id: UUID) -> Timetable:
    """One variant; raises NotFound."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    row = Timetable.objects.filter(pk=timetable_id).first()
    if row is None:
        raise NotFound
    return row


def bells() -> dict[tuple[int, int], tuple]:
    return {key: (row.start, row.end) for key, row in year_queries.usual_bells().items()}


def grid(*, actor: Actor, row: Timetable) -> Grid:
    """The variant in memory, classes in their order: one query each of courses, cards and bells, and those of names."""
    lines = {one.id: one for one in _lines(row.year)}
    cards = list(
        Card.objects.filter(timetable=row)
        .order_by("course_id", "ordinal")
        .values_list("id", "course_id", "weekday", "number", "weeks", "room", "pin")
    )
    classes = class_names(actor=actor, year=row.year)
    teachers = short_names(actor=actor, teacher_ids=[one.teacher_id for one in lines.values()])
    order = {key: n for n, key in enumerate(classes)}
    cards.sort(key=lambda card: order.get(lines[card[1]].class_id, len(order)))
    labels = {key: one.label for key, one in classes.items()}
    have: dict[UUID, Decimal] = defaultdict(Decimal)
    wishes = wish_queries.for_board(year=row.year)
    pieces = []
    for card_id, course_id, weekday, number, weeks, room, pin in cards:
        line = lines[course_id]
        have[course_id] += HALF if weeks != EVERY else 1
        pieces.append(
            Piece(
                id=card_id,
                course_id=course_id,
                class_id=line.class_id,
                class_label=labels.get(line.class_id, ""),
                subject_code=line.subject_code,
                subject=line.subject,
                short=line.short,
                teacher_id=line.teacher_id,
                teacher=teachers.get(line.teacher_id, "") if line.teacher_id else "",
                group=line.group,
                shift=line.shift,
                set_code=line.set_code,
                place=(weekday, number) if weekday is not None and number is not None else None,
                room=room,
                pin=pin,
                weeks=weeks,
                difficulty=wishes.demand(line.subject_code).difficulty,
            )
        )
    lacking = [
        Lack(one.class_id, one.title(labels.get(one.class_id, "")), float(have[key]), float(one.wanted))
        for key, one in lines.items()
        if have[key] != one.wanted
    ]
    return board_of(pieces, year=row.year, days=row.days, teachers=teachers, wishes=wishes, lacking=lacking)


def board_of(
    pieces: Iterable[Piece],
    *,
    year: str,
    days: int,
    teachers: Mapping[UUID, str],
    wishes: Wishes,
    lacking: Iterable[Lack] = (),
) -> Grid:
    """Lessons of a week with the bells and what teachers ask of their days."""
    rings = bells()
    off, closed = _days_off(year, teachers, wishes), _closed(year, rings, teachers, wishes)
    return Grid(pieces, rings, days, off, lacking, closed, wishes)


def grid_for_search(*, actor: Actor, row: Timetable) -> Grid:
    """The same with all that the search heeds besides: home rooms, sizes of classes, double lessons."""
    found = grid(actor=actor, row=row)
    found.school = wish_queries.for_search(actor=actor, year=row.year, of_board=found.school)
    return found


def _closed(
    year: str, rings: Mapping[tuple[int, int], tuple], teachers: Mapping[UUID, str], wishes: Wishes
) -> dict[UUID, dict[tuple[int, int, int], DayOff]]:
    """Hours that are closed to teachers, in words; as firmly as the school makes the rule weigh."""
    said = {
        "away": _("{teacher} cannot teach then"),
        "free_day": _("{teacher} would rather not teach then"),
        "elsewhere": _("{teacher} is busy in another school then"),
    }
    return {
        teacher_id: {
            key: DayOff(wishes.is_demand(rule), said[rule].format(teacher=teachers.get(teacher_id, "")), rule)
            for key, rule in hours.items()
            if wishes.is_on(rule)
        }
        for teacher_id, hours in wish_queries.closed_hours(year=year, bells=rings).items()
    }


@dataclass(frozen=True, slots=True)
class _Line:
    """As much of a course as its cards show."""

    id: UUID
    class_id: UUID
    subject_code: str
    subject: str
    short: str
    teacher_id: UUID | None
    group: int
    shift: int
    set_code: str
    wanted: Decimal

    def title(self, class_label: str) -> str:
        return f"{class_label} · {with_part(self.subject, self.group)}"


def _lines(year: str) -> Iterator[_Line]:
    subjects = reference.subjects()
    rows = Course.objects.filter(year=year).values_list(
        *("id", "school_class_id", "subject_code", "teacher_id", "group", "shift", "set_code"),
        *("hours_per_week", "name", "kind"),
    )
    for key, class_id, code, teacher_id, group, shift, set_code, hours, name, kind in rows:
        title = title_of(code, name, kind)
        subject = subjects.get(code)
        short = name or (str(subject.short) if subject else code)
        wanted = cards_of(hours).hours
        yield _Line(key, class_id, code, title, short, teacher_id, group, shift, set_code, wanted)


def titles(*, actor: Actor, year: str) -> dict[UUID, tuple[str, str]]:
    """The class and the subject of each course of the year."""
    classes = class_names(actor=actor, year=year)
    labels = {key: one.label for key, one in classes.items()}
    return {one.id: (labels.get(one.class_id, ""), one.subject) for one in _lines(year)}


@dataclass(frozen=True, slots=True)
class Cards:
    """How many cards of every week a course has, and whether one of every second week besides."""

    whole: int
    half: int

    @property
    def hours(self) -> Decimal:
        return self.whole + self.half * HALF


def cards_of(hours: Decimal) -> Cards:
    """The cards of so many hours a week: any part of an hour is taught every second week."""
    return Cards(int(hours), int(hours % 1 != 0))


def _days_off(year: str, teachers: Mapping[UUID, str], wishes: Wishes) -> dict[tuple[UUID, int], DayOff]:
    found = {}
    for one in DayWish.objects.filter(year=year):
        rule = "away" if one.is_demand else "free_day"
        if not wishes.is_on(rule):
            continue
        text = (
            _("{teacher} is not there on {day}")
            if one.is_demand
            else _("{teacher} would rather be free on {day}")
        ).format(teacher=teachers.get(one.teacher_id, ""), day=str(WEEKDAYS[one.weekday - 1]).lower())
        words = f"{text} ({one.why})" if one.why else text
        found[one.teacher_id, one.weekday] = DayOff(wishes.is_demand(rule), words, rule)
    return found


@dataclass(frozen=True, slots=True)
class WishLine:
    """A day of a teacher in the list."""

    row: DayWish
    teacher: str
    day: str


def day_wishes(*, actor: Actor, year: str) -> list[WishLine]:
    """Days on which teachers are not there, in the Kazakh order of names."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    rows = list(DayWish.objects.filter(year=year).order_by("weekday", "id"))
    teachers = short_names(actor=actor, teacher_ids=[one.teacher_id for one in rows])
    lines = [WishLine(one, teachers.get(one.teacher_id, ""), str(WEEKDAYS[one.weekday - 1])) for one in rows]
    return sorted(lines, key=lambda line: (kazakh_order(line.teacher), line.row.weekday))


def place_of(card: Card) -> Place | None:
    return (card.weekday, card.number) if card.weekday is not None and card.number is not None else None


def steps_to_undo(*, row: Timetable) -> int:
    return Step.objects.filter(timetable=row).count()


def week_on(*, year: str, day: date) -> dict[UUID, list[Spot]]:
    """Places of each course in the week in force on the day."""
    found: dict[UUID, list[Spot]] = defaultdict(list)
    in_force = (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))
    rows = Slot.objects.filter(in_force, course__year=year).order_by("weekday", "number", "id")
    for course_id, weekday, number, room, weeks in rows.values_list("course_id", *Spot._fields):
        found[course_id].append(Spot(weekday, number, room, weeks))
    return found


def placed(*, row: Timetable) -> dict[UUID, list[Spot]]:
    """The same of the variant: every course of the year, those without a placed card too."""
    found: dict[UUID, list[Spot]] = {
        key: [] for key in Course.objects.filter(year=row.year).values_list("pk", flat=True)
    }
    cards = Card.objects.filter(timetable=row).exclude(weekday=None).order_by("weekday", "number", "id")
    for course_id, weekday, number, room, weeks in cards.values_list("course_id", *Spot._fields):
        found.setdefault(course_id, []).append(Spot(weekday, number, room, weeks))
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """What publishing would do to a course: the places it leaves, and the new ones."""

    course_id: UUID
    class_id: UUID
    class_label: str
    subject: str
    teacher_id: UUID | None
    teacher: str
    gone: tuple[Spot, ...]
    new: tuple[Spot, ...]

    @property
    def gone_text(self) -> str:
        return _in_words(self.gone)

    @property
    def new_text(self) -> str:
        return _in_words(self.new)


def _in_words(places: tuple[Spot, ...]) -> str:
    """ "Mon 2 (25), Wed 3 (odd weeks)": days, lessons, rooms and turns."""
    told = []
    for one in places:
        more = ", ".join(filter(None, (one.room, "" if one.weeks == EVERY else str(Weeks(one.weeks).label))))
        told.append(place_words((one.weekday, one.number)) + (f" ({more})" if more else ""))
    return ", ".join(told)


def changes(*, actor: Actor, row: Timetable, since: date) -> list[Change]:
    """Courses whose week would change if the variant were in force from the day, in the order of classes."""
    require(actor, permissions.ARRANGE_TIMETABLE)
    now, then = week_on(year=row.year, day=since), placed(row=row)
    touched = [key for key, places in then.items() if sorted(places) != sorted(now.get(key, []))]
    return _described(actor, row, touched, now, then)


def _described(
    actor: Actor,
    row: Timetable,
    touched: Iterable[UUID],
    now: dict[UUID, list[Spot]],
    then: dict[UUID, list[Spot]],
) -> list[Change]:
    courses = list(Course.objects.filter(pk__in=list(touched)))
    classes = class_names(actor=actor, year=row.year)
    teachers = short_names(actor=actor, teacher_ids=[one.teacher_id for one in courses])
    order = {key: n for n, key in enumerate(classes)}
    courses.sort(key=lambda one: (order.get(one.school_class_id, len(order)), one.subject_code, one.group))
    answer = []
    for one in courses:
        school_class = classes.get(one.school_class_id)
        before, after = set(now.get(one.pk, ())), set(then[one.pk])
        answer.append(
            Change(
                course_id=one.pk,
                class_id=one.school_class_id,
                class_label=school_class.label if school_class else "",
                subject=with_part(subject_title(one), one.group),
                teacher_id=one.teacher_id,
                teacher=teachers.get(one.teacher_id, "") if one.teacher_id else "",
                gone=tuple(sorted(before - after)),
                new=tuple(sorted(after - before)),
            )
        )
    return answer
