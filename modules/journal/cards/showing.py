"""Report cards, their book and the table of a class in words of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from modules.journal.cards.data import HALVES, QUARTERS, ClassYear, MarksOfSubject, PupilYear
from modules.journal.cards.papers import BookRow, CardBook, CardLine, ReportCard
from modules.journal.data import mark_text

YEAR = "year"  # of the table of a class, beside "q1" … "q4"
ELSEWHERE = "*"


def card(room: ClassYear, pupil: PupilYear) -> ReportCard:
    """One pupil's card."""
    return ReportCard(
        pupil_id=pupil.id,
        pupil=pupil.person.full,
        file_number=pupil.file_number,
        class_label=room.label,
        class_teacher=room.class_teacher,
        is_graded=bool(room.subjects),
        lines=tuple(
            _line(room, subject.title, marks, by_halves=subject.is_half_year)
            for subject in room.subjects
            if (marks := pupil.in_subject(subject)) is not None
        ),
        missed=(*(pupil.missed_in(n) for n in QUARTERS), pupil.missed_of_year),
        decision=decision(room, pupil),
        order=_order(pupil),
        notes=_notes(room, pupil),
    )


def cards(rooms: Iterable[ClassYear]) -> tuple[ReportCard, ...]:
    return tuple(card(room, pupil) for room in rooms for pupil in room.pupils)


def _line(room: ClassYear, title: str, marks: MarksOfSubject, *, by_halves: bool) -> CardLine:
    if marks.is_by_halves or (by_halves and not any(marks.quarters)):
        places = [("half_year", n) for n in HALVES]
    else:
        places = [("quarter", n) for n in QUARTERS]
    return CardLine(
        title,
        tuple(_mark(marks, place) for place in places),
        mark_text(marks.annual),
        mark_text(room.final_of(marks)),
    )


def _mark(marks: MarksOfSubject, place: tuple[str, int]) -> str:
    text = mark_text(marks.given.get(place))
    return f"{text}{ELSEWHERE}" if place in marks.elsewhere else text


def decision(room: ClassYear, pupil: PupilYear) -> str:
    """What the council decided at the end of the year; empty while the year runs."""
    if pupil.goes_to is None:
        return ""
    grade = room.school_class.grade
    if pupil.goes_to == 0:
        return _("finished grade {grade}").format(grade=grade)
    if pupil.goes_to == grade:
        return _("stays in grade {grade} for another year").format(grade=grade)
    return _("promoted to grade {grade}").format(grade=pupil.goes_to)


def _order(pupil: PupilYear) -> str:
    number, day = pupil.order
    if not number:
        return ""
    if not day:
        return _("order No. {number}").format(number=number)
    return _("order No. {number} of {day}").format(number=number, day=day)


def _notes(room: ClassYear, pupil: PupilYear) -> tuple[str, ...]:
    found = []
    if not room.subjects and room.school_class.grade == 1:
        found.append(_("Grade 1 is taught without marks (order 125, paragraph 7)."))
    if pupil.schools:
        found.append(
            _("{sign} mark of the school before: {school}").format(
                sign=ELSEWHERE, school=", ".join(pupil.schools)
            )
        )
    if room.has_exams and room.subjects:
        found.append(_("Marks of exams and final marks are written in after the exams."))
    return tuple(found)


# --- the book


def book(room: ClassYear) -> CardBook:
    """The class's year in one table: the final mark of each subject, in grades with exams the annual one."""
    return CardBook(
        school_class=room.label,
        year=room.year,
        class_teacher=room.class_teacher,
        subjects=tuple(one.title for one in room.subjects),
        rows=tuple(
            BookRow(
                pupil.person.full,
                pupil.file_number,
                tuple(cell.text for cell in _cells(room, pupil, YEAR)),
                ", ".join(filter(None, (decision(room, pupil), _order(pupil)))),
            )
            for pupil in room.pupils
        ),
    )


# --- the table of a class on the screen


@dataclass(frozen=True, slots=True)
class TableCell:
    """`is_taught` is false where the subject is another part's of the class."""

    subject: str
    text: str
    is_taught: bool = True
    is_low: bool = False


@dataclass(frozen=True, slots=True)
class TableRow:
    pupil_id: UUID
    pupil: str
    cells: tuple[TableCell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Pupils by rows, subjects by columns, for a quarter or for the year."""

    label: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[TableRow, ...]


def table(room: ClassYear, at: str) -> Table:
    return Table(
        room.label,
        tuple((one.short, one.title) for one in room.subjects),
        tuple(
            TableRow(one.id, f"{one.person.surname} {one.person.name}", _cells(room, one, at))
            for one in room.pupils
        ),
    )


def _cells(room: ClassYear, pupil: PupilYear, at: str) -> tuple[TableCell, ...]:
    found = []
    for subject in room.subjects:
        marks = pupil.in_subject(subject)
        if marks is None:
            found.append(TableCell(subject.title, "–", is_taught=False))
            continue
        code = marks.annual if at == YEAR else marks.at(int(at[1:]))
        found.append(TableCell(subject.title, mark_text(code), is_low=code in ("2", "fail", "na")))
    return tuple(found)
