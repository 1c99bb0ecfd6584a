"""What crosses the module's border: kinds of marks, reasons of absence, and figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy, pgettext_lazy

LONGEST_COMMENT = 500


class WorkKind(StrEnum):
    """A summative work: for a unit (СОР, БЖБ) or for a quarter (СОЧ, ТЖБ)."""

    SOR = "sor"
    SOCH = "soch"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self.value]


class MarkKind(StrEnum):
    FO = "fo"
    SOR = "sor"
    SOCH = "soch"

    @property
    def label(self) -> Any:
        return KIND_LABELS[self.value]


KIND_LABELS: dict[str, Any] = {
    "fo": pgettext_lazy("kind of mark", "FO"),
    "sor": pgettext_lazy("kind of mark", "SOR"),
    "soch": pgettext_lazy("kind of mark", "SOCH"),
}


class AbsenceCode(StrEnum):
    UNEXCUSED = "unexcused"
    EXCUSED = "excused"
    ILL = "ill"
    LATE = "late"

    @property
    def label(self) -> Any:
        return ABSENCE_LABELS[self.value]

    @property
    def letter(self) -> Any:
        """The letter that teachers type and read in the cell."""
        return ABSENCE_LETTERS[self.value]


def mark_text(mark: str | None) -> str:
    """A period's mark for its reader: figures as they are, words for the rest."""
    return str(_WORDS.get(mark, mark)) if mark else ""


def spoken_time(seconds: str) -> str:
    """How long a recording is, as players show it."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


_WORDS = {
    "pass": gettext_lazy("pass"),
    "fail": gettext_lazy("fail"),
    "na": gettext_lazy("n/a"),
    "exempt": gettext_lazy("exempt"),
}


ABSENCE_LABELS: dict[str, Any] = {
    "unexcused": pgettext_lazy("absence", "absent without a reason"),
    "excused": pgettext_lazy("absence", "absent for a good reason"),
    "ill": pgettext_lazy("absence", "ill"),
    "late": pgettext_lazy("absence", "late"),
}
ABSENCE_LETTERS: dict[str, Any] = {
    "unexcused": pgettext_lazy("letter in a cell", "n"),
    "excused": pgettext_lazy("letter in a cell", "p"),
    "ill": pgettext_lazy("letter in a cell", "b"),
    "late": pgettext_lazy("letter in a cell", "o"),
}


class YearKind(StrEnum):
    """A mark given after the teaching of a year."""

    EXAM = "exam"
    YEAR = "year"
    EXTRA = "extra"


YEAR_KINDS: dict[str, Any] = {
    YearKind.EXAM: gettext_lazy("exam"),
    YearKind.YEAR: gettext_lazy("summative assessment for the year"),
    YearKind.EXTRA: gettext_lazy("additional summative assessment"),
}


class SheetState(StrEnum):
    """How the sheet of a closed period stands."""

    DUE = "due"
    WAITING = "waiting"
    SIGNED = "signed"
    REFUSED = "refused"
    CHANGED = "changed"


SHEET_LABELS: dict[str, Any] = {
    SheetState.DUE: pgettext_lazy("sheet of a journal", "not signed"),
    SheetState.WAITING: pgettext_lazy("sheet of a journal", "prepared, not signed"),
    SheetState.SIGNED: pgettext_lazy("sheet of a journal", "signed"),
    SheetState.REFUSED: pgettext_lazy("sheet of a journal", "signing refused"),
    SheetState.CHANGED: pgettext_lazy("sheet of a journal", "changed since signing"),
}
SHEET_TONES: dict[str, str] = {
    SheetState.DUE: "neutral",
    SheetState.WAITING: "info",
    SheetState.SIGNED: "success",
    SheetState.REFUSED: "danger",
    SheetState.CHANGED: "warning",
}


@dataclass(frozen=True, slots=True)
class ClassSubjectCounts:
    """How the pupils of one class stand in one subject. `forecast` counts those whose mark is not final yet."""

    school_class_id: UUID
    subject_code: str
    pupils: int
    n5: int
    n4: int
    n3: int
    n2: int
    na: int
    passed: int = 0
    failed: int = 0
    forecast: int = 0

    @property
    def assessed(self) -> int:
        """Pupils with a mark from 2 to 5."""
        return self.n5 + self.n4 + self.n3 + self.n2


@dataclass(frozen=True, slots=True)
class ClassStanding:
    """How the pupils of one class stand over all subjects: the pupil is the unit, not the mark."""

    school_class_id: UUID
    pupils: int
    excellent: int
    good: int
    satisfactory: int
    failing: int
    not_assessed: int


@dataclass(frozen=True, slots=True)
class AttendanceCounts:
    """Lessons missed in one class over a stretch of days; `lessons` is pupils × lessons held."""

    school_class_id: UUID
    lessons: int
    unexcused: int
    excused: int
    ill: int
    late: int

    @property
    def missed(self) -> int:
        return self.unexcused + self.excused + self.ill


@dataclass(frozen=True, slots=True)
class ChildMark:
    """One mark of a child, as the family sees it."""

    day: date
    kind: str
    points: int
    maximum: int
    topic: str
    given_at: datetime  # when it was written, which may be long after the day of the lesson


@dataclass(frozen=True, slots=True)
class ChildComment:
    """A teacher's words for a child and the family, beside the points of the cell if it has any."""

    day: date
    kind: str
    topic: str
    text: str
    points: int | None
    maximum: int
    voice_id: UUID | None = None  # said and not written: the recording's file
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Needed:
    """How many points of the СОЧ a mark takes; None when it cannot be reached any more, 0 when it is safe."""

    mark: str
    points: int | None
    maximum: int


