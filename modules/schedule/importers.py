"""What a load that is taken back must leave: employees and classes with lessons."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from imports.api import uses
from modules.schedule import queries


@uses("staff.employee")
def teachers_with_lessons(ids: Iterable[UUID]) -> set[UUID]:
    return queries.teachers_with_lessons(ids)


@uses("contingent.class")
def classes_with_courses(ids: Iterable[UUID]) -> set[UUID]:
    return queries.classes_with_courses(ids)
