"""What a file says of a lesson, in its own words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from modules.schedule.exchange.names import Staff


@dataclass(frozen=True, slots=True)
class Line:
    """A weekly lesson as the file tells it; without a day it is a lesson of the load that stands nowhere yet.

    `number` is the lesson of the day, its time, or both: "3", "14:00", "2/1 14:00" (shift and lesson).
    `weeks` is odd or even for half an hour a week.
    """

    school_class: str
    subject: str
    teacher: str = ""
    group: str = ""
    day: int = 0
    number: str = ""
    room: str = ""
    pin: str = ""
    weeks: str = ""
    where: str = ""


@dataclass(slots=True)
class Reading:
    """Lessons of a file, what of it is not taken (a reason's code and the words), and how often."""

    lines: list[Line] = field(default_factory=list)
    told: Counter[tuple[str, str]] = field(default_factory=Counter)

    def tell(self, reason: str, text: str, count: int = 1) -> None:
        self.told[reason, text[:100]] += count


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words that the school knows, by which a cell is taken apart."""

    subjects: frozenset[str] = frozenset()
    people: Staff = field(default_factory=lambda: Staff(()))
    rooms: frozenset[str] = frozenset()
