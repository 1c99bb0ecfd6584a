"""A week to be shown, printed or compared: that of a variant, or the one by which the school lives on a day."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel import clock
from kernel.access import Actor, require
from kernel.errors import NotFound
from modules.schedule import permissions
from modules.schedule.exchange.telling import weeks_words
from modules.schedule.load import queries as load
from modules.schedule.models import Slot
from modules.schedule.queries import short_names
from modules.schedule.timetabling import queries as timetabling
from modules.schedule.timetabling.grid import Grid, Piece
from modules.schedule.timetabling.models import Timetable
from modules.schedule.wishes import queries as wish_queries

NOW = "now"  # how addresses call the week in force


@dataclass(frozen=True, slots=True)
class Week:
    """A week with its names."""

    code: str
    title: str
    since: date | None
    grid: Grid
    variant: Timetable | None = None

    @property
    def is_variant(self) -> bool:
        return self.code != NOW

    @property
    def lessons(self) -> list[tuple[Piece, str]]:
        """Every placed lesson with the weeks in which it is held, nothing for every week."""
        return [(one, weeks_words(one)) for one in self.grid.pieces.values() if one.place]


def week(*, actor: Actor, code: str, year: str) -> Week:
    """The week that the address names: a variant's id, or the week in force. Raises NotFound."""
    if code == NOW:
        return week_in_force(actor=actor, year=year, day=_day_in(year))
    try:
        key = UUID(code)
    except ValueError as fault:
        raise NotFound from fault
    row = timetabling.get_timetable(actor=actor, timetable_id=key)
    return Week(code, row.name, row.since, timetabling.grid(actor=actor, row=row), variant=row)


def _day_in(year: str) -> date:
    """Today, or of another year the day in the middle of it that had a full week."""
    today = clock.today()
    if clock.school_year_of(today) == year:
        return today
    first = int(year[:4])
    return date(first, 10, 15) if year < clock.school_year_of(today) else date(first, 9, 1)


def weeks(*, actor: Actor, year: str) -> list[tuple[str, str]]:
    """What may be shown: the week in force and the variants of the year, the newest first."""
    found = timetabling.timetables(actor=actor, year=year)
    return [(NOW, _("The week in force")), *((str(line.row.pk), line.row.name) for line in found)]


def week_in_force(*, actor: Actor, year: str, day: date) -> Week:
    """The week as it is taught on the day, by whoever has the courses then."""
    require(actor, permissions.VIEW)
    in_force = (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gte=day))
    slots: dict[UUID, list[Slot]] = defaultdict(list)
    for slot in Slot.objects.filter(in_force, course__year=year).order_by("weekday", "number", "id"):
        slots[slot.course_id].append(slot)
    lines = [one for one in load.lines(actor=actor, year=year, on=day) if one.class_label and one.id in slots]
    teachers = short_names(actor=actor, teacher_ids=[one.teacher_id for one in lines])
    wishes = wish_queries.for_board(year=year)
    pieces = [
        Piece(
            id=slot.pk,
            course_id=line.id,
            class_id=line.school_class_id,
            class_label=line.class_label,
            subject_code=line.subject_code,
            subject=str(line.name or line.subject),
            short=str(line.name or line.subject_short),
            teacher_id=line.teacher_id,
            teacher=teachers.get(line.teacher_id, "") if line.teacher_id else "",
            group=line.group,
            shift=line.shift,
            set_code=line.set_code,
            place=(slot.weekday, slot.number),
            room=slot.room,
            pin="",
            weeks=slot.weeks,
            difficulty=wishes.demand(line.subject_code).difficulty,
        )
        for line in lines
        for slot in slots[line.id]
    ]
    days = 6 if any(one.place and one.place[0] > 5 for one in pieces) else 5
    begun = max((one.since for some in slots.values() for one in some if one.since), default=None)
    grid = timetabling.board_of(pieces, year=year, days=days, teachers=teachers, wishes=wishes)
    return Week(NOW, _("The week in force"), begun, grid)


def rooms() -> frozenset[str]:
    """Rooms that lessons of the week have been held in."""
    return frozenset(Slot.objects.exclude(room="").order_by().values_list("room", flat=True).distinct())
