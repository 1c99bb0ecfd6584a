"""A class's school year as it is read: codes of marks, not yet words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kernel.names import PersonName
from modules.contingent.data import ClassInfo
from modules.journal import rules
from modules.journal.cards.papers import Missed

QUARTERS, HALVES = (1, 2, 3, 4), (1, 2)
# In these grades the final mark waits for the exams.
EXAM_GRADES = frozenset({9, 11, 12})

# A subject with its own name, where a variable part of the curriculum has one.
SubjectKey = tuple[str, str]
# Kind and number of a period.
Period = tuple[str, int]


@dataclass(frozen=True, slots=True)
class SubjectOfYear:
    """A subject that the class is marked in."""

    key: SubjectKey
    title: str
    short: str
    is_half_year: bool
    # Whom it teaches; None for the whole class.
    members: frozenset[UUID] | None


@dataclass(slots=True)
class MarksOfSubject:
    """What a pupil was given in a subject; `elsewhere` are the periods of a school where he was before."""

    given: dict[Period, str] = field(default_factory=dict)
    elsewhere: set[Period] = field(default_factory=set)

    @property
    def halves(self) -> list[str | None]:
        return [self.given.get(("half_year", n)) for n in HALVES]

    @property
    def quarters(self) -> list[str | None]:
        return [self.given.get(("quarter", n)) for n in QUARTERS]

    @property
    def is_by_halves(self) -> bool:
        return any(self.halves) and not all(self.quarters)

    @property
    def annual(self) -> str | None:
        """A year that was begun by quarters and went on by half-years, or the other way, has both."""
        if not self.is_by_halves:
            return rules.annual_of(self.quarters)
        halves = self.halves
        for n in HALVES:
            if halves[n - 1] is None:
                halves[n - 1] = rules.annual_of(self.quarters[2 * n - 2 : 2 * n])
        return rules.annual_of(halves)

    def at(self, quarter: int) -> str | None:
        """The mark that stands under the quarter: a half-year's under its second."""
        mark = self.given.get(("quarter", quarter))
        return mark or (self.given.get(("half_year", quarter // 2)) if quarter % 2 == 0 else None)


@dataclass(slots=True)
class PupilYear:
    id: UUID
    person: PersonName
    file_number: str
    birth_date: date
    marks: dict[SubjectKey, MarksOfSubject] = field(default_factory=dict)
    missed: dict[int, Missed] = field(default_factory=dict)
    # What the council decided: the grade of the next year, 0 when school is finished here.
    goes_to: int | None = None
    order: tuple[str, str] = ("", "")
    schools: tuple[str, ...] = ()

    def in_subject(self, subject: SubjectOfYear) -> MarksOfSubject | None:
        """His marks; None when the subject is taught to another part of the class."""
        mine = self.marks.get(subject.key)
        if mine is None and subject.members is not None and self.id not in subject.members:
            return None
        return mine or MarksOfSubject()

    def missed_in(self, quarter: int) -> Missed:
        return self.missed.get(quarter, Missed())

    @property
    def missed_of_year(self) -> Missed:
        found = self.missed.values()
        return Missed(sum(m.days for m in found), sum(m.lessons for m in found), sum(m.ill for m in found))


@dataclass(frozen=True, slots=True)
class ClassYear:
    """A class in a school year, or those of its pupils who were asked for, in Kazakh order."""

    school_class: ClassInfo
    year: str
    class_teacher: str
    subjects: tuple[SubjectOfYear, ...]
    pupils: tuple[PupilYear, ...]

    @property
    def label(self) -> str:
        return self.school_class.label

    @property
    def has_exams(self) -> bool:
        return self.school_class.grade in EXAM_GRADES

    def final_of(self, marks: MarksOfSubject) -> str | None:
        """The annual mark is the final one where no exam is taken (order 125)."""
        return None if self.has_exams else marks.annual