@dataclass(frozen=True, slots=True)
class ChildSubject:
    """A child's subject in a period: marks in order of days, percentages, forecast or final mark."""

    course_id: UUID
    subject_code: str
    subject: str
    teacher: str
    marks: tuple[ChildMark, ...]
    fo: float | None
    sor: float | None
    soch: float | None
    percent: int | None
    forecast: str | None
    final: str | None
    is_complete: bool
    needed: tuple[Needed, ...] = ()
    absences: dict[str, int] = field(default_factory=dict)
    is_half_year: bool = False
    comments: tuple[ChildComment, ...] = ()
    # What the teacher wrote of the child's progress in the period, where marks are not given.
    words: str = ""
    has_marks: bool = True

    @property
    def still_needed(self) -> tuple[Needed, ...]:
        """Marks that the coming work can still bring and that are not safe already."""
        return () if self.final else tuple(one for one in self.needed if one.points)


@dataclass(frozen=True, slots=True)
class ChildWork:
    """A СОР or СОЧ of a child: when, of how many points, and what he has when it is written."""

    day: date
    number: int
    kind: str
    maximum: int
    title: str
    course_id: UUID
    subject: str
    teacher: str
    points: int | None

    @property
    def label(self) -> Any:
        return KIND_LABELS[self.kind]


@dataclass(frozen=True, slots=True)
class UnfilledLesson:
    """A held lesson that lacks its topic, or has neither a mark nor an absence."""

    lesson_id: UUID
    course_id: UUID
    school_class_id: UUID
    subject_code: str
    day: date
    number: int
    lacks_topic: bool
    lacks_marks: bool


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One change of a cell for its reader."""

    at: datetime
    action: str
    field: str
    old: str | None
    new: str | None
    by_user: int | None
    by: str
    device: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class SubjectOfYear:
    """A subject's marks of the year's periods, as a reader writes them, and the one that counts as the year's."""

    subject: str
    marks: tuple[str, ...]
    annual: str


@dataclass(frozen=True, slots=True)
class MarksOfYear:
    """The marks that a pupil was given in a school year: quarters and half-years side by side."""

    year: str
    class_label: str
    periods: tuple[str, ...]
    lines: tuple[SubjectOfYear, ...]
