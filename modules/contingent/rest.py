"""Classes and their pupils for programs, with the rights of the token's owner. A pupil's ИИН is never among them."""

# No postponed annotations here: ninja reads them through the guards, which are of another module.

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from ninja import Field, Query, Router, Schema

from kernel import audit
from kernel.access import requires
from kernel.http import Request
from modules.contingent import api, permissions

router = Router(tags=["contingent"])
Year = Annotated[str, Field(pattern=r"^20\d\d-\d\d$", description="School year, such as 2026-27")]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 1, 1))]


class ClassOut(Schema):
    id: UUID
    year: str
    label: str
    grade: int
    letter: str
    language: str
    shift: int
    kind: str
    direction: Annotated[str, Field(description="Of grades 10 and 11: natural, social, or empty")]
    room: Annotated[str, Field(description="The home room")]


class PupilOut(Schema):
    id: UUID
    surname: str
    name: str
    patronymic: str
    class_id: UUID | None


@router.get("/classes", response=list[ClassOut], summary="Classes of a year that you may see")
@requires(permissions.VIEW)
def classes(request: Request, year: Annotated[Year | None, Query()] = None) -> Any:
    return api.classes(actor=request.actor, year=year)


@router.get("/classes/{uuid:class_id}/pupils", response=list[PupilOut], summary="Pupils of a class on a day")
@requires(permissions.VIEW)
def pupils(request: Request, class_id: UUID, on: Annotated[Day | None, Query()] = None) -> Any:
    api.school_class(actor=request.actor, class_id=class_id)
    found = api.pupils_of_class(actor=request.actor, class_id=class_id, on=on)
    audit.viewed(actor=request.actor, subject="pupil", subject_ids=[p.id for p in found], purpose="api.class")
    return found
