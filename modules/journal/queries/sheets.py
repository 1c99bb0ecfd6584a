"""Sheets of journals: which there are, how they stand, and what is on one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable

from kernel import search
from kernel.access import Actor, require
from kernel.errors import NotFound
from kernel.names import fold, kazakh_order
from modules.journal import permissions
from modules.journal.data import SheetState
from modules.journal.models import Sheet
from modules.journal.queries.journals import Grid, grid, open_course
from modules.schedule import api as schedule
from modules.schedule.data import CourseInfo, PeriodInfo
from registers.api import place

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
    """SHA-256 of what the sheet says now: who was there, marks, absences, works, topics; not how people are called."""
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


def sheet_rows(actor: Actor, year: str) -> QuerySet[Sheet]:
    """Sheets of the year's closed periods."""
    require(actor, permissions.SHEETS)
    return (
        Sheet.objects.filter(period__year=year)
        .exclude(period__closed_at=None)
        .select_related("course", "period")
    )


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A sheet with its names."""

    row: Sheet
    course: CourseInfo
    period: PeriodInfo


def sheet_lines(rows: Sequence[Sheet], actor: Actor) -> list[SheetLine]:
    """The names of classes, subjects and teachers are read once for the page."""
    years = {row.period.year for row in rows}
    courses = {one.id: one for year in years for one in schedule.courses(actor=actor, year=year)}
    periods = {one.id: one for year in years for one in schedule.periods(year=year)}
    return [SheetLine(row, courses[row.course_id], periods[row.period_id]) for row in rows]


def _years(rows: QuerySet[Sheet]) -> list[str]:
    return list(rows.order_by().values_list("period__year", flat=True).distinct())


def _courses(rows: QuerySet[Sheet], actor: Actor) -> list[CourseInfo]:
    return [one for year in _years(rows) for one in schedule.courses(actor=actor, year=year)]


def by_class(rows: QuerySet[Sheet], actor: Actor) -> list[Combinable]:
    """Classes in their order, subjects in the curriculum's."""
    return [place([str(one.id) for one in _courses(rows, actor)], "course_id")]


def by_person(rows: QuerySet[Sheet], actor: Actor) -> list[Combinable]:
    found = sorted(_courses(rows, actor), key=lambda one: kazakh_order(one.teacher))
    return [place([str(one.id) for one in found], "course_id")]


def by_subject(rows: QuerySet[Sheet], actor: Actor) -> list[Combinable]:
    found = sorted(_courses(rows, actor), key=lambda one: kazakh_order(one.subject))
    return [place([str(one.id) for one in found], "course_id")]


def sheets_called(rows: QuerySet[Sheet], text: str, actor: Actor) -> QuerySet[Sheet]:
    """By class, subject or teacher."""
    wanted = search.words(text)
    found = []
    for one in _courses(rows, actor):
        said = fold(f"{one.class_label} {one.subject} {one.teacher}")
        if all(any(reading in said for reading in word) for word in wanted):
            found.append(one.id)
    return rows.filter(course_id__in=found)


def periods_of_sheets(actor: Actor, year: str) -> list[PeriodInfo]:
    """Periods that have sheets, the last one first."""
    known = set(sheet_rows(actor, year).order_by().values_list("period_id", flat=True).distinct())
    found: list[Any] = [one for one in schedule.periods(year=year) if one.id in known]
    return sorted(found, key=lambda one: (one.end, one.kind), reverse=True)


def signed_sheets(*, course_id: UUID | None = None, period_id: UUID | None = None) -> list[Sheet]:
    """Sheets that are signed, or were and have changed since, narrowed."""
    rows = Sheet.objects.filter(state__in=[SheetState.SIGNED, SheetState.CHANGED])
    if course_id is not None:
        rows = rows.filter(course_id=course_id)
    if period_id is not None:
        rows = rows.filter(period_id=period_id)
    return list(rows)
