"""A class's school year as it is read: codes of marks, not yet words."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from kernel.names import PersonName
from modules.contingent.data import ClassInfo
from modules.journal import rules
from modules.journal.cards.papers import Missed
from modules.journal.rules import Period, YearMarks

# A subject with its own name, where a variable part of the curriculum has one.
SubjectKey = tuple[str, str]


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
    """What a pupil was given in a subject; `elsewhere` are the periods of a school where he was before, `later` the marks
    of an exam and of the works after a 2, by kind."""

    given: dict[Period, str] = field(default_factory=dict)
    elsewhere: set[Period] = field(default_factory=set)
    later: dict[str, str] = field(default_factory=dict)

    @property
    def is_by_halves(self) -> bool:
        return any(kind == "half_year" for kind, __ in self.given) and not all(
            ("quarter", n) in self.given for n in rules.QUARTERS
        )

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
    # In which quarter he came to the school.
    first_quarter: int = 1
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

    def year_in(self, marks: MarksOfSubject) -> YearMarks:
        return YearMarks.of(marks.given, marks.later, first_quarter=self.first_quarter)

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
    options: rules.Options

    @property
    def label(self) -> str:
        return self.school_class.label

    @property
    def has_exams(self) -> bool:
        return rules.takes_exams(self.school_class.grade)

    def waits_for_exams(self, pupil: PupilYear) -> bool:
        """Which subjects are examined is known when the exams are over: the council's decision says so."""
        return self.has_exams and pupil.goes_to is None

    def final_of(self, pupil: PupilYear, year: YearMarks) -> str | None:
        """The final mark of a subject: the year's, as soon as no exam can change it any more."""
        if year.exam is None and self.waits_for_exams(pupil):
            return None
        return year.result(self.options)
