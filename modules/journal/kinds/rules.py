"""Which kind of journal a line of load has, and what that kind shows and allows. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from modules.journal.kinds.data import Kind
from modules.schedule.data import CourseInfo

# What decides the kind, the first that fits: a part of the curriculum, the kind of the class, its grade.
ORDER: tuple[tuple[Kind, str, frozenset[str | int]], ...] = (
    (Kind.HOME, "part", frozenset({"home"})),
    (Kind.CORRECTION, "part", frozenset({"correction"})),
    (Kind.CLUB, "part", frozenset({"club"})),
    (Kind.ELECTIVE, "part", frozenset({"elective"})),
    (Kind.PRESCHOOL, "class_kind", frozenset({"preschool"})),
    (Kind.PRESCHOOL, "grade", frozenset({0})),
    (Kind.SPECIAL, "class_kind", frozenset({"special"})),
    (Kind.PRIMARY, "grade", frozenset({1, 2, 3, 4})),
)
REST = Kind.SECONDARY

# Registers of attendance and topics (order 130, journals of electives, of correction, of clubs, of preschool classes).
_WITHOUT_MARKS = frozenset({Kind.CORRECTION, Kind.CLUB, Kind.ELECTIVE, Kind.PRESCHOOL})
_WITHOUT_HOMEWORK = frozenset({Kind.CORRECTION, Kind.CLUB, Kind.PRESCHOOL})
_FIRST_MARKED = 2  # nobody is marked before grade 2 (order 125, paragraph 7)


@dataclass(frozen=True, slots=True)
class Journal:
    """What the journal shows and allows. Every journal has its pupils, their attendance and the topics of lessons.

    With `has_words` the teacher writes of each pupil and period in words: his progress where the law gives no marks, in
    the journal of correction how he advances. Pupils with a programme of their own without marks get words everywhere.
    """

    kind: Kind
    has_marks: bool
    has_words: bool
    has_homework: bool
    has_development: bool

    @property
    def may_have_programmes(self) -> bool:
        """Whether a pupil may learn here by a programme of his own."""
        return self.kind in {Kind.PRIMARY, Kind.SECONDARY, Kind.SPECIAL, Kind.HOME}

    @property
    def yields_to_home(self) -> bool:
        """Whether a child taught at home only stands here: what he earns is written in his own journal."""
        return self.kind in {Kind.PRIMARY, Kind.SECONDARY, Kind.SPECIAL}


def kind_of(*, part: str, class_kind: str, grade: int) -> Kind:
    given = {"part": part, "class_kind": class_kind, "grade": grade}
    return next((kind for kind, what, values in ORDER if given[what] in values), REST)


@cache
def journal_of(*, part: str, class_kind: str, grade: int) -> Journal:
    """The journal of a part of the curriculum in a class: the one place that says what is given in it."""
    kind = kind_of(part=part, class_kind=class_kind, grade=grade)
    has_marks = kind not in _WITHOUT_MARKS and grade >= _FIRST_MARKED
    return Journal(
        kind=kind,
        has_marks=has_marks,
        has_words=kind is Kind.CORRECTION or (kind not in _WITHOUT_MARKS and not has_marks),
        has_homework=kind not in _WITHOUT_HOMEWORK,
        has_development=kind is Kind.PRESCHOOL,
    )


def journal_of_course(course: CourseInfo) -> Journal:
    return journal_of(part=course.part, class_kind=course.class_kind, grade=course.grade)
