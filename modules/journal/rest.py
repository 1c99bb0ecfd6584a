"""The journal for programs: read a period's cells, write cells by compare-and-set, through the grid's own service."""

# No postponed annotations here: ninja reads them through the guards, which are of another module.

from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Query, Router, Schema

from kernel import audit
from kernel.access import requires
from kernel.http import Request
from modules.journal import api, permissions, queries
from modules.schedule import api as schedule

router = Router(tags=["journal"])
Points = Annotated[int, Field(ge=0, le=100)]
Absence = Literal["unexcused", "excused", "ill", "late"]
Value = Points | Absence | None


class ColumnOut(Schema):
    lesson_id: UUID
    kind: str
    day: date
    number: int
    maximum: int | None
    topic: str
    is_cancelled: bool


class CellOut(Schema):
    lesson_id: UUID
    kind: str
    points: int | None
    version: int
    absence: str | None
    absence_version: int


class RowOut(Schema):
    pupil_id: UUID
    name: str
    final: str | None
    cells: list[CellOut]


class GridOut(Schema):
    course_id: UUID
    period_id: UUID
    may_write: bool
    columns: list[ColumnOut]
    rows: list[RowOut]


class OperationIn(Schema):
    """One field of one cell: `old` is what the caller last saw; another value there is a conflict, not an error."""

    id: UUID
    lesson_id: UUID
    pupil_id: UUID
    kind: Literal["fo", "sor", "soch"]
    field: Literal["points", "absence"]
    old: Value = None
    new: Value = None
    reason: Annotated[str, Field(max_length=300)] = ""


class OperationsIn(Schema):
    operations: Annotated[list[OperationIn], Field(min_length=1, max_length=200)]


class ResultOut(Schema):
    id: UUID
    status: str
    value: Any = None
    version: int
    by: str
    at: datetime | None
    message: str


@router.get(
    "/courses/{uuid:course_id}/cells", response=GridOut, summary="The journal of a course in a period"
)
@requires(permissions.VIEW)
def cells(request: Request, course_id: UUID, period_id: Annotated[UUID, Query()]) -> Any:
    course = queries.open_course(actor=request.actor, course_id=course_id)
    period = schedule.period(period_id=period_id)
    grid = queries.grid(actor=request.actor, course=course, period=period)
    audit.viewed(
        actor=request.actor,
        subject="pupil",
        subject_ids=[UUID(row.pupil_id) for row in grid.rows],
        purpose="api.journal",
    )
    return {
        "course_id": course.id,
        "period_id": period.id,
        "may_write": grid.may_write,
        "columns": grid.columns,
        "rows": [
            {
                "pupil_id": row.pupil_id,
                "name": row.name,
                "final": row.final,
                "cells": [
                    {
                        "lesson_id": column.lesson_id,
                        "kind": column.kind,
                        "points": cell[0],
                        "version": cell[1],
                        "absence": cell[2],
                        "absence_version": cell[3],
                    }
                    for column, cell in zip(grid.columns, row.cells, strict=True)
                    if cell is not None
                ],
            }
            for row in grid.rows
        ],
    }


@router.post("/courses/{uuid:course_id}/cells", response=list[ResultOut], summary="Write cells of a journal")
@requires(permissions.SET_MARKS)
def save(request: Request, course_id: UUID, body: OperationsIn) -> Any:
    return api.save_cells(
        actor=request.actor,
        course_id=course_id,
        operations=[api.Operation(**one.dict()) for one in body.operations],
    )
