"""Rooms of a demo school, who sits where, and what its teachers ask of the week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from uuid import UUID

from demo.district import LARGE, SchoolPlan
from kernel.access import Actor
from modules.contingent.models import SchoolClass
from modules.schedule.models import BusyTime, Course, DayWish, HourWish, Room, Slot
from modules.schedule.rooms.rules import RoomInfo, Sitting, settle
from modules.schedule.wishes.rules import usual_demand

Kind = Room.Kind
SPECIAL = (
    Room(name="Спортзал", kind=Kind.GYMNASIUM, classes_at_once=2, building="Спорт кешені"),
    Room(name="Кіші спортзал", kind=Kind.GYMNASIUM, building="Спорт кешені"),
    Room(name="Шеберхана", kind=Kind.WORKSHOP, capacity=30),
)
OF_LARGE = (
    Room(name="Спорт алаңы", kind=Kind.GYMNASIUM, classes_at_once=3, building="Аула"),
    Room(name="Информ. 1", kind=Kind.INFORMATICS, capacity=30),
    Room(name="Информ. 2", kind=Kind.INFORMATICS, capacity=30),
    Room(name="Информ. 3", kind=Kind.INFORMATICS, capacity=16),
    Room(name="Физика 1", kind=Kind.PHYSICS, capacity=36),
    Room(name="Физика 2", kind=Kind.PHYSICS, capacity=36),
    Room(name="Химия", kind=Kind.CHEMISTRY, capacity=36),
    Room(name="Биология 1", kind=Kind.BIOLOGY, capacity=36),
    Room(name="Биология 2", kind=Kind.BIOLOGY, capacity=36),
    Room(name="Шеберхана 2", kind=Kind.WORKSHOP, capacity=30),
    Room(name="Акт залы", kind=Kind.HALL, capacity=250),
)
SPARE = 100  # a second group sits a floor above the home room of its class


def describe(plan: SchoolPlan, classes: Iterable[SchoolClass]) -> int:
    """Home rooms, rooms a floor above them for second groups, and those of kinds of their own."""
    homes = sorted({int(row.room) for row in classes if row.room.isdigit()})
    numbers = [*homes, *(number + SPARE for number in homes)] if plan is LARGE else homes
    rooms = [
        *(Room(name=str(number), capacity=36 if number < 200 else 20) for number in numbers),
        *SPECIAL,
        *(OF_LARGE if plan is LARGE else ()),
    ]
    return len(Room.objects.bulk_create(rooms, ignore_conflicts=True))


def seat(slots: Sequence[Slot], homes: dict[UUID, str], shifts: dict[UUID, int]) -> None:
    """Give the lessons of a week their rooms: of the kind that the subject needs, else the class's own.

    Classes that sit together have one; what runs in different shifts does not meet.
    """
    rooms = [
        RoomInfo(row.name, row.kind, row.capacity, row.classes_at_once)
        for row in Room.objects.order_by("name")
    ]
    together: dict[tuple[object, ...], list[Slot]] = {}
    for slot in slots:
        course = slot.course
        key = (course.set_code or course.school_class_id, course.group, slot.weekday, slot.number, slot.weeks)
        together.setdefault((*key, course.subject_code), []).append(slot)
    sittings = []
    for key, some in together.items():
        course = some[0].course
        at = (shifts[course.school_class_id], some[0].weekday, some[0].number)
        home = homes[course.school_class_id]
        wanted = usual_demand(course.subject_code).room_kind
        sittings.append(
            Sitting(
                key=key,
                at=at,
                meets=frozenset([at]),
                wanted=wanted,
                size=0,
                home=str(int(home) + SPARE) if course.group > 1 and home.isdigit() else home,
            )
        )
    given = settle(sittings, rooms)
    for key, some in together.items():
        for slot in some:
            slot.room = given[key]


def wish(*, actor: Actor, year: str) -> int:
    """A teacher part of the week, one busy in another school, some free days and first lessons; answer how many rows."""
    teachers = list(
        dict.fromkeys(
            Course.objects.filter(
                year=year, school_class_id__in=SchoolClass.objects.filter(grade__gte=5, year=year)
            )
            .exclude(teacher_id=None)
            .order_by("subject_code", "id")
            .values_list("teacher_id", flat=True)
        )
    )
    if len(teachers) < 6:
        return 0
    step = len(teachers) // 6
    part, elsewhere, free, mother, evening, last = teachers[: 6 * step : step]
    shift_of = dict(Course.objects.filter(year=year).order_by("id").values_list("teacher_id", "shift"))
    days = [
        DayWish(year=year, teacher_id=part, weekday=5, is_demand=True, why="0,5 мөлшерлеме"),
        DayWish(year=year, teacher_id=free, weekday=3, is_demand=False, why="әдістемелік күн"),
        DayWish(year=year, teacher_id=last, weekday=1, is_demand=False),
    ]
    hours = [
        *(
            HourWish(
                year=year, teacher_id=mother, weekday=day, shift=shift_of[mother], number=1, is_demand=False
            )
            for day in range(1, 6)
        ),
        HourWish(year=year, teacher_id=evening, weekday=4, shift=shift_of[evening], number=6, is_demand=True),
    ]
    # In the other school on Thursday at the end of his shift here.
    start, end = (time(12, 0), time(13, 30)) if shift_of[elsewhere] == 1 else (time(17, 30), time(19, 0))
    busy = [
        BusyTime(
            year=year,
            teacher_id=elsewhere,
            weekday=4,
            start=start,
            end=end,
            source=BusyTime.Source.CALENDAR,
        )
    ]
    made = [
        *DayWish.objects.bulk_create(days),
        *HourWish.objects.bulk_create(hours),
        *BusyTime.objects.bulk_create(busy),
    ]
    return len(made)
