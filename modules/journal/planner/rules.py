"""Where summative works may stand, as pure functions: what the order forbids, and a placement that breaks nothing.

Rules of order 125: paragraph 21 (at most three СОЧ of a class in a day, none on the last day of a quarter, СОР and СОЧ
of one subject never on one day) and the number of СОР in a quarter. The numbers stand in journal.rules.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from modules.journal.rules import daily_soch_limit, quarterly_sor_limit


class Breach(StrEnum):
    """A rule that a work on its day breaks."""

    SOCH_A_DAY = "soch_a_day"
    LAST_DAY = "last_day"
    SAME_DAY = "same_day"
    SOR_MANY = "sor_many"
    NO_LESSON = "no_lesson"


@dataclass(frozen=True, slots=True)
class Work:
    """A work that stands at a lesson, or would stand there (then without an id)."""

    course_id: UUID
    class_id: UUID
    subject: str
    group: int
    kind: str
    day: date
    lesson_id: UUID
    number: int = 0
    id: UUID | None = None
    maximum: int = 0
    title: str = ""
    is_held: bool = True
    has_marks: bool = False

    def is_beside(self, other: Work) -> bool:
        """Whether both are of the same subject and the same pupils may write them."""
        same = self.class_id == other.class_id and self.subject == other.subject
        return same and (self.group == other.group or 0 in (self.group, other.group))


class Book:
    """The works of one quarter, asked what another one would break."""

    def __init__(self, last_days: Mapping[UUID, date], works: Iterable[Work] = ()) -> None:
        self.last_days = last_days
        self._days: dict[tuple[UUID, date], list[Work]] = defaultdict(list)
        self._courses: dict[UUID, list[Work]] = defaultdict(list)
        for work in works:
            self.put(work)

    def put(self, work: Work) -> None:
        self._days[work.class_id, work.day].append(work)
        self._courses[work.course_id].append(work)

    def on(self, class_id: UUID, day: date) -> list[Work]:
        return self._days.get((class_id, day), [])

    def of_course(self, course_id: UUID) -> list[Work]:
        return self._courses.get(course_id, [])

    def soch_on(self, class_id: UUID, day: date, *, but: Work | None = None) -> set[str]:
        """Subjects with a СОЧ on the day; groups of a subject are one."""
        return {one.subject for one in self.on(class_id, day) if one.kind == "soch" and one != but}

    def days(self) -> list[tuple[UUID, date]]:
        """Days on which a class writes anything, in order."""
        return sorted(
            (key for key, works in self._days.items() if works), key=lambda key: (key[1], str(key[0]))
        )

    def breaks(self, work: Work, *, instead: Work | None = None) -> tuple[Breach, ...]:
        """What the work breaks on its day, all else as it stands; `instead` is its own row before it moves."""
        own = instead or work
        others = [one for one in self.on(work.class_id, work.day) if one != own]
        found = []
        if not work.is_held:
            found.append(Breach.NO_LESSON)
        if work.kind == "soch":
            subjects = self.soch_on(work.class_id, work.day, but=own) - {work.subject}
            if len(subjects) >= daily_soch_limit():
                found.append(Breach.SOCH_A_DAY)
            if self.last_days.get(work.class_id) == work.day:
                found.append(Breach.LAST_DAY)
        if any(one.kind != work.kind and one.is_beside(work) for one in others):
            found.append(Breach.SAME_DAY)
        if work.kind == "sor" and self._is_beyond(work, own):
            found.append(Breach.SOR_MANY)
        return tuple(found)

    def _is_beyond(self, work: Work, own: Work) -> bool:
        """Whether as many СОР as are allowed come before this one."""
        before = [
            one
            for one in self.of_course(work.course_id)
            if one.kind == "sor"
            and one != own
            and (work.id is None or (one.day, one.number) < (work.day, work.number))
        ]
        return len(before) >= quarterly_sor_limit()


@dataclass(frozen=True, slots=True)
class BrokenDay:
    """A class's day with the works that break rules, each with what it breaks."""

    class_id: UUID
    day: date
    works: tuple[tuple[Work, tuple[Breach, ...]], ...]

    @property
    def breaches(self) -> tuple[Breach, ...]:
        found = {breach for __, all_of in self.works for breach in all_of}
        return tuple(one for one in Breach if one in found)


def broken_days(book: Book) -> list[BrokenDay]:
    """Every day of every class on which a rule is broken, in order of days."""
    found = []
    for class_id, day in book.days():
        works = [(one, breaks) for one in book.on(class_id, day) if (breaks := book.breaks(one))]
        if works:
            found.append(BrokenDay(class_id, day, tuple(works)))
    return found


# --- proposing

