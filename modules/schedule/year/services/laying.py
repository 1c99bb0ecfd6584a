"""What a change of the calendar does to dated lessons: told first, then done.

The calendar before and the calendar after are laid side by side; only days that some class has otherwise are touched.
A lesson with marks stays, one with a topic is cancelled with its topic, one that nobody has used goes where the day
never was a school day. What the calendar has cancelled or moved comes back when the day comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection

from imports.api import used
from kernel.access import Actor
from kernel.ids import uuid7
from modules.contingent.data import ClassInfo
from modules.schedule.models import Course, Lesson, LessonChange, Slot
from modules.schedule.year import queries
from modules.schedule.year.rules import SchoolDay, Special, YearCalendar

# Days that were never meant for lessons leave nothing behind; those that came over a school day leave its lessons cancelled.
_LEAVES_NOTHING = ("public", "holidays")
T = TypeVar("T")
Place = tuple[UUID, date, int]  # a course at the number of a day


@dataclass(slots=True)
class Laying:
    """What will become of which lessons. Lessons are whole rows, places are still to be filled."""

    added: list[Place] = field(default_factory=list)
    crowded: list[Place] = field(default_factory=list)
    cancelled: list[tuple[Lesson, Special | None]] = field(default_factory=list)
    removed: list[Lesson] = field(default_factory=list)
    restored: list[Lesson] = field(default_factory=list)
    moved: list[tuple[Lesson, date, int, Special | None]] = field(default_factory=list)
    kept: list[tuple[Lesson, Special | None]] = field(default_factory=list)
    with_topics: int = 0
    with_works: int = 0
    rooms: Mapping[Place, str] = field(default_factory=dict)
    courses: Mapping[UUID, Course] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return sum(
            len(part)
            for part in (self.added, self.cancelled, self.removed, self.restored, self.moved, self.kept)
        )

    @property
    def days(self) -> set[date]:
        """Days on which some lesson changes."""
        lessons = [
            *(one for one, _s in self.cancelled),
            *self.removed,
            *self.restored,
            *(one for one, *_rest in self.moved),
        ]
        return (
            {one.date for one in lessons} | {day for _c, day, _n in self.added} | {m[1] for m in self.moved}
        )


@dataclass(slots=True)
class _Turn:
    """A day that a class has otherwise than before."""

    who: ClassInfo
    before: SchoolDay
    after: SchoolDay


def compare(
    before: YearCalendar, after: YearCalendar, classes: Iterable[ClassInfo], days: Iterable[date]
) -> list[_Turn]:
    """The days that classes have otherwise."""
    wanted = sorted(set(days))
    found = []
    for who in classes:
        for day in wanted:
            was, now = before.day(who, day), after.day(who, day)
            if not was.is_as(now):
                found.append(_Turn(who, was, now))
    return found


def foresee(before: YearCalendar, after: YearCalendar, classes: Iterable[ClassInfo]) -> Laying:
    """What the change does to lessons; reads only. At most nine statements, whatever the number of days."""
    turns = compare(before, after, classes, _touched(before, after))
    laying = Laying()
    if not turns:
        return laying
    days = sorted({turn.after.day for turn in turns})
    on_days: dict[tuple[UUID, date], list[Lesson]] = {}
    busy = _Busy()
    for lesson in Lesson.objects.filter(date__in=days).order_by("date", "number", "id"):
        on_days.setdefault((lesson.school_class_id, lesson.date), []).append(lesson)
        if lesson.state == Lesson.State.HELD:
            busy.take(lesson)
    closing = [turn for turn in turns if turn.before.is_school]
    opening = [turn for turn in turns if turn.after.is_school]
    wanted = _wanted(opening, before, after)
    wanted.taken = {(one.course_id, one.date, one.number) for some in on_days.values() for one in some}
    _close(laying, closing, on_days, wanted, busy)
    _open(laying, opening, on_days, wanted, busy)
    return laying


def _touched(before: YearCalendar, after: YearCalendar) -> set[date]:
    """Days on which the calendars may differ."""
    spans: list[tuple[date, date]] = []
    old, new = {one.id: one for one in before.specials}, {one.id: one for one in after.specials}
    for key in old.keys() | new.keys():
        if old.get(key) == new.get(key):
            continue
        for one in (old.get(key), new.get(key)):
            if one is not None:
                spans.append((one.start, one.end))
                if one.instead:
                    spans.append((one.instead, one.instead))
    for number in {one.number for one in (*before.quarters, *after.quarters)}:
        was = next((one for one in before.quarters if one.number == number), None)
        now = next((one for one in after.quarters if one.number == number), None)
        if was != now:
            spans += [(one.start, one.end) for one in (was, now) if one is not None]
    return {start + timedelta(days=n) for start, end in spans for n in range((end - start).days + 1)}


class _Busy:
    """Who is taken when, while lessons come and go."""

    def __init__(self) -> None:
        self._classes: dict[tuple[UUID, date, int], set[int]] = {}
        self._teachers: set[tuple[UUID, date, int, int]] = set()

    def take(self, lesson: Lesson) -> None:
        self._classes.setdefault((lesson.school_class_id, lesson.date, lesson.number), set()).add(
            lesson.group
        )
        if lesson.teacher_id and not lesson.set_code:
            self._teachers.add((lesson.teacher_id, lesson.date, lesson.shift, lesson.number))

    def free(self, lesson: Lesson) -> None:
        self._classes.get((lesson.school_class_id, lesson.date, lesson.number), set()).discard(lesson.group)
        if lesson.teacher_id:
            self._teachers.discard((lesson.teacher_id, lesson.date, lesson.shift, lesson.number))

    def fits(self, lesson: Lesson) -> bool:
        groups = self._classes.get((lesson.school_class_id, lesson.date, lesson.number), set())
        if lesson.group in groups or (groups and 0 in {lesson.group, *groups}):
            return False
        if lesson.teacher_id is None or lesson.set_code:
            return True
        return (lesson.teacher_id, lesson.date, lesson.shift, lesson.number) not in self._teachers


@dataclass(slots=True)
class _Wanted:
    """The places that the week gives on opened days, and the courses by id."""

    places: dict[Place, str]
    courses: dict[UUID, Course]
    taken: set[Place] = field(default_factory=set)

    def is_free(self, place: Place) -> bool:
        return place in self.places and place not in self.taken

    def lesson(self, place: Place) -> Lesson:
        return laid(self.courses[place[0]], place, self.places[place])


def laid(course: Course, place: Place, room: str) -> Lesson:
    """The lesson that a place of the week makes, not saved."""
    return Lesson(
        id=uuid7(),
        course=course,
        school_class_id=course.school_class_id,
        group=course.group,
        teacher_id=course.teacher_id,
        set_code=course.set_code,
        shift=course.shift,
        date=place[1],
        number=place[2],
        room=room,
    )


def _wanted(opening: list[_Turn], before: YearCalendar, after: YearCalendar) -> _Wanted:
    """Places of the week on the opened days, of courses that have lessons in the quarter already: what was never laid
    for a quarter does not appear on one day of it."""
    if not opening:
        return _Wanted({}, {})
    by_class: dict[UUID, list[SchoolDay]] = {}
    for turn in opening:
        by_class.setdefault(turn.who.id, []).append(turn.after)
    slots = Slot.objects.filter(course__school_class_id__in=list(by_class), course__year=after.year)
    found = list(slots.select_related("course").order_by("weekday", "number", "id"))
    laid_in = _quarters_laid({slot.course_id for slot in found}, before, after)
    places: dict[Place, str] = {}
    courses: dict[UUID, Course] = {}
    for slot in found:
        for one in by_class[slot.course.school_class_id]:
            alive = (slot.since is None or slot.since <= one.day) and (
                slot.until is None or slot.until >= one.day
            )
            if not alive or not one.teaches(slot.weekday, slot.weeks):
                continue
            if (slot.course_id, _quarter_number(after, one)) in laid_in:
                places[slot.course_id, one.day, slot.number] = slot.room
                courses[slot.course_id] = slot.course
    return _Wanted(places, courses)


def _quarter_number(calendar: YearCalendar, day: SchoolDay) -> int:
    """The quarter of the day, or for a day taught instead that of the day it replaces."""
    found = calendar.quarter_of(day.day)
    if found is None and day.why is not None:
        found = calendar.quarter_of(day.why.start)
    return found.number if found else 0


_LAID = """
SELECT DISTINCT l.course_id, q.number
FROM schedule_lesson l
JOIN unnest(%s::int[], %s::date[], %s::date[]) AS q(number, start, "end") ON l.date BETWEEN q.start AND q."end"
WHERE l.course_id = ANY(%s)
"""


def _quarters_laid(
    courses: Iterable[UUID], before: YearCalendar, after: YearCalendar
) -> set[tuple[UUID, int]]:
    spans = {(one.number, one.start, one.end) for one in (*before.quarters, *after.quarters)}
    numbers, starts, ends = zip(*spans, strict=True) if spans else ((), (), ())
    with connection.cursor() as cursor:
        cursor.execute(_LAID, [list(numbers), list(starts), list(ends), list(courses)])
        return set(cursor.fetchall())


def _close(
    laying: Laying,
    closing: list[_Turn],
    on_days: dict[tuple[UUID, date], list[Lesson]],
    wanted: _Wanted,
    busy: _Busy,
) -> None:
    """Lessons of days that are no longer taught so: moved, kept, cancelled or gone."""
    falling = [
        (lesson, turn)
        for turn in closing
        for lesson in on_days.get((turn.who.id, turn.after.day), [])
        if lesson.state == Lesson.State.HELD
    ]
    ids = [lesson.pk for lesson, _turn in falling]
    marked, in_use = used("schedule.marked_lesson", ids), used("schedule.lesson", ids)
    last = queries.last_changes(ids)
    for lesson, turn in falling:
        why = turn.after.why
        stays_by_hand = turn.after.is_school and lesson.is_by_hand
        if stays_by_hand:
            continue
        if lesson.pk in marked:
            laying.kept.append((lesson, why))
            if why is not None and why.instead is not None:  # held on its day, it is not taught once more
                wanted.places.pop((lesson.course_id, why.instead, lesson.number), None)
            continue
        goal = _goal(lesson, turn, why, last.get(lesson.pk), wanted, busy)
        busy.free(lesson)
        laying.with_topics += bool(lesson.topic or lesson.homework)
        laying.with_works += lesson.pk in in_use
        if goal is not None:
            laying.moved.append((lesson, *goal, why))
            busy.take(_at(lesson, *goal))
            wanted.places.pop((lesson.course_id, *goal), None)
        elif _is_untouched(lesson, in_use, last) and (why is None or why.kind in _LEAVES_NOTHING):
            laying.removed.append(lesson)
        else:
            laying.cancelled.append((lesson, why))


def _is_untouched(lesson: Lesson, in_use: set[UUID], last: Mapping[UUID, LessonChange]) -> bool:
    """Whether nothing would be lost with the lesson: no topic, nothing in the journal, no history."""
    written = bool(lesson.topic or lesson.homework or lesson.is_by_hand)
    return not (written or lesson.pk in in_use or lesson.pk in last)


def _goal(
    lesson: Lesson,
    turn: _Turn,
    why: Special | None,
    change: LessonChange | None,
    wanted: _Wanted,
    busy: _Busy,
) -> tuple[date, int] | None:
    """Where a falling lesson goes: with its day to another date, or back from where its day had gone."""
    goals: list[tuple[date, int]] = []
    if why is not None and why.kind == "moved" and why.instead is not None and turn.after.day == why.start:
        goals.append((why.instead, lesson.number))
    if change is not None and change.what == LessonChange.What.MOVED and change.is_by_calendar:
        goals += _came_from(change)
    for goal in goals:
        if wanted.is_free((lesson.course_id, *goal)) and busy.fits(_at(lesson, *goal)):
            return goal
    return None


def _came_from(change: LessonChange) -> list[tuple[date, int]]:
    if change.from_date is None or change.from_number is None:
        return []
    return [(change.from_date, change.from_number)]


def _at(lesson: Lesson, day: date, number: int) -> Lesson:
    return Lesson(
        id=lesson.pk,
        course_id=lesson.course_id,
        school_class_id=lesson.school_class_id,
        group=lesson.group,
        teacher_id=lesson.teacher_id,
        set_code=lesson.set_code,
        shift=lesson.shift,
        date=day,
        number=number,
    )


def _open(
    laying: Laying,
    opening: list[_Turn],
    on_days: dict[tuple[UUID, date], list[Lesson]],
    wanted: _Wanted,
    busy: _Busy,
) -> None:
    """Lessons of days that are taught again: put back what the calendar had cancelled, lay what is missing."""
    off = [
        lesson
        for turn in opening
        for lesson in on_days.get((turn.who.id, turn.after.day), [])
        if lesson.state == Lesson.State.CANCELLED
    ]
    last = queries.last_changes(one.pk for one in off)
    for lesson in off:
        change = last.get(lesson.pk)
        by_calendar = change is not None and change.is_by_calendar
        if by_calendar and busy.fits(lesson):
            laying.restored.append(lesson)
            busy.take(lesson)
    leaving = {one.pk for one in laying.removed} | {one.pk for one, *_rest in laying.moved}
    there = {
        (one.course_id, one.date, one.number)
        for turn in opening
        for one in on_days.get((turn.who.id, turn.after.day), [])
        if one.pk not in leaving
    }
    for place in wanted.places:
        if place in there:
            continue
        lesson = wanted.lesson(place)
        if busy.fits(lesson):
            laying.added.append(place)
            busy.take(lesson)
        else:
            laying.crowded.append(place)
    laying.rooms, laying.courses = wanted.places, wanted.courses


BATCH = 2000
# How a long change says how many of its lessons are done, of how many.
Told = Callable[[int, int], None]


def unheard(_done: int, _total: int) -> None:
    """Nobody waits for a change that is done at once."""


def carry_out(laying: Laying, *, actor: Actor, at: datetime, told: Told = unheard) -> None:
    """Do what was foreseen, in the caller's transaction, and write each lesson's history."""
    changes: list[LessonChange] = []
    done, total = 0, laying.size
    told(done, total)

    def tell(more: int) -> None:
        nonlocal done
        done += more
        told(done, total)

    def note(lesson: Lesson, what: str, special: Special | None, **more: Any) -> None:
        changes.append(
            LessonChange(
                lesson_id=lesson.pk,
                what=what,
                at=at,
                user_id=actor.user_id,
                user_name=actor.system or actor.name,
                special_days_id=special.id if special else None,
                is_by_calendar=True,
                **more,
            )
        )

    for some in _batches([one.pk for one in laying.removed]):
        Lesson.objects.filter(pk__in=some).delete()
        tell(len(some))
    for lesson, special in laying.cancelled:
        note(lesson, LessonChange.What.CANCELLED, special)
    for some in _batches([one.pk for one, _s in laying.cancelled]):
        Lesson.objects.filter(pk__in=some).update(state=Lesson.State.CANCELLED)
        tell(len(some))
    for lesson, special in laying.kept:
        note(lesson, LessonChange.What.KEPT, special)
    tell(len(laying.kept))
    _carry_moves(laying, note)
    tell(len(laying.moved))
    for lesson in laying.restored:
        note(lesson, LessonChange.What.RESTORED, None)
    Lesson.objects.filter(pk__in=[one.pk for one in laying.restored]).update(state=Lesson.State.HELD)
    tell(len(laying.restored))
    for places in _batches(laying.added):
        Lesson.objects.bulk_create(
            [laid(laying.courses[place[0]], place, laying.rooms[place]) for place in places],
            ignore_conflicts=True,
        )
        tell(len(places))
    LessonChange.objects.bulk_create(changes, batch_size=BATCH)


def _batches(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def _carry_moves(laying: Laying, note: Any) -> None:
    """Move by one statement; the places were found free when this was foreseen."""
    for lesson, _day, _number, special in laying.moved:
        note(
            lesson,
            LessonChange.What.MOVED,
            special,
            from_date=lesson.date,
            from_number=lesson.number,
        )
    if laying.moved:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE schedule_lesson l SET date = m.day, number = m.number "
                "FROM unnest(%s::uuid[], %s::date[], %s::int[]) AS m(id, day, number) WHERE l.id = m.id",
                [list(part) for part in zip(*((m[0].pk, m[1], m[2]) for m in laying.moved), strict=True)],
            )
