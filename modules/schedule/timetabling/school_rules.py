"""The rules of a school's week as the solver understands them: of classes, subjects, teachers and rooms.

Each is named by its card (wishes/rules.py) and told with whom it concerns, so that a conflict can be read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _

from modules.schedule.load.data import OWN_CIRCLE
from modules.schedule.rooms.rules import ORDINARY
from modules.schedule.solver.problem import Kind
from modules.schedule.timetabling.grid import LATE_FROM
from modules.schedule.wishes.rules import Doubles
from tenants import reference

if TYPE_CHECKING:
    from modules.schedule.timetabling.grid import Piece
    from modules.schedule.timetabling.school_problem import Builder

GAPS_OF_TEACHER = 2
LEAST_OF_DAY = 2
ONE_RATE = 16
SPORT = "physical_education"


def say(builder: Builder) -> None:
    """Say everything that the school asks."""
    _of_courses(builder)
    _of_groups(builder)
    _of_classes(builder)
    _of_teachers(builder)
    _of_both_shifts(builder)
    for told, limit, activities in rooms_asked(builder):
        _of_rooms(builder, told, limit, activities)


# --- subjects


def _of_courses(builder: Builder) -> None:
    courses: dict[UUID, list[int]] = defaultdict(list)
    for n, pieces in enumerate(builder.groups):
        courses[pieces[0].course_id].append(n)
    for numbers in courses.values():
        piece = builder.groups[numbers[0]][0]
        if len(numbers) > 1:
            _days_of_course(builder, piece, tuple(numbers))
        _hours_of_course(builder, piece, tuple(numbers))


def _days_of_course(builder: Builder, piece: Piece, numbers: tuple[int, ...]) -> None:
    doubles = builder.wishes.doubles_of(piece.course_id)
    if builder.wishes.weight("double") is None:
        doubles = Doubles.NEVER
    if doubles is Doubles.ALWAYS:
        for first, second in zip(numbers[::2], numbers[1::2], strict=False):
            builder.rule(Kind.GROUPED, "double", piece.title, activities=(first, second))
        numbers = numbers[::2]  # the pairs, each by its first
    elif doubles is Doubles.SOMETIMES:
        builder.rule(Kind.BESIDE, "double", piece.title, activities=numbers)
        return
    if len(numbers) > 1:
        builder.rule(Kind.MIN_DAYS, "spread", piece.title, limit=1, activities=numbers)
    if len(numbers) == 2 and builder.grid.days > 2:
        builder.rule(Kind.MIN_DAYS, "apart", piece.title, limit=2, activities=numbers)


def _hours_of_course(builder: Builder, piece: Piece, numbers: tuple[int, ...]) -> None:
    demand, width = builder.wishes.demand(piece.subject_code), len(builder.columns)
    slots = builder.slots(piece.shift)
    if demand.first is not None or demand.last is not None:
        first = demand.first if demand.first is not None else 0
        last = demand.last if demand.last is not None else 99
        inside = frozenset(s for s in slots if first <= builder.columns[s % width][1] <= last)
        builder.rule(Kind.STARTS, "hours", piece.title, activities=numbers, slots=inside)
    if piece.is_hard:
        early = frozenset(s for s in slots if builder.columns[s % width][1] < LATE_FROM)
        builder.rule(Kind.STARTS, "late", piece.title, activities=numbers, slots=early)


# --- classes and their groups


def _of_groups(builder: Builder) -> None:
    """Groups of one subject run together, where they have teachers and rooms of their own."""
    found: dict[tuple[UUID, str], dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for n, pieces in enumerate(builder.groups):
        if 0 < pieces[0].group < OWN_CIRCLE and len(pieces) == 1:
            found[pieces[0].class_id, pieces[0].subject_code][pieces[0].group].append(n)
    for groups in found.values():
        for together in zip(*groups.values(), strict=False):
            some = [builder.groups[n][0] for n in together]
            teachers = {one.teacher_id for one in some}
            limit = _room_limit(builder, some[0].subject_code)
            if len(some) > 1 and None not in teachers and len(teachers) == len(some) <= limit:
                builder.rule(Kind.SAME_START, "parallel", some[0].title, activities=together)


def _room_limit(builder: Builder, subject_code: str) -> int:
    """How many lessons of the subject there are rooms for at once."""
    wanted = builder.wishes.demand(subject_code).room_kind
    rooms = [one for one in builder.wishes.rooms if one.kind == wanted]
    return sum(one.at_once for one in rooms) if rooms and wanted != ORDINARY else 99


def _of_classes(builder: Builder) -> None:
    """Each class is told by itself, so that a conflict names it; a circle's hours are no gaps and no load of the class."""
    days, width = builder.grid.days, len(builder.columns)
    norms = reference.lessons_a_day()
    for n, key in enumerate(builder.order):
        if key[0] != "class" or key[2] >= OWN_CIRCLE:
            continue
        name, own = builder.names[key], builder.agents[key]
        load, shift = len(own), builder.groups[own[0]][0].shift
        grade = builder.wishes.grades.get(key[1], -1)
        longest = len(builder.grid.numbers(shift))
        builder.rule(Kind.GAPS_WEEK, "gaps", name, agents=(n,), limit=0)
        builder.rule(Kind.EARLY, "early", name, agents=(n,), limit=0)
        builder.rule(Kind.HOURS_MAX, "most", name, agents=(n,), limit=min(ceil(load / days) + 1, longest))
        if grade in norms:
            most = max(norms[grade], ceil(load / days))
            builder.rule(Kind.HOURS_MAX, "norm", name, agents=(n,), limit=most)
        if load >= LEAST_OF_DAY:
            builder.rule(Kind.HOURS_MIN, "least", name, agents=(n,), limit=LEAST_OF_DAY, flag=True)
        hard = tuple(a for a in own if builder.groups[a][0].is_hard)
        if len(hard) > 1:
            share = ceil(len(hard) / days)
            builder.rule(Kind.HOURS_MAX, "shared", name, agents=(n,), limit=share, activities=hard)
            edges = frozenset(s for s in builder.slots(shift) if s // width in (0, days - 1))
            most = 2 * len(hard) // days
            builder.rule(Kind.OCCUPY_MAX, "edges", name, activities=hard, slots=edges, limit=most)
        sport = [a for a in own if builder.groups[a][0].subject_code == SPORT]
        for one in sport:
            for other in hard:
                builder.rule(Kind.MIN_GAPS_BETWEEN, "beside_sport", name, activities=(one, other), limit=1)


# --- teachers


def _of_teachers(builder: Builder) -> None:
    grid = builder.grid
    for n, key in enumerate(builder.order):
        if key[0] != "teacher":
            continue
        teacher_id, name, own = key[1], builder.names[key], builder.agents[key]
        by_shift: dict[int, list[int]] = defaultdict(list)
        for a in own:
            by_shift[builder.groups[a][0].shift].append(a)
        for shift, activities in by_shift.items():
            for rule, told, closed in closed_to(builder, teacher_id, shift):
                builder.rule(
                    Kind.STARTS,
                    rule,
                    told,
                    activities=tuple(activities),
                    slots=builder.slots(shift) - closed,
                )
        if len(by_shift) == 1:
            builder.rule(Kind.GAPS_WEEK, "teacher_gaps", name, agents=(n,), limit=GAPS_OF_TEACHER)
        if len(own) <= ONE_RATE:
            builder.rule(Kind.DAYS_MAX, "methodical", name, agents=(n,), limit=grid.days - 1)


def closed_to(builder: Builder, teacher_id: UUID, shift: int) -> Iterator[tuple[str, str, frozenset[int]]]:
    """What keeps a teacher from lessons of the shift: the rule, whom and when in words, and the hours."""
    grid, width = builder.grid, len(builder.columns)
    slots = builder.slots(shift)
    for day in range(1, grid.days + 1):
        if off := grid.off.get((teacher_id, day)):
            yield off.rule, off.words, frozenset(s for s in slots if s // width == day - 1)
    hours: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for (day, of, number), off in sorted(grid.closed.get(teacher_id, {}).items()):
        if of == shift and (of, number) in builder.column and day <= grid.days:
            hours[off.rule].append((day, number))
    for rule, places in hours.items():
        words = grid.closed[teacher_id][places[0][0], shift, places[0][1]].words
        closed = frozenset((day - 1) * width + builder.column[shift, number] for day, number in places)
        yield rule, f"{words}: {_when(places)}", closed


def _when(places: Sequence[tuple[int, int]]) -> str:
    """ "Mon 1, 2; Tue 3": days and lessons."""
    by_day: dict[int, list[int]] = defaultdict(list)
    for day, number in places:
        by_day[day].append(number)
    return "; ".join(f"{WEEKDAYS_ABBR[day - 1]} {', '.join(map(str, some))}" for day, some in by_day.items())


def _meeting_columns(builder: Builder) -> list[tuple[int, int]]:
    """Columns of different shifts that ring at one time."""
    return [
        (builder.column[one], builder.column[other])
        for one in builder.columns
        for other in builder.grid.meeting[one]
        if other in builder.column and builder.column[one] < builder.column[other]
    ]


def _of_both_shifts(builder: Builder) -> None:
    """Who is in both shifts is not in two lessons that ring at one time."""
    width, pairs = len(builder.columns), _meeting_columns(builder)
    for key in builder.order:
        activities = tuple(builder.agents[key])
        if key[0] == "class" or len({builder.groups[a][0].shift for a in activities}) < 2:
            continue
        for day in range(builder.grid.days):
            for one, other in pairs:
                both = frozenset({day * width + one, day * width + other})
                builder.rule(
                    Kind.FROM_SET_MAX,
                    "overlap",
                    builder.names[key],
                    activities=activities,
                    slots=both,
                    limit=1,
                )


# --- rooms


def rooms_asked(builder: Builder) -> Iterator[tuple[str, int, tuple[int, ...]]]:
    """For each kind of room that the school has: how many lessons may be there at once, and which lessons want it.

    Larger classes have fewer rooms: what only the largest rooms seat is asked once more by itself.
    """
    wanted: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for n, pieces in enumerate(builder.groups):
        kind = builder.wishes.demand(pieces[0].subject_code).room_kind
        if kind != ORDINARY:
            wanted[kind].append((n, size_of(builder, pieces)))
    for kind, lessons in sorted(wanted.items()):
        rooms = [one for one in builder.wishes.rooms if one.kind == kind]
        steps = [-1, *sorted({one.seats for one in rooms if one.seats is not None})]
        for seats in steps:
            fit = [one for one in rooms if one.seats is None or one.seats > seats]
            inside = tuple(n for n, size in lessons if size > seats)
            if fit and inside:
                yield ", ".join(one.name for one in fit), sum(one.at_once for one in fit), inside


def size_of(builder: Builder, pieces: Sequence[Piece]) -> int:
    """Pupils of a lesson; a group is taken for half of its class."""
    sizes = builder.wishes.sizes
    return sum(
        ceil(sizes.get(one.class_id, 0) / 2) if one.group else sizes.get(one.class_id, 0) for one in pieces
    )


def _of_rooms(builder: Builder, told: str, limit: int, activities: tuple[int, ...]) -> None:
    width = len(builder.columns)
    shifts = {builder.groups[n][0].shift for n in activities}
    slots = frozenset().union(*map(builder.slots, shifts))
    if len(activities) <= limit:
        return
    words = _("rooms {rooms}").format(rooms=told)
    builder.rule(Kind.SIMULTANEOUS_MAX, "room_kind", words, activities=activities, slots=slots, limit=limit)
    if len(shifts) < 2:
        return
    for day in range(builder.grid.days):
        for one, other in _meeting_columns(builder):
            both = frozenset({day * width + one, day * width + other})
            builder.rule(
                Kind.FROM_SET_MAX, "room_kind", words, activities=activities, slots=both, limit=limit
            )


def hours_there(builder: Builder, shifts: Sequence[int]) -> int:
    """Lessons of the week at which something can run in these shifts; what rings at one time is counted once."""
    own = sorted({builder.grid.bells[shift, n] for shift in shifts for n in builder.grid.numbers(shift)})
    count = len(own)
    for before, after in pairwise(own):
        if after[0] < before[1]:
            count -= 1
    return count * builder.grid.days
