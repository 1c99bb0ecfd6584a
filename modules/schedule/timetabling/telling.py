"""The solver's findings in words: what plainly cannot go well, what a timetable costs, which rules exclude each other."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.schedule.load.data import OWN_CIRCLE
from modules.schedule.rooms.models import Room
from modules.schedule.rooms.rules import ORDINARY, fitting
from modules.schedule.solver.counting import Finding, Misfit, misfits
from modules.schedule.timetabling import school_rules
from modules.schedule.timetabling.grid import Grid
from modules.schedule.timetabling.school_problem import RULES, Asked, Builder

if TYPE_CHECKING:
    from modules.schedule.solver.check import Broken
    from modules.schedule.solver.problem import Rule

MUCH_FOR_A_TEACHER = 36
NAMED = 5
OF_ONE_TEACHER = {"away", "elsewhere"}


def beforehand(grid: Grid) -> list[str]:
    """What plainly cannot go well, seen by counting alone; of the most lessons first."""
    builder = Builder(grid)
    found = [_said(one) for one in misfits(builder.build(keep=False).problem)]
    return [
        *found,
        *_of_teachers(builder),
        *_of_halves(builder),
        *_of_rooms(builder),
        *_of_undescribed_rooms(builder),
    ]


def _said(finding: Finding) -> str:
    words = {
        Misfit.NOWHERE: _("{subject}: there is no place in the week where the lesson may stand"),
        Misfit.AGENT_FULL: _("{subject}: {needed} lessons a week, places for {available}"),
        Misfit.DAYS_FULL: _("{subject}: {needed} lessons a week, but the days hold {available}"),
        Misfit.DAYS_EMPTY: _("{subject}: {available} lessons are too few for the days, {needed} are wanted"),
        Misfit.ROOMS_FULL: _("{subject}: {needed} lessons a week, the rooms hold {available}"),
        Misfit.SERIES_LONG: _("{subject}: needs {needed} different days, the week has {available}"),
    }
    return words[finding.kind].format(
        subject=finding.subject, needed=finding.needed, available=finding.available
    )


def _of_teachers(builder: Builder) -> Iterator[str]:
    """More than two rates, and more lessons than the hours at which the teacher is there."""
    teachers = [key for key in builder.order if key[0] == "teacher"]
    for key in sorted(teachers, key=lambda key: -len(builder.agents[key])):
        name, own = builder.names[key], builder.agents[key]
        if len(own) > MUCH_FOR_A_TEACHER:
            yield _("{teacher} has {count} lessons a week: more than two rates").format(
                teacher=name, count=len(own)
            )
        for shift in sorted({builder.groups[n][0].shift for n in own}):
            closed = [
                hours
                for rule, _told, hours in school_rules.closed_to(builder, key[1], shift)
                if rule != "free_day"
            ]
            if not closed:
                continue
            count = sum(builder.groups[n][0].shift == shift for n in own)
            there = len(builder.slots(shift).difference(*closed))
            if count > there:
                yield _("{teacher}: {count} lessons a week, but is there at {there}").format(
                    teacher=name, count=count, there=there
                )


def _of_halves(builder: Builder) -> Iterator[str]:
    """Halves of a class with one teacher: only the last lesson of a day leaves the other half without a gap."""
    count: Counter[tuple[str, str, str]] = Counter()
    groups: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for pieces in builder.groups:
        one = pieces[0]
        if len(pieces) == 1 and 0 < one.group < OWN_CIRCLE and one.teacher_id is not None:
            key = one.class_label, one.subject, one.teacher
            count[key] += 1
            groups[key].add(one.group)
    for key, several in groups.items():
        if len(several) > 1 and count[key] > builder.grid.days:
            label, subject, teacher = key
            yield _(
                "{class}, {subject}: {teacher} teaches both halves, so one of them waits while the other learns; "
                "give them two teachers"
            ).format(**{"class": label, "subject": subject, "teacher": teacher})


def _of_rooms(builder: Builder) -> Iterator[str]:
    """Kinds of rooms that cannot hold all that want them, that seat too few, or that there are none of."""
    if not builder.wishes.rooms:
        return
    for told, limit, lessons in school_rules.rooms_asked(builder):
        shifts = sorted({builder.groups[n][0].shift for n in lessons})
        most = limit * school_rules.hours_there(builder, shifts)
        if len(lessons) > most:
            yield _("Rooms {rooms}: {needed} lessons a week want them, they hold {available}").format(
                rooms=told, needed=len(lessons), available=most
            )
    lacking: Counter[str] = Counter()
    small: dict[tuple[str, str], int] = {}
    for pieces in builder.groups:
        kind = builder.wishes.demand(pieces[0].subject_code).room_kind
        size = school_rules.size_of(builder, pieces)
        if kind == ORDINARY or fitting(builder.wishes.rooms, kind, size):
            continue
        if any(one.kind == kind for one in builder.wishes.rooms):
            small[pieces[0].class_label, kind] = size
        else:
            lacking[kind] += 1
    for kind, count in lacking.most_common():
        yield ngettext(
            "{kind}: the school has none, {n} lesson a week wants one and gets another room",
            "{kind}: the school has none, {n} lessons a week want one and get other rooms",
            count,
        ).format(kind=_label(kind), n=count)
    for (label, kind), size in small.items():
        yield _("{class}: no room of the kind “{kind}” seats {size} pupils").format(
            **{"class": label, "kind": _label(kind), "size": size}
        )


def _label(kind: str) -> str:
    words = str(Room.Kind(kind).label)
    return words[:1].upper() + words[1:]


def _of_undescribed_rooms(builder: Builder) -> Iterator[str]:
    """Rooms that only the timetable knows and that more lessons name than the week has."""
    if builder.wishes.rooms:
        return
    named: dict[str, set[int]] = defaultdict(set)
    for n, pieces in enumerate(builder.groups):
        if pieces[0].room:
            named[pieces[0].room].add(n)
    most = builder.grid.days * len(builder.grid.bells)
    for room, some in sorted(named.items()):
        if len(some) > most:
            yield _("Room {room}: {needed} lessons a week, places for {available}").format(
                room=room, needed=len(some), available=most
            )


def price_in_words(broken: Iterable[Broken]) -> list[str]:
    """How often each wish is broken, the dearest first."""
    units: Counter[str] = Counter()
    cost: dict[str, float] = defaultdict(float)
    for one in broken:
        if one.rule.name in RULES:
            units[one.rule.name] += one.units
            cost[one.rule.name] += one.cost
    return [
        ngettext("{rule}: broken {n} time", "{rule}: broken {n} times", units[name]).format(
            rule=RULES[name], n=units[name]
        )
        for name in sorted(cost, key=lambda name: (-cost[name], name))
    ]


@dataclass(frozen=True, slots=True)
class Demand:
    """Demands of one rule that stand in a timetable's way: in words, how many, and the teachers whose own they are."""

    code: str
    text: str
    count: int = 1
    teachers: tuple[tuple[str, str], ...] = ()  # id and name


