"""Report cards, their book and the table of a class in words of the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from modules.journal.cards.data import ClassYear, MarksOfSubject, PupilYear, SubjectOfYear
from modules.journal.cards.papers import BookRow, CardBook, CardLine, ReportCard
from modules.journal.data import YearKind, mark_text
from modules.journal.rules import HALVES, QUARTERS

# Of the table of a class, beside "q1" … "q4": what counts as the year's, the mean of the periods, the exam, the final one.
YEAR, ANNUAL, EXAM, FINAL = "year", "annual", "exam", "final"
AFTER_EXAMS = (ANNUAL, EXAM, FINAL)
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
        has_exams=room.has_exams,
        lines=tuple(
            _line(room, pupil, subject, marks)
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


def _line(room: ClassYear, pupil: PupilYear, subject: SubjectOfYear, marks: MarksOfSubject) -> CardLine:
    if marks.is_by_halves or (subject.is_half_year and not marks.given):
        places = [("half_year", n) for n in HALVES]
    else:
        places = [("quarter", n) for n in QUARTERS]
    year = pupil.year_in(marks)
    return CardLine(
        subject.title,
        tuple(_mark(marks, place) for place in places),
        mark_text(year.settled(room.options)),
        mark_text(year.exam),
        mark_text(room.final_of(pupil, year)),
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
    if again := _worked_again(room, pupil):
        found.append(
            _("The final mark counts the assessment after the year: {subjects}").format(
                subjects=", ".join(again)
            )
        )
    if room.waits_for_exams(pupil) and room.subjects:
        found.append(_("Marks of exams and final marks are written in after the exams."))
    return tuple(found)


def _worked_again(room: ClassYear, pupil: PupilYear) -> list[str]:
    """Subjects in which a 2 for the year was followed by a work."""
    works = {YearKind.YEAR, YearKind.EXTRA}
    return [one.title for one in room.subjects if (mine := pupil.in_subject(one)) and works & set(mine.later)]


# --- the book


def book(room: ClassYear) -> CardBook:
    """The class's year in one table: the mark of each subject that counts as the year's."""
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
    """Pupils by rows, subjects by columns, for a quarter, or for the year and what its mark is made of."""

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
        code = _code(room, pupil, marks, at)
        found.append(TableCell(subject.title, mark_text(code), is_low=code in ("2", "fail", "na")))
    return tuple(found)


def _code(room: ClassYear, pupil: PupilYear, marks: MarksOfSubject, at: str) -> str | None:
    if at not in (YEAR, *AFTER_EXAMS):
        return marks.at(int(at[1:]))
    year = pupil.year_in(marks)
    if at == YEAR:
        return year.result(room.options)
    if at == EXAM:
        return year.exam
    return year.settled(room.options) if at == ANNUAL else room.final_of(pupil, year)
