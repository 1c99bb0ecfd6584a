"""Whom a load that is taken back must leave: pupils who stand in a journal, and what reports were written of."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from imports.api import uses
from modules.journal import queries
from modules.journal.reports.queries import rooms


@uses("contingent.pupil")
def pupils_in_journals(ids: Iterable[UUID]) -> set[UUID]:
    return queries.pupils_in_journals(ids)


@uses("contingent.membership")
def places_in_journals(ids: Iterable[UUID]) -> set[UUID]:
    return queries.places_in_journals(ids)


@uses("contingent.class")
def classes_with_a_conclusion(ids: Iterable[UUID]) -> set[UUID]:
    return rooms.concluded_classes(ids)


@uses("schedule.lesson")
def lessons_in_journals(ids: Iterable[UUID]) -> set[UUID]:
    return queries.lessons_in_journals(ids)


@uses("schedule.marked_lesson")
def lessons_with_marks(ids: Iterable[UUID]) -> set[UUID]:
    return queries.marked_lessons(ids)


@uses("schedule.course")
def courses_in_journals(ids: Iterable[UUID]) -> set[UUID]:
    return queries.courses_in_journals(ids)
