"""Journals as their paper has them, in words of the language in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from modules.contingent.data import HealthLine
from modules.journal import rules
from modules.journal.cards import showing as cards
from modules.journal.cards.data import ClassYear
from modules.journal.data import KIND_LABELS, mark_text
from modules.journal.export.papers import (
    ClassJournal,
    CourseJournal,
    HealthRow,
    LastPages,
    PupilPages,
    RemarkRow,
    SubjectPages,
    SummaryRow,
    Summative,
)
from modules.journal.queries import Grid, Row
from modules.journal.remarks.models import Remark
from modules.journal.remarks.printing import line
from modules.journal.rules import QUARTERS
from modules.journal.services import paper
from modules.schedule.data import CourseInfo


def course_journal(course: CourseInfo, grids: Sequence[Grid]) -> CourseJournal:
    return CourseJournal(course.class_label, course.year, pages(course, grids))


def pages(course: CourseInfo, grids: Sequence[Grid]) -> SubjectPages:
    """A subject's pages; a part of a class has its number beside the subject."""
    return SubjectPages(
        subject=course.title.partition(" · ")[2] or course.subject,
        teacher=course.teacher,
        sheets=tuple(paper(one) for one in grids),
        summaries=tuple(_summative(one) for one in grids),
    )


def class_journal(
    room: ClassYear, subjects: Iterable[tuple[CourseInfo, Sequence[Grid]]], last: LastPages
) -> ClassJournal:
    return ClassJournal(
        school_class=room.label,
        year=room.year,
        class_teacher=room.class_teacher,
        subjects=tuple(pages(course, grids) for course, grids in subjects if grids),
        book=cards.book(room),
        pupils=_pupils(room),
        last=last,
    )


def last_pages(
    courses: Iterable[CourseInfo], health: Sequence[HealthLine] | None, remarks: Iterable[Remark] | None
) -> LastPages:
    """The health list and the page of remarks, in words."""
    subjects = {one.id: one.title.partition(" · ")[2] or one.subject for one in courses}
    return LastPages(
        None
        if health is None
        else tuple(
            HealthRow(one.pupil.full_name, one.group, one.physical_education, one.advice) for one in health
        ),
        None
        if remarks is None
        else tuple(
            RemarkRow(subjects[row.course_id], line(row)) for row in remarks if row.course_id in subjects
        ),
    )


def _pupils(room: ClassYear) -> tuple[PupilPages, ...]:
    labels = dict(zip((f"q{n}" for n in QUARTERS), ("I", "II", "III", "IV"), strict=True))
    labels[cards.ANNUAL] = _("year")
    if room.has_exams:
        labels[cards.EXAM] = _("exam")
    if room.has_exams or any(mine.later for one in room.pupils for mine in one.marks.values()):
        labels[cards.FINAL] = pgettext("mark, in lower case", "final")
    tables = {code: cards.table(room, code) for code in labels}
    return tuple(
        PupilPages(
            pupil=one.person.full,
            file_number=one.file_number,
            birth_date=one.birth_date,
            rows=tuple(
                SummaryRow(labels[code], tuple(cell.text for cell in found.rows[n].cells))
                for code, found in tables.items()
            ),
            missed=(*(one.missed_in(quarter) for quarter in QUARTERS), one.missed_of_year),
        )
        for n, one in enumerate(room.pupils)
    )


def _summative(grid: Grid) -> Summative | None:
    """Points of the works, what each part gives of its share, their sum, the mark; None where nothing is summed up."""
    rule = grid.rule
    if rule.mode is not rules.Mode.POINTS:
        return None
    works = [(n, one) for n, one in enumerate(grid.columns) if one.kind != "fo"]
    parts = [
        (kind, share) for kind, share in (("fo", rule.fo), ("sor", rule.sor), ("soch", rule.soch)) if share
    ]
    counted: dict[str, int] = {}
    heads = []
    for __, one in works:
        counted[one.kind] = counted.get(one.kind, 0) + 1
        number = f" {counted[one.kind]}" if one.kind == "sor" else ""
        heads.append(f"{KIND_LABELS[one.kind]}{number} ({one.maximum})")
    heads += [f"{KIND_LABELS[kind]} % ({share})" for kind, share in parts]
    heads += [_("Sum, %"), pgettext("column", "Mark")]
    return Summative(tuple(heads), tuple(_summed(row, [n for n, __ in works], parts) for row in grid.rows))


def _summed(row: Row, works: Sequence[int], parts: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    said = row.said
    points = []
    for n in works:
        cell = row.cells[n]
        points.append("" if cell is None or cell[0] is None else str(cell[0]))
    shares = []
    for kind, share in parts:
        value = getattr(said, kind) if said else None
        shares.append("" if value is None else formats.localize(round(value * share / 100, 1)))
    total = "" if said is None or said.percent is None or not said.is_complete else str(said.percent)
    return (row.name, *points, *shares, total, mark_text(row.final))
