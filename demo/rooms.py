"""Rooms of a demo school, who sits where, and what its teachers ask of the week."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import time
from uuid import UUID

from demo.district import LARGE, SchoolPlan
from modules.contingent.models import SchoolClass
from modules.schedule import api as schedule
from modules.schedule.models import BusyTime, DayWish, HourWish, Room, Slot

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
        schedule.RoomInfo(row.name, row.kind, row.capacity, row.classes_at_once)
        for row in Room.objects.order_by("name")
    ]
    together: dict[tuple[object, ...], list[Slot]] = {}
    for slot in slots:
        course = slot.course
        sits = course.set_code or course.school_class_id
        place = (slot.weekday, slot.number, slot.weeks)
        together.setdefault((sits, course.group, course.subject_code, *place), []).append(slot)
    sittings = []
    for key, some in together.items():
        course = some[0].course
        at = (shifts[course.school_class_id], some[0].weekday, some[0].number)
        home = homes[course.school_class_id]
        wanted = schedule.usual_demand(course.subject_code).room_kind
        sittings.append(
            schedule.Sitting(
                key=key,
                at=at,
                meets=frozenset([at]),
                wanted=wanted,
                size=0,
                home=str(int(home) + SPARE) if course.group > 1 and home.isdigit() else home,
            )
        )
    given = schedule.settle(sittings, rooms)
    for key, some in together.items():
        for slot in some:
            slot.room = given[key]


def wish(*, year: str) -> int:
    """A teacher part of the week, one busy in another school, some free days and first lessons; answer how many rows.

    What is a demand agrees with the week as it is; what is a wish need not.
    """
    taught: dict[UUID, set[tuple[int, int]]] = {}
    shifts: dict[UUID, set[int]] = {}
    rows = Slot.objects.filter(course__year=year).exclude(course__teacher_id=None).order_by("course_id", "id")
    for teacher_id, shift, weekday, number in rows.values_list(
        "course__teacher_id", "course__shift", "weekday", "number"
    ):
        if teacher_id is not None:
            taught.setdefault(teacher_id, set()).add((weekday, number))
            shifts.setdefault(teacher_id, set()).add(shift)
    made: list[DayWish | HourWish | BusyTime] = []
    free = {key: _free_days(places) for key, places in taught.items()}
    early = [key for key, places in taught.items() if shifts[key] == {1} and (4, 6) not in places]
    with_day = [key for key, days in free.items() if days]
    for teacher_id in with_day[:1]:
        made.append(
            _keep(
                DayWish(year=year, teacher_id=teacher_id, weekday=free[teacher_id][-1], why="0,5 мөлшерлеме")
            )
        )
    for teacher_id in [key for key in early if key not in with_day[:1]][:1]:
        # The sixth lesson of Thursday and what follows: then he is in the other school.
        times = {"start": time(12, 30), "end": time(13, 10), "source": BusyTime.Source.CALENDAR}
        made.append(_keep(BusyTime(year=year, teacher_id=teacher_id, weekday=4, **times)))
    rest = [key for key in taught if key not in {one.teacher_id for one in made}]
    for teacher_id, weekday, why in zip(
        rest[::5], (3, 1, 5), ("әдістемелік күн", "", "магистратура"), strict=False
    ):
        made.append(
            _keep(DayWish(year=year, teacher_id=teacher_id, weekday=weekday, is_demand=False, why=why))
        )
    for teacher_id in rest[2:3]:
        shift = min(shifts[teacher_id])
        made += [
            _keep(
                HourWish(
                    year=year, teacher_id=teacher_id, weekday=day, shift=shift, number=1, is_demand=False
                )
            )
            for day in range(1, 6)
        ]
    return len(made)


def _free_days(places: set[tuple[int, int]]) -> list[int]:
    return sorted(set(range(1, 6)) - {weekday for weekday, _number in places})


def _keep(row: DayWish | HourWish | BusyTime) -> DayWish | HourWish | BusyTime:
    row.save(force_insert=True)
    return row