BEFORE_THE_END = timedelta(days=7)  # a СОЧ stands a week before the last day: time for those who were ill
CROWD = 4  # a day with one work more is as bad as four days further from where the work would stand best
ORDER = 20  # a СОР after the quarter's СОЧ of its course is as bad as so many days
APART = 6  # works of one subject nearer than so many days are as bad as so many days more


@dataclass(frozen=True, slots=True)
class Place:
    """A lesson at which a work of its course could stand."""

    lesson_id: UUID
    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Wish:
    """A work that a course still lacks: which lessons it has for it, and where it would stand best."""

    course_id: UUID
    class_id: UUID
    subject: str
    group: int
    kind: str
    places: Sequence[Place]
    best: date
    is_planned: bool = False  # the day stands in the teacher's plan

    def at(self, place: Place) -> Work:
        return Work(
            self.course_id,
            self.class_id,
            self.subject,
            self.group,
            self.kind,
            place.day,
            place.lesson_id,
            place.number,
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the work would stand; no work when every lesson of the course breaks a rule."""

    wish: Wish
    work: Work | None = None

    @property
    def is_by_plan(self) -> bool:
        return self.work is not None and self.wish.is_planned and self.work.day == self.wish.best


def best_days(kinds: Sequence[str], places: Sequence[Place], last_day: date) -> list[date]:
    """Where works without a plan would stand best: СОР evenly over the lessons left, a СОЧ a week before the end."""
    if not places:
        return [last_day] * len(kinds)
    parts = kinds.count("sor") + 1
    found, nth = [], 0
    for kind in kinds:
        if kind == "soch":
            found.append(last_day - BEFORE_THE_END)
        else:
            nth += 1
            found.append(places[min(len(places) * nth // parts, len(places) - 1)].day)
    return found


def propose(book: Book, wishes: Iterable[Wish]) -> list[Proposal]:
    """Place the works one by one, those with the fewest lessons first; each where it breaks nothing and crowds least.

    The book is filled with what is placed. Planned days come first of all: what a teacher has laid stays where it may.
    """
    order = sorted(
        wishes,
        key=lambda one: (
            not one.is_planned,
            one.kind != "soch",
            len(one.places),
            one.best,
            str(one.course_id),
        ),
    )
    found = []
    for wish in order:
        place = _place_for(book, wish)
        work = wish.at(place) if place else None
        if work is not None:
            book.put(work)
        found.append(Proposal(wish, work))
    return found


def _place_for(book: Book, wish: Wish) -> Place | None:
    own = [one.day for one in book.of_course(wish.course_id)]
    taken = {one.lesson_id for one in book.of_course(wish.course_id)}
    free = [one for one in wish.places if one.lesson_id not in taken and not book.breaks(wish.at(one))]
    if wish.is_planned and (planned := [one for one in free if one.day == wish.best]):
        return planned[0]

    def cost(place: Place) -> tuple[int, date, int]:
        away = abs((place.day - wish.best).days)
        crowd = len({one.subject for one in book.on(wish.class_id, place.day)} - {wish.subject})
        near = sum(max(0, APART - abs((place.day - day).days)) for day in own)
        late = ORDER if any(_is_after(wish, place, one) for one in book.of_course(wish.course_id)) else 0
        return away + CROWD * crowd + near + late, place.day, place.number

    return min(free, key=cost, default=None)


def _is_after(wish: Wish, place: Place, other: Work) -> bool:
    """Whether the СОР of the two would come after the СОЧ."""
    if wish.kind == other.kind:
        return False
    return place.day > other.day if wish.kind == "sor" else place.day < other.day


@dataclass(frozen=True, slots=True)
class Target:
    """A lesson to which a work may go, with what it would break there."""

    place: Place
    breaks: tuple[Breach, ...] = ()
    others: tuple[Work, ...] = ()


def targets(book: Book, wish: Wish, *, instead: Work | None = None) -> list[Target]:
    """Every free lesson of the course, in order, and what the work would break there."""
    taken = {one.lesson_id for one in book.of_course(wish.course_id)}
    found = []
    for place in wish.places:
        if place.lesson_id in taken:
            continue
        others = tuple(one for one in book.on(wish.class_id, place.day) if one != instead)
        breaks = book.breaks(wish.at(place), instead=instead)
        if instead is not None:  # one СОР too many stays so wherever it goes
            breaks = tuple(one for one in breaks if one != Breach.SOR_MANY)
        found.append(Target(place, breaks, others))
    return found


def nearest(found: Sequence[Target], day: date) -> Target | None:
    """The place nearest to the day at which nothing is broken."""
    free = [one for one in found if not one.breaks]
    return min(
        free, key=lambda one: (abs((one.place.day - day).days), one.place.day, one.place.number), default=None
    )
