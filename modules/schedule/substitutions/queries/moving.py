"""Where a lesson could be moved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Q

from kernel import clock
from kernel.access import Actor
from modules.schedule.models import Lesson
from modules.schedule.substitutions import rules
from modules.schedule.substitutions.models import Absence, Substitution
from modules.schedule.year import queries as year_queries
from modules.schedule.year.rules import Place

AHEAD = timedelta(days=14)
MOST = 12


@dataclass(frozen=True, slots=True)
class FreePlace:
    day: date
    number: int
    start: time | None

    @property
    def code(self) -> str:
        return f"{self.day.isoformat()}/{self.number}"


def free_places(row: Substitution, *, actor: Actor) -> list[FreePlace]:
    """Places of the next two weeks that are free for the class and for the lesson's teacher, the nearest first.

    The bells of each day say when that is. Windows of the class come before the end of its day; its day is never made
    longer than by one lesson.
    """
    class_id = row.lesson.school_class_id
    first = max(row.lesson.date, clock.today())
    last = first + AHEAD
    busy: dict[date, set[int]] = defaultdict(set)
    hers: dict[date, list[Place]] = defaultdict(list)
    rings = year_queries.rings(actor=actor, start=first, end=last)
    whose = Q(school_class_id=class_id) | Q(teacher_id=row.teacher_id)
    for one in Lesson.objects.filter(whose, date__range=(first, last), state=Lesson.State.HELD):
        if one.school_class_id == class_id:
            busy[one.date].add(one.number)
        if one.teacher_id == row.teacher_id:
            hers[one.date].append(rings.place_of(one))
    away = [one.term for one in _absences(row, first=first, last=last)]
    now = clock.now().astimezone(clock.ALMATY)
    found = []
    for day in sorted(busy):
        if not rings.is_school_day(class_id, day):
            continue
        for number in range(min(busy[day]), max(busy[day]) + 2):
            place = rings.place(class_id, day, shift=row.shift, number=number)
            if place.start is None or number in busy[day] or any(place.meets(one) for one in hers[day]):
                continue
            if rules.has_begun(day=day, start=place.start, now=now):
                continue
            if any(term.covers(day, place.start) for term in away):
                continue
            found.append(FreePlace(day, number, place.start))
    return found[:MOST]


def _absences(row: Substitution, *, first: date, last: date) -> list[Absence]:
    alive = Q(until=None) | Q(until__gte=first)
    return list(Absence.objects.filter(alive, teacher_id=row.teacher_id, since__lte=last, cancelled_at=None))
