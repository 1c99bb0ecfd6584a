"""What is decided without looking anything up: who writes in a lesson that was stood in for, and who could take one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from kernel.names import kazakh_order
from modules.schedule.year.rules import Place


class OwnersRight(StrEnum):
    """What the absent teacher may write in the lesson that another held for her."""

    ALWAYS = "always"
    AFTER = "after"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class LessonRight:
    """The school's choice: for how many days after the lesson its substitute writes, and what its owner may."""

    days: int = 1
    owner: OwnersRight = OwnersRight.ALWAYS

    def last_day(self, day: date) -> date:
        return day + timedelta(days=self.days)

    def may_write(
        self,
        person: UUID | None,
        *,
        owner: UUID | None,
        teacher: UUID | None,
        is_substituted: bool,
        day: date,
        today: date,
    ) -> bool:
        """Whether the person writes the topic and the marks of the lesson as one of its teachers.

        `owner` has the course, `teacher` the lesson. A substitute's right is for the lesson alone and ends.
        """
        if person is None:
            return False
        if not is_substituted or owner == teacher:
            return person in (owner, teacher)
        has_ended = today > self.last_day(day)
        if person == teacher:
            return not has_ended
        if person != owner or self.owner is OwnersRight.NEVER:
            return False
        return has_ended or self.owner is OwnersRight.ALWAYS


# --- who could take a lesson


class Why(StrEnum):
    """A reason for or against somebody; words are given where it is shown."""

    FREE = "free"
    SUBJECT = "subject"
    CLASS = "class"
    GAP = "gap"
    BESIDE = "beside"
    SHIFT = "shift"
    COMES = "comes"
    STAYS_AWAY = "stays_away"
    HOURS = "hours"
    ASKED = "asked"
    REFUSED = "refused"


WEIGHTS = {
    Why.SUBJECT: 50,
    Why.CLASS: 30,
    Why.GAP: 25,
    Why.BESIDE: 10,
    Why.SHIFT: 10,
    Why.COMES: 5,
    Why.STAYS_AWAY: -30,
    Why.HOURS: -4,  # for each hour of the month
    Why.ASKED: -20,
    Why.REFUSED: -200,
}


@dataclass(frozen=True, slots=True)
class Colleague:
    """What is known of somebody who might take lessons of a day."""

    id: UUID
    name: str
    lessons: tuple[Place, ...] = ()
    subjects: frozenset[str] = frozenset()
    classes: frozenset[UUID] = frozenset()
    hours: float = 0
    is_absent: bool = False
    away_from: time | None = None  # absent only from this time of the day on
    asked_at: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Need:
    """A lesson that wants somebody."""

    place: Place
    subject_code: str
    class_id: UUID
    refused: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take the lesson, with the reasons that made the place in the list."""

    id: UUID
    name: str
    score: float
    reasons: tuple[Why, ...]
    hours: float = 0
    has_refused: bool = field(default=False, compare=False)


def rank(need: Need, colleagues: Iterable[Colleague]) -> list[Candidate]:
    """Who is free for the lesson, the most suitable first; of equals the one with fewer hours, then by name.

    The order never depends on the order of asking, and whoever is absent or has a lesson then is not in it.
    """
    found = [one for colleague in colleagues if (one := _weighed(need, colleague)) is not None]
    return sorted(found, key=lambda one: (-one.score, one.hours, kazakh_order(one.name), str(one.id)))


def _weighed(need: Need, one: Colleague) -> Candidate | None:
    place = need.place
    if is_away(one, place) or any(place.meets(other) for other in one.lessons):
        return None
    reasons = [Why.FREE]
    if need.subject_code in one.subjects:
        reasons.append(Why.SUBJECT)
    if need.class_id in one.classes:
        reasons.append(Why.CLASS)
    here = [other for other in one.lessons if other.shift == place.shift]
    before = [other for other in here if other.is_before(place)]
    after = [other for other in here if place.is_before(other)]
    if before and after:
        reasons.append(Why.GAP)
    elif any(abs(other.number - place.number) == 1 for other in here):
        reasons.append(Why.BESIDE)
    elif here:
        reasons.append(Why.SHIFT)
    elif one.lessons:
        reasons.append(Why.COMES)
    else:
        reasons.append(Why.STAYS_AWAY)
    if one.hours:
        reasons.append(Why.HOURS)
    if any(place.meets(other) for other in one.asked_at):
        reasons.append(Why.ASKED)
    if one.id in need.refused:
        reasons.append(Why.REFUSED)
    score = sum(WEIGHTS.get(why, 0) * (one.hours if why is Why.HOURS else 1) for why in reasons)
    return Candidate(one.id, one.name, score, tuple(reasons), one.hours, Why.REFUSED in reasons)


def is_away(one: Colleague, place: Place) -> bool:
    if not one.is_absent:
        return False
    return one.away_from is None or place.start is None or place.start >= one.away_from


@dataclass(frozen=True, slots=True)
class Term:
    """When somebody is away: both days included, on the first from a time."""

    since: date
    until: date | None = None
    from_time: time | None = None

    def covers(self, day: date, start: time | None) -> bool:
        """Whether a lesson of the day that begins so falls into it."""
        if day < self.since or (self.until is not None and day > self.until):
            return False
        return day > self.since or self.from_time is None or start is None or start >= self.from_time


def has_begun(*, day: date, start: time | None, now: datetime) -> bool:
    """Whether the lesson belongs to what was: of days gone by, and of today what has begun. `now` is local."""
    if day != now.date():
        return day < now.date()
    return start is not None and start <= now.time()
