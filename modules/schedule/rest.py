"""Periods, courses and a class's day for programs."""

# No postponed annotations here: ninja reads them through the guards, which are of another module.

from datetime import date, time
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema

from kernel.access import requires
from kernel.http import Request
from modules.contingent import api as contingent
from modules.schedule import api, permissions
from modules.schedule.data import TimetableLine

router = Router(tags=["schedule"])
Year = Annotated[str, Field(pattern=r"^20\d\d-\d\d$", description="School year, such as 2026-27")]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class PeriodOut(Schema):
    id: UUID
    year: str
    code: str
    label: str
    start: date
    end: date
    is_closed: bool


class CourseOut(Schema):
    id: UUID
    year: str
    school_class_id: UUID
    class_label: str
    subject_code: str
    subject: str
    teacher_id: UUID | None
    teacher: str
    hours: float


class LessonOut(Schema):
    lesson_id: UUID
    course_id: UUID
    date: date
    number: int
    start: time | None
    end: time | None
    subject_code: str
    subject: str
    teacher: str
    room: str
    topic: str
    homework: str
    is_cancelled: bool
    change: str  # what became of it: taken, joined, moved, cancelled …; empty for an ordinary lesson

    @staticmethod
    def resolve_change(line: TimetableLine) -> str:
        return line.fate


@router.get("/periods", response=list[PeriodOut], summary="Quarters and half-years of a year")
@requires(permissions.VIEW)
def periods(request: Request, year: Annotated[Year | None, Query()] = None) -> Any:
    return api.periods(year=year or contingent.current_year())


@router.get("/courses", response=list[CourseOut], summary="Courses of a year: class, subject, teacher")
@requires(permissions.VIEW)
def courses(
    request: Request,
    year: Annotated[Year | None, Query()] = None,
    class_id: Annotated[UUID | None, Query()] = None,
    teacher_id: Annotated[UUID | None, Query()] = None,
) -> Any:
    return api.courses(
        actor=request.actor,
        year=year or contingent.current_year(),
        school_class_id=class_id,
        teacher_id=teacher_id,
    )


@router.get(
    "/classes/{uuid:class_id}/timetable", response=list[LessonOut], summary="A class's lessons of a day"
)
@requires(permissions.VIEW)
def timetable(request: Request, class_id: UUID, day: Annotated[Day, Query()]) -> Any:
    return api.day_of_class(actor=request.actor, class_id=class_id, day=day)