def conflict_in_words(asked: Asked, grid: Grid, numbers: Iterable[int]) -> list[Demand]:
    """The rules that exclude each other, the name of each kind once."""
    of: dict[str, list[Rule]] = defaultdict(list)
    for n in numbers:
        rule = asked.problem.rules[n]
        of[rule.name].append(rule)
    return [_demand(asked, grid, name, rules) for name, rules in of.items()]


def _demand(asked: Asked, grid: Grid, name: str, rules: Sequence[Rule]) -> Demand:
    people = list(dict.fromkeys(rule.told for rule in rules if rule.told))
    shown = ", ".join(people[:NAMED])
    if len(people) > NAMED:
        rest = len(people) - NAMED
        shown += " " + ngettext("and {n} more", "and {n} more", rest).format(n=rest)
    text = f"{RULES[name]}: {shown}" if shown else str(RULES[name])
    lessons = [grid.pieces[asked.cards[rule.activities[0]][0]] for rule in rules if name in OF_ONE_TEACHER]
    teachers = {str(one.teacher_id): one.teacher for one in lessons}
    return Demand(name, text, len(rules), tuple(teachers.items()))


def lesson_names(grid: Grid, keys: Iterable[UUID]) -> str:
    """Lessons by their titles, the first few."""
    titles = [grid.pieces[key].title for key in keys]
    shown = ", ".join(titles[:NAMED])
    rest = len(titles) - NAMED
    return shown + (" " + ngettext("and {n} more", "and {n} more", rest).format(n=rest) if rest > 0 else "")
