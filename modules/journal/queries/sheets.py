"""Sheets of journals: which there are, how they stand, and what is on one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Field, IntegerField, QuerySet
from django.db.models.expressions import Combinable, RawSQL
from django.db.models.functions import Collate

from kernel import search
from kernel.access import Actor, Scope, require
from kernel.errors import NotFound
from kernel.names import KK_COLLATION, PersonName, fold, kazakh_order
from modules.journal import permissions
from modules.journal.data import SheetState
from modules.journal.models import Sheet
from modules.journal.queries.journals import Grid, grid, open_course
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo
from registers.api import place
from tenants import reference

SHEET_KIND = "journal.sheet"
BY_STATE = {"by_state": F("state")}


def sheet_of(*, course_id: UUID, period_id: UUID) -> Sheet | None:
    """The caller has checked the right to the course."""
    return Sheet.objects.filter(course_id=course_id, period_id=period_id).first()


def opened_sheet(*, actor: Actor, sheet_id: UUID) -> tuple[Sheet, CourseInfo, PeriodInfo]:
    """The sheet of a journal that the actor may open; raises Sheet.DoesNotExist, NotAllowed or NotFound."""
    sheet = Sheet.objects.get(pk=sheet_id)
    course = open_course(actor=actor, course_id=sheet.course_id)
    return sheet, course, schedule.period(period_id=sheet.period_id)


def place_of_sheet(sheet_id: UUID) -> tuple[UUID, str]:
    """The course of the sheet and the code of its period, for its address."""
    sheet = Sheet.objects.get(pk=sheet_id)
    return sheet.course_id, schedule.period(period_id=sheet.period_id).code


def facts_of_sheet(*, actor: Actor, sheet_id: UUID) -> str:
    """SHA-256 of what the sheet says now: who was there, marks, words, absences, works, topics; not how people are called."""
    __, course, period = opened_sheet(actor=actor, sheet_id=sheet_id)
    return facts(grid(actor=actor, course=course, period=period))


def facts(found: Grid) -> str:
    said = {
        "course": str(found.course.id),
        "period": str(found.period.id),
        "columns": [
            [
                one.lesson_id,
                one.kind,
                str(one.day),
                one.number,
                one.maximum,
                one.topic,
                one.homework,
                one.is_cancelled,
            ]
            for one in found.columns
        ],
        "rows": sorted(
            [row.pupil_id, [[cell[0], cell[2]] if cell else None for cell in row.cells], row.final]
            for row in found.rows
        ),
    }
    # Only where there are any: a sheet without words says what it said before words stood on sheets.
    words = sorted([row.pupil_id, row.words] for row in found.rows if row.words)
    if words:
        said["words"] = words
    written = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def may_see_sheet(*, actor: Actor, subject_id: UUID) -> bool:
    """Whoever may open the journal may see its sheets."""
    if not actor.may(permissions.VIEW):
        return False
    try:
        opened_sheet(actor=actor, sheet_id=subject_id)
    except (NotFound, Sheet.DoesNotExist):
        return False
    return True


# --- the list for those who answer for journals


# The names beside a sheet, and what its lines are sorted by: a page of the list asks for them with its rows.
_CLASS = "(SELECT k.{what} FROM contingent_schoolclass k WHERE k.id = schedule_course.school_class_id)"
_TEACHER = "(SELECT e.{what} FROM staff_employee e WHERE e.id = schedule_course.teacher_id)"
_NAMES: dict[str, tuple[str, Field[Any, Any]]] = {
    "class_grade": (_CLASS.format(what="grade"), IntegerField()),
    "class_letter": (_CLASS.format(what="letter"), CharField()),
    "teacher_surname": (_TEACHER.format(what="surname"), CharField()),
    "teacher_name": (_TEACHER.format(what="name"), CharField()),
    "teacher_patronymic": (_TEACHER.format(what="patronymic"), CharField()),
}


def sheet_rows(actor: Actor, year: str) -> QuerySet[Sheet]:
    """Sheets of the year's closed periods: all of the school, or those of one's own subjects."""
    scopes = require(actor, permissions.SHEETS)
    rows = Sheet.objects.filter(period__year=year).exclude(period__closed_at=None)
    if Scope.SCHOOL not in scopes:
        rows = rows.filter(course__teacher_id=actor.person_id) if actor.person_id else rows.none()
    return with_names(rows).select_related("period")


def with_names(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows that belong to a course, with the names of its class and its teacher beside them."""
    names = {key: RawSQL(text, [], field) for key, (text, field) in _NAMES.items()}  # noqa: S611 - constant texts
    return rows.select_related("course").annotate(**names)


def sheets_to_sign(*, actor: Actor) -> int:
    """How many sheets of closed periods wait for the actor's own signature."""
    if actor.person_id is None or not actor.may(permissions.SIGN):
        return 0
    rows = Sheet.objects.filter(course__teacher_id=actor.person_id).exclude(state=SheetState.SIGNED)
    return rows.exclude(period__closed_at=None).count()


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet, or another row that belongs to a course, with its names as `with_names` brought them."""

    row: Any

    @property
    def class_label(self) -> str:
        return schedule.with_part(f"{self.row.class_grade}{self.row.class_letter}", self.row.course.group)

    @property
    def subject(self) -> str:
        return schedule.subject_title(self.row.course)

    @property
    def teacher(self) -> str:
        if self.row.teacher_surname is None:
            return ""
        return PersonName(self.row.teacher_surname, self.row.teacher_name, self.row.teacher_patronymic).short

    @property
    def period(self) -> PeriodInfo:
        return schedule.info_of_period(self.row.period)


def sheet_lines(rows: Sequence[Any], _actor: Actor) -> list[SheetLine]:
    return [SheetLine(row) for row in rows]


def by_subject(_rows: QuerySet[Any], _actor: Actor) -> list[Combinable]:
    """Subjects in Kazakh order of their titles."""
    known = sorted(reference.subjects().values(), key=lambda one: kazakh_order(one.name))
    return [place([one.code for one in known], "course__subject_code"), F("course__name")]


def by_class(_rows: QuerySet[Any], _actor: Actor) -> list[Combinable]:
    """Classes in their order, subjects in the curriculum's."""
    subject = place(list(reference.subjects()), "course__subject_code")
    return [F("class_grade"), Collate(F("class_letter"), KK_COLLATION), subject, F("course__group")]


BY_TEACHER = (Collate(F("teacher_surname"), KK_COLLATION), Collate(F("teacher_name"), KK_COLLATION))


def sheets_called(rows: QuerySet[Any], text: str, _actor: Actor) -> QuerySet[Any]:
    """By class, subject or teacher."""
    wanted = search.words(text)
    found = []
    for line in map(SheetLine, rows.order_by()):
        said = fold(f"{line.class_label} {line.subject} {line.teacher}")
        if all(any(reading in said for reading in word) for word in wanted):
            found.append(line.row.pk)
    return rows.filter(pk__in=found)


def periods_of_sheets(*, year: str) -> list[PeriodInfo]:
    """Closed periods of the year, the last one first."""
    closed = [one for one in schedule.periods(year=year) if one.is_closed]
    return sorted(closed, key=lambda one: (one.end, one.kind), reverse=True)


def signed_sheets(*, course_id: UUID | None = None, period_id: UUID | None = None) -> list[Sheet]:
    """Sheets that are signed, or were and have changed since, narrowed."""
    rows = Sheet.objects.filter(state__in=[SheetState.SIGNED, SheetState.CHANGED])
    if course_id is not None:
        rows = rows.filter(course_id=course_id)
    if period_id is not None:
        rows = rows.filter(period_id=period_id)
    return list(rows)
